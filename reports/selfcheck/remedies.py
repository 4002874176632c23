"""Remedies of an open duty, made from its rule: the event to record, what it must say, by when, how many."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.output.languages import joined, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from events.problems import Lang
    from events.vocabulary import Attribute
    from reports.run.evaluation import Verdict
    from rules.model import Rule, Selector

SHOWN = 5
"""How many subjects the words name."""
MONTH = 30.44
"""Days of a month, on average."""
UNFILED = Text(
    "先报送台账并把登记写全：没有台账，看不出有没有发生",
    "Send in the log, with all that decides: without it nobody can tell whether it happened",
)
"""What is to be done where nothing may have happened and nothing was filed."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would settle one duty.

    Attributes:
        words: what to do, in the language of the report.
        event: the event type to record; None where recording something of one's own does not settle it.
        count: how many such events are missing.
        data: what their attributes should say, by attribute, as a person writes it.
        names: the attributes that decide.
        parts: what is missing, one by one: the subject of the event that is to be recorded for it, where it is one, and
            what its attributes should say; blank where nothing is told apart.
    """

    words: str
    event: str | None = None
    count: int = 1
    data: Mapping[str, str] | None = None
    names: tuple[str, ...] = ()
    parts: tuple[tuple[str | None, Mapping[str, str]], ...] = ()

    def rows(self, most: int) -> tuple[tuple[str | None, Mapping[str, str]], ...]:
        """Return the events to record, one by one: those of the parts, else so many alike, at most `most`."""
        return self.parts or ((None, self.data or {}),) * min(self.count, most)


def value_label(attribute: Attribute | None, value: object, lang: Lang) -> str:
    """Return a value as a person writes it in a sheet."""
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no").in_(lang)
    known = () if attribute is None else attribute.values
    return next((Text(one.zh, one.en).in_(lang) for one in known if one.value == str(value)), str(value))


def _prefilled(selector: Selector, missing: Collection[str], lang: Lang) -> dict[str, str]:
    """Return what the attributes of a settling event should say."""
    attributes, data = load_vocabulary().attributes, {}
    for name, condition in selector.where[0].items() if selector.where else ():
        wanted = condition.equals if condition.equals is not None else condition.includes
        if wanted is None and name == "indicator" and condition.one_of:
            wanted = condition.one_of[0]  # its names are all of one figure
        if wanted is not None:
            data[name] = value_label(attributes.get(name), wanted, lang)
    if selector.elements_in is not None and missing:
        words = [value_label(attributes.get(selector.elements_in), one, lang) for one in missing]
        data[selector.elements_in] = ";".join([*filter(None, [data.get(selector.elements_in)]), *words])
    return data


def _parts(
    selector: Selector, missing: Collection[str], lang: Lang
) -> tuple[tuple[str | None, Mapping[str, str]], ...]:
    """Return the event to record for each part that is missing: an element of its list, or a subject.

    An event that has to be about something is about its element, until somebody says what it is called.
    """
    if selector.elements_in is not None:
        vocabulary = load_vocabulary()
        named = vocabulary.types[selector.event].subject == "required"
        attribute = vocabulary.attributes.get(selector.elements_in)
        return tuple(
            (value_label(attribute, one, lang) if named else None, _prefilled(selector, (one,), lang))
            for one in missing
        )
    return tuple((one, _prefilled(selector, (), lang)) for one in missing)


def _deciding(selector: Selector) -> tuple[str, ...]:
    """Return the attributes that a rule looks at in its settling events."""
    named = [name for group in selector.where for name in group]
    figure = ["value"] if "value" in load_vocabulary().types[selector.event].attributes else []
    return tuple(dict.fromkeys([*named, *([selector.elements_in] if selector.elements_in else []), *figure]))


def _called(rule: Rule, lang: Lang) -> str:
    """Return what one of the things that a rule counts is called; in English nothing where it is just a time."""
    called = getattr(rule, "called", None)
    text = called.text() if called is not None else Text("次", "")
    return text.zh if lang == "zh" else text.en.replace("times", "")


def pace(verdict: Verdict, rule: Rule, today: date, lang: Lang) -> str | None:
    """Return how far a count or figure is and what it needs a month until its due date, or None where it has none."""
    required, measured, due = verdict.row["required"], verdict.row["measured"], verdict.due_on
    if required is None or measured is None or due is None or required <= measured or required <= 1:
        return None
    left, days = required - measured, (due - today).days
    figure = getattr(rule, "figure", None)
    unit = _called(rule, lang) if figure is None else figure.text().in_(lang)
    text = Text("已有{0}{3}，共需{1}{3}，还差{2}{3}", "{0} of {1} {3}, {2} to go").in_(lang)
    said = text.format(number(measured, lang), number(required, lang), number(left, lang), unit).replace(" ,", ",")
    if days <= 0:
        return said
    monthly = left / max(days / MONTH, 1)
    rate = number(ceil(monthly * 10) / 10, lang)
    return said + Text(f"；到期前平均每月要{rate}{unit}", f"; {rate} a month until it is due").in_(lang)


def _event_words(selector: Selector, verdict: Verdict, missing: Collection[str], lang: Lang) -> str:
    """Return the event to record: its label, what it is about and must say, and its name in the log."""
    vocabulary = load_vocabulary()
    kind = vocabulary.types[selector.event]
    subject = verdict.row["subject"]
    about = Text(f"，主题写“{subject}”", f" about {subject!r}").in_(lang) if subject else ""
    attributes = vocabulary.attributes
    for name, value in _prefilled(selector, (), lang).items():
        about += Text(f"，{attributes[name].label.zh}写“{value}”", f", {attributes[name].label.en} {value!r}").in_(lang)
    shown = list(missing) if selector.elements_in is not None else list(missing)[:SHOWN]
    words = [value_label(attributes.get(selector.elements_in or ""), one, lang) for one in shown]
    told = Text("，写全：{0}", ", covering {0}")
    if selector.elements_in is None:
        more = len(missing) - len(shown)
        told = (
            Text("，主题分别写：{0}", ", one about each of {0}")
            if more <= 0
            else Text(f"，主题分别写：{{0}}等{len(missing)}项", f", one about each of {{0}} and {more} more")
        )
    whole = told.in_(lang).format(joined(words, lang)) if words else ""
    named = Text(f"“{kind.label.zh}”（{selector.event}）", f"{kind.label.en!r} ({selector.event})").in_(lang)
    return f"{named}{about}{whole}"


def _undone(rule: Rule, named: str, lang: Lang) -> Remedy:
    """Return what is left to do where the time is over: record what was done, or say why it was not."""
    if (rule.facets.forbids or rule.facets.counts) and not named:
        text = Text(
            "核对登记是否有误：有误的更正或者撤回；属实的，写进整改情况",
            "Check the records: correct or retract what is wrong; what is true belongs into the rectification",
        )
        return Remedy(text.in_(lang))
    text = Text(
        f"时间已过，不能补做。当时做了而漏登的，按实际日期补登{named}；没有做的，写进整改情况",
        f"The time is over. If it was done and not recorded, record {named} with its real date; if not, say so in the"
        " rectification",
    )
    return Remedy(text.in_(lang))


def _completed(lacking: Sequence[str], lang: Lang) -> str:
    """Return that records are to be completed, and which; nothing where none lacks anything."""
    if not lacking:
        return ""
    text = Text("把缺的内容补上（更正原记录）：{0}", "Complete these records by corrections: {0}")
    return text.in_(lang).format(Text("；", "; ").in_(lang).join(lacking))


def remedy(verdict: Verdict, rule: Rule, missing: Collection[str], lang: Lang, lacking: Sequence[str] = ()) -> Remedy:
    """Return what would settle an open, overdue or unassessed duty.

    Args:
        verdict: the duty.
        rule: its rule, as it stood when the duty opened.
        missing: elements that what is recorded does not cover yet.
        lang: the language of the words.
        lacking: records that lack what decides, each with what it lacks.
    """
    if rule.facets.by_person:
        text = Text(
            f"由评估人员核定，登记“评价记录”（assessment.recorded，条款 {rule.clause}）；先把材料备齐",
            f"An evaluator judges it (assessment.recorded, clause {rule.clause}); have the material ready",
        )
        return Remedy(text.in_(lang))
    completed = _completed(lacking, lang)
    if rule.facets.forbids and verdict.status == "unassessed":
        return Remedy(completed or UNFILED.in_(lang))
    selector = rule.settling()
    if selector is None:
        return _undone(rule, "", lang)
    named = _event_words(selector, verdict, missing, lang)
    data = _prefilled(selector, missing, lang)
    if verdict.status == "violated" and not rule.facets.mendable:
        undone = _undone(rule, named, lang).words
        return Remedy(undone, selector.event, 1, data, _deciding(selector), _parts(selector, missing, lang))
    count = 1
    if rule.facets.counts:
        count = max(int((verdict.row["required"] or 1) - (verdict.row["measured"] or 0)), 1)
    times = ""
    if count > 1:
        times = Text(f"{count}{_called(rule, 'zh')}", f" {count} {_called(rule, 'en') or 'times'}").in_(lang)
    text = Text(f"办{times}并登记{named}", f"Do and record{times} {named}")
    if rule.facets.figure:
        text = Text(f"上报最新数字，登记{named}", f"Report the latest figure: record {named}")
    if verdict.status == "violated":
        text = Text(f"{text.zh}；现在补做，按逾期完成计", f"{text.en}; done now it counts as late")
    if completed:
        text = Text(f"{completed}；仍然不够的，{text.zh}", f"{completed}. Where that is not enough: {text.en}")
    return Remedy(text.in_(lang), selector.event, count, data, _deciding(selector), _parts(selector, missing, lang))
