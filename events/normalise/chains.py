"""Corrections and withdrawals: which entry each of them points to, and those that point to none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events import findings
from events.problems import did_you_mean
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from events.problems import Problem

Key = tuple[str, str]
"""Unit and id of an entry."""

_COLUMNS = ["unit", "id", "corrects", "retracts", "file", "place"]
_SUGGESTED = 5000
"""Up to how many ids nearest ones are looked for."""


def chain_problems(
    table: pa.Table, rejected: Collection[str], evaluates: Callable[[str], bool] | None = None
) -> tuple[dict[Key, Problem], dict[Key, Key]]:
    """Return the corrections and withdrawals that lead nowhere, and the targets of the others.

    Args:
        table: at least `unit`, `id`, `corrects`, `retracts`, `file` and `place` of all entries.
        rejected: ids of entries that stand in the files but could not be read.
        evaluates: says of a unit whether it may correct the entries of others; without it everybody may.

    Returns:
        The problem of each that is wrong, by unit and id; and the entry that each of the others points to.
    """
    chained = table.filter(pc.or_(pc.is_valid(table["corrects"]), pc.is_valid(table["retracts"])))
    if not chained.num_rows:
        return {}, {}
    rows = chained.select(_COLUMNS).to_pylist()
    chains = _Chains(table, rejected, evaluates)
    for row in rows:
        chains.find(row)
    chains.circles = _circles(chains.targets)
    chains.withdrawals = {(row["unit"], row["id"]) for row in rows if row["retracts"]}
    for row in rows:
        problem = chains.problem(row)
        if problem is not None:
            chains.wrong[(row["unit"], row["id"])] = problem
    return chains.wrong, {key: one for key, one in chains.targets.items() if key not in chains.wrong}


@dataclass(slots=True)
class _Chains:
    """The entries that point to others."""

    table: pa.Table
    rejected: Collection[str]
    evaluates: Callable[[str], bool] | None
    targets: dict[Key, Key] = field(default_factory=dict)
    wrong: dict[Key, Problem] = field(default_factory=dict)
    circles: set[Key] = field(default_factory=set)
    withdrawals: set[Key] = field(default_factory=set)
    _owners: dict[str, tuple[str, ...]] | None = None

    def find(self, row: dict[str, Any]) -> None:
        """Keep the entry that a row points to: one of its own unit first, then the only one of another unit."""
        text, unit = str(row["corrects"] or row["retracts"]), str(row["unit"])
        owner, colon, rest = text.partition(":")
        owners = self.owners(text)
        if unit in owners:
            found = (unit, text)
        elif colon and owner in self.owners(rest):
            found = (owner, rest)
        elif len(owners) == 1:
            found = (owners[0], text)
        else:
            return
        self.targets[(unit, str(row["id"]))] = found

    def problem(self, row: dict[str, Any]) -> Problem | None:
        """Return what is wrong with a row that points to another one."""
        key, where = (str(row["unit"]), str(row["id"])), place_of(row["file"], row["place"])
        name = "corrects" if row["corrects"] else "retracts"
        text, target = str(row[name]), self.targets.get(key)
        if row["corrects"] and row["retracts"]:
            return findings.bad_chain(where, key[1], "both")
        if key in self.circles:
            return findings.bad_chain(where, key[1], "self" if target == key else "cycle")
        if row["corrects"] and target in self.withdrawals:
            return findings.bad_chain(where, key[1], "withdrawal")
        if target is None:
            return self._unknown(row, name, text)
        if target[0] != key[0] and self.evaluates is not None and not self.evaluates(key[0]):
            return findings.foreign_entry(where, name, text, target[0])
        return None

    def _unknown(self, row: dict[str, Any], name: str, text: str) -> Problem | None:
        where, owners = place_of(row["file"], row["place"]), self.owners(text)
        if len(owners) > 1:
            return findings.many_targets(where, name, text, owners)
        if text in self.rejected:
            return None
        return findings.unknown_target(where, name, text, self._near(text))

    def owners(self, event_id: str) -> tuple[str, ...]:
        """Return the units that have an entry of this id."""
        if self._owners is None:
            self._owners = self._find_owners()
        return self._owners.get(event_id, ())

    def _find_owners(self) -> dict[str, tuple[str, ...]]:
        texts = pc.coalesce(self.table["corrects"], self.table["retracts"]).drop_null().unique().to_pylist()
        wanted = {part for text in texts for part in (text, text.partition(":")[2])} - {""}
        rows = self.table.select(["id", "unit"]).filter(
            pc.is_in(self.table["id"], pa.array(sorted(wanted), pa.string()))
        )
        owners: dict[str, set[str]] = {}
        for row in rows.to_pylist():
            owners.setdefault(row["id"], set()).add(row["unit"])
        return {one: tuple(sorted(units)) for one, units in owners.items()}

    def _near(self, target: str) -> tuple[str, ...]:
        return did_you_mean(target, self.table["id"].to_pylist()) if self.table.num_rows <= _SUGGESTED else ()


def _circles(targets: dict[Key, Key]) -> set[Key]:
    """Return the entries that come back to themselves."""
    done: set[Key] = set()
    circles: set[Key] = set()
    for start in targets:
        path: dict[Key, None] = {}
        one: Key | None = start
        while one is not None and one not in done and one not in path:
            path[one] = None
            one = targets.get(one)
        if one is not None and one in path:
            steps = list(path)
            circles.update(steps[steps.index(one) :])
        done.update(path)
    return circles
