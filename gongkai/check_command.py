"""`gongkai check`: a unit's self-check in the terminal, as a page to print, and as a workbook to fill in."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from events.problems import Text
from gongkai.cli.terminal import say, say_problems
from gongkai.commands import FOUND, OK, UNUSABLE
from gongkai.evaluation.build import build_evaluation, sources_of
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judged
from gongkai.evaluation.receipt import receipt
from reports.output.folder import WriteError, write_one
from reports.selfcheck.check import self_check
from reports.selfcheck.terminal import check_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.problems import Lang
    from gongkai.evaluation.inputs import Request
    from reports.run.evaluation import Evaluation
    from reports.selfcheck.check import SelfCheck


def _workbook(checks: Sequence[SelfCheck], lang: Lang) -> tuple[bytes, int]:
    """Return the workbook to fill in, and how many rows it has."""
    from reports.selfcheck.workbook import write_fill_in  # noqa: PLC0415 (only where one is asked for)

    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "fill-in.xlsx"
        rows = write_fill_in(checks, path, lang)
        return path.read_bytes(), rows


def _write(checks: Sequence[SelfCheck], evaluation: Evaluation, html: Path | None, xlsx: Path | None) -> None:
    """Write the files that were asked for.

    Raises:
        WriteError: one of them cannot be written.
    """
    lang = evaluation.lang
    if html is not None:
        from reports.selfcheck.page import self_check_page  # noqa: PLC0415 (only where a page is asked for)

        write_one(html, self_check_page(checks, evaluation).encode())
        say(Text(f"打印页：{html}", f"To print: {html}").in_(lang))
    if xlsx is not None:
        content, rows = _workbook(checks, lang)
        write_one(xlsx, content)
        say(Text(f"填报表：{xlsx}（{rows}行）", f"To fill in: {xlsx} ({rows} rows)").in_(lang))


def check(request: Request, html: Path | None, xlsx: Path | None, lang: Lang) -> int:
    """Print one unit's self-check; the status says whether something is violated."""
    inputs, problems = load_inputs(request)
    say_problems(problems, lang)
    if inputs is None:
        return UNUSABLE
    table = judged(inputs, lang)
    evaluation = build_evaluation(inputs, table, lang, receipt(inputs, lang=lang))
    checks = self_check(evaluation, sources_of(inputs, lang))
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    for line in check_lines(checks, evaluation):
        console.print(line, soft_wrap=True)
    try:
        _write(checks, evaluation, html, xlsx)
    except WriteError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    return FOUND if "violated" in table["status"].to_pylist() else OK
