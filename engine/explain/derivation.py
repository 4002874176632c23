"""The derivation of one verdict, in lines that a person can check by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.explain.clock_lines import clock_lines
from engine.time.durations import parse_duration
from events.problems import Text
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.explain.clock_record import Act
    from engine.time.asof import AsOf
    from engine.time.calendar import Calendar, Step
    from events.problems import Lang
    from rules.book import Book
    from rules.model import Rule

MARKS = {
    "met": Text("按期完成", "met"),
    "late": Text("逾期完成", "late"),
    "violated": Text("未落实", "violated"),
    "pending": Text("尚未到期", "pending"),
    "not_applicable": Text("未触发", "not applicable"),
    "waived": Text("已豁免", "waived"),
    "unassessed": Text("待核定", "unassessed"),
    "not_taken": Text("未采用", "not taken"),
}


def _step_line(step: Step) -> Text:
    """Return one day of a working-day count."""
    if step.number is not None:
        return Text(
            f"  {step.day} 第{step.number}个工作日（{step.kind.text.zh}）",
            f"  {step.day} working day {step.number} ({step.kind.text.en})",
        )
    return Text(f"  {step.day} 不计（{step.kind.text.zh}）", f"  {step.day} not counted ({step.kind.text.en})")


def limit_lines(rule: Rule, opened_on: date, due_on: date, calendar: Calendar) -> list[Text]:
    """Return how the due date follows from the day that the obligation opened on."""
    within_text = getattr(rule, "within", None) if rule.facets.limited else None
    if within_text is None:
        return [Text(f"期限：{due_on}", f"Due: {due_on}")]
    within = parse_duration(within_text)
    lines = [
        Text(
            f"期限：{within.text.zh}，自{opened_on}起算，当日不计",
            f"Limit: {within.text.en} from {opened_on}, which is not counted",
        )
    ]
    if within.unit == "working days":
        lines += [_step_line(step) for step in calendar.steps(opened_on, within.amount)]
    lines.append(Text(f"到期日：{due_on}", f"Due: {due_on}"))
    return lines


def has_clock(rule: Rule) -> bool:
    """Say whether a rule's limit is moved by a clock."""
    return rule.facets.limited and getattr(rule, "clock", None) is not None


def _limit(row: Mapping[str, Any], rule: Rule, calendar: Calendar, acts: Mapping[str, Act]) -> list[Text]:
    """Return how the due date follows, or since when the clock stands; nothing where nothing is owed."""
    trigger = acts.get(row["trigger"])
    if has_clock(rule) and trigger is not None:
        others = [acts[event] for event in row["evidence"] if event in acts and event != row["trigger"]]
        clocked: Any = rule
        return clock_lines(clocked, trigger, others, calendar, _labels())
    return limit_lines(rule, row["opened_on"], row["due_on"], calendar) if row["due_on"] is not None else []


def _labels() -> dict[str, Text]:
    """Return what the types of events are called."""
    return {name: kind.label for name, kind in load_vocabulary().types.items()}


def _silence(rule: Rule) -> list[Text]:
    """Return what the clause makes of no answer."""
    silence = getattr(rule, "silence", None)
    if silence is None:
        return []
    words = silence.text()
    return [Text(f"逾期没有意见的后果：{words.zh}", f"What silence means: {words.en}")]


def basis(rule: Rule, book: Book, reading: str | None, unit_name: str, lang: Lang = "zh") -> tuple[str, ...]:
    """Return what a verdict rests on: the document, clause and quote, the reading in use, and who owes it.

    Args:
        rule: the rule, the reading applied.
        book: its rulebook.
        reading: the reading in use, where the rule has several.
        unit_name: the unit that owes it.
        lang: the language of the lines.
    """
    clause = Text(
        f"依据：{book.title.zh}（{book.document}）{rule.clause}",
        f"Basis: {book.title.en} ({book.document}), clause {rule.clause}",
    )
    lines = [clause, Text(f"原文：“{rule.quote}”", f"Words: “{rule.quote}”")]
    if reading is not None and rule.readings is not None:
        reason = rule.readings.choices[reading].reason.text()
        lines.append(Text(f"读法：{reading}，{reason.zh}", f"Reading: {reading}; {reason.en}"))
    if rule.note is not None:
        note = rule.note.text()
        lines.append(Text(f"说明：{note.zh}", f"Note: {note.en}"))
    lines.append(Text(f"责任单位：{unit_name}", f"Owed by: {unit_name}"))
    return tuple(line.in_(lang) for line in lines)


def _evidence(row: Mapping[str, Any], events: Mapping[str, str]) -> list[Text]:
    """Return the trigger and the evidence, an event a line."""
    lines = []
    trigger = row["trigger"]
    if trigger is not None:
        lines.append(Text(f"触发：{events.get(trigger, trigger)}", f"Trigger: {events.get(trigger, trigger)}"))
    others: Sequence[str] = [event for event in row["evidence"] or () if event != trigger]
    if others:
        lines.append(Text("证据：", "Evidence:"))
        lines += [Text(f"  {events.get(event, event)}", f"  {events.get(event, event)}") for event in others]
    else:
        lines.append(Text("证据：台账中没有", "Evidence: none in the log"))
    return lines


def derivation(
    row: Mapping[str, Any],
    rule: Rule,
    calendar: Calendar,
    events: Mapping[str, str],
    as_of: AsOf,
    lang: Lang = "zh",
    acts: Mapping[str, Act] | None = None,
) -> tuple[str, ...]:
    """Return how a verdict follows from its basis: trigger, evidence, the days of the limit, the status.

    Args:
        row: the verdict row.
        rule: its rule, the reading applied.
        calendar: the calendar that it was judged by.
        events: what to show of an event, by id.
        as_of: the moment asked about.
        lang: the language of the lines.
        acts: the rows of the event table that the rule's clock looks at, by id.
    """
    lines = _evidence(row, events)
    lines += _limit(row, rule, calendar, acts or {})
    if row["provisional"]:
        lines.append(
            Text(
                "到期日是暂定的：该年的放假安排尚未公布", "The due date is provisional: that year is not announced yet"
            )
        )
    if row["waiver"] is not None:
        lines.append(Text(f"豁免：{row['waiver']}", f"Waiver: {row['waiver']}"))
    lines += _silence(rule)
    status = MARKS[row["status"]]
    lines.append(
        Text(
            f"截至{as_of.text}：{status.zh}。{row['reason']}",
            f"As of {as_of.text}: {status.en}. {row['reason']}",
        )
    )
    return tuple(line.in_(lang) for line in lines)
