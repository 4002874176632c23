"""Figures behind a verdict: what had to be covered and what is missing, who was there and when nobody was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.explain.gaps import refreshing
from engine.explain.record import day_of
from engine.explain.terms import value_word
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from engine.explain.beside import VerdictCase
    from engine.explain.record import Act

    Teller = Callable[["VerdictCase", int], list[Text]]

ONE_DAY = timedelta(days=1)


def _indented(zh: str, en: str) -> Text:
    return Text(f"  {zh}", f"  {en}")


def _more(left: int) -> list[Text]:
    """Return that there are more, where there are."""
    return [_indented(f"……另有{left}项", f"… {left} more")] if left > 0 else []


def elements(case: VerdictCase) -> list[Text]:
    """Return which of the elements that a rule asks for are recorded, by which event, and which are missing."""
    rule: Any = case.rule
    needed: Sequence[str] = getattr(rule, "covers", ())
    ids = tuple(dict.fromkeys((*case.evidence, *filter(None, (case.row["trigger"],)))))
    acts = case.record.named(ids)
    if not needed or case.row["status"] == "not_applicable":
        return []
    where: dict[str, list[str]] = {}
    attribute = next((one.elements_in for _, one in case.selectors() if one.elements_in), "")
    for role, selector in case.selectors():
        for act in acts.values():
            if selector.elements_in is None or act["type"] != selector.event or role == "trigger":
                continue
            for one in act.get(f"data.{selector.elements_in}") or ():
                where.setdefault(one, []).append(act["id"])
    unrecorded = bool(acts) and not any(act.get(f"data.{attribute}") for act in acts.values())
    lines = [Text("所要求的内容：", "What it has to say:")]
    for one in needed:
        word = value_word(attribute, one)
        if unrecorded and not where:
            lines.append(_indented(f"{word.zh}：没有登记", f"{word.en}: not recorded"))
            continue
        found = "、".join(dict.fromkeys(where.get(one, ())))
        lines.append(
            _indented(f"{word.zh}：有（{found}）", f"{word.en}: there ({found})")
            if found
            else _indented(f"{word.zh}：缺", f"{word.en}: missing")
        )
    return lines


def _things(case: VerdictCase) -> Mapping[str, tuple[Text, Act | None]]:
    """Return what has to be covered, each with what it is called and the event that made it so."""
    rule: Any = case.rule
    if rule.items:
        name = rule.covered_by.elements_in or ""
        return {one: (value_word(name, one), None) for one in rule.items}
    period = rule.period
    found: dict[str, tuple[Text, Act | None]] = {}
    for _, act in case.of_role("of"):
        if act["subject"] is not None and period.start <= day_of(act) <= period.end:
            found.setdefault(act["subject"], (Text(act["subject"], act["subject"]), act))
    return found


def _done(case: VerdictCase, things: Collection[str]) -> dict[str, Act]:
    """Return the event that covers each of the things that are covered."""
    done: dict[str, Act] = {}
    evidence = set(case.evidence)
    attribute = getattr(case.rule, "covered_by").elements_in  # noqa: B009 - a rule of another kind has none
    for act in case.record.named(case.evidence).values():
        named = {act["subject"], *((act.get(f"data.{attribute}") or ()) if attribute else ())}
        for thing in things:
            if thing in named and act["id"] in evidence:
                done.setdefault(thing, act)
    return done


def uncovered(case: VerdictCase) -> tuple[str, ...]:
    """Return what a rule of coverage asks for that nothing covers yet: subjects, or elements of a list."""
    things = _things(case)
    done = _done(case, things)
    return tuple(one for one in things if one not in done)


def covering(case: VerdictCase, most: int) -> list[Text]:
    """Return what had to be covered: what is missing first, then what is covered, by which event and when."""
    things = _things(case)
    done = _done(case, things)
    if not things:
        return []
    missing = [thing for thing in things if thing not in done]
    lines = [
        Text(
            f"应覆盖的共{len(things)}项，已覆盖{len(done)}项，缺{len(missing)}项：",
            f"{len(things)} have to be covered, {len(done)} are, {len(missing)} are missing:",
        )
    ]
    for thing in (missing + list(done))[:most]:
        word, made = things[thing]
        since = Text(f"（{day_of(made)}，{made['id']}）", f" ({day_of(made)}, {made['id']})") if made else Text("", "")
        if thing in done:
            by = done[thing]
            lines.append(
                _indented(
                    f"{word.zh}{since.zh}：{day_of(by)}由{by['id']}覆盖",
                    f"{word.en}{since.en}: covered on {day_of(by)} by {by['id']}",
                )
            )
        else:
            lines.append(_indented(f"{word.zh}{since.zh}：缺", f"{word.en}{since.en}: missing"))
    return lines + _more(len(things) - most)


def _levels(case: VerdictCase) -> tuple[dict[str, list[tuple[date, bool, str]]], date, date]:
    """Return what opened and closed each subject, and the first and last day looked at."""
    turns: dict[str, list[tuple[date, bool, str]]] = {}
    rule, today = case.rule, case.record.as_of.day
    for role, act in case.of_role("opened", "closed"):
        if act["subject"] is not None and day_of(act) <= rule.period.end:
            turns.setdefault(act["subject"], []).append((day_of(act), role == "opened", act["id"]))
    first = case.row["opened_on"] or rule.period.start
    return turns, first, min(today, case.row["due_on"] or rule.period.end)


def _spans(turns: Sequence[tuple[date, bool, str]]) -> list[tuple[date, date | None]]:
    """Return the times that a subject was open; closed and opened again on one day is no gap."""
    spans: list[tuple[date, date | None]] = []
    for day, opened, _ in sorted(turns, key=lambda turn: (turn[0], not turn[1])):
        if opened and (not spans or spans[-1][1] is not None):
            again = bool(spans) and spans[-1][1] == day
            spans[-1:] = [(spans[-1][0], None)] if again else [*spans[-1:], (day, None)]
        elif not opened and spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], day)
    return spans


def holding(case: VerdictCase, most: int) -> list[Text]:
    """Return who was there from when to when, and the gaps, each with both ends."""
    turns, first, last = _levels(case)
    at_least = int(case.row["required"] or 1)
    lines, spans = [], []
    for subject, own in sorted(turns.items()):
        for start, end in _spans(own):
            spans.append((start, end))
            until = Text("至今", "on") if end is None else Text(f"至{end - ONE_DAY}", f"to {end - ONE_DAY}")
            lines.append(_indented(f"{subject}：{start}{until.zh}", f"{subject}: from {start} {until.en}"))
    lines = [*lines[:most], *_more(len(lines) - most)]
    if lines:
        lines.insert(0, Text("在岗情况：", "Who was there:"))
    days = sorted({first, *(day for span in spans for day in span if day is not None and first < day <= last)})
    short = [
        (day, following - ONE_DAY)
        for day, following in zip(days, [*days[1:], last + ONE_DAY], strict=True)
        if sum(start <= day and (end is None or day < end) for start, end in spans) < at_least and day <= last
    ]
    for start, end in _merged(short)[:most]:
        lines.append(Text(f"空缺：{start}至{end}", f"Short: from {start} to {end}"))
    if not short and first <= last:
        lines.append(Text(f"{first}至{last}没有空缺", f"No gap from {first} to {last}"))
    return lines


def _merged(spans: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return spans of days, those that follow each other as one."""
    found: list[tuple[date, date]] = []
    for start, end in spans:
        if found and found[-1][1] + ONE_DAY == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


TELLERS: Mapping[str, Teller] = {"covered": covering, "gaps": refreshing, "states": holding}
"""What some kinds have to say besides what all do (`rules.facets.Facets.told`)."""


def matters(case: VerdictCase, most: int) -> list[Text]:
    """Return what a verdict is about, beyond its events.

    Args:
        case: the verdict.
        most: how many things are named.
    """
    teller = TELLERS.get(case.rule.facets.told)
    own = teller(case, most) if teller is not None and case.row["opened_on"] is not None else []
    return [*elements(case), *own]
