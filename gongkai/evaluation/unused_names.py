"""Names in the log that no rule asks for: a figure or a judgement under such a name counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from events.problems import Problem, Text, did_you_mean, suggestion
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from rules.book import Book

FIGURE, JUDGEMENT = "indicator.reported", "assessment.recorded"


def unused_names(table: pa.Table, books: Sequence[Book]) -> list[Problem]:
    """Return a warning for names of figures and clauses of judgements that are nearly those that the rules ask for.

    Args:
        table: the log (`events.table`).
        books: the rulebooks that it is judged by.
    """
    rules = [rule for book in books for rule in book.versions()]
    figures = [
        str(value)
        for rule in rules
        for _, selector in rule.selectors()
        for group in selector.where
        if selector.event == FIGURE and "indicator" in group
        for value in (group["indicator"].equals, *(group["indicator"].one_of or ()))
        if value is not None
    ]
    clauses = [clause.id for book in books for clause in book.clauses]
    names = [*clauses, *(rule.id for rule in rules)]
    return [
        *_strange(table, FIGURE, "data.indicator", figures, Text("指标", "figure")),
        *_strange(table, JUDGEMENT, "data.clause", names, Text("条款", "clause")),
    ]


def _strange(table: pa.Table, sort: str, column: str, known: Iterable[str], label: Text) -> list[Problem]:
    """Return a warning for each value that is nearly a known one, at the first event that has it."""
    names = sorted(set(known))
    rows = table.filter(pc.equal(table["type"], sort))
    problems = []
    for value in pc.unique(rows[column]).to_pylist():
        near = did_you_mean(value, names) if value is not None and value not in names else ()
        if near:  # a log may well hold figures that no rule of these books asks for
            row = rows.slice(pc.index(rows[column], value).as_py(), 1).select(["file", "place"]).to_pylist()[0]
            fact = Text(
                f"没有规则使用{label.zh}“{value}”，这条记录不起作用",
                f"no rule asks for the {label.en} {value!r}: the record counts for nothing",
            )
            where = place_of(row["file"], row["place"])
            cure = suggestion(near, Text("", ""))
            problems.append(Problem("unused-name", where, fact, cure, value, severity="warning"))
    return problems
