"""The trend: how the statuses have moved from evaluation to evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.stacked_chart import stacked_chart
from reports.output.texts import BREACHES

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.run.evaluation import Evaluation


def trend_chart(evaluation: Evaluation) -> Markup:
    """Return the chart of statuses from evaluation to evaluation, this one last; nothing without an earlier one."""
    if not evaluation.earlier:
        return stacked_chart([], title="", lang=evaluation.lang)
    rows = [(run.as_of, run.counts) for run in evaluation.earlier]
    rows.append((evaluation.as_of.text, evaluation.status_counts()))
    return stacked_chart(
        rows, title=Text("历次评估的结论", "Statuses by evaluation").in_(evaluation.lang), lang=evaluation.lang
    )


def unit_trend(evaluation: Evaluation) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return for each unit with a breach in any evaluation its id, name and number of breaches, earliest first."""
    found = []
    for part in evaluation.units:
        now = sum(verdict.status in BREACHES for verdict in part.verdicts)
        numbers = (*(run.breaches.get(part.unit.id, 0) for run in evaluation.earlier), now)
        if any(numbers):
            found.append((part.unit.id, part.unit.name, numbers))
    return found
