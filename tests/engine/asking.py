"""Small rules and logs, judged in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.compile.plan import kind_name
from engine.evaluate import calendar_span, evaluate
from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from engine.time.period import RunPeriod
from events.model import Event
from events.problems import Text, Where
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.book import Book
from rules.model import Period
from rules.units import Registry, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

NAMES = ("minzheng", "yangshan", "office")
COUNTY = Registry(
    "county",
    "某县",
    (
        Unit("minzheng", "县民政局", "department"),
        Unit("yangshan", "羊山镇", "town"),
        Unit("office", "县政府办公室", "department", evaluates=True),
    ),
    {"units": NAMES},
)
CLASSES = {kind_name(kind): kind for kind in KINDS}
YEAR = {"from": "2023-01-01", "to": "2023-12-31"}


def rule(kind: str, **fields: object) -> dict[str, Any]:
    """Return a rule as YAML has it, owed by one unit in 2023 unless it says otherwise."""
    shared = {"id": "1.1.rule", "clause": "1.1", "title": {"zh": "规则"}, "quote": "原文", "owed_by": ["minzheng"]}
    return {**shared, "kind": kind, "period": YEAR, **fields}


def event(kind: str, at: str, subject: str | None = None, unit: str = "minzheng", **more: object) -> dict[str, Any]:
    """Return an entry; `recorded`, `id`, `corrects` and `retracts` are its own, everything else an attribute."""
    return {"type": kind, "at": at, "subject": subject, "unit": unit, **more}


def _event(number: int, entry: dict[str, Any]) -> Event:
    values = dict(entry)
    at, recorded = (datetime.fromisoformat(text) for text in (values.pop("at"), values.pop("recorded", entry["at"])))
    own = (values.pop("id", f"e{number}"), values.pop("type"), values.pop("unit"), values.pop("subject"))
    chain = (values.pop("corrects", None), values.pop("retracts", None))
    data = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Event(*own, at, "T" in entry["at"], recorded, Where("log"), data, *chain)


def log(entries: Sequence[dict[str, Any]]) -> pa.Table:
    """Return entries as a log, their ids being e0, e1 and so on."""
    return table_of([_event(number, one) for number, one in enumerate(entries)], load_vocabulary())


def judge(
    rules: Sequence[dict[str, Any]],
    entries: Sequence[dict[str, Any]],
    as_of: str = "2023-12-31",
    *,
    known_by: str | None = None,
    period: tuple[str, str] | None = None,
    issued: str = "2023-01-01",
    reading: str = "whole-year",
    county: Registry = COUNTY,
) -> list[dict[str, Any]]:
    """Return the verdicts of the rules over the entries, the ids of the entries being e0, e1 and so on."""
    force = Period.model_validate(YEAR)
    made = tuple(CLASSES[one["kind"]].model_validate(one) for one in rules)
    book = Book("book", Text("", ""), "文〔2023〕1号", issued, force, (), made, {}, "", "")
    book = replace(book, reading=reading)
    moment = AsOf.parse(as_of)
    listed = RunPeriod(*map(date.fromisoformat, period)) if period is not None else None
    table = evaluate(
        log(entries),
        [book],
        county,
        moment,
        china_calendar(*calendar_span([book], moment)),
        known_by=AsOf.parse(known_by) if known_by is not None else None,
        period=listed,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def statuses(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the status of each obligation, by the last part of its id."""
    return {row["obligation"].split("/", 3)[3]: row["status"] for row in rows}
