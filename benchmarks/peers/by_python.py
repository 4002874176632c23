"""The headline rules in plain Python: rows as dictionaries, loops, no library but for reading and writing Parquet."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from work import CALENDAR, EVENTS, UNITS, run, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Row = dict[str, Any]

MOMENT, DAY = datetime(2023, 12, 31, 23, 59, 59, 999999), date(2023, 12, 31)
START, STOP = date(2023, 1, 1), date(2023, 12, 31)
ISSUED = date(2023, 7, 14)
ELEMENTS = ("adopted", "collected", "reasons")
COLUMNS = ("id", "type", "unit", "subject", "occurred_at", "timed", "recorded_at", "corrects", "retracts")
TYPES = {
    "decision.issued",
    "consultation.feedback_published",
    "training.held",
    "executive_meeting.attended",
    "information.published",
    "review.completed",
}


def end_of(day: date) -> datetime:
    """Return the last moment of a day."""
    return datetime.combine(day, time.max)


def standing(folder: Path) -> dict[str, list[Row]]:
    """Return the entries that stand as of the moment, by type."""
    names = [*COLUMNS, "data.consulted", "data.covers", "data.delegates", "data.media"]
    rows = pq.read_table(folder / EVENTS, columns=names).to_pylist()
    known = [row for row in rows if row["recorded_at"] <= MOMENT]
    gone = {row["corrects"] or row["retracts"] for row in known}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in known:
        if row["type"] in TYPES and row["id"] not in gone and not row["retracts"] and row["occurred_at"] <= MOMENT:
            row["day"] = row["occurred_at"].date()
            row["latest"] = row["occurred_at"] if row["timed"] else end_of(row["day"])
            row["root"] = row["corrects"] or row["id"]
            found[row["type"]].append(row)
    return found


class Days:
    """Working days by their ordinals."""

    def __init__(self, folder: Path) -> None:
        rows = pq.read_table(folder / CALENDAR).to_pylist()
        self.ordinal = {row["day"]: row["ordinal"] for row in rows}
        self.announced = {row["day"]: row["announced"] for row in rows}
        self.working = {row["ordinal"]: row["day"] for row in rows if row["working"]}

    def after(self, day: date, number: int) -> date:
        """Return the working day that is so many after a day."""
        found: date = self.working[self.ordinal[day] + number]
        return found


def feedback(events: dict[str, list[Row]], days: Days, owing: dict[str, str]) -> Iterator[Row]:
    """Yield the verdicts of 8.2."""
    answers: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in sorted(events["consultation.feedback_published"], key=lambda one: (one["occurred_at"], one["id"])):
        answers[row["unit"], row["subject"]].append(row)
    for row in events["decision.issued"]:
        if not row["data.consulted"] or row["unit"] not in owing or not START <= row["day"] <= STOP:
            continue
        due_on = days.after(row["day"], 3)
        firm: dict[str, Row] = {}
        for answer in answers.get((row["unit"], row["subject"]), ()):
            if answer["latest"] >= row["occurred_at"]:
                for element in answer["data.covers"] or ():
                    if element in ELEMENTS:
                        firm.setdefault(element, answer)
        done_at = max(one["occurred_at"] for one in firm.values()) if len(firm) == len(ELEMENTS) else None
        met_on = done_at.date() if done_at is not None else None
        if done_at is not None:
            status = "met" if done_at <= end_of(due_on) else "late"
        else:
            status = "violated" if end_of(due_on) <= MOMENT else "pending"
        overdue = days.ordinal[met_on or DAY] - days.ordinal[due_on]
        lack = "、".join(one for one in ELEMENTS if one not in firm)
        yield {
            **common("8.2.feedback", "8.2", row["unit"], owing, row["root"]),
            "subject": row["subject"],
            "opened_on": row["day"],
            "due_on": due_on,
            "met_on": met_on,
            "status": status,
            "required": 3.0,
            "measured": float(len(firm)),
            "evidence": sorted({row["id"], *(one["id"] for one in firm.values())}),
            "trigger": row["id"],
            "provisional": not days.announced[due_on],
            "reason": sentence(status, (row["day"], due_on, met_on), overdue, lack, some=bool(firm)),
        }


def sentence(status: str, days: tuple[date, date, date | None], overdue: int, lack: str, *, some: bool) -> str:
    """Return the sentence of 8.2; the days are those of opening, limit and fulfilment."""
    opened, due, met = days
    start = f"{opened}触发，期限{due}"
    if status == "met":
        return f"{start}，{met}完成。"
    if status == "late":
        return f"{start}，{met}才完成，逾期{overdue}个工作日。"
    if status == "violated":
        over = f"已过，截至{DAY}没有完成的记录，逾期{overdue}个工作日。"
        return start + (f"已过，内容不全，缺：{lack}。" if some else over)
    return f"{start}未过，还缺：{lack}。"


def common(rule: str, clause: str, unit: str, owing: dict[str, str], key: str) -> Row:
    """Return what every verdict says."""
    return {
        "obligation": f"jinxiang-2023/{rule}/{unit}/{key}",
        "book": "jinxiang-2023",
        "rule": rule,
        "clause": clause,
        "modality": "must",
        "unit": unit,
        "unit_name": owing[unit],
        "provisional": False,
    }


def counted(
    events: Iterable[Row], owing: dict[str, str], rule: tuple[str, str, int, str | None], *, by_subject: bool
) -> Iterator[Row]:
    """Yield the verdicts of a count."""
    name, clause, least, reading = rule
    first: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in sorted(events, key=lambda one: (one["occurred_at"], one["id"])):
        if START <= row["day"] <= STOP:
            thing = f"s{row['subject']}" if by_subject and row["subject"] is not None else f"e{row['id']}"
            first[row["unit"]].setdefault(thing, row)
    for unit in owing:
        rows = list(first[unit].values())
        number, met = len(rows), len(rows) >= least
        met_on = rows[least - 1]["day"] if met else None
        told = f"已记录{number}次，{met_on}达到。" if met else f"只记录{number}次。"
        yield {
            **common(name, clause, unit, owing, "2023"),
            "opened_on": START,
            "due_on": STOP,
            "met_on": met_on,
            "status": "met" if met else "violated",
            "required": float(least),
            "measured": float(number),
            "evidence": sorted(row["id"] for row in rows),
            "reading": reading,
            "reason": f"{START}至{STOP}应不少于{least}次，{told}",
        }


def reviewed(events: dict[str, list[Row]], owing: dict[str, str]) -> Iterator[Row]:
    """Yield the verdicts of 10.1."""
    timeline = [(row["occurred_at"], 0, row["id"], row) for row in events["review.completed"]]
    timeline += [(row["latest"], 1, row["id"], row) for row in events["information.published"]]
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    reviews: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    for row in events["review.completed"]:
        reviews[row["unit"], row["subject"]].append((row["occurred_at"], row["id"]))
    versions: Counter[tuple[object, ...]] = Counter()
    served: dict[tuple[object, ...], tuple[str | None, bool]] = {}
    for _, act, _, row in sorted(timeline, key=lambda one: one[:3]):
        matter = (row["unit"], row["subject"])
        if not act:
            waiting[matter].append(row["id"])
            seen.add(matter)
            continue
        review, before = None, False
        if row["subject"] is not None:
            channel = (matter, "+".join(sorted(row["data.media"] or ())))
            versions[channel] += 1
            version = (matter, versions[channel])
            if version not in served:
                served[version] = (waiting[matter].pop(0) if waiting[matter] else None, matter in seen)
            review, before = served[version]
        if row["unit"] not in owing or not START <= row["day"] <= STOP:
            continue
        if review:
            told = "办理前已有在先的记录。"
        elif before:
            told = "办理时，在先的记录已用于同一事项的另一次办理，不能再用。"
        else:
            told = "办理时没有在先的记录。"
        behind = () if review or row["subject"] is None else reviews.get(matter, ())
        late = min((one for one in behind if one[0] > row["latest"]), default=None)
        told += f"（{late[0].date()} {late[1]}的记录晚于办理，不算在先）" if late else ""
        yield {
            **common("10.1.review-first", "10.1", row["unit"], owing, row["root"]),
            "subject": row["subject"],
            "opened_on": row["day"],
            "due_on": row["day"],
            "met_on": row["day"] if review else None,
            "status": "met" if review else "violated",
            "required": 1.0,
            "measured": 1.0 if review else 0.0,
            "evidence": sorted([row["id"], review]) if review else [row["id"]],
            "trigger": row["id"],
            "reason": f"{row['day']}{told}",
        }


def idle(rows: list[Row], owing: dict[str, dict[str, str]]) -> Iterator[Row]:
    """Yield the verdicts of the units that nothing obliged."""
    busy = {(row["rule"], row["unit"]) for row in rows}
    for rule, clause in (("8.2.feedback", "8.2"), ("10.1.review-first", "10.1")):
        for unit in owing[rule]:
            if (rule, unit) not in busy:
                yield {
                    **common(rule, clause, unit, owing[rule], "none"),
                    "status": "not_applicable",
                    "evidence": [],
                    "reason": "没有触发本项要求的记录。",
                }


def verdicts(folder: Path) -> list[Row]:
    """Return the verdicts of a folder's log, sorted."""
    events, days = standing(folder), Days(folder)
    owing: dict[str, dict[str, str]] = defaultdict(dict)
    for row in pq.read_table(folder / UNITS).to_pylist():
        owing[row["rule"]][row["unit"]] = row["unit_name"]
    attended = [row for row in events["executive_meeting.attended"] if row["data.delegates"] != 0]
    training = ("N6.training", "N6", 1, None)
    meetings = ("8.4.attendance", "8.4", 10, "departments")
    rows = [
        *feedback(events, days, owing["8.2.feedback"]),
        *counted(events["training.held"], owing["N6.training"], training, by_subject=False),
        *counted(attended, owing["8.4.attendance"], meetings, by_subject=True),
        *reviewed(events, owing["10.1.review-first"]),
    ]
    rows += idle(rows, owing)
    for row in rows:
        if row.get("trigger") and row["opened_on"] < ISSUED:
            row["reason"] += f"（发生在文件印发之日{ISSUED}以前）"
    return sorted(rows, key=lambda row: (row["obligation"], row.get("trigger") or ""))


def judge(folder: Path, out: Path) -> None:
    """Write the verdicts of a folder's log."""
    write(verdicts(folder), out)


if __name__ == "__main__":
    run(judge)
