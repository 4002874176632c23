"""`gongkai evaluate` over the Parquet of many counties: batches are judged side by side, and only counts come back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.batches.local import judge_locally
from engine.batches.model import CountyFiles, Task
from engine.batches.plan import list_counties, plan_batches
from engine.batches.spark import judge_on_spark, start_session
from engine.evaluate import calendar_span
from engine.judge import Question
from engine.time.calendar import china_calendar
from events.problems import Problem, ProblemError, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from events.storage.ordinary import read_ordinary
from events.vocabulary import load_vocabulary, using
from gongkai.evaluation.counties.batch_folder import BatchFolder
from gongkai.evaluation.judge import element_labels
from gongkai.evaluation.receipt import product_version
from gongkai.evaluation.setting import closures_of
from gongkai.files.counties import gather_counties, load_county_inputs
from gongkai.options import recorded, refused
from gongkai.parsing import Gathering, parse_moment, parse_period
from reports.output.folder import not_writable, write_folder
from reports.output.receipts import RECEIPT
from reports.output.texts import WORST_FIRST
from reports.run.folder import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.batches.model import Batch, Outcome
    from engine.compile.plan import County
    from engine.waivers import Waiver
    from events.vocabulary import Vocabulary
    from gongkai.files.counties import CountyInputs
    from gongkai.options import RunRequest

VERDICTS: Final = "verdicts.parquet"
SPARK: Final = "spark"
_SCHEMES: Final = ("hdfs:", "s3:", "s3a:", "s3n:", "gs:", "abfs:", "abfss:", "wasb:", "oss:", "obs:", "cosn:")


@dataclass(frozen=True, slots=True)
class CountiesResult:
    """What came of a run over many counties.

    Attributes:
        problems: everything that is to be told.
        totals: verdicts by status; None where nothing was written.
        counties: how many counties were judged.
    """

    problems: tuple[Problem, ...]
    totals: Mapping[str, int] | None = None
    counties: int = 0


@dataclass(slots=True)
class _Setting:
    """What all batches of a run are judged by."""

    question: Question
    counties: dict[str, County]
    waivers: dict[str, list[Waiver]]
    batches: tuple[Batch, ...]
    receipt: dict[str, Any]
    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)

    def task(self, batch: Batch, folder: Path) -> Task:
        """Return the task of a batch, which takes with it what its counties are judged by."""
        names = [one.county for one in batch.counties]
        question = replace(
            self.question,
            counties=tuple(self.counties[name] for name in names),
            waivers=tuple(waiver for name in names for waiver in self.waivers.get(name, ())),
        )
        return Task(batch, question, str(folder), vocabulary=self.vocabulary)


def is_remote(path: Path) -> bool:
    """Say whether a path is an address of an object store or of HDFS, which is no file of this machine."""
    return str(path).lower().startswith(_SCHEMES)


def refuse_remote(places: Mapping[str, Sequence[Path]], gathering: Gathering) -> None:
    """Say which paths are addresses that no task can open as a file."""
    for option, paths in places.items():
        for path in paths:
            if is_remote(path):
                fact = Text("不支持直接读写这种地址", "such an address is not read or written directly")
                cure = Text(
                    "先挂载成文件夹（NFS、s3fs、hdfs-fuse）或复制出来，再写文件夹的路径",
                    "Mount it as a folder (NFS, s3fs, hdfs-fuse) or copy it, and name the folder",
                )
                gathering.option(option, str(path), fact, cure)


def _words_hash(file: Path | None) -> dict[str, str]:
    """Return the hash of the county's vocabulary, where there is one."""
    return {} if file is None else {"vocabulary": hashlib.sha256(read_ordinary(file)).hexdigest()}


def _receipt(request: RunRequest, inputs: CountyInputs, counties: Sequence[County]) -> dict[str, Any]:
    """Return what `run.json` says: versions, options, and the hashes of what the counties are judged by."""
    registries = {one.registry.county: one.registry.sha256 for one in counties}
    units = hashlib.sha256("".join(f"{name}:{one}\n" for name, one in sorted(registries.items())).encode())
    return {
        "gongkai": product_version(),
        "as_of": request.as_of,
        "counties": len(registries),
        **_words_hash(request.vocabulary),
        "registries": units.hexdigest(),
        "books": [
            {"id": book.id, "sha256": book.sha256, "readings": dict(sorted(book.readings.items()))}
            for book in inputs.books.values()
        ],
        "events": [str(path) for path in request.events],
        "batch_events": request.batch_events,
        "own": inputs.hashes(),
        "options": recorded(request),
    }


def _unlisted(files: Sequence[CountyFiles], counties: Mapping[str, County]) -> list[Problem]:
    """Return a problem for each county of the log that has no registry."""
    return [
        Problem(
            "no-county",
            Where(one.files[0]),
            Text(f"“{one.county}”不在名录里", f"there is no registry of {one.county!r}"),
            suggestion(did_you_mean(one.county, counties), Text("核对县的名称", "Check the county's name")),
            one.county,
        )
        for one in files
        if one.county not in counties
    ]


def _settle(request: RunRequest, out: Path) -> tuple[_Setting | None, tuple[Problem, ...]]:
    """Read everything that a run over many counties names, but the events themselves."""
    gathering = Gathering(refused(request, counties=True))
    as_of = parse_moment(request.as_of, gathering)
    known_by = parse_moment(request.known_by, gathering, "--known-by") if request.known_by is not None else None
    period = parse_period(request.period, gathering)
    inputs = load_county_inputs(request, gathering)
    refuse_remote({"--events": request.events, "--out": (out,)}, gathering)
    if as_of is None or has_errors(gathering.problems):
        return None, sort_problems(gathering.problems)
    files, problems = list_counties(request.events)
    gathering.problems += problems
    found, waivers = gather_counties(request, inputs, [one.county for one in files], gathering)
    counties = {one.registry.county: one for one in found}
    gathering.problems += _unlisted(files, counties)
    closures, arrangements = closures_of(request, gathering)
    first, last = calendar_span(tuple(inputs.books.values()), as_of)
    calendar = china_calendar(first, last, closures=closures, extra=arrangements)
    if has_errors(gathering.problems):
        return None, sort_problems(gathering.problems)
    logged = {one.county: one for one in files}
    batches = plan_batches([logged.get(name, CountyFiles(name)) for name in counties], request.batch_events)
    by_county: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_county.setdefault(waiver.county or "", []).append(waiver)
    question = Question(
        (),
        as_of,
        calendar,
        lang=request.lang,
        labels=element_labels(request.lang),
        known_by=known_by,
        period=period,
        several=True,
    )
    receipt = _receipt(request, inputs, found)
    return _Setting(question, counties, by_county, batches, receipt, load_vocabulary()), sort_problems(
        gathering.problems
    )


def _outcomes(setting: _Setting, folder: BatchFolder, request: RunRequest) -> Iterator[Outcome]:
    """Give what came of each batch: of those that an interrupted run of the same inputs has done, from its records.

    Raises:
        SparkError: Spark cannot be used.
    """
    rest = []
    for batch in setting.batches:
        done = folder.recorded(batch.number)
        if done is None:
            rest.append(setting.task(batch, folder.verdicts))
        else:
            yield done
    if request.engine == SPARK:
        found = judge_on_spark(start_session(request.master), rest)
    else:
        found = judge_locally(rest, request.jobs)
    for outcome in found:
        if not outcome.problems:
            folder.record(outcome)
        yield outcome


def _summary(as_of: str, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return the counts of all counties, and of each."""
    totals = {
        status: number
        for status in WORST_FIRST
        if (number := sum(statuses.get(status, 0) for statuses in counts.values()))
    }
    return {
        "as_of": as_of,
        "obligations": sum(totals.values()),
        "statuses": totals,
        "counties": [
            {"county": county, "statuses": dict(sorted(statuses.items()))}
            for county, statuses in sorted(counts.items())
        ],
    }


def run_counties(request: RunRequest, out: Path) -> CountiesResult:
    """Judge the logs of many counties, and write verdicts by county, counts and the receipt into `out`.

    `verdicts.parquet` is a folder `county=<id>/part.parquet`. Where anything is wrong with any county's files nothing
    is written. A run that was killed goes on at the batches that it had not done, if it is asked again for the same.
    """
    with using():
        setting, problems = _settle(request, out)
    if setting is None:
        return CountiesResult(problems)
    folder = BatchFolder.beside(out, setting.receipt, setting.batches)
    try:
        folder.open()
        counts: dict[str, dict[str, int]] = {}
        wrong: list[Problem] = []
        warned: list[Problem] = []
        for outcome in _outcomes(setting, folder, request):
            wrong += outcome.problems
            warned += outcome.told
            counts |= {county: dict(statuses) for county, statuses in outcome.counts.items()}
        if wrong:
            if all(one.code != "process-killed" for one in wrong):
                folder.remove()
            return CountiesResult(sort_problems([*problems, *wrong, *warned]))
        summary = _summary(request.as_of, counts)
        receipt = {**setting.receipt, "engine": request.engine}
        told = write_folder(out, lambda staged: _fill(staged, folder, summary, receipt), reading=request.events)
        folder.remove()
    except ProblemError as error:
        return CountiesResult((*problems, error.problem))
    except OSError as error:
        return CountiesResult((*problems, not_writable(out, error)))
    return CountiesResult((*sort_problems([*problems, *warned]), *told), summary["statuses"], len(setting.counties))


def _fill(staged: Path, folder: BatchFolder, summary: dict[str, Any], receipt: dict[str, Any]) -> None:
    """Put the verdicts of all batches, the counts and the receipt into an empty folder."""
    folder.verdicts.rename(staged / VERDICTS)
    for name, value in ((SUMMARY, summary), (RECEIPT, receipt)):
        (staged / name).write_text(
            json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n"
        )
