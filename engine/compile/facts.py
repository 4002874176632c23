"""Facts as SQL: which events serve which selectors of the rules, with the elements and values that they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.backends.text import NULL, all_of, listed, quoted
from engine.compile.candidates import AccessPath, number_residuals
from engine.compile.conditions import attribute, test_sql
from rules.model import ANY_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.compile.candidates import Candidate, Test
    from rules.model import AttributeUse, Selector

_LEAF: Final = 4
"""Among so few tests the right one is looked for one after another."""

_COLUMNS: Final = ("subject", "day", "at", "timed", "latest", "event", "root")
"""What a fact keeps of its event as it stands."""


def facts_sql(selectors: Sequence[Selector], candidates: Sequence[Candidate]) -> str:
    """Return the query of every selector that an event satisfies, or may satisfy, over the standing events.

    `county` and `unit` of a fact are the numbers that the table of units gives them; `elements` is the list that the
    selector finds elements in, where it does.

    Args:
        selectors: the selectors in the order of their numbers.
        candidates: how an event meets each (`engine.compile.candidates`); the table `candidates` has them as rows.
    """
    paths = sorted({one.path for one in candidates}) or [AccessPath("type")]
    numbers = number_residuals(candidates)
    parts = [_met_sql(path, selectors, [one for one in candidates if one.path == path], numbers) for path in paths]
    return f"""
SELECT sel, county, unit, {", ".join(f"found.{name}" for name in _COLUMNS)}, value, elements,
  CASE WHEN sure THEN 1 ELSE 0 END AS certain
FROM ({" UNION ALL ".join(parts)}) AS found
WHERE sure OR sure IS NULL
"""


def _met_sql(
    path: AccessPath, selectors: Sequence[Selector], candidates: Sequence[Candidate], numbers: Mapping[Test, int]
) -> str:
    """Return the events beside the selectors that they meet in one way, and whether these hold, NULL if unknown."""
    asked = {numbers[one.test]: one.test for one in candidates if one.test in numbers}
    tests = [(number, test_sql(asked[number])) for number in sorted(asked)]
    lists = sorted({name for one in candidates if (name := selectors[one.sel].elements_in) is not None})
    source, on = _meeting(path, sorted({one.event_type for one in candidates}))
    met = [f"s.how = {quoted(path.how)}", f"s.attribute = {quoted(path.key)}", "s.event_type = e.type", *on]
    return f"""
SELECT s.sel, u.county, u.number AS unit, {", ".join(f"e.{name}" for name in _COLUMNS)}, {attribute("value")} AS value,
  {_listed(lists)} AS elements, {_choice(tests)} AS sure
FROM {source}
JOIN candidates AS s ON {all_of(met)}
JOIN units AS u ON u.unit = e.unit AND u.county_id = e.county
"""


def _meeting(path: AccessPath, types: Sequence[str]) -> tuple[str, list[str]]:
    """Return the events of these types that can meet selectors in this way, and what joins them beyond their type."""
    if path.how == "type":
        return "standing AS e", []
    key = attribute(path.key)
    of_these = f"e.type IN {listed(types)}"
    if path.how == "lacking":
        return f"(SELECT * FROM standing AS e WHERE {of_these} AND {key} IS NULL) AS e", []
    one = f", UNNEST(LIST_DISTINCT({key})) AS one" if path.how == "element" else ""
    chosen = f"(SELECT *{one} FROM standing AS e WHERE {of_these} AND NOT {key} IS NULL) AS e"
    return chosen, [f"s.value = {'e.one' if path.how == 'element' else key}"]


def _listed(names: Sequence[str]) -> str:
    """Return the list that a selector finds its elements in, NULL where it finds none."""
    if not names:
        return f"CAST({NULL} AS TEXT[])"
    return f"CASE s.elements_in {' '.join(f'WHEN {quoted(name)} THEN {attribute(name)}' for name in names)} END"


def _choice(tests: Sequence[tuple[int, str]]) -> str:
    """Return whether a selector holds: by what is left to ask of the event, where anything is."""
    return f"CASE WHEN s.test IS NULL THEN TRUE ELSE {_halved(tests)} END" if tests else "TRUE"


def _halved(tests: Sequence[tuple[int, str]]) -> str:
    """Return the choice among tests by their numbers, halved again and again: a row tries few comparisons."""
    if len(tests) <= _LEAF:
        return f"CASE s.test {' '.join(f'WHEN {number} THEN {test}' for number, test in tests)} END"
    half = len(tests) // 2
    return f"CASE WHEN s.test < {tests[half][0]} THEN {_halved(tests[:half])} ELSE {_halved(tests[half:])} END"


def values_sql(uses: Iterable[AttributeUse]) -> str:
    """Return the values of the attributes that rules read: event, attribute, amount and day, one of the two set."""
    parts = [_value_sql(use) for use in sorted(uses) if use.type != ANY_TYPE]
    empty = "CAST(NULL AS TEXT) AS attribute, CAST(NULL AS BIGINT) AS amount, CAST(NULL AS DATE) AS day"
    return " UNION ALL ".join(parts) or f"SELECT event, {empty} FROM facts WHERE FALSE"


def words_sql(uses: Iterable[AttributeUse]) -> str:
    """Return the words of the attributes whose values rules tell apart: event, attribute, word.

    A list gives a row for each of its words, an attribute that was not recorded one without a word.
    """
    parts = [_word_sql(use) for use in sorted(uses) if use.type == ANY_TYPE]
    return (
        " UNION ALL ".join(parts) or "SELECT event, CAST(NULL AS TEXT) AS attribute, '' AS word FROM facts WHERE FALSE"
    )


def _word_sql(use: AttributeUse) -> str:
    """Return the words of one attribute, of whatever type, of one type of event."""
    value = attribute(use.name)
    return f"""
SELECT e.event, {quoted(use.name)} AS attribute, UNNEST(CASE WHEN {value} IS NULL THEN CAST([NULL] AS TEXT[])
  WHEN JSON_TYPE(TO_JSON({value})) = 'ARRAY' THEN CAST(TO_JSON({value}) AS TEXT[])
  ELSE [CAST({value} AS TEXT)] END) AS word
FROM standing AS e
WHERE e.type = {quoted(use.event)}
"""


def _value_sql(use: AttributeUse) -> str:
    """Return the values of one attribute of one type of event; a date with a time of day is its day."""
    value = attribute(use.name)
    amount, day = (value, NULL) if use.type == "int" else (NULL, f"SUBSTRING({value}, 1, 10)")
    return f"""
SELECT e.event, {quoted(use.name)} AS attribute, CAST({amount} AS BIGINT) AS amount, TRY_CAST({day} AS DATE) AS day
FROM standing AS e
WHERE e.type = {quoted(use.event)} AND NOT {value} IS NULL
"""
