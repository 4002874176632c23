"""Backfill, logged long after it happened: entries that may have changed an earlier report."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.output.plain import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from engine.time.asof import AsOf
    from reports.run.evaluation import Evaluation

DAYS = 30
_MOST_DAYS = 2**31 - 1
"""An entry that was recorded more days than this after it occurred is listed, unless another number is asked for."""

WORDS = {
    "title": Text("补记清单", "Recorded late"),
    "back": Text("全县总表", "All units"),
    "none": Text("没有补记的事件。", "There are none."),
    "event": Text("编号", "Event"),
    "unit": Text("单位", "Unit"),
    "what": Text("事项", "What"),
    "occurred": Text("发生", "Occurred"),
    "recorded": Text("登记", "Recorded"),
    "days": Text("相隔天数", "Days between"),
    "imported": Text("导入账本", "Imported"),
    "why": Text("列入原因", "Why"),
    "place": Text("出处", "Place"),
    "late": Text("登记晚", "recorded late"),
    "comma": Text("、", ", "),
    "after": Text("先前的报告没有看到", "not seen by the earlier report"),
}
COLUMNS = (
    "event",
    "unit",
    "unit_name",
    "type",
    "subject",
    "occurred_at",
    "recorded_at",
    "days",
    "imported_at",
    "why",
    "place",
)
"""The columns of `backfilled.csv`; `why` is `late`, `after` or both."""


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """An earlier report.

    Attributes:
        as_of: the moment that it asked about.
        entries: of each ledger that both were made from, by its place among the ledgers, how many entries it had then.
    """

    as_of: AsOf
    entries: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is listed, and by which measure.

    Attributes:
        rows: the entries, by unit and day (`COLUMNS`, days as dates).
        days: entries recorded more days than this after they occurred are listed.
        earlier: the earlier report, or None.
    """

    rows: tuple[Mapping[str, Any], ...] = ()
    days: int = DAYS
    earlier: EarlierReport | None = None

    def receipt(self) -> dict[str, object]:
        """Return what `run.json` says of it."""
        return {"days": self.days, "since": None if self.earlier is None else self.earlier.as_of.text}


def find_backfilled(
    events: pa.Table, origins: Sequence[pa.Table], as_of: AsOf, days: int = DAYS, earlier: EarlierReport | None = None
) -> Backfill:
    """Return the entries that were known by a moment, and recorded long after they occurred or after an earlier report.

    Args:
        events: the log (`events.table`).
        origins: of each ledger, which entries came when (`events.ledger.load.Loaded.origin`).
        as_of: the moment asked about.
        days: how many days between occurring and being recorded are usual.
        earlier: an earlier report; what it would have seen had it been there is listed too.
    """
    moment = pa.scalar(as_of.moment, pa.timestamp("us"))
    occurred, recorded = events["occurred_at"], events["recorded_at"]
    between = pc.days_between(occurred, recorded)
    late, after = pc.greater(between, min(days, _MOST_DAYS)), pa.repeat(False, events.num_rows)  # noqa: FBT003 - a value
    if earlier is not None:
        then = pa.scalar(earlier.as_of.moment, pa.timestamp("us"))
        missed = pc.or_(pc.greater(recorded, then), pc.is_in(events["id"], _entered_since(origins, earlier)))
        after = pc.and_(missed, pc.less_equal(occurred, then))
    known = pc.and_(pc.less_equal(occurred, moment), pc.less_equal(recorded, moment))
    chosen = pc.and_(known, pc.or_(late, after))
    columns = ["id", "unit", "type", "subject", "occurred_at", "timed", "recorded_at", "file", "place"]
    marked = events.select(columns).append_column("late", late).append_column("after", _column(after))
    found = marked.filter(chosen).to_pylist()
    imported = _imported(origins, [row["id"] for row in found])
    rows = [_row(row, imported.get(row["id"])) for row in found]
    return Backfill(
        tuple(sorted(rows, key=lambda row: (row["unit"], str(row["occurred_at"]), row["event"]))), days, earlier
    )


def write_backfilled(backfill: Backfill, evaluation: Evaluation, folder: Path) -> None:
    """Write `backfilled.csv` and `backfilled.html`."""
    from reports.pages.html import render  # noqa: PLC0415 (a run without reports asks for the entries alone)

    names = {unit.id: unit.name for unit in evaluation.registry.units}
    rows = [{**row, "unit_name": names.get(row["unit"], row["unit"])} for row in backfill.rows]
    with (folder / "backfilled.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            texts = {name: "" if value is None else str(value) for name, value in row.items()} | {
                "why": ";".join(row["why"])
            }
            writer.writerow([texts[name] if name == "days" else guarded(texts[name]) for name in COLUMNS])
    lang = evaluation.lang
    content = {
        "evaluation": evaluation,
        "rows": rows,
        "w": {name: text.in_(lang) for name, text in WORDS.items()},
        "how": _how(backfill).in_(lang),
        "labels": {name: one.label.in_(lang) for name, one in load_vocabulary().types.items()},
    }
    page = render("backfilled.html.j2", lang, content)
    (folder / "backfilled.html").write_text(page, encoding="utf-8", newline="\n")


def _how(backfill: Backfill) -> Text:
    """Return what is listed, as a sentence."""
    days, earlier = backfill.days, backfill.earlier
    if earlier is None:
        return Text(f"发生{days}天以后才登记的事件。", f"Events recorded more than {days} days after they occurred.")
    day = earlier.as_of.text
    return Text(
        f"发生{days}天以后才登记的事件，以及截至{day}的报告之后才登记或者导入、在那之前发生的事件。",
        f"Events recorded more than {days} days after they occurred, and events that had occurred by {day} "
        "and were recorded or imported after the report of that date.",
    )


def _entered_since(origins: Sequence[pa.Table], earlier: EarlierReport) -> pa.Array:
    """Return the ids of events that were not in the ledgers when the earlier report was made."""
    parts = [
        origin["id"].filter(pc.greater(origin["entry"], earlier.entries[number])).combine_chunks()
        for number, origin in enumerate(origins)
        if number in earlier.entries
    ]
    return pa.concat_arrays([pa.array([], pa.string()), *(_column(part) for part in parts)])


def _imported(origins: Sequence[pa.Table], ids: Sequence[str]) -> dict[str, str]:
    """Return when events were imported, of those that are in a ledger."""
    wanted = pa.array(ids, pa.string())
    tables = [origin.filter(pc.is_in(origin["id"], wanted)) for origin in origins]
    return {row["id"]: row["at"] for table in reversed(tables) for row in table.select(["id", "at"]).to_pylist()}


def _column(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _row(row: Mapping[str, Any], imported: str | None) -> dict[str, Any]:
    """Return an entry as it is listed."""
    occurred: datetime = row["occurred_at"]
    recorded: datetime = row["recorded_at"]
    at: date | datetime = occurred if row["timed"] else occurred.date()
    return {
        "event": row["id"],
        "unit": row["unit"],
        "type": row["type"],
        "subject": row["subject"],
        "occurred_at": at.isoformat(),
        "recorded_at": recorded.isoformat(),
        "days": (recorded.date() - occurred.date()).days,
        "imported_at": imported,
        "why": tuple(name for name in ("late", "after") if row[name]),
        "place": " ".join(filter(None, (Path(row["file"]).name, row["place"]))),
    }
