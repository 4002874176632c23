"""The form of one event: its fields from the vocabulary, its values from a request, its problems by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.vocabulary import load_vocabulary
from gongkai.console.forms.problems import FormProblems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from events.problems import Problem
    from events.vocabulary import Attribute, EventType
    from gongkai.console.entry.content import Row

_MOST = 2000
_SHORT = 8
"""Up to how many known values are shown as boxes."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form.

    Attributes:
        name: its contract name, such as `subject` or `data.title`.
        label: what people call it.
        hint: how to fill it in.
        sort: text, day, yes-no, choice, boxes or number.
        options: value and label of each known value.
        needed: whether it must be filled in.
        more: whether it is one of the fields that few need.
    """

    name: str
    label: str
    hint: str
    sort: str
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    more: bool = False


def fields_of(kind: EventType) -> tuple[FormField, ...]:
    """Return the fields of an event type."""
    vocabulary = load_vocabulary()
    found = []
    if kind.subject != "none":
        needed = kind.subject == "required"
        found.append(FormField("subject", "主题", "文号、会议、申请编号等：这件事是关于什么的", "text", needed=needed))
    found.append(FormField("occurred_at", "发生日期", "例如 2023-7-14，有时刻的写 2023-7-14 9:30", "day", needed=True))
    own = [name for name in kind.attributes if name in vocabulary.attributes]
    common = [name for name in vocabulary.common if name not in own]
    found += [_attribute(vocabulary.attributes[name], more=False) for name in own]
    return (*found, *(_attribute(vocabulary.attributes[name], more=True) for name in common))


def _attribute(one: Attribute, *, more: bool) -> FormField:
    options = tuple((value.value, value.zh) for value in one.values)
    sort, hint = "text", one.meaning.zh
    if one.type == "bool":
        sort, options = "yes-no", (("true", "是"), ("false", "否"))
    elif one.type == "list":
        sort, hint = "boxes", f"{one.meaning.zh}；其他的写在下面，用分号隔开"
    elif options and one.closed:
        sort = "choice"
    elif one.type in {"int", "number"}:
        sort = "number"
    elif one.type == "date":
        sort = "day"
    return FormField(f"data.{one.name}", one.label.zh, hint, sort, options, more=more)


def row_from(post: QueryDict, kind: EventType) -> Row:
    """Return the row that a form says; what is blank is not there."""
    row: Row = {"type": kind.name}
    for one in fields_of(kind):
        values = [text.strip()[:_MOST] for text in post.getlist(one.name) if text.strip()]
        if one.sort == "boxes":
            other = post.get(f"{one.name}.other", "").strip()[:_MOST]
            values += [text.strip() for text in other.replace("；", ";").split(";") if text.strip()]
            if values:
                row[one.name] = ";".join(dict.fromkeys(values))
        elif values:
            row[one.name] = values[0]
    for name in ("corrects", "retracts"):
        text = post.get(name, "").strip()[:_MOST]
        if text:
            row[name] = text
    return row


def chosen(row: Mapping[str, object], one: FormField) -> list[str]:
    """Return the values of a field in a row, boxes as several."""
    value = row.get(one.name)
    if value is None or value == "":
        return []
    texts = [part.strip() for part in str(value).split(";")] if one.sort == "boxes" else [str(value)]
    labels = {label: key for key, label in one.options}
    return [labels.get(text, text) for text in texts]


def columns_of(kind: EventType) -> dict[str, int]:
    """Return the number of each field, by which problems find it."""
    return {name: number for number, name in enumerate(("type", *(one.name for one in fields_of(kind))), 1)}


def problems_by_field(found: Sequence[Problem], kind: EventType) -> FormProblems:
    """Return the errors of a row by field."""
    names = {number: name for name, number in columns_of(kind).items()}
    problems = FormProblems()
    for one in found:
        if one.severity != "error":
            continue
        name = names.get(one.where.column or 0, "")
        if not name and one.code in {"personal-data", "future-day"} and one.value:
            name = one.value
        cure = "" if one.cure.zh.endswith("？") else "。"
        problems.add(name, f"{one.fact.zh}。{one.cure.zh}{cure}")
    return problems
