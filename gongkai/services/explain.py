"""The whole derivation of one verdict, as lines, with the statements that judged it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.backends.recorded import RecordedBackend
from events.problems import Problem, ProblemError, Text, Where, did_you_mean, suggestion
from gongkai.evaluation.build import explain_row
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from reports.output.folder import blocks_of, write_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.backends.recorded import Step
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import Request
    from rules.model import Rule


@dataclass(frozen=True, slots=True)
class ExplainResult:
    """How one verdict follows from the words of its document.

    Attributes:
        row: the verdict (`engine.verdicts.SCHEMA`).
        lines: its derivation, from the quote to the status.
        inputs: what it was judged from.
    """

    row: dict[str, Any]
    lines: tuple[str, ...]
    inputs: Inputs

    def _judged(self, backend: RecordedBackend) -> tuple[Step, ...]:
        """Judge its rule alone, and return the steps."""
        own = self.row["book"], self.row["rule"]
        books = tuple(book.only(partial(_is_named, own, book.id)) for book in self.inputs.books)
        judge_inputs(replace(self.inputs, books=books), "zh", backend)
        return backend.steps()

    def sql(self) -> tuple[str, ...]:
        """Return every statement that judges its rule, in their order, to be run where the given tables are.

        The tables that are given stand as comments; `keep` writes a file that has them.
        """
        with RecordedBackend() as backend:
            return tuple(step.sql() for step in self._judged(backend))

    def keep(self, path: Path) -> None:
        """Write the tables of all steps that judge its rule into a DuckDB file.

        Raises:
            WriteError: a file is there that no run of ours wrote, or it cannot be written; what was there is as it was.
        """
        with tempfile.TemporaryDirectory() as work:
            made = Path(work) / "new.duckdb"
            with RecordedBackend() as backend:
                self._judged(backend)
                backend.keep(made)
            write_one(path, blocks_of(made))


def _is_named(own: tuple[str, str], book: str, rule: Rule) -> bool:
    """Say whether a rule of a book is the one named by book and rule."""
    return (book, rule.id) == own


def explain(request: Request, obligation: str) -> tuple[ExplainResult | None, tuple[Problem, ...]]:
    """Return the derivation of an obligation, named whole or by a part that fits it alone.

    Returns:
        It, None where the input is not usable or no obligation, or more than one, is meant; and what is wrong.
    """
    inputs, problems = load_inputs(request)
    if inputs is None:
        return None, problems
    try:
        return explain_inputs(inputs, obligation, request.lang), problems
    except ProblemError as error:
        return None, (*problems, error.problem)


def explain_inputs(inputs: Inputs, obligation: str, lang: Lang) -> ExplainResult:
    """Return the derivation of an obligation of inputs.

    Raises:
        ProblemError: no obligation, or more than one, is meant.
    """
    row, near = _find(judge_inputs(inputs, lang).to_pylist(), obligation)
    if row is not None:
        return ExplainResult(row, tuple(explain_row(inputs, row, lang)), inputs)
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
