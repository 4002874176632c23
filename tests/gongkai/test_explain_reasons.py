"""What was not enough for a verdict and why, and what its figures were worked out of, as an explanation tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.evaluate import calendar_span, evaluate
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.read import read_events
from reports.run.sources import Sources
from tests.gongkai.commands import write_log
from tests.gongkai.test_law import _loaded

if TYPE_CHECKING:
    from pathlib import Path

from dataclasses import replace

import pytest

PAGE = ["draft", "explanation", "background", "opinions", "delegates_present", "decided"]


def event(kind: str, at: str, subject: str, unit: str = "县民政局", **data: object) -> dict[str, Any]:
    return {"type": kind, "unit": unit, "subject": subject, "occurred_at": at, "data": data}


def explained(folder: Path, rule: str, *events: dict[str, Any], unit: str = "县民政局") -> str:
    """Return the reasons and derivations of one rule for one unit."""
    registry, books = _loaded()
    moment = AsOf.parse("2023-12-31")
    small = tuple(
        replace(book, rules=own, earlier=())
        for book in books
        if (own := tuple(one for one in book.rules if one.id == rule))
    )
    calendar = china_calendar(*calendar_span(small, moment))
    log = read_events((write_log(folder / "log.jsonl", *events),), registry).table
    rows = [row for row in evaluate(log, small, registry, moment, calendar).to_pylist() if row["unit_name"] == unit]
    sources = Sources(moment, "zh", registry, small, calendar, log)
    return "\n".join(line for row in rows for line in sources.explain(row, sources.lines([row]), sources.acts([row])))


def test_a_page_that_a_third_unit_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    log = (
        event("decision.issued", "2023-08-10", "决1", "县交通运输局"),
        event("decision_page.opened", "2023-08-20", "决1", "县财政局", page_contents=PAGE),
    )
    told = explained(tmp_path, "7.2.six-contents", *log, unit="县交通运输局")
    assert "证据：没有能够计入的记录" in told
    assert "决策专页开设 决1（e2）：是县财政局登记的，不是县交通运输局的" in told


def test_the_days_of_a_consultation_are_told_with_the_opening_that_they_count_from(tmp_path: Path) -> None:
    log = (
        event("consultation.opened", "2023-08-01", "决1", days=30),
        event("consultation.closed", "2023-08-30", "决1"),
    )
    told = explained(tmp_path, "decision15.kept-open", *log)
    assert "发现的记录：2023-08-30 征求意见结束 决1" in told
    assert "征求意见天数 29" in told
    assert "2023-08-01 征求意见开始（e1） 公示天数 30" in told
    assert "发现的记录：没有" not in told


def test_the_total_of_extensions_is_told_with_those_before(tmp_path: Path) -> None:
    log = [event("request.received", "2023-08-01", "甲", channel="post")]
    log += [
        event("request.extended", f"2023-08-{day}", "甲", working_days=11, approved=True, notified=True)
        for day in ("10", "20")
    ]
    told = explained(tmp_path, "art33.extension", *log)
    assert "累计延长工作日 22" in told
    assert "2023-08-10 延期答复（e2） 延长工作日 11" in told
    assert "累计延长工作日登记为11，多于20的才是" in told


def test_the_reason_names_what_came_before_what_it_has_to_follow(tmp_path: Path) -> None:
    log = (
        event("policy.evaluation_published", "2023-08-01", "策1"),
        event("policy.evaluated", "2023-09-01", "策1"),
    )
    told = explained(tmp_path, "9.2.evaluation-published", *log)
    assert "（2023-08-01 e1的记录早于应在它以前的事项，不算完成）" in told


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ("2023-08-12T10:30", "期限2023-08-12 09:00，2023-08-12 10:30才完成，逾期2小时"),
        ("2023-08-12T08:30", "期限2023-08-12 09:00，2023-08-12 08:30完成"),
        ("2023-08-10T08:30", "（2023-08-10 08:30 e2的记录早于触发，不算完成）"),
    ],
)
def test_a_limit_in_hours_is_told_with_the_moment_of_the_answer(tmp_path: Path, answered: str, told: str) -> None:
    log = (event("opinion.detected", "2023-08-10T09:00", "情1"), event("opinion.answered", answered, "情1"))
    assert told in explained(tmp_path, "6.2.answered", *log)
