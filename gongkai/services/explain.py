"""The whole derivation of one verdict, as lines, with the statements that judged it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.backends.duck import DuckBackend
from engine.judge import statements
from events.problems import Problem, ProblemError, Text, Where, did_you_mean, suggestion
from gongkai.evaluation.build import explain_row
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.kinds.base import KindRule
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import Request


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one verdict follows from the words of its document.

    Attributes:
        row: the verdict (`engine.verdicts.SCHEMA`).
        lines: its derivation, from the quote to the status.
        inputs: what it was judged from.
    """

    row: dict[str, Any]
    lines: tuple[str, ...]
    inputs: Inputs

    def sql(self) -> tuple[str, ...]:
        """Return the statements that judge its rule, in their order."""
        book = next(book for book in self.inputs.books if book.id == self.row["book"])
        rule = book.version(self.row["rule"], self.row["opened_on"])
        return tuple(
            f"-- {table}\n{DuckBackend.render(query, pretty=True)};"
            for table, query in statements(cast("KindRule", rule))
        )


def explain(
    request: Request, obligation: str, keep: Path | None = None
) -> tuple[Explanation | None, tuple[Problem, ...]]:
    """Return the derivation of an obligation, named whole or by a part that fits it alone.

    Args:
        request: what is judged.
        obligation: the name, or a part of it.
        keep: a DuckDB file that the tables of all steps are kept in.

    Returns:
        It, None where the input is not usable or no obligation, or more than one, is meant; and what is wrong.
    """
    if keep is not None:
        fact, cure = Text("这个选项还不起作用", "this option has no effect yet"), Text("去掉它", "Leave it out")
        return None, (Problem("bad-option", Where("--keep"), fact, cure, str(keep)),)
    inputs, problems = load_inputs(request)
    if inputs is None:
        return None, problems
    try:
        return explain_inputs(inputs, obligation, request.lang), problems
    except ProblemError as error:
        return None, (*problems, error.problem)


def explain_inputs(inputs: Inputs, obligation: str, lang: Lang) -> Explanation:
    """Return the derivation of an obligation of inputs.

    Raises:
        ProblemError: no obligation, or more than one, is meant.
    """
    row, near = _find(judge_inputs(inputs, lang).to_pylist(), obligation)
    if row is not None:
        return Explanation(row, tuple(explain_row(inputs, row, lang)), inputs)
    fact = Text(f"没有“{obligation}”这项义务，或者不止一项", f"no obligation, or more than one, is {obligation!r}")
    cure = suggestion(near, Text("编号见 verdicts.jsonl", "Ids are in verdicts.jsonl"))
    raise ProblemError(Problem("unknown-obligation", Where("explain"), fact, cure, obligation))


def _find(rows: Sequence[dict[str, Any]], wanted: str) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the row of an obligation, given whole or by a part that fits one only; else the nearest names."""
    for row in rows:
        if row["obligation"] == wanted:
            return row, ()
    fitting = [row for row in rows if wanted in row["obligation"]]
    if len(fitting) == 1:
        return fitting[0], ()
    names = [row["obligation"] for row in fitting] or [row["obligation"] for row in rows]
    return None, did_you_mean(wanted, names) or tuple(names[:3])
