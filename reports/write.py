"""Writing everything that an evaluation promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.output.folder import write_folder
from reports.run.data_files import write_summary, write_verdicts
from reports.scoring.files import write_scores
from reports.violations.csv_file import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pyarrow as pa

    from reports.run.evaluation import Evaluation

OURS = frozenset(
    (
        "verdicts.parquet",
        "verdicts.jsonl",
        "violations.csv",
        "violations.xlsx",
        "summary.json",
        "run.json",
        "index.html",
        "rectification.html",
        "requests.html",
        "rectification.jsonl",
        "clauses.html",
        "scores.csv",
        "scores.json",
        "units",
        "inputs",
        "problems.txt",
        "backfilled.csv",
        "backfilled.html",
    )
)
"""What a run or a batch writes; anything else in the folder is somebody else's and stays."""


def write_all(
    evaluation: Evaluation, table: pa.Table, out: Path, reports: Sequence[Callable[[Path], None]] = ()
) -> None:
    """Write the data of a run and its reports into `out`, which is replaced as a whole.

    Args:
        evaluation: what the reports show.
        table: the verdicts (`engine.verdicts.SCHEMA`), sorted.
        out: the folder; earlier output in it is replaced, that of reports which are not written now is taken away, and
            other files stay.
        reports: what writes pages, workbooks and whatever else stands beside the data, each given the folder.

    Raises:
        reports.output.folder.WriteError: `out` cannot be written; it is as it was.
    """

    def fill(folder: Path) -> None:
        """Write all files into an empty folder."""
        write_verdicts(table, folder)
        write_summary(evaluation, folder)
        write_csv(evaluation, folder / "violations.csv")
        if evaluation.scoring is not None:
            write_scores(evaluation.scoring, folder, evaluation.lang)
        for write in reports:
            write(folder)

    write_folder(out, fill, OURS)
