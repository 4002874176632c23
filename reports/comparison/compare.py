"""Comparison of two runs: mid-year and annual, or before and after a holiday arrangement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.problems import Text
from reports.comparison.causes import CAUSES, causes_of, entry_text, rule_text
from reports.comparison.change import VerdictChange
from reports.comparison.differences import ENTRY_ORDER, Differences
from reports.output.plain import plain
from reports.output.texts import BREACHES, SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.problems import Lang
    from reports.comparison.causes import Cause
    from reports.run.folder import Row, RunFolder

GROUPS = {
    "breached": Text("新出现的问题", "Newly violated or late"),
    "mended": Text("已整改（补做或者更正后不再是问题）", "Mended: done late, or no breach any more"),
    "waived": Text("已豁免（没有整改）", "Waived, not mended"),
    "ruled": Text("规则、日历或者承担单位变了（不是整改）", "Rules, calendar or who owes it changed: not mended"),
    "earlier": Text("后一次问的是更早的时候（不是整改）", "The second run asks of an earlier moment: not mended"),
    "gone": Text("不再有的义务", "Obligations that are no more"),
    "moved": Text("到期日有变化", "Due date moved"),
    "other": Text("结论有其他变化", "Status changed otherwise"),
    "appeared": Text("新增的义务", "New obligations"),
    "done": Text("已按期完成", "Done in time since"),
    "evidence": Text("结论不变，证据有变化", "Same status, other evidence"),
}
"""The groups of changes, in the order that they are told: what needs attention first."""

QUIET = ("other", "appeared", "done", "evidence")
"""Groups of which the terminal says only how many; the workbook has all."""

ROUTINE = ("appeared", "done", "evidence")
"""Groups that nobody has to act on; the workbook has them, and does not print them."""

FEW = 10
SHOWN = 20
"""How many changes the terminal shows, of those that matter."""

CAUSES_SHOWN = 2
RULE_SHOWN = 160
"""How many letters of a changed rule the terminal shows."""

STANDING = Text("两次都未落实", "Violated in both")

SOURCES = {
    "as_of": Text("截至日期", "as-of date"),
    "books": Text("规则库", "rulebooks"),
    "registry": Text("单位名录", "unit registry"),
    "calendar": Text("工作日历", "calendar"),
    "events": Text("台账", "log"),
    "files": Text("豁免、对应表或者日历文件", "waivers, mapping or calendar file"),
    "units_asked": Text("评估范围", "units asked about"),
    "gongkai": Text("软件版本", "version"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs held together.

    Attributes:
        before: the earlier run.
        after: the later run.
        differences: how their inputs differ.
        groups: what changed, by group, with the causes; within a group by obligation.
        standing: what was violated in both.
    """

    before: RunFolder
    after: RunFolder
    differences: Differences
    groups: dict[str, list[tuple[VerdictChange, tuple[Cause, ...]]]]
    standing: list[Row]

    def inputs(self) -> list[str]:
        """Return the names of the inputs that differ (`SOURCES`)."""
        return [name for name in SOURCES if self.before.receipt.get(name) != self.after.receipt.get(name)]

    def cause_counts(self) -> dict[str, int]:
        """Return in how many changes each cause has a part, in the order of `CAUSES`; others are left out."""
        codes = [code for found in self.groups.values() for _, causes in found for code in {one.code for one in causes}]
        return {code: codes.count(code) for code in CAUSES if code in codes}


RULED = frozenset({"rule", "calendar", "owed"})
"""Causes that lie in what is asked, not in what was done."""

PROVED = frozenset(ENTRY_ORDER)
"""Causes that lie in the log."""


def _group(change: VerdictChange, causes: tuple[Cause, ...], *, backwards: bool) -> str | None:
    """Return the group of a change, or None where nothing changed.

    Args:
        change: the obligation in both runs.
        causes: why it differs.
        backwards: whether the second run asks of an earlier moment than the first.
    """
    before, after = change.before, change.after
    if before is None:
        return "breached" if after is not None and after["status"] in BREACHES else "appeared"
    if after is None:
        return "earlier" if backwards else "gone"
    old, new = before["status"], after["status"]
    if old != new:
        return _status_group(old, new, {one.code for one in causes}, backwards=backwards)
    if before["due_on"] != after["due_on"]:
        return "moved"
    return "evidence" if before["evidence"] != after["evidence"] else None


def _status_group(old: str, new: str, causes: set[str], *, backwards: bool) -> str:
    """Return the group of a change of status; mended is only what something in the log has mended."""
    if new == "waived":
        return "waived"
    if new in BREACHES and old not in BREACHES:
        return "breached"
    if backwards:
        return "earlier"
    if old in BREACHES and causes & RULED and not causes & PROVED:
        return "ruled"
    if old == "violated":
        return "other" if new in {"pending", "unassessed"} else "mended"
    return "done" if new == "met" else "other"


def compare_runs(before: RunFolder, after: RunFolder) -> Comparison:
    """Return what changed between two runs, each change with its causes as far as both runs kept them."""
    differences = Differences(before, after)
    groups: dict[str, list[tuple[VerdictChange, tuple[Cause, ...]]]] = {name: [] for name in GROUPS}
    standing: list[Row] = []
    owed = (_owed(before), _owed(after))
    asked = _asked(before, after)
    for obligation in sorted(before.rows.keys() | after.rows.keys()):
        if asked is not None and (before.rows.get(obligation) or after.rows[obligation])["unit"] not in asked:
            continue
        change = VerdictChange(before.rows.get(obligation), after.rows.get(obligation))
        causes = () if change.same else causes_of(change, differences)
        group = _group(change, causes, backwards=after.as_of.moment < before.as_of.moment)
        if group is not None and not _placeholder(change, owed):
            groups[group].append((change, causes))
        if change.before is not None and change.after is not None:
            standing += [change.after] if {change.before["status"], change.after["status"]} == {"violated"} else []
    return Comparison(before, after, differences, groups, standing)


def _asked(before: RunFolder, after: RunFolder) -> set[str] | None:
    """Return the units that both runs were asked about, or None for all: of others nothing can be said."""
    asked = [set(units) for run in (before, after) if (units := run.receipt.get("units_asked")) is not None]
    return set.intersection(*asked) if asked else None


def _owed(run: RunFolder) -> set[tuple[str, str, str]]:
    """Return the rules and units that something was owed under: book, rule and unit."""
    rows = run.rows.values()
    return {(row["book"], row["rule"], row["unit"]) for row in rows if row["status"] != "not_applicable"}


def _placeholder(change: VerdictChange, owed: tuple[set[tuple[str, str, str]], ...]) -> bool:
    """Say whether a row only says that nothing had set the duty, and the other run has what is owed under it."""
    if (change.before is None) == (change.after is None) or change.row["status"] != "not_applicable":
        return False
    key = (change.row["book"], change.row["rule"], change.row["unit"])
    return key in owed[1 if change.after is None else 0]


def side_text(side: Row | None, lang: Lang) -> str:
    """Return one side of a change: sign, status and due date, or ∅."""
    if side is None:
        return "∅"
    status = side["status"]
    return f"{SIGNS[status]} {STATUS[status].in_(lang)}" + (f" {side['due_on']}" if side["due_on"] else "")


def _after_colon(text: str | None, lang: Lang) -> str:
    """Return a text after a colon, or nothing where there is none."""
    return (f"：{text}" if lang == "zh" else f": {text}") if text else ""


def _counted(text: str, number: int, lang: Lang) -> str:
    """Return a heading with its number."""
    return f"{text}（{number}）" if lang == "zh" else f"{text} ({number})"


def _lines(change: VerdictChange, causes: tuple[Cause, ...], comparison: Comparison, lang: Lang) -> Iterator[str]:
    """Return one change in a line, and its causes in the next, the first of them where there are many."""
    row = change.row
    title = (comparison.after if change.after is not None else comparison.before).title(row)
    subject = _after_colon(row["subject"], lang)
    sides = " → ".join(side_text(side, lang) for side in (change.before, change.after))
    yield plain(f"  {row['unit_name']} {row['clause']} {title}{subject}  {sides}")
    mark = "；" if lang == "zh" else "; "
    said = mark.join(cause.text.in_(lang) for cause in causes[:CAUSES_SHOWN])
    left = len(causes) - CAUSES_SHOWN
    yield plain(f"      {said}" + (Text(f"；等{len(causes)}条", f"; and {left} more").in_(lang) if left > 0 else ""))


def _shares(comparison: Comparison) -> dict[str, int]:
    """Return how many changes of each group the terminal shows: of all that matter `SHOWN` at the most.

    Every group that somebody has to act on has a few, and what is left goes to those that come first.
    """
    loud = {name: len(found) for name, found in comparison.groups.items() if found and name not in QUIET}
    shares = {name: min(number, SHOWN // max(len(loud), 1)) for name, number in loud.items()}
    for name, number in loud.items():
        shares[name] += min(number - shares[name], SHOWN - sum(shares.values()))
    return shares


def _counts(comparison: Comparison, lang: Lang) -> str:
    """Return how many changes there are by group, and how many were violated in both."""
    found = [(GROUPS[name], len(changes)) for name, changes in comparison.groups.items() if changes]
    found += [(STANDING, len(comparison.standing))] if comparison.standing else []
    if lang == "zh":
        return "合计：" + "、".join(f"{text.zh.partition('（')[0]}{number}项" for text, number in found)
    return "In all: " + ", ".join(f"{text.en.partition(':')[0].lower()} {number}" for text, number in found)


def compare_lines(comparison: Comparison, lang: Lang) -> Iterator[str]:
    """Return what changed in the inputs, how much changed by group, and the changes that matter with their causes."""
    comma = "、" if lang == "zh" else ", "
    names = comma.join(SOURCES[name].in_(lang) for name in comparison.inputs())
    same = Text("两次评估的输入相同", "Both runs had the same inputs").in_(lang)
    yield Text(f"输入的变化：{names}", f"Inputs that differ: {names}").in_(lang) if names else same
    if "units_asked" in comparison.inputs():
        note = Text("  只比较两次都评估了的单位", "  only units that both runs were asked about are compared")
        yield note.in_(lang)
    yield from input_lines(comparison, lang)
    if any(comparison.groups.values()):
        yield _counts(comparison, lang)
    shares = _shares(comparison)
    for name, found in comparison.groups.items():
        if not found or name in QUIET:
            continue
        yield ""
        yield _counted(GROUPS[name].in_(lang), len(found), lang)
        for change, causes in found[: shares[name]]:
            yield from _lines(change, causes, comparison, lang)
        yield from _rest(len(found) - shares[name], lang)
    if names and comparison.standing:
        yield ""
        yield _counted(STANDING.in_(lang), len(comparison.standing), lang)
        for row in comparison.standing[:FEW]:
            subject = _after_colon(row["subject"], lang)
            yield plain(f"  {row['unit_name']} {row['clause']} {comparison.after.title(row)}{subject}")
        yield from _rest(len(comparison.standing) - FEW, lang)


def _rest(more: int, lang: Lang) -> Iterator[str]:
    """Return the line about what is not shown, where there is any."""
    if more > 0:
        yield Text(f"  …另有{more}项，见 --html 或 --xlsx", f"  … {more} more: see --html or --xlsx").in_(lang)


def input_lines(comparison: Comparison, lang: Lang) -> Iterator[str]:
    """Return how rules, calendar and log differ, a line each; entries that happened since are only counted."""
    differences = comparison.differences
    if not differences.kept and comparison.inputs():
        note = Text(
            "  其中一次评估没有保留输入（inputs/），查不出记录和规则的变化",
            "  one of the runs did not keep its inputs (inputs/): what differs in log and rules cannot be told",
        )
        yield note.in_(lang)
    told = [rule_text(rule).in_(lang) for rule in differences.rules.values() if rule.sort != "changed" or rule.fields]
    for line in told[:FEW]:
        yield plain(f"  {line if len(line) <= RULE_SHOWN else f'{line[:RULE_SHOWN]}…'}")
    yield from _rest(len(told) - FEW, lang)
    if differences.days:
        days = [str(day) for day in differences.days]
        yield Text(f"  日历变化：{'、'.join(days)}", f"  calendar changed: {', '.join(days)}").in_(lang)
    for sort, number in differences.entry_counts():
        yield f"  {CAUSES[sort].in_(lang)}{_after_colon(str(number), lang)}"
        if sort not in {"happened", "backfilled"}:
            yield from (plain(f"    {entry_text(one).in_(lang)}") for one in differences.entries_of(sort)[:FEW])
