"""How the inputs of two runs differ, entry by entry, rule by rule and day by day, as far as both runs kept them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from events.sheets.returned_list import ORDERED, REPORTED
from rules.diff import changed_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from reports.run.folder import RunFolder

Sort = Literal["happened", "backfilled", "added", "edited", "corrected", "retracted", "removed"]

ENTRY_ORDER: tuple[Sort, ...] = ("backfilled", "added", "edited", "corrected", "retracted", "removed", "happened")
"""The sorts of difference of an entry, what says most about the log first."""


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry of the log that the two runs saw differently.

    Attributes:
        id: the entry.
        sort: how it differs: it happened after the earlier as-of moment; it was backfilled (happened before it,
            recorded after it); it was added (dated before it, yet not in the earlier log); its content was edited; it
            was corrected or retracted by another; or it was removed from the log.
        entry: its row of the later log, or of the earlier one where the later log does not have it.
        by: the entry that corrects or retracts it.
    """

    id: str
    sort: Sort
    entry: Mapping[str, Any]
    by: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that differs between the runs: added, dropped, changed in fields, or owed by other units."""

    book: str
    rule: str
    sort: Literal["added", "dropped", "changed"]
    fields: tuple[tuple[str, str, str], ...] = ()
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()


class Differences:
    """How the inputs of two runs differ."""

    def __init__(self, before: RunFolder, after: RunFolder) -> None:
        """Hold the two runs together; what is asked for is computed then."""
        self.before = before
        self.after = after
        self.kept = before.kept is not None and after.kept is not None

    @cached_property
    def rules(self) -> dict[tuple[str, str], RuleChange]:
        """The rules that differ, by book and rule."""
        if self.before.kept is None or self.after.kept is None:
            return {}
        old, new = self.before.kept.rules, self.after.kept.rules
        found: dict[tuple[str, str], RuleChange] = {}
        for key in sorted(old.keys() | new.keys()):
            change = _rule_change(key, old.get(key), new.get(key))
            if change is not None:
                found[key] = change
        return found

    @cached_property
    def days(self) -> dict[date, bool]:
        """The days that are working days in one calendar and not in the other; the value is that of the later one."""
        if self.before.kept is None or self.after.kept is None:
            return {}
        old, new = self.before.kept.working, self.after.kept.working
        return {day: new[day] for day in sorted(old.keys() & new.keys()) if old[day] != new[day]}

    @cached_property
    def entries(self) -> dict[str, EntryChange]:
        """The entries that differ, by id."""
        if self.before.kept is None or self.after.kept is None:
            return {}
        # what was reported about rectification is no evidence of any duty
        old, new = (
            {name: entry for name, entry in facts.log.items() if entry["type"] not in (ORDERED, REPORTED)}
            for facts in (self.before.kept, self.after.kept)
        )
        found = {change.id: change for change in map(self._plain, sorted(old.keys() | new.keys())) if change}
        for entry in [change.entry for change in found.values() if change.sort not in {"removed", "edited"}]:
            target = entry["corrects"] or entry["retracts"]
            if target in old and _seen(old[target], self.before):
                sort: Sort = "corrected" if entry["corrects"] else "retracted"
                found[target] = EntryChange(target, sort, new.get(target, old[target]), entry)
        return found

    @cached_property
    def by_subject(self) -> dict[tuple[str, str], list[EntryChange]]:
        """The entries that differ, by unit and subject."""
        found: dict[tuple[str, str], list[EntryChange]] = {}
        for change in self.entries.values():
            if change.entry["subject"]:
                found.setdefault((change.entry["unit"], change.entry["subject"]), []).append(change)
        return found

    def entries_of(self, sort: Sort) -> list[EntryChange]:
        """Return the entries that differ in one way, by id."""
        return [change for change in self.entries.values() if change.sort == sort]

    def entry_counts(self) -> Iterator[tuple[Sort, int]]:
        """Yield the number of entries for each sort of difference that there is."""
        for sort in ENTRY_ORDER:
            number = len(self.entries_of(sort))
            if number:
                yield sort, number

    def _plain(self, name: str) -> EntryChange | None:
        """Return how one entry differs, corrections apart; None where both runs saw the same."""
        assert self.before.kept is not None  # noqa: S101 - the callers have looked
        assert self.after.kept is not None  # noqa: S101
        old, new = self.before.kept.log.get(name), self.after.kept.log.get(name)
        was, now = old is not None and _seen(old, self.before), new is not None and _seen(new, self.after)
        if new is None:
            return EntryChange(name, "removed", old, None) if was and old is not None else None
        if was and now and old is not None and old["fingerprint"] != new["fingerprint"]:
            return EntryChange(name, "edited", new)
        if not now or was:
            return None
        late = new["recorded_at"] > self.before.known_by.moment
        sort: Sort = "happened" if new["occurred_at"] > self.before.as_of.moment else "backfilled" if late else "added"
        return EntryChange(name, sort, new)


def _seen(entry: Mapping[str, Any], run: RunFolder) -> bool:
    """Say whether an entry had occurred by the as-of moment of a run and been recorded by its known-by moment."""
    return bool(entry["occurred_at"] <= run.as_of.moment and entry["recorded_at"] <= run.known_by.moment)


def _rule_change(
    key: tuple[str, str], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> RuleChange | None:
    """Return how one rule differs, or None where it does not."""
    if old is None or new is None:
        return RuleChange(*key, "added" if old is None else "dropped")
    fields = (
        changed_fields(json.loads(old["content"]), json.loads(new["content"]))
        if old["content"] != new["content"]
        else ()
    )
    more = tuple(unit for unit in new["units"] if unit not in old["units"])
    fewer = tuple(unit for unit in old["units"] if unit not in new["units"])
    return RuleChange(*key, "changed", fields, more, fewer) if fields or more or fewer else None
