"""Why a verdict changed between two runs, as far as what both runs kept proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.comparison.differences import ENTRY_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.comparison.change import VerdictChange
    from reports.comparison.differences import Differences, EntryChange, RuleChange, Sort
    from reports.run.folder import Row

Code = Literal["rule", "calendar", "waiver", "owed", "time", "unknown"]

CAUSES: dict[str, Text] = {
    "backfilled": Text("补登", "backfilled entry"),
    "added": Text("后补进台账", "entry added later"),
    "edited": Text("记录被改动", "entry edited"),
    "corrected": Text("记录被更正", "entry corrected"),
    "retracted": Text("记录被撤销", "entry retracted"),
    "removed": Text("记录被删去", "entry removed"),
    "happened": Text("之后发生", "happened since"),
    "rule": Text("规则变化", "rule changed"),
    "owed": Text("承担单位变化", "owed by other units"),
    "calendar": Text("日历变化", "calendar changed"),
    "waiver": Text("豁免变化", "waiver changed"),
    "time": Text("时间推移", "time went on"),
    "unknown": Text("原因没有记录", "cause not recorded"),
}
"""The causes of a change, what says most about the inputs first."""

SHOWN = 3
"""How many entries of one sort are named one by one."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a change: which sort, and what exactly."""

    code: str
    text: Text


def causes_of(change: VerdictChange, differences: Differences) -> tuple[Cause, ...]:
    """Return the causes of one change, proved by what both runs kept; at least one, which may be `unknown`."""
    entries = [*_entry_causes(change, differences)]
    found = [
        *entries,
        *_rule_causes(change, differences),
        *_calendar_causes(change, differences),
        *_waiver_causes(change),
        *_time_causes(change, differences, explained=bool(entries)),
    ]
    return tuple(found) or (Cause("unknown", CAUSES["unknown"]),)


def _entry_causes(change: VerdictChange, differences: Differences) -> Iterator[Cause]:
    """Yield the entries that the two verdicts rest on and that differ; else those about the same subject."""
    sides = [side for side in (change.before, change.after) if side is not None]
    ids = {name for side in sides for name in (*side["evidence"], *filter(None, (side["trigger"],)))}
    entries = differences.entries
    found = {name: entries[name] for name in sorted(ids) if name in entries}
    if not found and change.row["subject"]:
        near = differences.by_subject.get((change.row["unit"], change.row["subject"]), [])
        found = {one.id: one for one in near}
    for sort in ENTRY_ORDER:
        same = [one for one in found.values() if one.sort == sort]
        yield from (Cause(sort, entry_text(one)) for one in same[:SHOWN])
        if len(same) > SHOWN:
            label = CAUSES[sort]
            more = len(same) - SHOWN
            yield Cause(sort, Text(f"{label.zh}：另有{more}条", f"{label.en}: {more} more"))


def entry_text(change: EntryChange) -> Text:
    """Return how one entry differs, in a sentence."""
    entry = change.entry
    label = load_vocabulary().label_of(entry["type"])
    day, recorded = entry["occurred_at"].date(), entry["recorded_at"].date()
    what = Text(f"{day} {label.zh}（{change.id}）", f"{day} {label.en} ({change.id})")
    by = f"{change.by['id']}，{change.by['recorded_at'].date()}" if change.by is not None else ""
    said: dict[Sort, Text] = {
        "happened": Text(f"之后发生：{what.zh}", f"happened since: {what.en}"),
        "backfilled": Text(f"补登：{what.zh}，{recorded}才登记", f"backfilled: {what.en}, recorded on {recorded}"),
        "added": Text(
            f"后补进台账：{what.zh}，登记日期写的是{recorded}，但上次的台账里没有",
            f"added later: {what.en}, dated as recorded on {recorded}, but not in the earlier log",
        ),
        "edited": Text(f"记录被改动：{what.zh}，编号相同，内容不同", f"edited: {what.en}, same id, other content"),
        "corrected": Text(f"记录被更正：{what.zh}，由{by}", f"corrected: {what.en}, by {by}"),
        "retracted": Text(f"记录被撤销：{what.zh}，由{by}", f"retracted: {what.en}, by {by}"),
        "removed": Text(f"记录被删去：{what.zh}，这次的台账里没有", f"removed: {what.en} is not in the later log"),
    }
    return said[change.sort]


def _rule_causes(change: VerdictChange, differences: Differences) -> Iterator[Cause]:
    """Yield what changed in the rule, or in who owes it."""
    rule = differences.rules.get((change.row["book"], change.row["rule"]))
    if rule is None:
        return
    if rule.sort != "changed" or rule.fields:
        yield Cause("rule", rule_text(rule))
    if change.row["unit"] in (*rule.more, *rule.fewer):
        more = change.row["unit"] in rule.more
        yield Cause(
            "owed", Text("这个单位现在承担" if more else "这个单位不再承担", "owed now" if more else "owed no more")
        )


def rule_text(rule: RuleChange) -> Text:
    """Return what changed in a rule, in a sentence."""
    if rule.sort != "changed":
        added = rule.sort == "added"
        return Text(f"规则{rule.rule}{'新增' if added else '取消'}", f"rule {rule.rule} {rule.sort}")
    zh = "；".join(f"{name}：{old} → {new}" for name, old, new in rule.fields)
    en = "; ".join(f"{name}: {old} → {new}" for name, old, new in rule.fields)
    return Text(f"规则{rule.rule}改动：{zh}", f"rule {rule.rule} changed: {en}")


def _calendar_causes(change: VerdictChange, differences: Differences) -> Iterator[Cause]:
    """Yield the days between opening and due date that count in one calendar only, where the due date moved."""
    before, after = change.before, change.after
    if before is None or after is None or before["due_on"] == after["due_on"] or not after["opened_on"]:
        return
    first, dues = _day(after), [side["due_on"] for side in (before, after) if side["due_on"]]
    last = date.fromisoformat(max(dues)) if dues else first
    days = [day for day in differences.days if first < day <= last]
    if days:
        said = [str(day) for day in days]
        text = Text(f"日历变化：{'、'.join(said)}", f"calendar changed: {', '.join(said)}")
        yield Cause("calendar", text)


def _day(row: Row) -> date:
    """Return the day on which an obligation opened."""
    return date.fromisoformat(row["opened_on"])


def _waiver_causes(change: VerdictChange) -> Iterator[Cause]:
    """Yield the waiver that one run has and the other does not."""
    before = change.before["waiver"] if change.before is not None else None
    after = change.after["waiver"] if change.after is not None else None
    if before != after and change.before is not None and change.after is not None:
        said = f"{before or '∅'} → {after or '∅'}"
        yield Cause("waiver", Text(f"豁免变化：{said}", f"waiver changed: {said}"))


def _time_causes(change: VerdictChange, differences: Differences, *, explained: bool) -> Iterator[Cause]:
    """Yield that the due date, or the day on which the obligation opened, lies between the two moments.

    What an entry has opened or fulfilled (`explained`) did not come with time alone.
    """
    start, end = differences.before.as_of.day, differences.after.as_of.day
    if start >= end or change.after is None:
        return
    due, opened = change.after["due_on"], change.after["opened_on"]
    if not explained and change.before is None and opened and start < _day(change.after) <= end:
        yield Cause("time", Text(f"{opened}起承担", f"owed since {opened}"))
    was = change.before["status"] if change.before is not None else None
    done = explained and change.row["status"] in {"met", "late"}
    if not done and was in {"pending", "unassessed"} and due and start <= date.fromisoformat(due) <= end:
        yield Cause("time", Text(f"期限{due}在两次评估之间到了", f"it fell due on {due}, between the two"))
