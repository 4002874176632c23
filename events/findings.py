"""Findings in a log, each as a problem with its fact and its cure."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, suggestion
from events.values.lookalikes import odd_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.vocabulary import Vocabulary

_SHOWN = 60


def shown(value: object) -> str:
    """Return a value as a problem quotes it: on one line, and not too long."""
    if isinstance(value, timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        value = f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    if isinstance(value, float) and value.is_integer():
        value = f"{value:.15g}"
    text = value if isinstance(value, str) else str(value) if isinstance(value, date | time) else repr(value)
    text = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def field_label(vocabulary: Vocabulary, field: str) -> Text:
    """Return how messages name a field: its label and its name."""
    known = vocabulary.fields.get(field) or vocabulary.attributes.get(field.removeprefix("data."))
    return Text(f"{known.label.zh}（{field}）", field) if known else Text(field, field)


def missing(where: Where, label: Text) -> Problem:
    """Return the problem of a row without a value that every event has."""
    fact = Text(f"没有填写{label.zh}", f"there is no {label.en}")
    return Problem("missing-value", where, fact, Text("请填写", "Fill it in"))


def missing_subject(where: Where, type_label: Text, type_name: str) -> Problem:
    """Return the problem of an event that does not say what it is about."""
    fact = Text(f"“{type_label.zh}”没有写明主题（subject）", f"{type_name} needs a subject")
    cure = Text(
        "请填写文号、会议、申请编号等，同一事项各处写法一致",
        "Name the document, meeting or request, the same everywhere",
    )
    return Problem("missing-subject", where, fact, cure)


def unknown_type(where: Where, text: str, near: tuple[str, ...], rows: int = 1) -> Problem:
    """Return the problem of an event type that the vocabulary does not have, and that so many rows are of."""
    odd = odd_characters(text)
    many = Text(f"（共{rows}行）", f" ({rows} rows)") if rows > 1 else Text("", "")
    fact = Text(
        f"没有事件类型“{shown(text)}”{many.zh}{odd.zh}", f"there is no event type {shown(text)!r}{many.en}{odd.en}"
    )
    otherwise = Text(
        "请使用词汇表中的类型，或者在对应表的 types 中说明", "Use a type of the vocabulary, or map it under types"
    )
    return Problem("unknown-type", where, fact, suggestion(near, otherwise), shown(text))


def unknown_unit(where: Where, text: str, near: tuple[str, ...]) -> Problem:
    """Return the problem of a unit that the registry does not have."""
    odd = odd_characters(text)
    fact = Text(f"单位名录中没有“{shown(text)}”{odd.zh}", f"there is no unit {shown(text)!r} in the registry{odd.en}")
    otherwise = Text("请核对名称，或者在单位名录中登记", "Check the name, or add it to the registry")
    return Problem("unknown-unit", where, fact, suggestion(near, otherwise), shown(text))


def left_out(where: Where, label: Text, text: str) -> Problem:
    """Return the warning about a row that the mapping says is not to be read."""
    fact = Text(
        f"{label.zh}是“{shown(text)}”，按对应表不读取这一行",
        f"{label.en} is {shown(text)!r}; by the mapping the row is not read",
    )
    cure = Text(
        "如果应当读取，请在对应表中改成名录或者词汇表中的名称", "To read it, map it to a name instead of ignore"
    )
    return Problem("left-out", where, fact, cure, shown(text), "warning")


def unknown_attribute(
    where: Where, name: str, near: tuple[str, ...], of: Text | None = None, has: Sequence[str] = ()
) -> Problem:
    """Return the warning about an attribute that is not read; `of` is a type without it, which `has` others."""
    if of is None:
        fact = Text(f"没有属性“{shown(name)}”，未读取", f"there is no attribute {shown(name)!r}; it is not read")
    else:
        fact = Text(f"“{of.zh}”没有属性 {name}，未读取", f"{of.en} has no attribute {name}; it is not read")
    otherwise = Text("请改用词汇表中的名称，或者删去", "Use a name of the vocabulary, or take it away")
    if has:
        otherwise = Text(
            f"这一类型有：{'、'.join(has)}；不用的请删去", f"It has {', '.join(has)}; take it away otherwise"
        )
    return Problem("unknown-attribute", where, fact, suggestion(near, otherwise), shown(name), "warning")


def unknown_column(where: Where, heading: str, near: tuple[str, ...]) -> Problem:
    """Return the warning about a column that is not read."""
    fact = Text(f"不认识列“{shown(heading)}”，未读取", f"the column {shown(heading)!r} is not known and not read")
    otherwise = Text("请改列名，或者在对应表的 columns 中说明", "Rename it, or map it under columns")
    return Problem("unknown-column", where, fact, suggestion(near, otherwise), shown(heading), "warning")


def duplicate_id(where: Where, event_id: str, first: Where) -> Problem:
    """Return the problem of an id that two different events have."""
    fact = Text(
        f"编号“{shown(event_id)}”已用于内容不同的另一条记录（{first}）",
        f"the id {shown(event_id)!r} has other content at {first}",
    )
    cure = Text(
        "请换一个编号；如果是更正，请用新编号并填写更正（corrects）",
        "Choose another id; a correction has its own id and `corrects`",
    )
    return Problem("duplicate-id", where, fact, cure, shown(event_id))


def repeated_row(where: Where, first: Where) -> Problem:
    """Return the warning about two equal rows without ids."""
    fact = Text(
        f"与前面一行（{first}）完全相同，又没有编号，按两件事计算",
        f"it equals {first} and has no id; the two count as two events",
    )
    cure = Text(
        "如果是同一件事，请删去一行；如果是两件事，请填写编号",
        "Delete one if it is one event; give ids if there are two",
    )
    return Problem("repeated-row", where, fact, cure, None, "warning")


def unknown_target(where: Where, field: str, target: str, near: Sequence[str]) -> Problem:
    """Return the problem of a correction or withdrawal of an entry that is not there."""
    fact = Text(
        f"{field} 所指的编号“{shown(target)}”不存在", f"{field} names {shown(target)!r}, which is not in the log"
    )
    otherwise = Text(
        "请填写原记录的编号，并一并提供原记录所在的文件", "Give the id of the first entry, and the file that it is in"
    )
    return Problem("unknown-target", where, fact, suggestion(near, otherwise), shown(target))


def many_targets(where: Where, field: str, target: str, owners: Sequence[str]) -> Problem:
    """Return the problem of a correction or withdrawal of an id that several other units have."""
    names = "、".join(f"{owner}:{target}" for owner in owners[:3])
    fact = Text(
        f"{field} 所指的编号“{shown(target)}”，{len(owners)}个单位都有",
        f"{field} names {shown(target)!r}, which {len(owners)} units have",
    )
    cure = Text(f"请写明是哪个单位的，例如 {names}", f"Say whose it is: {names}")
    return Problem("unknown-target", where, fact, cure, shown(target))


def foreign_entry(where: Where, field: str, target: str, owner: str) -> Problem:
    """Return the problem of a unit that corrects or withdraws the entry of another unit."""
    fact = Text(
        f"{field} 所指的编号“{shown(target)}”是另一个单位（{owner}）的记录",
        f"{field} names {shown(target)!r}, an entry of another unit ({owner})",
    )
    cure = Text(
        "各单位只能更正、撤销本单位的记录；请由那个单位或者负责评估的单位更正",
        "A unit corrects its own entries only: let that unit, or the one that evaluates, correct it",
    )
    return Problem("foreign-entry", where, fact, cure, shown(target))


def bad_chain(where: Where, event_id: str, kind: str) -> Problem:
    """Return the problem of an entry that corrects or withdraws what it cannot, such as itself."""
    facts = {
        "both": Text("同时填写了更正（corrects）和撤销（retracts）", "it both corrects and retracts"),
        "self": Text("更正或者撤销的是它自己", "it corrects or retracts itself"),
        "withdrawal": Text("更正的是一条撤销记录", "it corrects a withdrawal"),
        "cycle": Text("更正或者撤销的关系成了一个圈", "corrections or retractions run in a circle"),
    }
    cure = Text(
        "请只指向更早的一条记录；撤销有误的，撤销那条撤销",
        "Name one earlier entry; a withdrawal is retracted, not corrected",
    )
    return Problem("bad-correction", where, facts[kind], cure, shown(event_id))


def missing_column(where: Where, label: Text, headings: Iterable[str]) -> Problem:
    """Return the problem of a table without a column that every event needs."""
    fact = Text(f"缺少列“{label.zh}”", f"the column {label.en} is missing")
    cure = Text(
        f"请增加这一列，可用列名：{'、'.join(headings)}；全表相同的值可写入对应表的 constants",
        "Add it, or give it under constants",
    )
    return Problem("missing-column", where, fact, cure)


def duplicate_column(where: Where, heading: str, label: Text) -> Problem:
    """Return the problem of two columns for one field."""
    fact = Text(
        f"列“{shown(heading)}”与另一列都表示{label.zh}",
        f"{shown(heading)!r} and another column both stand for {label.en}",
    )
    cure = Text("请只保留一列，或者在对应表中把另一列写成 ignore", "Keep one, or map the other to ignore")
    return Problem("duplicate-column", where, fact, cure, shown(heading))


def bad_mapping(where: Where, key: str, target: str, near: tuple[str, ...] = ()) -> Problem:
    """Return the problem of a mapping to something that does not exist."""
    fact = Text(
        f"对应表中“{shown(key)}”指向不存在的“{shown(target)}”",
        f"{shown(key)!r} is mapped to {shown(target)!r}, which does not exist",
    )
    cure = Text(
        "请写字段名、data.属性名、事件类型、单位或者 ignore",
        "Name a field, data.attribute, an event type, a unit, or ignore",
    )
    return Problem("bad-mapping", where, fact, suggestion(near, cure), shown(target))


def empty(file: str) -> Problem:
    """Return the problem of a file with nothing in it; JSON lines without a line are a log without an entry."""
    lines = file.lower().endswith((".jsonl", ".ndjson"))
    fact, cure = Text("文件是空的", "the file is empty"), Text("请检查导出是否成功", "Check the export")
    return Problem("empty-file", Where(file), fact, cure, severity="warning" if lines else "error")


def simple(code: str, where: Where, fact: Text, cure: Text, value: str | None = None) -> Problem:
    """Return an error of the file itself."""
    return Problem(code, where, fact, cure, value)
