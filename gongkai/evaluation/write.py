"""Writing a run: everything that is said of the verdicts, in one folder."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from gongkai.evaluation.build import build_evaluation
from gongkai.evaluation.receipt import receipt
from gongkai.evaluation.rectification import ListOptions, build_rectification, read_settings
from reports.output.folder import WriteError
from reports.run.data_files import parquet_of
from reports.write import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from events.problems import Lang, Problem
    from gongkai.evaluation.inputs import Inputs
    from reports.run.evaluation import Evaluation
    from reports.violations.rectification import Rectification


def _of_verdicts(table: pa.Table) -> dict[str, object]:
    """Return what the receipt says of the verdicts themselves, so that a later run knows them again."""
    return {"rows": table.num_rows, "sha256": sha256(parquet_of(table)).hexdigest()}


def _reports(inputs: Inputs, evaluation: Evaluation, rectification: Rectification) -> list[Callable[[Path], None]]:
    """Return what writes the pages, the workbook, and what a later comparison reads of the inputs."""
    from reports.pages.html import write_pages  # noqa: PLC0415
    from reports.pages.request_page import write_request_page  # noqa: PLC0415
    from reports.run.kept_inputs import gather_facts, write_facts  # noqa: PLC0415 (a run without reports does without these)
    from reports.violations.rectification_page import write_page  # noqa: PLC0415
    from reports.violations.workbook import write_xlsx  # noqa: PLC0415

    facts = gather_facts(inputs.books, inputs.registry, inputs.table, inputs.calendar)
    return [
        partial(write_pages, evaluation),
        partial(write_request_page, evaluation),
        lambda folder: write_xlsx(evaluation, rectification, folder / "violations.xlsx"),
        partial(write_page, evaluation, rectification),
        partial(write_facts, facts),
    ]


def produce(
    inputs: Inputs,
    table: pa.Table,
    out: Path,
    lang: Lang,
    engine: str,
    lists: ListOptions,
    *,
    said: Mapping[str, object] | None = None,
    extras: Sequence[Callable[[Path], None]] = (),
    enrich: Callable[[Evaluation], Evaluation] | None = None,
    reports: bool = True,
) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """Write the folder of a run.

    Args:
        inputs: what the verdicts were made from.
        table: the verdicts (`engine.verdicts.SCHEMA`), sorted.
        out: the folder, replaced as a whole.
        lang: language of the reports.
        engine: the engine that judged.
        lists: the settings of the violation list.
        said: what else the receipt says.
        extras: what else is written, each given the folder.
        enrich: adds to the evaluation what it has besides its verdicts: occasion, scores, earlier evaluations.
        reports: whether pages, workbooks and what is kept for comparisons are written beside the data; the data are the
            same without.

    Returns:
        What the reports show, None where nothing was written and `out` is as it was; and what is wrong.
    """
    settings, problems = read_settings(lists, inputs)
    if settings is None:
        return None, problems
    more = {"verdicts": _of_verdicts(table), "list": settings.receipt}
    whole = {**receipt(inputs, lang=lang, engine=engine), **more, **(said or {})}
    plain = build_evaluation(inputs, table, lang, whole)
    evaluation = plain if enrich is None else enrich(plain)
    rectification, problems = build_rectification(lists, settings, inputs, evaluation)
    writers = [*extras, *(_reports(inputs, evaluation, rectification) if reports else ())]
    try:
        write_all(evaluation, table, out, writers)
    except WriteError as error:
        return None, (*problems, error.problem)
    return evaluation, problems
