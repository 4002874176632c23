"""The derivation of one verdict, in lines that a person can check by hand."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.explain.beside import SHOWN, beside, has_clock, unsure
from engine.explain.clock_lines import clock_lines
from engine.explain.matters import matters
from engine.explain.record import day_of, in_order, moment_of, when
from engine.explain.terms import COMMON, deciding, told
from engine.explain.worked_out import FIGURES, RESTS_ON, worked_out_of
from engine.time.durations import due_day, parse_duration
from events.problems import Text
from events.vocabulary import load_vocabulary
from rules.derived import derived_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.explain.beside import VerdictCase
    from engine.explain.record import Act
    from engine.time.calendar import Calendar, DayStep
    from engine.time.durations import Duration
    from events.problems import Lang
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


def _limit(case: VerdictCase, calendar: Calendar, acts: Mapping[str, Act]) -> list[Text]:
    """Return how the due date follows, or since when the clock stands; nothing where nothing is owed."""
    row, rule = case.row, case.rule
    trigger = acts.get(row["trigger"])
    if has_clock(rule) and trigger is not None:
        others = [acts[event] for event in row["evidence"] if event in acts and event != row["trigger"]]
        clocked: Any = rule
        return clock_lines(clocked, trigger, others, calendar, _labels())
    if row["due_on"] is None:
        return []
    if not rule.facets.limited:
        return _own_limit_lines(case, calendar)
    return _limit_lines(rule, row["opened_on"], row["due_on"], calendar, trigger)


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


def _line(case: VerdictCase, act: Act | None, known: str, names: Sequence[str]) -> Text:
    """Return an event with what of it decides."""
    if act is None:
        return Text(known, known)
    known_names = load_vocabulary()
    here = [name for name in names if known_names.has(act["type"], name) or name in derived_of(act["type"])]
    said = told(act, here, COMMON)
    if act["unit"] != case.row["unit"]:
        name = case.record.called(act["unit"])
        said = Text("；".join(filter(None, (name, said.zh))), "; ".join(filter(None, (name, said.en))))
    return Text(f"{known} {said.zh}".rstrip(), f"{known} {said.en}".rstrip())


def _evidence(case: VerdictCase, events: Mapping[str, str], most: int) -> list[Text]:
    """Return the trigger and the evidence, an event a line in the order of day, and what was not enough."""
    row, lines = case.row, []
    trigger = row["trigger"]
    names = deciding(case.rule, [selector for _, selector in case.selectors()])
    acts = case.record.named((*case.evidence, *filter(None, (trigger,))))
    if trigger is not None:
        line = _line(case, acts.get(trigger), events.get(trigger, trigger), names)
        head = Text("发现的记录", "Found") if case.rule.facets.forbids else Text("触发", "Trigger")
        lines.append(Text(f"{head.zh}：{line.zh}", f"{head.en}: {line.en}"))
    others = in_order([acts[event] for event in case.evidence if event != trigger and event in acts])
    short = beside(case)
    if others:
        head = Text("发现的记录：", "Found:") if case.rule.facets.forbids else Text("证据：", "Evidence:")
        lines.append(head)
        shown = [_line(case, act, events.get(act["id"], act["id"]), names) for act in others[:most]]
        lines += [Text(f"  {one.zh}", f"  {one.en}") for one in shown]
        if len(others) > most:
            lines.append(Text(f"  ……共{len(others)}条", f"  … {len(others)} in all"))
    elif case.rule.facets.forbids:
        lines += [Text("发现的记录：没有", "Found: nothing")] if trigger is None else []
    elif trigger in case.evidence and _carries(case):
        lines.append(Text("证据：就是上面触发的那一条", "Evidence: the one that triggers it"))
    elif short:
        lines.append(Text("证据：没有能够计入的记录", "Evidence: nothing recorded counts"))
    else:
        lines.append(Text("证据：台账中没有", "Evidence: none in the log"))
    lines += _resting(case, acts, names)
    told_already = {act["id"] for act, _ in short}
    doubtful = [one for one in unsure(case) if one[0]["id"] not in told_already]
    return [
        *lines,
        *_listed(Text("台账里有、但没有计入的：", "Recorded, but not counted:"), short, most),
        *_listed(Text("缺少判断所需信息的登记：", "Records that lack what decides:"), doubtful, most),
    ]


def _carries(case: VerdictCase) -> bool:
    """Say whether the act that set a duty off is itself what fulfils it."""
    acts = [one for role, one in case.selectors() if role == "act"]
    return "act" in case.rule.facets.settled_by and any(one.elements_in is not None for one in acts)


def _resting(case: VerdictCase, acts: Mapping[str, Act], names: Sequence[str]) -> list[Text]:
    """Return the entries that the figures of those at hand were worked out of."""
    found: dict[str, Act] = {}
    for act in acts.values():
        if any(name in derived_of(act["type"]) for name in names):
            rows = case.record.of(RESTS_ON.get(str(act["type"]), str(act["type"])))
            found |= {one["id"]: one for one in worked_out_of(act, rows)}
    others = in_order([act for event, act in found.items() if event not in acts])
    lines = [Text("据以推算的记录：", "Worked out of:")] if others else []
    vocabulary = load_vocabulary()
    for act in others:
        word, said = vocabulary.label_of(act["type"]), told(act, (), FIGURES)
        zh, en = (f"{when(act)} {text}（{act['id']}）" for text in (word.zh, word.en))
        lines.append(Text(f"  {zh} {said.zh}".rstrip(), f"  {en} {said.en}".rstrip()))
    return lines


def _listed(head: Text, short: Sequence[tuple[Act, Text]], most: int) -> list[Text]:
    """Return events under a heading, one a line with the reason."""
    if not short:
        return []
    lines = [head]
    most = min(most, SHOWN)
    vocabulary = load_vocabulary()
    for act, why in short[:most]:
        kind = vocabulary.label_of(act["type"])
        what = " ".join(filter(None, (kind.zh, act["subject"])))
        named = " ".join(filter(None, (kind.en, act["subject"])))
        lines.append(
            Text(f"  {when(act)} {what}（{act['id']}）：{why.zh}", f"  {when(act)} {named} ({act['id']}): {why.en}")
        )
    if len(short) > most:
        lines.append(Text(f"  ……共{len(short)}条", f"  … {len(short)} in all"))
    return lines


def derivation(
    case: VerdictCase,
    calendar: Calendar,
    events: Mapping[str, str],
    lang: Lang,
    acts: Mapping[str, Act],
    most: int,
) -> tuple[str, ...]:
    """Return how a verdict follows from its basis: trigger, evidence, the days of the limit, the status.

    Args:
        case: the verdict row with its rule, the reading applied, and what is on record.
        calendar: the calendar that it was judged by.
        events: what to show of an event, by id.
        lang: the language of the lines.
        acts: the rows of the event table that the rule's clock looks at, by id.
        most: how many events, and things to be covered, are named.
    """
    row, rule = case.row, case.rule
    trigger = case.record.named(tuple(filter(None, (row["trigger"],))))
    lines = _evidence(case, events, most)
    lines += matters(case, most)
    lines += _limit(case, calendar, {**trigger, **acts})
    if row["provisional"]:
        lines.append(
            Text(
                "到期日是暂定的：该年的放假安排尚未公布", "The due date is provisional: that year is not announced yet"
            )
        )
    if row["waiver"] is not None:
        lines.append(Text(f"豁免：{row['waiver']}", f"Waiver: {row['waiver']}"))
    lines += _silence(rule)
    status, as_of = MARKS[row["status"]], case.record.as_of
    lines.append(
        Text(
            f"截至{as_of.text}：{status.zh}。{row['reason']}",
            f"As of {as_of.text}: {status.en}. {row['reason']}",
        )
    )
    return tuple(line.in_(lang) for line in lines)


def _step_line(step: DayStep) -> Text:
    """Return one day of a working-day count."""
    if step.number is not None:
        return Text(
            f"  {step.day} 第{step.number}个工作日（{step.kind.text.zh}）",
            f"  {step.day} working day {step.number} ({step.kind.text.en})",
        )
    return Text(f"  {step.day} 不计（{step.kind.text.zh}）", f"  {step.day} not counted ({step.kind.text.en})")


def _limit_lines(
    rule: Rule, opened_on: date, due_on: date, calendar: Calendar, trigger: Act | None = None
) -> list[Text]:
    """Return how the due date follows from the day, or the moment, that the obligation opened at."""
    within_text = getattr(rule, "within", None) if rule.facets.limited else None
    if within_text is None:
        return [Text(f"期限：{due_on}", f"Due: {due_on}")]
    within = parse_duration(within_text)
    if within.unit == "hours" and trigger is not None:
        return _hours(within, trigger)
    return [*_counted(within, opened_on, calendar), Text(f"到期日：{due_on}", f"Due: {due_on}")]


def _counted(within: Duration, start: date, calendar: Calendar) -> list[Text]:
    """Return a limit in days from a day, working days one by one."""
    first = Text(
        f"期限：{within.text.zh}，自{start}起算，当日不计",
        f"Limit: {within.text.en} from {start}, which is not counted",
    )
    steps = calendar.steps(start, within.amount) if within.unit == "working days" else ()
    return [first, *(_step_line(step) for step in steps)]


def _own_limit_lines(case: VerdictCase, calendar: Calendar) -> list[Text]:
    """Return the date of a duty, or the moment; where an act's own limit ends later, that it decides, and how."""
    row, rule = case.row, case.rule
    at, due_on = row["limit_at"], row["due_on"]
    if at is not None:
        return [Text(f"期限：{at:%Y-%m-%d %H:%M}（节假日也计）", f"Due: {at:%Y-%m-%d %H:%M} (days off count)")]
    plain = [Text(f"期限：{due_on}", f"Due: {due_on}")]
    within_text, by = getattr(rule, "within", None), getattr(rule, "by", None)
    if within_text is None or due_on == by:
        return plain
    within = parse_duration(within_text)
    act = next((one for one in _limiting(case) if due_day(day_of(one), within, calendar) == due_on), None)
    if act is None:
        return plain
    why = Text(
        f"到期日：{due_on}（{act['id']}的时限在{by}以后届满，以这一时限为准）",
        f"Due: {due_on} (the limit of {act['id']} ends after {by}, and decides)",
    )
    return [*_counted(within, day_of(act), calendar), why]


def _limiting(case: VerdictCase) -> list[Act]:
    """Return the acts whose own limits a duty may go by."""
    trigger = case.row["trigger"]
    if trigger is not None:
        return list(case.record.named((trigger,)).values())
    period = case.rule.period
    return in_order([act for _, act in case.of_role("of", "applies_if") if period.start <= day_of(act) <= period.end])


def _hours(within: Duration, trigger: Act) -> list[Text]:
    """Return how a limit in hours follows from a moment; of a day without a clock time, from its end."""
    start, ends = moment_of(trigger), when(trigger)
    if not trigger["timed"]:
        start = datetime.combine(start.date() + timedelta(days=1), time())
        ends = f"{start:%Y-%m-%d %H:%M}"
    end = start + timedelta(hours=within.amount)
    lines = []
    if not trigger["timed"]:
        lines.append(
            Text("没有登记几点，从当日结束起算", "no time of day is recorded: it counts from the end of the day")
        )
    text = Text(
        f"期限：{within.text.zh}，自{ends}起，到{end:%Y-%m-%d %H:%M}为止（逐小时计，节假日也计）",
        f"Limit: {within.text.en} from {ends}, until {end:%Y-%m-%d %H:%M} (by the hour, days off count)",
    )
    return [text, *lines]
