"""Earlier runs, as far as a later one shows how statuses have moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.output.texts import BREACHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier evaluation, as far as a trend needs it.

    Attributes:
        as_of: its as-of moment.
        counts: verdicts by status.
        breaches: by unit id, how many verdicts were violated or late.
        violated: the obligations that were violated.
    """

    as_of: str
    counts: Mapping[str, int]
    breaches: Mapping[str, int]
    violated: frozenset[str]


def earlier_of(rows: Iterable[Mapping[str, Any]], as_of: str) -> EarlierRun:
    """Return the verdict rows of an earlier day as an earlier evaluation."""
    counts, breaches, violated = Counter[str](), Counter[str](), set()
    for row in rows:
        counts[row["status"]] += 1
        breaches[row["unit"]] += row["status"] in BREACHES
        if row["status"] == "violated":
            violated.add(row["obligation"])
    return EarlierRun(as_of, counts, breaches, frozenset(violated))
