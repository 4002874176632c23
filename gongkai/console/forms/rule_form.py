"""The form of one rule: its fields from the kind's own model, its values from YAML and back, its problems by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from events.values.dates import DateError, read_moment
from gongkai.console.forms.problems import FormProblems
from gongkai.console.forms.rule_fields import fields_of_kind
from rules.yaml.values import value_of
from rules.yaml.written import as_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from events.problems import Problem
    from gongkai.console.forms.event_form import FormField
    from gongkai.console.office.rulebooks.book_files import PageBlock

_MOST = 20_000
HEAD = ("title", "quote", "owed_by", "modality", "readings", "note")
"""Keys that every rule's form has; the kind adds its own."""
KEPT = ("id", "clause", "status", "candidates", "open")
"""Keys that the form keeps as they are."""
TO_DECIDE = "to-decide"
"""The code of what a draft leaves open; the page shows it beside the clause."""
Said = dict[str, Any]


@dataclass(slots=True)
class RuleReading:
    """One reading in the form."""

    name: str = ""
    reason: str = ""
    set: str = ""


@dataclass(slots=True)
class RuleValues:
    """What the form shows.

    Attributes:
        kind: the kind.
        title: what the rule asks.
        quote: the clause's words.
        owed_by: units and groups.
        modality: must, strive or may.
        note: what an evaluator should know.
        default: the default reading.
        readings: the readings, and an empty one to add.
        own: the kind's values as texts; of an event, its type.
        conditions: what else an event has to be, as YAML, by key.
        more: the rule's other keys, as YAML.
    """

    kind: str
    title: str = ""
    quote: str = ""
    owed_by: list[str] = field(default_factory=list)
    modality: str = "must"
    note: str = ""
    default: str = ""
    readings: list[RuleReading] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    more: str = ""


def values_of(said: Mapping[str, Any]) -> RuleValues:
    """Return what the form shows of a rule as YAML has it."""
    kind = str(said.get("kind", ""))
    fields = fields_of_kind(kind)
    made = RuleValues(kind, modality=str(said.get("modality", "must")))
    made.title, made.note, made.quote = _zh(said.get("title")), _zh(said.get("note")), str(said.get("quote", ""))
    owners = said.get("owed_by", [])
    made.owed_by = [_owner(one) for one in (owners if isinstance(owners, list) else [owners])]
    readings = said.get("readings")
    if isinstance(readings, dict):
        made.default = str(readings.get("default", ""))
        for name, reading in (readings.get("choices") or {}).items():
            made.readings.append(RuleReading(str(name), _zh(reading.get("reason")), _flow(reading.get("set"))))
    made.readings.append(RuleReading())
    for key in fields:
        if key.name in said:
            made.own[key.name], made.conditions[key.name] = _shown(key, said[key.name])
    known = {*HEAD, *KEPT, "kind", *(one.name for one in fields)}
    rest = {key: value for key, value in said.items() if key not in known}
    made.more = as_yaml(rest) if rest else ""
    return made


def _owner(value: object) -> str:
    """Return a unit or group as one word; `{sort: town, tag: 沿河}` as `sort:town+tag:沿河`."""
    return "+".join(f"{key}:{one}" for key, one in value.items()) if isinstance(value, dict) else str(value)


def _zh(value: object) -> str:
    return str(value.get("zh", "")) if isinstance(value, dict) else str(value or "")


def _flow(value: object) -> str:
    """Return a value as YAML on one line, nothing for none."""
    if value in (None, "", [], {}):
        return ""
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n...\n").strip()


def _shown(one: FormField, value: object) -> tuple[str, str]:
    """Return a value of the kind as texts: the value, and an event's conditions."""
    if value is None:
        return "", ""
    if one.sort == "event" and isinstance(value, dict):
        return str(value.get("event", "")), _flow({key: part for key, part in value.items() if key != "event"})
    if one.sort == "words":
        return "、".join(map(str, value)) if isinstance(value, list) else str(value), ""
    if one.sort == "text":
        return _zh(value), ""
    if one.sort == "yes-no":
        return str(value).lower(), ""
    return (_flow(value) if one.sort == "yaml" else str(value)), ""


def values_from(post: QueryDict) -> RuleValues:
    """Return what was sent."""

    def text(name: str) -> str:
        return post.get(name, "").replace("\r\n", "\n").strip()[:_MOST]

    made = RuleValues(text("kind"), text("title"), text("quote_part") or text("quote"), modality=text("modality"))
    made.owed_by = [one for name in post.getlist("owed_by") if (one := name.strip())]
    made.owed_by += [one.strip() for one in text("owed_by.other").replace("；", "、").split("、") if one.strip()]
    made.owed_by = list(dict.fromkeys(made.owed_by))
    made.note, made.default, made.more = text("note"), text("default"), text("more")
    count = sum(name.startswith("reading.") and name.endswith(".name") for name in post)
    made.readings = [
        RuleReading(*(text(f"reading.{number}.{part}") for part in ("name", "reason", "set")))
        for number in range(min(count, 50))
    ]
    for key in fields_of_kind(made.kind):
        made.own[key.name], made.conditions[key.name] = text(f"own.{key.name}"), text(f"where.{key.name}")
    return made


def said_of(values: RuleValues, before: Mapping[str, Any], problems: FormProblems) -> Said:
    """Return the rule as YAML has it; English texts and what the form does not ask stay as they were.

    Args:
        values: what was sent.
        before: the rule as it was.
        problems: gets what cannot be read; whether a value fits is asked by `rules check`.
    """
    made: Said = {key: before[key] for key in ("id", "clause", "status") if key in before}
    made |= {"title": _bilingual(values.title, before.get("title")), "quote": values.quote}
    made["owed_by"] = [_asked_owner(one) for one in values.owed_by]
    made["kind"] = values.kind
    if values.modality not in {"", "must"}:
        made["modality"] = values.modality
    for one in fields_of_kind(values.kind):
        value = _read(one, values, before.get(one.name), problems)
        if value is not None:
            made[one.name] = value
    more = _parsed(values.more, "more", problems)
    if more is not None and not isinstance(more, dict):
        problems.add("more", "每行写成 键: 值。")
        more = None
    made |= more or {}
    readings = _readings(values, before, problems)
    if readings:
        made["readings"] = readings
    if values.note:
        made["note"] = _bilingual(values.note, before.get("note"))
    return made | {key: before[key] for key in ("candidates", "open") if key in before}


def _asked_owner(name: str) -> object:
    pairs = [one.partition(":") for one in name.split("+")]
    chosen = all(sign and key in {"sort", "tag", "supervisor"} for key, sign, _ in pairs)
    return {key: value for key, _, value in pairs} if chosen else name


def _bilingual(text: str, before: object) -> Said:
    """Return a text with its English where the Chinese stayed as it was."""
    same = isinstance(before, dict) and before.get("zh") == text
    return dict(before) if same and isinstance(before, dict) else {"zh": text}


def _parsed(text: str, name: str, problems: FormProblems) -> object:
    if not text:
        return None
    value, wrong = value_of(text, name)
    if wrong is None:
        return value
    at = wrong.where
    where = "" if at.line is None else f"第{at.line}行第{at.column}个字："
    syntax = wrong.code == "yaml-syntax"
    said = "不是有效的 YAML。核对冒号后的空格、括号和引号。" if syntax else f"{wrong.fact.zh}。{wrong.cure.zh}。"
    problems.add(name, f"{where}{said}")
    return None


def _read(one: FormField, values: RuleValues, before: object, problems: FormProblems) -> object:
    """Return a value of the kind as YAML has it, None where it is not given."""
    text, name = values.own.get(one.name, ""), f"own.{one.name}"
    if one.sort == "event":
        return _event(text, _parsed(values.conditions.get(one.name, ""), name, problems), name, problems)
    if not text or one.sort in {"yaml", "yes-no"}:
        return _parsed(text, name, problems)
    if one.sort == "text" and (isinstance(before, dict) or one.name in _BILINGUAL):
        return _bilingual(text, before)
    if one.sort == "words":
        return [part.strip() for part in text.replace("；", "、").replace(",", "、").split("、") if part.strip()]
    return _day(text) if one.sort == "day" else _number(text) if one.sort == "number" else text


def _event(text: str, more: object, name: str, problems: FormProblems) -> object:
    """Return an event as a selector: its type alone, or with conditions."""
    if more is not None and not isinstance(more, dict):
        problems.add(name, "条件写成 where: {属性: 值}。")
    return {"event": text, **more} if isinstance(more, dict) else text or None


_BILINGUAL: Final = frozenset({"figure", "look_for", "called", "silence"})


def _number(text: str) -> object:
    """Return a number as YAML has it; what is none stays a text, and `rules check` says so."""
    plain = text.replace(",", "").replace("，", "").removesuffix("次").strip()
    try:
        return int(plain)
    except ValueError:
        try:
            return float(plain)
        except ValueError:
            return text


def _day(text: str) -> object:
    """Return a date as YAML has it; the number of a day within a period stays a number."""
    if text.isdecimal() and len(text) <= 2:  # noqa: PLR2004 (a day of a month)
        return int(text)
    try:
        return read_moment(text)[0].date()
    except DateError:
        return text


def _readings(values: RuleValues, before: Mapping[str, Any], problems: FormProblems) -> Said | None:
    """Return the readings, None where there are none."""
    old = before.get("readings")
    choices = (old.get("choices") or {}) if isinstance(old, dict) else {}
    made: Said = {}
    for number, one in enumerate(values.readings):
        if not one.name and not one.reason and not one.set:
            continue
        if not one.name:
            problems.add(f"reading.{number}", "写上读法的名称，例如 each-unit。")
            continue
        known = choices.get(one.name)
        was = known if isinstance(known, dict) else {}
        made[one.name] = {"reason": _bilingual(one.reason, was.get("reason"))}
        changes = _parsed(one.set, f"reading.{number}", problems)
        if changes is not None and not isinstance(changes, dict):
            problems.add(f"reading.{number}", "改动写成 键: 值。")
        elif changes:
            made[one.name]["set"] = changes
    return {"default": values.default or next(iter(made)), "choices": made} if made else None


def problems_of_rule(
    found: Sequence[Problem], block: PageBlock, values: RuleValues
) -> tuple[FormProblems, list[Problem]]:
    """Return the problems of one rule by field, and those that stand elsewhere in the book.

    Args:
        found: what `rules check` says of the book.
        block: the rule's lines, as they were checked.
        values: what the form has.
    """
    own = {one.name for one in fields_of_kind(values.kind)}
    problems, others = FormProblems(), []
    for one in found:
        if one.code == TO_DECIDE:
            continue
        key = block.key_at(one.where.line) if one.where.file.endswith(block.file) else None
        if key is None:
            others.append(one)
            continue
        key = one.value or key if one.code == "missing-key" else key
        name = f"own.{key}" if key in own else key if key in {*HEAD, "kind"} else "more" if key else ""
        name = "reading.0" if name == "readings" else name
        cure = "" if one.cure.zh.endswith(("？", "。")) else "。"
        mark = "" if one.severity == "error" else "提醒："
        problems.add(name, f"{mark}{one.fact.zh}。{one.cure.zh}{cure}")
    return problems, others


def parts_of(text: str) -> list[str]:
    """Return the parts of a clause that a quote may be: the whole, its sentences, and what stands between stops."""
    whole = " ".join(text.split())
    sentences = [one.strip() for one in whole.replace("；", "；\n").replace("。", "。\n").split("\n") if one.strip()]
    parts = [one.strip(" ，；。") for sentence in sentences for one in sentence.split("，")]
    return [one for one in dict.fromkeys([whole, *sentences, *parts]) if one][:40]
