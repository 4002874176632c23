"""From the inputs of a run to its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.evaluate import evaluate
from gongkai.evaluation.labels import element_labels

if TYPE_CHECKING:
    import pyarrow as pa

    from engine.backends.base import Backend
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs


def judged(inputs: Inputs, lang: Lang, backend: Backend | None = None) -> pa.Table:
    """Return the verdicts of the inputs, of DuckDB where no other engine is given."""
    labels = element_labels(lang)
    return evaluate(
        inputs.table,
        inputs.books,
        inputs.registry,
        inputs.as_of,
        inputs.calendar,
        waivers=inputs.waivers,
        lang=lang,
        units=inputs.only,
        labels=labels,
        backend=backend,
    )
