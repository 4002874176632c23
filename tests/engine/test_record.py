"""The record of a log that grew says what that of the whole log says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.explain.record import Record
from engine.time.asof import AsOf
from tests.engine.asking import event, log

AS_OF = AsOf.parse("2023-12-31")
EARLY = (
    event("consultation.opened", "2023-03-01", "甲"),
    event("consultation.closed", "2023-03-20", "甲"),
    event("training.held", "2023-04-01", unit="sifa"),
)
LATER = (
    event("training.held", "2023-02-01", unit="sifa"),
    event("consultation.opened", "2023-02-20", "甲"),
    event("training.held", "2023-04-01", unit="sifa", retracts="e2"),
    event("consultation.closed", "2024-01-01", "甲", unit="sifa"),
)


def said(record: Record) -> list[object]:
    """Return everything that a record says."""
    kinds = ("consultation.opened", "consultation.closed", "training.held")
    ids = ("e0", "e1", "e2", "e3")
    days = date(2023, 4, 1), date(2023, 12, 31)
    found = [[dict(act) for act in acts] for kind in kinds for acts in (record.of(kind), record.by(kind, "sifa"))]
    about = [record.about(kind, "甲") for kind in kinds]
    return [found, about, record.named(ids), record.filers(*days)]


@pytest.mark.parametrize("more", LATER)
def test_a_record_that_grew_says_what_a_new_one_says(more: dict[str, Any]) -> None:
    record = Record(log(EARLY), AS_OF, {})
    before = said(record)
    whole = log([*EARLY, more])
    grown = record.with_more(whole, whole.slice(len(EARLY)))
    assert said(grown) == said(Record(whole, AS_OF, {}))
    assert said(record) == before
