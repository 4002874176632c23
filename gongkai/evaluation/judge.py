"""From the inputs of a run to its verdicts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from engine.backends.duck import DuckBackend
from engine.evaluate import evaluate
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from engine.backends.base import Backend
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs


def judge_inputs(inputs: Inputs, lang: Lang, backend: Backend | None = None) -> pa.Table:
    """Return the verdicts of the inputs, of DuckDB where no other engine is given."""
    return evaluate(
        inputs.table,
        inputs.books,
        inputs.registry,
        inputs.as_of,
        inputs.calendar,
        known_by=inputs.known_by,
        period=inputs.period,
        waivers=inputs.waivers,
        lang=lang,
        units=inputs.only,
        labels=element_labels(lang),
        backend=backend,
    )


def judge_again_and_again(inputs: Inputs, lang: Lang) -> pa.Table:
    """Return the verdicts of the inputs, judged in the engine that this process keeps."""
    with DuckBackend(beside=_kept_engine()) as backend:
        return judge_inputs(inputs, lang, backend)


@cache
def _kept_engine() -> DuckBackend:
    """Return the one engine, with one processor, so that a server's pages have the other; to start it takes 20 ms."""
    return DuckBackend(threads=1)


def element_labels(lang: Lang) -> dict[str, str]:
    """Return the label of every value that the vocabulary knows, such as `collected`: 意见收集情况."""
    attributes = load_vocabulary().attributes.values()
    return {
        value.value: (value.zh if lang == "zh" else value.en) for attribute in attributes for value in attribute.values
    }
