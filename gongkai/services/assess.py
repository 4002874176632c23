"""The sheet of an evaluator: what waits for a person's judgement, to fill in and read back as a log."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.evaluation.build import build_evaluation, sources_of
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.evaluation.receipt import receipt
from reports.selfcheck.assess_sheet import to_judge, write_assess_sheet

if TYPE_CHECKING:
    from events.problems import Problem
    from gongkai.options import Request


def assess_sheet(request: Request) -> tuple[bytes | None, int, tuple[Problem, ...]]:
    """Return the workbook of what waits for a judgement, None where the input is not usable.

    Returns:
        It, how many rows it has, and what is wrong.
    """
    inputs, problems = load_inputs(request)
    if inputs is None:
        return None, 0, problems
    lang = request.lang
    evaluation = build_evaluation(inputs, judge_inputs(inputs, lang), lang, receipt(inputs, lang=lang))
    sources = sources_of(inputs, lang)
    wanted = to_judge(evaluation, sources)
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "assess.xlsx"
        write_assess_sheet(wanted, sources, path, lang)
        return path.read_bytes(), len(wanted), problems
