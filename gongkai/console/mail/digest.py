"""The mail of a day to one person: what came nearer since the last one, unit by unit, without personal data."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from gongkai.console import access
from gongkai.console.models import Submission
from gongkai.console.models.people import OF_UNITS
from gongkai.console.models.submissions import WAITING
from gongkai.console.registry import unit_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gongkai.console.live.snapshot import Snapshot
    from gongkai.console.models import Person
    from gongkai.console.models.reminders import Key
    from reports.selfcheck.check import ToDo

LEVELS = {"over": "已逾期", "today": "今天到期", "three": "3个工作日内到期", "ten": "10个工作日内到期"}
"""How near a due date is; somebody is told once of each."""
_THREE, _TEN = 3, 10
_MOST = 60
"""How many duties of a unit are written out; the page has all of them."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One duty in a digest.

    Attributes:
        key: duty, due date and level.
        unit: id of the unit.
        text: the line that says it.
    """

    key: Key
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A mail.

    Attributes:
        subject: its subject.
        body: its text.
        keys: what it reminds of.
    """

    subject: str
    body: str
    keys: tuple[Key, ...]


def digest(person: Person, snapshot: Snapshot, sent: Collection[Key], address: str) -> Digest | None:
    """Return what a person is to be reminded of now, or None where there is nothing new.

    Args:
        person: who.
        snapshot: the verdicts now; no due date is kept anywhere.
        sent: what the person was reminded of before.
        address: the address of the console, or nothing where it is not known.
    """
    units = [one.unit for one in access.memberships(person) if one.role in OF_UNITS]
    found = [one for unit in dict.fromkeys(units) for one in _of_unit(snapshot, unit) if one.key not in sent]
    if not found:
        return None
    lines = [f"{person.name}，您好：", ""]
    for unit in dict.fromkeys(one.unit for one in found):
        lines += _part(person, unit, [one for one in found if one.unit == unit])
        lines += [f"{address}/u/{unit}/", ""] if address else [""]
    lines.append("同一件事、同一个期限，每一级只提醒一次。期限以页面上的为准。")
    over = sum(one.key[2] == "over" for one in found)
    subject = f"政务公开事项提醒：{len(found)}项" + (f"，其中已逾期{over}项" if over else "")
    return Digest(subject, "\n".join(lines), tuple(one.key for one in found))


def _part(person: Person, unit: str, found: list[Reminder]) -> Iterator[str]:
    """Yield the lines about one unit."""
    yield f"【{unit_names().get(unit, unit)}】"
    for level, label in LEVELS.items():
        theirs = [one.text for one in found if one.key[2] == level]
        if theirs:
            yield f"{label}（{len(theirs)}项）"
            yield from (f"  · {text}" for text in theirs[:_MOST])
            if len(theirs) > _MOST:
                yield f"  另有{len(theirs) - _MOST}项，见页面"
    waiting = access.visible(person, "submission.approve", Submission).filter(unit=unit, state=WAITING).count()
    if waiting:
        yield f"等您审核的登记单：{waiting}份"


def _of_unit(snapshot: Snapshot, unit: str) -> Iterator[Reminder]:
    """Yield everything of a unit that is overdue or due within ten working days."""
    for state in snapshot.states(unit):
        for group in ("overdue", "soon"):
            for one in state.check.groups.get(group, ()):
                level = _level(one)
                if level is not None:
                    yield Reminder((_name(one), str(one.verdict.due_on or ""), level), unit, _text(one))


def _level(one: ToDo) -> str | None:
    if one.verdict.status == "violated":
        return "over"
    if one.left is None or not 0 <= one.left <= _TEN:
        return None
    return "today" if one.left == 0 else "three" if one.left <= _THREE else "ten"


def _name(one: ToDo) -> str:
    row = one.verdict.row
    return sha256(f"{row['obligation']}|{row['trigger']}".encode()).hexdigest()[:20]


def _text(one: ToDo) -> str:
    """Return the line of a duty; the ledger has no personal data, so that its subject has none."""
    row = one.verdict.row
    due = row.get("limit_at") or one.verdict.due_on
    words = [f"{one.verdict.clause} {one.verdict.title}", row["subject"] or "", f"期限 {due}" if due else ""]
    return "，".join(" ".join(word.split()) for word in words if word)
