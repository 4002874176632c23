"""A unit's self-check: what it owes, by when, and what is missing; for the terminal, as a page, as a workbook."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.evaluation.build import build_evaluation, sources_of
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.evaluation.receipt import receipt
from reports.selfcheck.check import self_check

if TYPE_CHECKING:
    from events.problems import Lang, Problem
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import Request
    from reports.run.evaluation import Evaluation
    from reports.selfcheck.check import SelfCheck


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The self-checks of the units asked for.

    Attributes:
        checks: one a unit.
        evaluation: the verdicts that they are made of.
    """

    checks: tuple[SelfCheck, ...]
    evaluation: Evaluation

    @property
    def violated(self) -> bool:
        """Whether something is violated."""
        return any(verdict.status == "violated" for verdict in self.evaluation.verdicts)

    def page(self) -> bytes:
        """Return the page to print."""
        from reports.selfcheck.page import self_check_page  # noqa: PLC0415 (only where a page is asked for)

        return self_check_page(self.checks, self.evaluation).encode()

    def workbook(self) -> tuple[bytes, int]:
        """Return the workbook to fill in, and how many rows it has."""
        from reports.selfcheck.workbook import write_fill_in  # noqa: PLC0415 (only where one is asked for)

        with tempfile.TemporaryDirectory() as work:
            path = Path(work) / "fill-in.xlsx"
            rows = write_fill_in(self.checks, path, self.evaluation.lang)
            return path.read_bytes(), rows


def check_units(request: Request) -> tuple[CheckResult | None, tuple[Problem, ...]]:
    """Return the self-check of the units of a request, None where the input is not usable, and what is wrong."""
    inputs, problems = load_inputs(request)
    return (None if inputs is None else check_inputs(inputs, request.lang)), problems


def check_inputs(inputs: Inputs, lang: Lang) -> CheckResult:
    """Return the self-check of the units of inputs."""
    table = judge_inputs(inputs, lang)
    evaluation = build_evaluation(inputs, table, lang, receipt(inputs, lang=lang))
    return CheckResult(tuple(self_check(evaluation, sources_of(inputs, lang))), evaluation)
