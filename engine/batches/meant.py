"""Subjects and figures of a batch as they are meant: documents under one spelling, figures in the units of the rules.

Only what is written in another way elsewhere leaves the database: the rest of a large log stays where it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from engine.backends.text import quoted
from engine.batches.near import by_county
from engine.figures import FIGURE, INDICATOR, MEASURE, VALUE, Figure, as_asked, asked_figures, of_nothing
from events.problems import Text, Where
from events.subjects import CALLED, ODD, fold_subject, interpreted, one_spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.backends.base import Backend
    from engine.batches.model import Batch
    from engine.compile.plan import County
    from events.problems import Problem

SHOWN: Final = 5
"""How many figures of a county are told of."""

_ODD: Final = f"""
SELECT DISTINCT county, subject FROM checked
WHERE NOT subject IS NULL AND regexp_matches(subject, {quoted(f"{CALLED}|{ODD}")})
ORDER BY ALL
"""
_NEAR: Final = """
SELECT e.county, e.type, e.subject, MIN(e.occurred_at) AS occurred_at, arg_min(e.id, (e.occurred_at, e.id)) AS id
FROM checked AS e SEMI JOIN spellings AS s ON s.county = e.county AND s.subject = e.subject
GROUP BY e.county, e.type, e.subject ORDER BY e.county, e.type, e.subject
"""
_FIGURES: Final = f"""
SELECT county, unit, id, "{INDICATOR}" AS indicator, "{VALUE}" AS value, "{MEASURE}" AS measure FROM checked
WHERE type = '{FIGURE}' AND NOT "{VALUE}" IS NULL ORDER BY county, unit, id
"""
_MEANT: Final = f"""
SELECT e.* REPLACE (
  COALESCE(s.spelled, e.subject) AS subject,
  COALESCE(f.value, e."{VALUE}") AS "{VALUE}",
  COALESCE(f.measure, e."{MEASURE}") AS "{MEASURE}"
)
FROM checked AS e
LEFT JOIN respelled AS s ON s.county = e.county AND s.type = e.type AND s.subject = e.subject
LEFT JOIN refigured AS f ON f.county = e.county AND f.unit = e.unit AND f.id = e.id
"""
"""The checked events as they are meant."""


def settle_meaning(backend: Backend, counties: Sequence[County], batch: Batch) -> tuple[str, list[Problem]]:
    """Find out what subjects and figures mean; return the query of the events so, and what is to be told.

    Args:
        backend: has the events as `checked`.
        counties: the counties of the batch, with the books that their figures are held to.
        batch: their files.
    """
    subjects = _subjects(backend)
    figures, problems = _figures(backend, counties, {one.county: one.place for one in batch.counties})
    if not subjects and not figures:
        return "SELECT * FROM checked", problems
    text, number = pa.string(), pa.float64()
    words = pa.schema([(name, text) for name in ("county", "type", "subject", "spelled")])
    numbers = pa.schema([*((name, text) for name in ("county", "unit", "id")), ("value", number), ("measure", text)])
    backend.load("respelled", pa.Table.from_pylist(subjects, schema=words))
    backend.load("refigured", pa.Table.from_pylist(figures, schema=numbers))
    return _MEANT, problems


def _subjects(backend: Backend) -> list[dict[str, Any]]:
    """Return the subjects that are written in another way elsewhere in their county, with the spelling to use."""
    odd = backend.fetch(_ODD).to_pylist()
    if not odd:
        return []
    names = {
        (row["county"], name)
        for row in odd
        for name in (row["subject"], fold_subject(row["subject"]), interpreted(row["subject"]))
        if name is not None
    }
    text = pa.string()
    listed = [{"county": county, "subject": subject} for county, subject in sorted(names)]
    backend.load("spellings", pa.Table.from_pylist(listed, schema=pa.schema([("county", text), ("subject", text)])))
    near = backend.fetch(_NEAR)
    found: list[dict[str, Any]] = []
    for county, rows in by_county(near).items():
        spelled = one_spelling(rows)["subject"].to_pylist()
        pairs = zip(rows.select(["type", "subject"]).to_pylist(), spelled, strict=True)
        found += [{"county": county, **row, "spelled": name} for row, name in pairs if row["subject"] != name]
    return found


def _figures(
    backend: Backend, counties: Sequence[County], places: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the figures that are counted in another unit than their rules, and what is to be told of any."""
    asked = {one.registry.county: asked_figures(one.books) for one in counties}
    found: list[dict[str, Any]] = []
    told: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for row in backend.fetch(_FIGURES).to_pylist():
        county, where = row["county"], Where(places[row["county"]])
        if row["indicator"] is None:
            told[county, "figure-of-nothing"].append(_of(of_nothing(where), row))
            continue
        figure = Figure(row["indicator"], row["value"], row["measure"] or "")
        meant, problem = as_asked(figure, asked[county], where)
        if problem is not None:
            told[county, problem.code].append(_of(problem, row))
        if meant is not None and meant != (figure.value, figure.measure):
            keys = {name: row[name] for name in ("county", "unit", "id")}
            found.append({**keys, "value": meant[0], "measure": meant[1]})
    return found, [one for problems in told.values() for one in _first(problems)]


def _of(problem: Problem, row: Mapping[str, Any]) -> Problem:
    """Return a problem that says whose entry it is of."""
    whose = f"{row['county']} {row['unit']}:{row['id']}"
    return replace(problem, fact=Text(f"{whose}：{problem.fact.zh}", f"{whose}: {problem.fact.en}"))


def _first(problems: Sequence[Problem]) -> list[Problem]:
    """Return the first of some problems of one sort, the last of them with the number of the others."""
    shown, more = list(problems[:SHOWN]), len(problems) - SHOWN
    if more > 0:
        fact = shown[-1].fact
        shown[-1] = replace(shown[-1], fact=Text(f"{fact.zh}（另有{more}处）", f"{fact.en} ({more} more)"))
    return shown
