"""The one run: from a request to verdicts and a folder, for the command line, a batch, the API and a server alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from engine.batches.layout import is_many
from events.problems import Problem, ProblemError, Text, Where, has_errors
from gongkai.evaluation.build import build_evaluation
from gongkai.evaluation.earlier.heads import hold_heads
from gongkai.evaluation.earlier.scoring import load_measures, with_measures, with_preset
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.evaluation.receipt import receipt
from gongkai.parsing import Gathering
from gongkai.progress import Progress, silent
from reports.output.interrupted import recover
from reports.output.place import refusal
from reports.run.folder import RunFolder, open_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from gongkai.evaluation.earlier.rectification import ListSettings
    from gongkai.evaluation.earlier.scoring import Measures
    from gongkai.evaluation.inputs import Inputs
    from gongkai.files.preset import Preset
    from gongkai.options import Request, RunRequest
    from reports.run.evaluation import Evaluation
    from reports.violations.backfill import Backfill

READING = Text("读取台账…", "Reading the log …")
JUDGING = Text("评估…", "Evaluating …")
WRITING = Text("写出报告…", "Writing the reports …")


@dataclass(frozen=True, slots=True)
class RunResult:
    """What became of a run.

    Attributes:
        evaluation: the verdicts with everything that they rest on; None where the input was not usable, and over many
            counties.
        verdicts: the verdicts (`engine.verdicts.SCHEMA`), None like the evaluation.
        problems: everything that is wrong.
        written: the folder that was written, or None.
        statuses: the number of verdicts by status, what needs attention first.
        counties: how many counties were judged.
        said: what else is to be told.
    """

    evaluation: Evaluation | None = None
    verdicts: pa.Table | None = None
    problems: tuple[Problem, ...] = ()
    written: Path | None = None
    statuses: Mapping[str, int] = field(default_factory=dict)
    counties: int = 1
    said: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What a run is made of."""

    inputs: Inputs
    measures: Measures
    lists: ListSettings
    backfill: Backfill


def judge_request(request: Request) -> tuple[pa.Table | None, tuple[Problem, ...]]:
    """Return the verdicts of a request, None where the input is not usable, and what is wrong; nothing is written."""
    inputs, problems = load_inputs(request)
    return (None if inputs is None else judge_inputs(inputs, request.lang)), problems


def run(request: RunRequest, out: Path, progress: Progress = silent) -> RunResult:
    """Evaluate and write the folder of a run.

    Args:
        request: what is asked for.
        out: the folder; it is replaced as a whole, or as it was where the input is not usable or writing fails.
        progress: is told what is going on.
    """
    whole, preset, problems = with_preset(request)
    if whole is None:
        return RunResult(problems=problems)
    refused = refusal(out, whole.events)
    if refused is not None:
        return RunResult(problems=(*problems, refused))
    if is_many(whole.events):
        return _run_counties(whole, out, progress, problems)
    with progress(READING):
        loaded, more = _load(whole, preset, out)
    problems = (*problems, *more)
    if loaded is None:
        return RunResult(problems=problems)
    try:
        with progress(JUDGING):
            judged = _judge(whole, loaded.inputs, out)
        with progress(WRITING):
            evaluation, problems = _write(whole, loaded, judged, out, problems)
    except ProblemError as error:
        return RunResult(problems=(*problems, error.problem))
    return RunResult(evaluation, judged.table, problems, out, evaluation.status_counts(), said=judged.said)


def _run_counties(request: RunRequest, out: Path, progress: Progress, problems: tuple[Problem, ...]) -> RunResult:
    """Evaluate the logs of many counties."""
    from gongkai.evaluation.counties.run import run_counties  # noqa: PLC0415 (only over many counties)

    with progress(JUDGING):
        result = run_counties(request, out)
    done = None if result.totals is None else out
    told = (*problems, *result.problems)
    return RunResult(problems=told, written=done, statuses=result.totals or {}, counties=result.counties)


def _load(request: RunRequest, preset: Preset | None, out: Path) -> tuple[_Loaded | None, tuple[Problem, ...]]:
    """Read and check everything that a run is made of; what a killed run left in its folders is put right first."""
    from gongkai.evaluation.earlier.backfill import load_backfill  # noqa: PLC0415 (judging alone needs neither)
    from gongkai.evaluation.earlier.rectification import read_settings  # noqa: PLC0415

    put_right = recover(out)
    inputs, problems = load_inputs(request)
    problems = (*put_right, *problems, *_one_county(request))
    if inputs is None or has_errors(problems):
        return None, problems
    previous, unread = _previous(request)
    since = None if request.since is None else RunFolder(request.since, "--since")
    earlier = [RunFolder(out, "--out"), *previous, *([] if since is None else [since])]
    problems = (*problems, *unread, *hold_heads(earlier, inputs.ledgers))
    measures, wrong = load_measures(request, preset, inputs, previous)
    lists, more = read_settings(request, inputs, previous)
    backfill, last = load_backfill(request, inputs, since)
    problems = tuple(dict.fromkeys((*problems, *wrong, *more, *last)))
    if has_errors(unread):
        return None, problems
    if measures is None or lists is None or backfill is None:
        return None, problems
    return _Loaded(inputs, measures, lists, backfill), problems


def _previous(request: RunRequest) -> tuple[list[RunFolder], tuple[Problem, ...]]:
    """Return the earlier runs, and what is wrong with the others."""
    found = [open_run(folder, "--previous") for folder in request.previous]
    problems = tuple(problem for _, wrong in found for problem in wrong)
    return [run for run, _ in found if run is not None], problems


def _one_county(request: RunRequest) -> list[Problem]:
    """Return what is wrong with options that are for many counties where the log is of one."""
    gathering = Gathering()
    if request.counties is not None:
        fact = Text("台账只有一个县", "the log is of one county")
        cure = Text("台账写成 county=… 文件夹，或者去掉它", "Lay the log out as folders county=…, or leave it out")
        gathering.option("--counties", str(request.counties), fact, cure)
    if request.engine != "duckdb":
        fact = Text("台账只有一个县，由内置引擎评估，没有用 Spark", "the log is of one county: Spark has nothing to do")
        cure = Text("去掉 --engine spark", "Leave out --engine spark")
        value = request.master or request.engine
        gathering.problems.append(Problem("one-county", Where("--engine"), fact, cure, value, severity="warning"))
    return gathering.problems


@dataclass(frozen=True, slots=True)
class _Judged:
    """What came of judging.

    Attributes:
        table: the verdicts.
        same: the units of which all is what it was in the run that is there.
        said: what is to be told of how they were made.
    """

    table: pa.Table
    same: frozenset[str] = frozenset()
    said: tuple[Text, ...] = ()


def _judge(request: RunRequest, inputs: Inputs, out: Path) -> _Judged:
    """Return the verdicts, built on the run that is there where that is asked for."""
    if not request.incremental:
        return _Judged(judge_inputs(inputs, request.lang))
    from gongkai.evaluation.earlier.incremental import judged_again  # noqa: PLC0415 (only where it is asked for)

    table, said, same = judged_again(inputs, request.lang, "duckdb", out, lambda: judge_inputs(inputs, request.lang))
    return _Judged(table, same, (said,))


def _write(
    request: RunRequest, loaded: _Loaded, judged: _Judged, out: Path, problems: tuple[Problem, ...]
) -> tuple[Evaluation, tuple[Problem, ...]]:
    """Write the folder; return what the reports show, and every problem.

    Pages of units of which all is what it was are taken over, where nothing else that they show is another.

    Raises:
        ProblemError: it cannot be written.
    """
    from gongkai.evaluation.earlier.kept_pages import kept_pages, made_by  # noqa: PLC0415
    from gongkai.evaluation.earlier.rectification import build_rectification  # noqa: PLC0415
    from reports.run.data_files import parquet_of  # noqa: PLC0415
    from reports.write import Report, write_run  # noqa: PLC0415 (judging alone needs neither)

    inputs, lang, table = loaded.inputs, request.lang, judged.table
    said = {
        **receipt(inputs, lang=lang),
        "pages": made_by(),  # without pages too: the data of a run are the same with and without them
        "verdicts": {"rows": table.num_rows, "sha256": sha256(parquet_of(table)).hexdigest()},
        "list": loaded.lists.receipt,
        "backfill": loaded.backfill.receipt(),
    }
    plain = build_evaluation(inputs, table, lang, said)
    evaluation, scoring = with_measures(plain, loaded.measures, inputs, lambda other: judge_inputs(other, lang))
    rectification, wrong = build_rectification(request, loaded.lists, inputs, evaluation)
    problems = (*problems, *wrong)
    alone = request.reports and scoring is None and not evaluation.earlier  # what others got stands on no page
    kept = kept_pages(out, evaluation.receipt, judged.same) if alone and judged.same else {}
    report = Report(evaluation, scoring, rectification, loaded.backfill, problems, pages=request.reports, kept=kept)
    told = write_run(report, table, out, request.events)
    return evaluation, (*problems, *told)
