"""The self-check as a page to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.output.languages import joined
from reports.pages.html import render
from reports.selfcheck.check import FOLDED, GROUPS, numbered, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.run.evaluation import Evaluation
    from reports.selfcheck.check import SelfCheck


def self_check_page(checks: Sequence[SelfCheck], evaluation: Evaluation) -> str:
    """Return the self-check as one page to print."""
    name = joined([check.part.unit.name for check in checks], evaluation.lang)
    numbers = {one.verdict.row["obligation"]: number for check in checks for _, number, one in numbered(check)}
    content = {"checks": checks, "evaluation": evaluation, "groups": GROUPS, "folded": FOLDED, "name": name}
    more = {"numbers": numbers, "when": lambda one: when(one, evaluation)}
    return render("selfcheck.html.j2", evaluation.lang, {**content, **more})
