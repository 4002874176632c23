"""Words of inherited rules against their changed values: none must say the number that no longer holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from events.problems import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.yaml.nodes import Node

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = 10
_HUNDRED: Final = 100
SPEAKING: Final = {"title": Text("标题", "title"), "note": Text("说明", "note"), "basis": Text("依据", "basis")}
"""The texts of a rule that may still speak of an old value."""

WORDED: Final = frozenset({"title", "quote", "note", "readings", "look_for", "figure", "basis"})
"""Fields that are words for people, in which a number sets no threshold."""


def stale_words(old: Node, change: Node) -> Iterator[Problem]:
    """Find a title, a note or a basis that says a number of a value which the change replaces.

    Args:
        old: the inherited rule.
        change: the entry of `changes`.
    """
    values = change.get("set")
    if values is None:
        return
    for field, what in SPEAKING.items():
        written = old.get(field)
        if written is not None and values.get(field) is None:
            yield from _stale(old, values, field, what, " ".join(_words(written)))


def _stale(old: Node, values: Node, field: str, what: Text, said_now: str) -> Iterator[Problem]:
    """Find what one text of an inherited rule still says of values that are changed."""
    for name, new in values.children.items():
        before = old.get(name)
        if before is None or name in WORDED:
            continue
        gone = [number for number in _numbers(before) if number not in _numbers(new)]
        said = [number for number in dict.fromkeys(gone) if _says(said_now, number)]
        if said:
            fact = Text(
                f"“{name}”已改，{what.zh}仍写着原来的 {said[0]}：“{said_now}”",
                f"{name!r} is changed, but the {what.en} still says the old {said[0]}: {said_now!r}",
            )
            cure = Text(f"请在 set 里同时写新的 {field}", f"Set the new {field} as well")
            yield Problem(f"stale-{field}", new.where, fact, cure, said[0], severity="warning")


def _words(node: Node) -> Iterator[str]:
    """Go through the texts of a value."""
    for one in node.walk():
        if isinstance(one.scalar, str):
            yield one.scalar


def _numbers(node: Node) -> list[str]:
    """Return the numbers of a value; a day gives its month and day together."""
    found: list[str] = []
    for one in node.walk():
        value = one.scalar
        if isinstance(value, bool) or value is None:
            continue
        day = _DAY.fullmatch(str(value))
        if day:
            found.append(f"{int(day[2])}月{int(day[3])}日")
        elif isinstance(value, int | float):
            found.append(f"{value:g}" if float(value).is_integer() and abs(value) < 10**6 else str(value))
        else:
            found += _NUMBER.findall(str(value))
    return found


def _says(title: str, number: str) -> bool:
    """Say whether a title has a number, in digits or in Chinese characters."""
    flat = "".join(title.split()).replace(",", "")
    for form in (number, *_chinese(number)):
        if re.search(rf"(?<![\d.]){re.escape(form)}(?![\d]|\.\d)" if form[0].isdigit() else re.escape(form), flat):
            return True
    return False


def _chinese(number: str) -> tuple[str, ...]:
    """Return a whole number below a hundred in characters, from two on: 一 is part of many words."""
    if not number.isdecimal() or not 1 < int(number) < _HUNDRED:
        return ()
    tens, ones = divmod(int(number), _TEN)
    if tens == 0:
        return (f"{_DIGITS[ones]}个", f"{_DIGITS[ones]}日", f"{_DIGITS[ones]}次", f"{_DIGITS[ones]}项")
    return (("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else ""),)
