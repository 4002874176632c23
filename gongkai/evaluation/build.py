"""From the inputs of a run to what the reports show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.run.evaluation import build_evaluation as build
from reports.run.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs
    from reports.run.evaluation import Evaluation


def sources_of(inputs: Inputs, lang: Lang) -> Sources:
    """Return what the verdicts of these inputs are made from."""
    return Sources(
        inputs.as_of,
        lang,
        inputs.registry,
        inputs.books,
        inputs.calendar,
        inputs.table,
        inputs.known_by,
        inputs.period,
    )


def build_evaluation(inputs: Inputs, table: pa.Table, lang: Lang, receipt: Mapping[str, object]) -> Evaluation:
    """Return the verdict table of the inputs as the reports show it."""
    return build(sources_of(inputs, lang), table, receipt)


def explain_row(inputs: Inputs, row: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return the derivation of one verdict row of the inputs."""
    sources = sources_of(inputs, lang)
    return sources.explain(row, sources.lines([row]), sources.acts([row]))
