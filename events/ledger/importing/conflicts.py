"""Two events with one id: both shown side by side, with what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.findings import shown
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LONGEST = 600
_CURE = Text(
    "账本里的记录不能修改。是另一件事的，请换一个编号；是更正的，请用新编号并填写更正（corrects）",
    "Nothing in the ledger is edited: give another event an id of its own, and a correction its own id and `corrects`",
)


@dataclass(frozen=True, slots=True)
class Version:
    """What one place says of an event: the place, its fields, and its canonical form."""

    where: Where
    fields: Mapping[str, Any]
    text: str


def conflict(new: Version, earlier: Version, *, stored: bool) -> Problem:
    """Return the problem of an event that contradicts an earlier one.

    Args:
        new: the later version.
        earlier: the earlier one.
        stored: whether the earlier one is in the ledger already, not in the same import.
    """
    event_id = shown(str(new.fields["id"]))
    before, after = _flat(earlier.fields), _flat(new.fields)
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    zh = "；".join(
        f"{name}：{_said(before.get(name), '（无）')} ↔ {_said(after.get(name), '（无）')}" for name in names
    )
    en = "; ".join(
        f"{name}: {_said(before.get(name), '(none)')} <> {_said(after.get(name), '(none)')}" for name in names
    )
    first, second = (_cut(one.text) for one in (earlier, new))
    place_zh, place_en = ("账本", "the ledger") if stored else ("前面", "an earlier row")
    both = Text(
        f"{place_zh}（{earlier.where}）：{first}；这里：{second}",
        f"{place_en} ({earlier.where}): {first}; here: {second}",
    )
    fact = Text(
        f"编号“{event_id}”已用于内容不同的另一条记录；不同之处：{zh}；{both.zh}",
        f"the id {event_id!r} has other content; different: {en}; {both.en}",
    )
    return Problem("duplicate-id", new.where, fact, _CURE, event_id)


def more_conflicts(ledger: Path, number: int) -> Problem:
    """Return the problem that stands for contradictions that are not shown one by one."""
    fact = Text(f"另有{number}个编号与账本中的内容不同", f"{number} more ids have other content in the ledger")
    return Problem("duplicate-id", Where(str(ledger)), fact, _CURE)


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with attributes as `data.x`."""
    data = {f"data.{name}": value for name, value in fields.get("data", {}).items()}
    return {**{name: value for name, value in fields.items() if name != "data"}, **data}


def _said(value: object, none: str) -> str:
    if value is None:
        return none
    return shown("、".join(map(str, value)) if isinstance(value, list) else value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
