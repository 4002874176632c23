"""Entries of a batch that follow nothing and are near something, and requests logged twice: told, as for one county.

The database finds what may be told, so that only the entries of units with such a subject leave it. It compares hashes
of county, type and subject: two of one hash would hide a warning, and never make one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from events.normalise.matters import ANSWERED, RECEIVED, near_or_twice
from events.problems import Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.backends.base import Backend
    from events.problems import Problem
    from events.vocabulary import Vocabulary

SHOWN: Final = 20
"""How many warnings of a county are told."""
_MOST: Final = 20_000
"""So many entries of a county are looked at."""

_UNITS: Final = f"""
WITH mine AS (SELECT e.county, e.unit, hash(e.county, e.type, e.subject) AS matter FROM meant AS e
              WHERE NOT e.subject IS NULL AND e.retracts IS NULL AND e.type IN (SELECT type FROM follows)),
before AS (SELECT hash(e.county, f.type, e.subject) AS matter FROM meant AS e JOIN follows AS f ON f.before = e.type
           WHERE NOT e.subject IS NULL)
SELECT DISTINCT m.county, m.unit FROM mine AS m ANTI JOIN before AS b ON b.matter = m.matter
UNION
SELECT county, unit FROM (
  SELECT MIN(county) AS county, MIN(unit) AS unit FROM meant
  WHERE type = '{RECEIVED}' AND NOT subject IS NULL AND retracts IS NULL
  GROUP BY hash(county, unit, subject) HAVING COUNT(*) > 1
)
"""
_ROWS: Final = f"""
SELECT e.county, e.id, e.type, e.unit, e.subject, e.occurred_at, e.timed, e.corrects, e.retracts,
  e."data.title", e.county || ' ' || e.unit || ':' || e.id AS file, '' AS place
FROM meant AS e SEMI JOIN near_units AS n ON n.county = e.county AND n.unit = e.unit
WHERE NOT e.subject IS NULL
  AND (e.type IN ('{ANSWERED}', '{RECEIVED}') OR e.type IN (SELECT type FROM follows UNION SELECT before FROM follows))
QUALIFY COUNT(*) OVER (PARTITION BY e.county) <= {_MOST}
ORDER BY e.county, e.unit, e.id
"""


def near_problems(backend: Backend, vocabulary: Vocabulary, places: Mapping[str, str]) -> list[Problem]:
    """Return the warnings about a batch, each with county, unit and id in its words.

    Args:
        backend: has the events as they are meant as `meant`.
        vocabulary: the vocabulary.
        places: where the files of each county are.
    """
    pairs = [{"type": one.name, "before": name} for one in vocabulary.types.values() for name in one.follows]
    text = pa.string()
    backend.load("follows", pa.Table.from_pylist(pairs, schema=pa.schema([("type", text), ("before", text)])))
    backend.create("near_units", _UNITS)
    rows = backend.fetch(_ROWS)
    found: list[Problem] = []
    for county, part in by_county(rows).items():
        told = [_of(one, places[county]) for one in near_or_twice(part, vocabulary)]
        found += told[:SHOWN]
        if len(told) > SHOWN:
            fact = told[SHOWN - 1].fact
            more = len(told) - SHOWN
            found[-1] = replace(found[-1], fact=Text(f"{fact.zh}（另有{more}处）", f"{fact.en} ({more} more)"))
    return found


def by_county(table: pa.Table) -> dict[str, pa.Table]:
    """Return the rows of each county of a table that is sorted by county."""
    starts: dict[str, int] = {}
    names = table["county"].to_pylist()
    for index, name in enumerate(names):
        starts.setdefault(name, index)
    ends = [*list(starts.values())[1:], *([len(names)] if names else [])]
    return {name: table.slice(start, end - start) for (name, start), end in zip(starts.items(), ends, strict=True)}


def _of(problem: Problem, place: str) -> Problem:
    """Return a problem that says in its words whose entry it is of."""
    whose = problem.where.file
    return replace(problem, where=Where(place), fact=Text(f"{whose}：{problem.fact.zh}", f"{whose}: {problem.fact.en}"))
