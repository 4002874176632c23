"""A county's calendar file: local closures, and arrangements announced after this version was released.

```yaml
closures:
  - 2023-08-14
  - {date: 2023-08-15, reason: 台风停工}
arrangements:
  - year: 2027
    notice: 国务院办公厅关于2027年部分节假日安排的通知
    holidays: [2027-01-01, {from: 2027-02-05, to: 2027-02-11}]
    workdays: [2027-02-20]
```
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.time.calendar import Arrangement
from events.problems import Problem, Text, Where, did_you_mean, sort_problems, suggestion
from gongkai.files.usual_holidays import missing_holidays
from rules.yaml.nodes import read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from rules.yaml.nodes import Node

_LONGEST: Final = 366
_DATE_CURE: Final = Text(zh="日期写作2027-02-05。", en="Write a date as 2027-02-05.")


class CalendarFile(NamedTuple):
    """What a calendar file says: closures with reasons, arrangements by year, and what is wrong in it."""

    closures: dict[date, str]
    arrangements: dict[int, Arrangement]
    problems: tuple[Problem, ...]


def load_calendar_file(path: Path) -> CalendarFile:
    """Read a county's calendar file. All problems are collected; what has one is left out."""
    reader = _Reader(str(path))
    root, wrong = read_yaml(path)
    reader.problems += [one for one in wrong if one.code != "empty-file"]  # nothing is closed then
    if root is not None:
        reader.file(root)
    return CalendarFile(reader.closures, reader.arrangements, sort_problems(reader.problems))


@dataclass
class _Reader:
    """Walks the nodes of one file, so that every problem has its line."""

    name: str
    closures: dict[date, str] = field(default_factory=dict)
    arrangements: dict[int, Arrangement] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def say(self, code: str, node: Node | None, fact: Text, cure: Text) -> None:
        """Add a problem at the node, with the node's value where it is one."""
        where = node.where if node is not None else Where(self.name)
        value = str(node.scalar) if node is not None and node.shape == "scalar" else None
        self.problems.append(Problem(code, where, fact, cure, value))

    def file(self, root: Node) -> None:
        """Read the whole file."""
        parts = self.mapping(root, ("closures", "arrangements"))
        for node in self.sequence(parts.get("closures")):
            self.closure(node)
        for node in self.sequence(parts.get("arrangements")):
            self.arrangement(node)

    def closure(self, node: Node) -> None:
        """Read one closure: a date, or a date with its reason."""
        if node.shape == "scalar":
            day, reason = self.day(node), ""
        else:
            parts = self.mapping(node, ("date", "reason"), needed=("date",))
            day = self.day(parts["date"]) if "date" in parts else None
            reason = self.text(parts.get("reason"))
        if day is not None:
            self.closures[day] = reason

    def arrangement(self, node: Node) -> None:
        """Read the arrangement of one year."""
        keys = ("year", "notice", "holidays", "workdays")
        before = len(self.problems)
        parts = self.mapping(node, keys, needed=keys[:3])
        year = self.year(parts.get("year"))
        holidays, workdays = (self.days(parts.get(key)) for key in keys[2:])
        for day, place in [*holidays.items(), *workdays.items()]:
            if year is not None and abs(day.year - year) > 1:
                fact = Text(zh=f"{day}不属于{year}年的安排", en=f"{day} does not belong in the arrangement for {year}.")
                self.say("wrong-year", place, fact, Text(zh="改正年份或日期。", en="Correct the year or the date."))
        for day in holidays.keys() & workdays.keys():
            fact = Text(zh=f"{day}既是假日又是调休上班日", en=f"{day} is both a holiday and a make-up workday.")
            self.say("two-kinds", workdays[day], fact, Text(zh="只留一处。", en="Keep it in one place only."))
        if year in self.arrangements:
            fact = Text(zh=f"{year}年的安排写了两次", en=f"The year {year} has two arrangements.")
            self.say("repeated-year", parts.get("year"), fact, Text(zh="合并为一处。", en="Join them into one."))
        if year is not None and len(self.problems) == before:
            notice = self.text(parts.get("notice"))
            self.usual(year, parts.get("year"), holidays, workdays)
            self.arrangements[year] = Arrangement(year, frozenset(holidays), frozenset(workdays), notice)

    def usual(self, year: int, place: Node | None, holidays: Collection[date], workdays: Collection[date]) -> None:
        """Say which holidays of every year the arrangement leaves out."""
        for name, days in missing_holidays(year, holidays, workdays).items():
            shown = "、".join(map(str, days))
            fact = Text(
                zh=f"{year}年的安排里没有{name}（{shown}），这些天会按工作日计算",
                en=f"The arrangement for {year} leaves out {name} ({shown}); these days would count as working days.",
            )
            cure = Text(zh="对照通知补上假日。", en="Add the holiday, as the notice has it.")
            where = place.where if place is not None else Where(self.name)
            self.problems.append(Problem("missing-holiday", where, fact, cure, name, severity="warning"))

    def days(self, node: Node | None) -> dict[date, Node]:
        """Read dates and ranges of dates, each with its place."""
        found: dict[date, Node] = {}
        for item in self.sequence(node):
            found.update(dict.fromkeys(self.span(item), item))
        return found

    def span(self, node: Node) -> Iterable[date]:
        """Read one date, or the days of a range."""
        if node.shape == "scalar":
            day = self.day(node)
            return () if day is None else (day,)
        parts = self.mapping(node, ("from", "to"), needed=("from", "to"))
        first, last = (self.day(parts[key]) if key in parts else None for key in ("from", "to"))
        if first is None or last is None:
            return ()
        if not 0 <= (last - first).days <= _LONGEST:
            fact = Text(zh=f"{first}至{last}不是一段假期", en=f"{first} to {last} is not a range within a year.")
            self.say("bad-range", node, fact, Text(zh="from应早于to。", en="Put the earlier day under from."))
            return ()
        return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]

    def day(self, node: Node) -> date | None:
        """Read one date."""
        try:
            if node.shape == "scalar":
                return date.fromisoformat(str(node.scalar))
        except ValueError:
            pass
        value = node.scalar if node.shape == "scalar" else node.shape
        fact = Text(zh=f"“{value}”不是日期", en=f"{value!r} is not a date.")
        self.say("not-a-date", node, fact, _DATE_CURE)
        return None

    def year(self, node: Node | None) -> int | None:
        """Read a year."""
        if node is None:
            return None
        text = self.text(node)
        if text.isdecimal() and date.min.year < int(text) < date.max.year:
            return int(text)
        fact = Text(zh=f"“{text}”不是年份", en=f"{text!r} is not a year.")
        self.say("not-a-year", node, fact, Text(zh="年份写作2027。", en="Write a year as 2027."))
        return None

    def text(self, node: Node | None) -> str:
        """Read a text; nothing is an empty one."""
        if node is None or node.shape == "scalar":
            return "" if node is None or node.scalar is None else str(node.scalar)
        fact = Text(zh="这里应是一句文字", en="A text is expected here.")
        self.say("not-a-text", node, fact, Text(zh="写成一行文字。", en="Write one line of text."))
        return ""

    def sequence(self, node: Node | None) -> list[Node]:
        """Return the items of a list; nothing is an empty one."""
        if node is None or (node.shape == "scalar" and node.scalar is None):
            return []
        if node.shape == "list":
            return list(node.children.values())
        fact = Text(zh="这里应是一个列表", en="A list is expected here.")
        self.say("not-a-list", node, fact, Text(zh="每项前写“- ”。", en="Begin each item with '- '."))
        return []

    def mapping(self, node: Node, known: tuple[str, ...], needed: tuple[str, ...] = ()) -> dict[str, Node]:
        """Return the values of a mapping by key, and report keys that are unknown, repeated or missing."""
        if node.shape != "mapping":
            fact = Text(zh=f"这里应有{'、'.join(known)}", en=f"A mapping with {', '.join(known)} is expected here.")
            self.say("not-a-mapping", node, fact, Text(zh="写成“键: 值”。", en="Write it as 'key: value'."))
            return {}
        parts: dict[str, Node] = {}
        for key, value in node.children.items():
            word = str(key)
            if word in known:
                parts[word] = value
                continue
            fact = Text(zh=f"不认识“{word}”", en=f"The key {word!r} is unknown.")
            cure = Text(zh=f"可用：{'、'.join(known)}。", en=f"Known keys: {', '.join(known)}.")
            cure = suggestion(did_you_mean(word, known, most=1), cure)
            self.problems.append(Problem("unknown-key", value.key, fact, cure, word))
        for word in needed:
            if word not in parts:
                fact = Text(zh=f"缺少“{word}”", en=f"The key {word!r} is missing.")
                self.say("missing-key", node, fact, Text(zh=f"补上“{word}:”。", en=f"Add '{word}:'."))
        return parts
