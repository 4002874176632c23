"""Writing the folder of a run: everything that is said of its verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from reports.output.folder import PROBLEMS, write_folder
from reports.run.data_files import write_summary, write_verdicts
from reports.scoring.files import write_scores
from reports.violations.csv_file import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from events.problems import Problem
    from reports.run.evaluation import Evaluation
    from reports.scoring.scores import Scoring
    from reports.violations.backfill import Backfill
    from reports.violations.rectification import RectificationState


@dataclass(frozen=True, slots=True)
class Report:
    """What is written of a run.

    Attributes:
        evaluation: the verdicts with everything that they rest on, and the earlier runs.
        scoring: the scores, or None.
        rectification: the state of earlier problems, and the time that the list sets.
        backfill: what was recorded late.
        problems: what was wrong with the input.
        pages: whether pages, workbooks and what is kept for comparisons are written beside the data; the data are the
            same without.
        kept: pages of units that are known to be what would be written, by unit.
    """

    evaluation: Evaluation
    scoring: Scoring | None
    rectification: RectificationState
    backfill: Backfill
    problems: tuple[Problem, ...] = ()
    pages: bool = True
    kept: Mapping[str, bytes] = field(default_factory=dict)


def write_run(report: Report, table: pa.Table, out: Path, reading: Iterable[Path] = ()) -> tuple[Problem, ...]:
    """Write the folder of a run, which is replaced as a whole.

    Args:
        report: what is written.
        table: the verdicts (`engine.verdicts.SCHEMA`), sorted.
        out: the folder; earlier output in it is replaced, that of reports which are not written now is taken away, and
            other files stay.
        reading: the files and folders of the log, in whose folder nothing is written.

    Returns:
        Warnings: what was put right, and files that somebody had changed and that have another name now.

    Raises:
        reports.output.folder.WriteError: `out` cannot be written; it is as it was.
    """

    def fill(folder: Path) -> None:
        """Write all files into an empty folder."""
        write_verdicts(table, folder)
        write_summary(report.evaluation, folder)
        write_csv(report.evaluation, folder / "violations.csv")
        if report.scoring is not None:
            write_scores(report.scoring, folder, report.evaluation.lang)
        for write in _pages(report) if report.pages else ():
            write(folder)
        if report.problems:
            _write_problems(report, folder)

    return write_folder(out, fill, reading=reading)


def _pages(report: Report) -> list[Callable[[Path], None]]:
    """Return what writes the pages, the workbook, and what a later comparison reads of the inputs."""
    from reports.pages.html import write_pages  # noqa: PLC0415
    from reports.pages.request_page import write_request_page  # noqa: PLC0415
    from reports.run.kept_inputs import gather_inputs, write_inputs  # noqa: PLC0415 (a run without pages needs none)
    from reports.selfcheck.check import self_check, to_see  # noqa: PLC0415
    from reports.violations.backfill import write_backfilled  # noqa: PLC0415
    from reports.violations.rectification_page import write_page  # noqa: PLC0415
    from reports.violations.workbook import write_xlsx  # noqa: PLC0415

    evaluation, rectification = report.evaluation, report.rectification
    sources = evaluation.grounds.sources
    shown = tuple(part for part in evaluation.units if part.unit.id not in report.kept)
    checks = self_check(replace(evaluation, units=shown), sources)
    tables = gather_inputs(evaluation.books, evaluation.registry, sources.events, sources.calendar)
    return [
        partial(write_backfilled, report.backfill, evaluation),
        partial(write_pages, evaluation, report.scoring, to_see=to_see(checks, evaluation), kept=report.kept),
        partial(write_request_page, evaluation),
        lambda folder: write_xlsx(evaluation, rectification, folder / "violations.xlsx"),
        partial(write_page, evaluation, rectification),
        partial(write_inputs, tables),
    ]


def _write_problems(report: Report, folder: Path) -> None:
    """Write what was wrong with the input, a line each."""
    text = "".join(f"{problem.line(report.evaluation.lang)}\n" for problem in report.problems)
    (folder / PROBLEMS).write_text(text, encoding="utf-8", errors="replace", newline="\n")
