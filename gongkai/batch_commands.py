"""`gongkai batch`: many counties or years, one after another or several at once."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, has_errors
from gongkai.cli.terminal import say, say_problems
from gongkai.files.manifest import load_manifest
from gongkai.process import get_worker_ready
from gongkai.services.batch import Outcome, clear_leftovers, run_entry
from reports.batch_summary import STATES, summary_csv, summary_page, write_summary_xlsx
from reports.output.folder import WriteError, not_writable, write_one
from reports.output.interrupted import claimed
from reports.output.texts import SIGNS
from reports.selfcheck.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from events.problems import Lang
    from gongkai.files.manifest import Entry

OK, UNUSABLE = 0, 2
TOLD = ("violated", "late", "unassessed", "pending", "met")
SHOWN = 5
"""How many problems of a run the terminal shows; its folder has all."""


def batch(manifest: Path, out: Path, jobs: int, lang: Lang, *, again: bool = False) -> int:
    """Evaluate every run of a manifest; the status says whether one of them was not usable."""
    entries, problems = load_manifest(manifest)
    say_problems(problems, lang)
    if not entries or has_errors(problems):
        return UNUSABLE
    try:
        with _alone(out):
            outcomes = _run_all(entries, out, jobs, lang, again=again)
    except KeyboardInterrupt:
        text = Text("已中断。再运行一次会接着做，已完成的不会重做。", "Interrupted. Run it again to go on from here.")
        sys.stderr.write(text.in_(lang) + "\n")
        return UNUSABLE
    except BrokenProcessPool:
        fact = Text("一个进程中途终止（可能是内存不足）", "a process ended before its time (memory may have run out)")
        cure = Text("减少 --jobs 再运行一次，会接着做", "Run it again with fewer --jobs; it goes on from here")
        say_problems([Problem("process-ended", Where("--jobs"), fact, cure, str(jobs))], lang)
        return UNUSABLE
    except WriteError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    say(Text(f"汇总：{out / 'summary.html'}", f"Summary: {out / 'summary.html'}").in_(lang))
    return UNUSABLE if any(outcome.state == "unusable" for outcome in outcomes) else OK


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep other batches out of a folder: they would clear away what this one is writing.

    Raises:
        WriteError: another batch is there already, or the folder cannot be made.
    """
    with ExitStack() as held:
        try:
            out.mkdir(parents=True, exist_ok=True)
            mine = held.enter_context(claimed(out))
        except OSError as error:
            raise WriteError(not_writable(out, error)) from error
        if not mine:
            fact = Text(f"另一个批量评估正在写“{out}”", f"another batch is writing {out}")
            cure = Text("等它结束再运行，或者换一个 --out", "Wait until it is done, or choose another --out")
            raise WriteError(Problem("batch-running", Where("--out"), fact, cure, str(out)))
        yield


def _run_all(entries: tuple[Entry, ...], out: Path, jobs: int, lang: Lang, *, again: bool) -> list[Outcome]:
    """Evaluate every run, tell what became of each, and write the summary.

    Raises:
        WriteError: the summary cannot be written.
    """
    say_problems(clear_leftovers(entries, out), lang)
    outcomes: list[Outcome] = []
    with _progress(len(entries), lang) as step:
        for outcome in _outcomes(entries, out, jobs, lang, again=again):
            outcomes.append(outcome)
            step(outcome.name)
            _tell(outcome, lang)
    _write_summary(tuple(outcomes), out, lang)
    return outcomes


def _outcomes(entries: tuple[Entry, ...], out: Path, jobs: int, lang: Lang, *, again: bool) -> Iterator[Outcome]:
    """Yield what became of each run, in the order of the manifest."""
    if jobs == 1 or len(entries) == 1:
        for entry in entries:
            yield run_entry(entry, out, lang, again=again)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not have
    with ProcessPoolExecutor(min(jobs, len(entries)), mp_context=context, initializer=get_worker_ready) as pool:
        waiting = [pool.submit(run_entry, entry, out, lang, again=again) for entry in entries]
        try:
            for one in waiting:
                yield one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _progress(total: int, lang: Lang) -> Iterator[Callable[[str], None]]:
    """Give a function that is told of each finished run; where somebody watches, it moves a bar."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 (only where somebody watches)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(Text("评估…", "Evaluating …").in_(lang), total=total)
        yield lambda name: progress.update(task, advance=1, description=plain(name))


def _tell(outcome: Outcome, lang: Lang) -> None:
    """Print what became of one run."""
    counts = "  ".join(f"{SIGNS[one]} {outcome.counts[one]}" for one in TOLD if one in outcome.counts)
    say(plain(f"{outcome.name}\t{STATES[outcome.state].in_(lang)}\t{counts}".rstrip()))
    if outcome.state != "unusable":
        return
    for line in outcome.problems[:SHOWN]:
        sys.stderr.write(plain(f"  {line}") + "\n")
    if len(outcome.problems) > SHOWN:
        more = len(outcome.problems) - SHOWN
        text = Text(
            f"  另有{more}处，见 {outcome.folder}/problems.txt", f"  {more} more in {outcome.folder}/problems.txt"
        )
        sys.stderr.write(plain(text.in_(lang)) + "\n")


def _write_summary(outcomes: tuple[Outcome, ...], out: Path, lang: Lang) -> None:
    """Write the summary of the batch as page, CSV and workbook."""
    write_one(out / "summary.html", summary_page(outcomes, lang))
    write_one(out / "summary.csv", summary_csv(outcomes))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.xlsx"
        write_summary_xlsx(outcomes, path, lang)
        write_one(out / "summary.xlsx", path.read_bytes())
