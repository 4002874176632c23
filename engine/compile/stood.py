"""The steps from the log to the entries that stand: `standing`, and `filed`, the units that filed anything.

Of a log that is at hand as a table it is known what it does not have. To plan a statement takes longer than to run it
over a few hundred entries, so that of such a log only what can find something is asked: nothing is settled where
nothing corrects, no request is looked for twice where there is none, and only the columns are kept that somebody reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from engine.backends.text import column
from engine.compile.derived import DERIVED_OF, NOTHING_DERIVED, STANDING_DERIVED, WORKED_OUT, YEARS, derived_sql
from engine.compile.judges import NAMED
from engine.compile.lives import INHERITED
from engine.compile.standing import KEPT, RECEIVED, REPEATED, STANDING, UNCHANGED, load_chains, settle_chains
from events.table import changing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from engine.backends.base import Backend

ONE_COUNTY: Final = "SELECT {columns}, CAST('' AS TEXT) AS county FROM events"
MANY_COUNTIES: Final = "SELECT * FROM events"

FEW: Final = 50_000
"""Among so few entries, those that stand are computed once; of more, each statement reads the columns that it needs."""

_ATTRIBUTE: Final = re.compile(r'"(data\.[^"]+)"')


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a log at hand has; whatever is not known of a log, it may have.

    Attributes:
        types: the types of its entries.
        columns: its columns, those without a value left out where they are attributes.
        names: all its columns.
        chains: its entries that correct or withdraw others: id, corrects, retracts, recorded_at.
        repeats: whether a request may be in it twice.
        few: whether it is small.
    """

    types: frozenset[str]
    columns: frozenset[str]
    names: tuple[str, ...]
    chains: pa.Table
    repeats: bool
    few: bool


def at_hand(events: pa.Table) -> AtHand:
    """Return what a log of one county (`events.table`) has."""
    filled = frozenset(name for name in events.column_names if events[name].null_count < events.num_rows)
    types = frozenset(pc.unique(events["type"]).to_pylist())
    few = events.num_rows <= FEW
    return AtHand(
        types,
        filled,
        tuple(events.column_names),
        events.select(["id", "corrects", "retracts", "recorded_at"]).filter(changing(events)),
        RECEIVED in types and not (few and _each_once(events)),
        few,
    )


def _each_once(events: pa.Table) -> bool:
    """Say whether each request of a log was received once."""
    received = events.select(["unit", "subject"]).filter(pc.equal(events["type"], RECEIVED))
    named = list(zip(received["unit"].to_pylist(), received["subject"].to_pylist(), strict=True))
    return len(set(named)) == len(named)


def make_log(backend: Backend, log: AtHand | None, read: Collection[str], *, several: bool) -> None:
    """Make `log` of `events`, with the county of each entry.

    Args:
        backend: has `events`.
        log: what is known of it, None for nothing.
        read: the attributes that statements name; of a small log, the others are left out.
        several: whether events say which county they are of.
    """
    if several:
        backend.define("log", MANY_COUNTIES)
    elif log is None or not log.few:
        backend.define("log", ONE_COUNTY.format(columns="*"))
    else:
        chosen = [column(name) for name in log.names if not name.startswith("data.") or name in {*read, *_OWN}]
        backend.define("log", ONE_COUNTY.format(columns=", ".join(chosen)))


def attributes_read(queries: Iterable[str]) -> frozenset[str]:
    """Return the columns of attributes that statements name."""
    return frozenset(name for query in queries for name in _ATTRIBUTE.findall(query))


_OWN: Final = attributes_read((NAMED, YEARS, STANDING_DERIVED, *DERIVED_OF.values()))
"""What the statements between the log and the rules read."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What the rules ask of the entries that stand.

    Attributes:
        read: the attributes that their statements name.
        filed: whether it matters if a unit filed anything.
        types: the types of entries that their selectors name.
    """

    read: frozenset[str]
    filed: bool
    types: frozenset[str]

    @property
    def requests(self) -> bool:
        """Whether it matters if a request stands twice: where one is looked at, or any entry."""
        return self.filed or RECEIVED in self.types


def make_standing(backend: Backend, log: AtHand | None, needed: Needed, *, known: datetime, inherited: bool) -> None:
    """Make `standing`, the entries that stand with what is worked out of them as far as it is needed.

    Args:
        backend: has `log` and `asked`, and `heirs` of abolished units.
        log: what is known of the log, None for nothing.
        needed: what the rules ask.
        known: the moment up to which recordings count.
        inherited: whether there are heirs.
    """
    if log is None or not log.few:
        settle_chains(backend)
    elif log.chains.num_rows:
        load_chains(backend, log.chains, known)
    stood = STANDING if log is None or not log.few or log.chains.num_rows else UNCHANGED
    repeats = needed.requests and (log is None or log.repeats)
    asked = [one for one, made in WORKED_OUT.items() if made.intersection(needed.read)]
    derived = [one for one in asked if log is None or one in log.types]
    kept = f"({stood})"
    if log is None or repeats or derived:  # else it is read once, and need not be planned by itself
        backend.define("stood", stood)
        kept = "stood"
    if repeats:
        backend.create("repeated", REPEATED)
        backend.define("kept", KEPT)
        kept = "kept"
    if derived:
        backend.create("derived", derived_sql(derived, kept))
    query = (STANDING_DERIVED if derived else NOTHING_DERIVED).format(kept=kept, years=YEARS)
    put = backend.create if log is not None and log.few else backend.define
    put("own_standing" if inherited else "standing", query)
    if inherited:
        put("standing", INHERITED)
