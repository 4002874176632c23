"""`batch`: many counties or years from a manifest."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Text, has_errors
from gongkai.cli.edge.command import command
from gongkai.cli.edge.terminal import Answer, Exit, say, say_problems, tell
from gongkai.options import LARGEST, Common

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from events.problems import Lang, Problem
    from gongkai.services.batch import BatchOutcome

TOLD = ("violated", "late", "unassessed", "pending", "met")
SHOWN = 5
"""How many problems of a run the terminal shows; its folder has all."""


@command
def batch(
    manifest: Annotated[Path, typer.Argument(help="清单（YAML） · the manifest")],
    out: Annotated[Path, typer.Option("--out", help="输出文件夹，每项一个子文件夹 · where the reports go")],
    common: Common,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=LARGEST, help="同时运行几个进程 · processes at once")] = 1,
    again: Annotated[bool, typer.Option("--again", help="没有变化的也重做 · evaluate what is unchanged, too")] = False,
) -> Answer:
    """批量评估：多个县、多个年度；一个县的输入有误不影响其他县 · many counties or years from a manifest."""
    from gongkai.files.manifest import load_manifest
    from gongkai.services.batch import run_batch

    lang = common.lang
    entries, problems = load_manifest(manifest, lang)
    if not entries or has_errors(problems):
        return Answer(problems=problems, exit=Exit.UNUSABLE)
    say_problems(problems, lang)
    unusable = False

    def told(put_right: tuple[Problem, ...]) -> None:
        """Say what was put right before anything is evaluated."""
        say_problems(put_right, lang)

    try:
        with _progress(len(entries), lang) as step:
            for outcome in run_batch(entries, out, jobs, lang, again=again, told=told):
                unusable |= outcome.state == "unusable"
                step(outcome.name)
                _tell(outcome, lang)
    except KeyboardInterrupt:
        text = Text("已中断。再运行一次会接着做，已完成的不会重做。", "Interrupted. Run it again to go on from here.")
        tell(text.in_(lang))
        return Answer(exit=Exit.UNUSABLE)
    done = Text(f"汇总：{out / 'summary.html'}", f"Summary: {out / 'summary.html'}")
    return Answer([done.in_(lang)], exit=Exit.UNUSABLE if unusable else Exit.OK)


@contextmanager
def _progress(total: int, lang: Lang) -> Iterator[Callable[[str], None]]:
    """Give a function that is told of each finished run; where somebody watches, it moves a bar."""
    from reports.output.plain import plain

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(Text("评估…", "Evaluating …").in_(lang), total=total)
        yield lambda name: progress.update(task, advance=1, description=plain(name))


def _tell(outcome: BatchOutcome, lang: Lang) -> None:
    """Print what became of one run."""
    from reports.batch_summary import STATES
    from reports.output.texts import SIGNS

    counts = "  ".join(f"{SIGNS[one]} {outcome.counts[one]}" for one in TOLD if one in outcome.counts)
    say(f"{outcome.name}\t{STATES[outcome.state].in_(lang)}\t{counts}".rstrip())
    if outcome.state != "unusable":
        return
    for line in outcome.problems[:SHOWN]:
        tell(f"  {line}")
    if len(outcome.problems) > SHOWN:
        more = len(outcome.problems) - SHOWN
        text = Text(
            f"  另有{more}处，见 {outcome.folder}/problems.txt", f"  {more} more in {outcome.folder}/problems.txt"
        )
        tell(text.in_(lang))
