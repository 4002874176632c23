"""Entries of a batch that follow nothing and are near something, and requests logged twice: told, as for one county.

The database finds what may be told, so that only the entries of units with such a subject leave it. It compares hashes
of county, type and subject: two of one hash would hide a warning, and never make one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from engine.backends.text import quoted
from events.normalise.matters import ANSWERED, RECEIVED, near_or_twice
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.backends.base import Backend
    from events.vocabulary import Vocabulary

SHOWN: Final = 20
"""How many warnings of a county are told."""
MOST: Final = 20_000
"""So many entries of a county are looked at; a county with more is told instead."""

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
_ENTRIES: Final = f"""
FROM meant AS e SEMI JOIN near_units AS n ON n.county = e.county AND n.unit = e.unit
WHERE NOT e.subject IS NULL
  AND (e.type IN ('{ANSWERED}', '{RECEIVED}') OR e.type IN (SELECT type FROM follows UNION SELECT before FROM follows))
"""
_COUNTS: Final = f"SELECT e.county, COUNT(*) AS number {_ENTRIES} GROUP BY e.county ORDER BY e.county"
_ROWS: Final = f"""
SELECT e.county, e.id, e.type, e.unit, e.subject, e.occurred_at, e.timed, e.corrects, e.retracts,
  e."data.title", e.county || ' ' || e.unit || ':' || e.id AS file, '' AS place
{_ENTRIES} AND e.county IN (SELECT UNNEST({{counties}}))
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
    counts = {row["county"]: row["number"] for row in backend.fetch(_COUNTS).to_pylist()}
    found = [_too_many(county, number, places[county]) for county, number in counts.items() if number > MOST]
    looked_at = [quoted(county) for county, number in counts.items() if number <= MOST]
    rows = backend.fetch(_ROWS.format(counties=f"[{', '.join(looked_at)}]::TEXT[]"))
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


def _too_many(county: str, number: int, place: str) -> Problem:
    """Return the warning that nothing was compared in a county."""
    fact = Text(
        f"{county}：要比对的记录有{number}条，多于{MOST}条，相近的主题和重复登记的申请没有比对",
        f"{county}: {number} entries are to be compared, more than {MOST}: near subjects and requests logged twice"
        " were not looked for",
    )
    cure = Text("用 gongkai events check 检查这个县的台账", "Check this county's log: gongkai events check")
    return Problem("not-compared", Where(place), fact, cure, None, "warning")


def _of(problem: Problem, place: str) -> Problem:
    """Return a problem that says in its words whose entry it is of."""
    whose = problem.where.file
    return replace(problem, where=Where(place), fact=Text(f"{whose}：{problem.fact.zh}", f"{whose}: {problem.fact.en}"))
