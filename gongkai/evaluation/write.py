"""Writing a run: everything that is said of the verdicts, in one folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reports.write import write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from events.problems import Problem
    from gongkai.evaluation.inputs import Inputs
    from reports.run.evaluation import Evaluation
    from reports.violations.backfill import Backfill
    from reports.violations.rectification import Rectification

PROBLEMS = "problems.txt"


@dataclass(frozen=True, slots=True)
class Report:
    """What is written of a run.

    Attributes:
        evaluation: the verdicts with everything that they rest on.
        rectification: the state of earlier problems, and the time that the list sets.
        backfill: what was recorded late.
        problems: what was wrong with the input.
        pages: whether pages, workbooks and what is kept for comparisons are written beside the data; the data are the
            same without.
    """

    evaluation: Evaluation
    rectification: Rectification
    backfill: Backfill
    problems: tuple[Problem, ...] = ()
    pages: bool = True


def write_run(report: Report, inputs: Inputs, table: pa.Table, out: Path) -> None:
    """Write the folder of a run, which is replaced as a whole.

    Args:
        report: what is written.
        inputs: what the verdicts were made from.
        table: the verdicts (`engine.verdicts.SCHEMA`), sorted.
        out: the folder.

    Raises:
        reports.output.folder.WriteError: it cannot be written, and is as it was.
    """
    writers = _pages(report, inputs) if report.pages else []
    if report.problems:
        writers.append(partial(_write_problems, report))
    write_all(report.evaluation, table, out, writers)


def _pages(report: Report, inputs: Inputs) -> list[Callable[[Path], None]]:
    """Return what writes the pages, the workbook, and what a later comparison reads of the inputs."""
    from reports.pages.html import write_pages  # noqa: PLC0415
    from reports.pages.request_page import write_request_page  # noqa: PLC0415
    from reports.run.kept_inputs import gather_facts, write_facts  # noqa: PLC0415 (a run without pages needs none)
    from reports.violations.backfill import write_backfilled  # noqa: PLC0415
    from reports.violations.rectification_page import write_page  # noqa: PLC0415
    from reports.violations.workbook import write_xlsx  # noqa: PLC0415

    evaluation, rectification = report.evaluation, report.rectification
    facts = gather_facts(inputs.books, inputs.registry, inputs.table, inputs.calendar)
    return [
        partial(write_backfilled, report.backfill, evaluation),
        partial(write_pages, evaluation),
        partial(write_request_page, evaluation),
        lambda folder: write_xlsx(evaluation, rectification, folder / "violations.xlsx"),
        partial(write_page, evaluation, rectification),
        partial(write_facts, facts),
    ]


def _write_problems(report: Report, folder: Path) -> None:
    """Write what was wrong with the input, a line each."""
    text = "".join(f"{problem.line(report.evaluation.lang)}\n" for problem in report.problems)
    (folder / PROBLEMS).write_text(text, encoding="utf-8", errors="replace", newline="\n")
