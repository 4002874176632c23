"""A batch: runs of many counties or years, each evaluated, or passed over where nothing has changed since it was."""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.batches.layout import is_many
from engine.kinds import KINDS
from events.formats.files import event_files
from events.limits import VARIABLE, limits
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.storage.ordinary import read_ordinary, read_ordinary_text
from events.vocabulary import load_vocabulary
from gongkai.evaluation.receipt import product_version
from gongkai.options import DEFAULT_UNITS, options_of
from gongkai.process import wants_memory
from gongkai.services.evaluate import run
from gongkai.services.workers import Lost, hand_out
from reports.batch_summary import summary_csv, summary_page, write_summary_xlsx
from reports.output.folder import PROBLEMS, BusyError, WriteError, alone_in, not_writable, write_one
from reports.output.interrupted import recover
from reports.output.place import place_of, refusal
from reports.output.receipts import RECEIPT, note
from reports.run.folder import SUMMARY, TABLE, VERDICTS, RunFolder, RunFolderError
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from events.problems import Lang
    from gongkai.files.manifest import ManifestEntry
    from gongkai.options import Spec

State = Literal["done", "skipped", "unusable"]
NEEDED = (TABLE, SUMMARY, RECEIPT)
NEEDED_PAGES = ("index.html", VERDICTS, "violations.xlsx")
"""What must be there of a run that is passed over, and of one with pages."""
DONE = "batch.jsonl"
"""The file that says which runs were done from which inputs, a line each; the last line of a folder counts."""


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of one run.

    Attributes:
        name: what the manifest calls it.
        folder: its folder.
        as_of: the as-of moment asked about.
        state: evaluated, passed over, or not usable.
        counts: the number of verdicts by status; none of a run that is not usable.
        problems: what is wrong with its input, a line each.
        errors: how many of them are errors.
        fingerprint: the hash of everything that it depends on, None where it is not to be known again.
    """

    name: str
    folder: str
    as_of: str
    state: State
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    errors: int = 0
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """A run that was done: the fingerprint of its inputs, and the hash of its receipt."""

    fingerprint: str
    receipt: str


def run_batch(
    entries: Sequence[ManifestEntry],
    out: Path,
    jobs: int,
    lang: Lang,
    *,
    again: bool,
    told: Callable[[tuple[Problem, ...]], None],
) -> Iterator[BatchOutcome]:
    """Evaluate every run, yield what became of each in the order of the manifest, and write the summary at the end.

    Args:
        entries: the runs.
        out: the folder of the batch.
        jobs: how many are evaluated at once.
        lang: language of the summary.
        again: evaluate a run even if nothing has changed.
        told: is told what a killed batch had left and was put right.

    Raises:
        ProblemError: another batch is there, or something cannot be written.
    """
    outcomes = []
    with _alone(out):
        told(clear_leftovers(entries, out))
        done = _done(out)
        for outcome in _outcomes(entries, out, jobs, {} if again else done):
            outcomes.append(outcome)
            _remember(out, outcome)
            yield outcome
        _write_summary(tuple(outcomes), out, lang)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep other batches out of a folder: they would clear away what this one is writing.

    Raises:
        WriteError: another batch is there already, or the folder cannot be made.
    """
    problem = refusal(out)
    if problem is not None:
        raise WriteError(problem)
    with ExitStack() as held:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(alone_in(out))
            real = place_of(out)
            real.mkdir(exist_ok=True)
            note(real.parent, {f"{real.name}/{DONE}": ""})  # the folder is ours, however far this batch gets
        except OSError as error:
            raise WriteError(not_writable(out, error)) from error
        except BusyError:
            fact = Text(f"另一个批量评估正在写“{out}”", f"another batch is writing {out}")
            cure = Text("等它结束再运行，或者换一个 --out", "Wait until it is done, or choose another --out")
            raise WriteError(Problem("batch-running", Where("--out"), fact, cure, str(out))) from None
        yield


def _outcomes(
    entries: Sequence[ManifestEntry],
    out: Path,
    jobs: int,
    done: Mapping[str, _Done],
    work: Callable[..., BatchOutcome] | None = None,
) -> Iterator[BatchOutcome]:
    """Yield what became of each run, in the order of the manifest; each is made in a process apart from this one."""
    pieces = [(entry, out, done.get(entry.folder)) for entry in entries]
    results = hand_out(work or run_entry, pieces, jobs, limits().run_seconds)
    for entry, result in zip(entries, results, strict=True):
        yield result if isinstance(result, BatchOutcome) else _unusable(entry, out, (_lost(entry, result),))


def _lost(entry: ManifestEntry, result: object) -> Problem:
    """Return the problem of a run whose process gave nothing."""
    where, why = Where(entry.name), result.why if isinstance(result, Lost) else "ended"
    if why == "late":
        most = limits().run_seconds
        fact = Text(f"运行超过 {most} 秒，已终止", f"it took more than {most} seconds and was ended")
        return Problem("too-slow", where, fact, _less_or("run_seconds"))
    if why == "memory":
        most = limits().run_bytes
        fact = Text(
            f"内存不够，已终止（限额 {most} 字节）",
            f"memory ran out and it was ended (the limit is {most} bytes)",
        )
        return Problem("out-of-memory", where, fact, _less_or("run_bytes"))
    code = result.code if isinstance(result, Lost) else None
    fact = Text(
        f"评估它的进程中途终止（{code}；可能是内存不足，或者它的文件让读取程序出错）",
        f"the process that evaluated it ended ({code}): memory may have run out, or a file of it broke its reader",
    )
    cure = Text("检查它的文件，减少 --jobs 再运行一次", "Look at its files, and run it again with fewer --jobs")
    return Problem("process-ended", where, fact, cure)


def _less_or(limit: str) -> Text:
    """Return what to do where a run needs more than a limit."""
    return Text(
        f"减少它的输入；确需更多的，设置环境变量 {VARIABLE}={limit}=…",
        f"Give it less to read, or set {VARIABLE}={limit}=…",
    )


def run_entry(entry: ManifestEntry, out: Path, done: _Done | None = None) -> BatchOutcome:
    """Evaluate one run into its folder, or pass it over where the run that is there had the same inputs.

    Args:
        entry: the run.
        out: the folder of the batch.
        done: what is known of the run that is there, or None.

    Raises:
        MemoryError: memory has run out.
    """
    try:
        return _run(entry, out, done)
    except Exception as error:  # whatever happens in one county, the others are evaluated
        if wants_memory(error):
            raise MemoryError from error  # it goes with its process, see `hand_out`
        fact = Text(f"程序出错：{type(error).__name__}: {error}", f"program error: {type(error).__name__}: {error}")
        cure = Text("请把这个文件夹的输入和这句话报告给维护者", "Report this with the inputs of this run")
        return _unusable(entry, out, (Problem("internal-error", Where(entry.name), fact, cure),))


def _run(entry: ManifestEntry, out: Path, done: _Done | None) -> BatchOutcome:
    """Evaluate one run, or pass it over."""
    folder, request = out / entry.folder, entry.request
    print_ = fingerprint(entry)
    kept = _kept(folder, entry, done) if done is not None and done.fingerprint == print_ else None
    if kept is not None:
        lines = _lines(folder / PROBLEMS)
        return BatchOutcome(entry.name, entry.folder, request.as_of, "skipped", kept, lines, fingerprint=print_)
    result = run(request, folder)
    if result.written is None:
        return _unusable(entry, out, result.problems)
    as_of = request.as_of if result.evaluation is None else result.evaluation.as_of.text
    lines = tuple(problem.line(request.lang) for problem in result.problems)
    return BatchOutcome(entry.name, entry.folder, as_of, "done", result.statuses, lines, fingerprint=print_)


def _unusable(entry: ManifestEntry, out: Path, problems: tuple[Problem, ...]) -> BatchOutcome:
    """Write the problems beside what an earlier run left, and return the outcome."""
    lines = tuple(problem.line(entry.request.lang) for problem in sort_problems(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    try:
        write_one(out / entry.folder / PROBLEMS, ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    except WriteError as error:
        lines = (*lines, error.problem.line(entry.request.lang))
    return BatchOutcome(entry.name, entry.folder, entry.request.as_of, "unusable", {}, lines, errors)


def _lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a file, none where there is no such file."""
    return tuple(read_ordinary_text(path).splitlines()) if path.is_file() else ()


def _kept(folder: Path, entry: ManifestEntry, done: _Done) -> dict[str, int] | None:
    """Return the counts of the run that is in a folder, or None where it is not whole or not the one that was done."""
    needed = (*NEEDED, *(NEEDED_PAGES if entry.request.reports and not is_many(entry.request.events) else ()))
    if not all((folder / name).is_file() for name in needed):
        return None
    try:
        run = RunFolder(folder)
        same = run.receipt_digest == done.receipt
        return {str(status): int(number) for status, number in run.summary["statuses"].items()} if same else None
    except (RunFolderError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _done(out: Path) -> dict[str, _Done]:
    """Return what is known of the runs that were done, by folder."""
    found = {}
    for line in _lines(out / DONE):
        try:
            one = json.loads(line)
            found[str(one["folder"])] = _Done(str(one["fingerprint"]), str(one["receipt"]))
        except (ValueError, KeyError, TypeError):  # the last line of a batch that was killed
            continue
    return found


def _remember(out: Path, outcome: BatchOutcome) -> None:
    """Note that a run was done, so that another batch can pass it over."""
    if outcome.state != "done" or outcome.fingerprint is None:
        return
    try:
        receipt = RunFolder(out / outcome.folder).receipt_digest
        line = {"folder": outcome.folder, "fingerprint": outcome.fingerprint, "receipt": receipt}
        with (out / DONE).open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n" + json.dumps(line, ensure_ascii=False) + "\n")
    except RunFolderError as error:
        raise WriteError(error.problem) from error
    except OSError as error:
        raise WriteError(not_writable(out / DONE, error)) from error


def fingerprint(entry: ManifestEntry) -> str | None:
    """Return a hash of everything that a run depends on: version, options, and every file that it reads.

    None where something cannot be read, or names further files (`counties`): the run itself is then made.
    """
    request = entry.request
    if request.counties is not None:
        return None
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    readings = dict(text.partition("=")[::2] for text in request.readings)
    books, wrong = load_books(
        request.books,
        KINDS,
        readings=readings,
        vocabulary=load_vocabulary(),
        registry=registry,
        with_proposals=request.with_proposals,
    )
    if registry is None or has_errors((*problems, *wrong)):
        return None
    said: dict[str, Any] = {
        "gongkai": product_version(),
        "name": entry.name,
        "options": {one.name: getattr(request, one.name) for one in fields(request) if one.name != "jobs"},
        "registry": registry.sha256,
        "books": [(book.id, book.sha256, sorted(book.readings.items())) for book in books],
    }
    try:
        files = [file for spec in options_of(type(request)) for file in _files(spec, getattr(request, spec.name))]
        said["files"] = [(path.name, hashlib.sha256(read_ordinary(path)).hexdigest()) for path in files]
    except OSError:
        return None
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files(spec: Spec, value: Any) -> list[Path]:  # noqa: ANN401 (each option has its own type)
    """Return the files that the value of an option names.

    Raises:
        OSError: a folder cannot be read.
    """
    if spec.about.reads is None:
        return []
    paths = [Path(one) for one in (value if isinstance(value, tuple) else (value,)) if one]
    if spec.about.reads == "run":
        return [path / name for path in paths for name in (VERDICTS, RECEIPT)]
    if spec.about.reads == "log" and is_many(paths):
        return [file for path in paths for file in (sorted(path.rglob("*.parquet")) if path.is_dir() else [path])]
    if spec.about.reads == "log":
        return [file for path in paths for file in event_files(path)[0]]
    return [path for path in paths if path.is_file()]


def clear_leftovers(entries: Sequence[ManifestEntry], out: Path) -> tuple[Problem, ...]:
    """Put right what a killed batch has left beside the folders of its runs, and say what was put back."""
    return tuple(problem for entry in entries for problem in recover(out / entry.folder))


def _write_summary(outcomes: tuple[BatchOutcome, ...], out: Path, lang: Lang) -> None:
    """Write the summary of the batch as page, CSV and workbook."""
    write_one(out / "summary.html", summary_page(outcomes, lang), out)
    write_one(out / "summary.csv", summary_csv(outcomes), out)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.xlsx"
        write_summary_xlsx(outcomes, path, lang)
        write_one(out / "summary.xlsx", read_ordinary(path), out)
