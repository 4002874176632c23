"""Records that were not enough: each such event with the reason why it does not count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.explain.matching import attribute_of, holds, selects
from engine.explain.record import day_of, in_order, moment_of, when
from engine.explain.terms import label, unfit, value_word
from events.problems import Text
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.explain.record import Act, Record
    from rules.model import Condition, Rule, Selector

SHOWN = 10
"""How many events that were not enough are shown."""


def has_clock(rule: Rule) -> bool:
    """Say whether a rule's limit is moved by a clock."""
    return rule.facets.limited and getattr(rule, "clock", None) is not None


@dataclass(frozen=True)
class VerdictCase:
    """One verdict that is explained.

    Attributes:
        row: the verdict.
        rule: its rule, the reading applied.
        record: what is on record.
    """

    row: Mapping[str, Any]
    rule: Rule
    record: Record

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the events that it rests on."""
        return tuple(self.row["evidence"] or ())

    @cached_property
    def _selectors(self) -> tuple[tuple[str, Selector], ...]:
        year = self.rule.period.end.year
        return tuple((role, one.for_year(year)) for role, one in self.rule.selectors())

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return the selectors of the rule, each with its role, for the year in question."""
        return self._selectors

    def of_role(self, *roles: str) -> Iterator[tuple[str, Act]]:
        """Return the events that the selectors of roles take, with their role, of units whose events may count."""
        county = getattr(self.rule, "scope", None) == "county"
        for role, selector in self.selectors():
            if role in roles:
                kind, unit = selector.event, self.row["unit"]
                for act in self.record.of(kind) if county else self.record.by(kind, unit):
                    if selects(selector, act):
                        yield role, act

    @cached_property
    def _fulfilling(self) -> tuple[tuple[str, Selector], ...]:
        facets = self.rule.facets
        if facets.forbids or facets.by_person:
            return self._selectors
        wanted = set(facets.settled_by) | ({facets.answered[1]} if facets.answered else set())
        opening = {"trigger", "opened", "of", "act"} if self.row["trigger"] is not None else {"of"}
        return tuple(pair for pair in self._selectors if pair[0] in wanted - opening)

    def fulfilling(self) -> tuple[tuple[str, Selector], ...]:
        """Return the selectors of what would fulfil the duty, or breach a prohibition; those of acts are none."""
        return self._fulfilling


def _fit(selector: Selector, act: Act) -> list[tuple[str, Condition, bool | None]]:
    """Return the conditions that an event does not meet, of the group of which it meets the most."""
    groups = []
    for group in selector.where:
        found = [(name, one, holds(one, act, name)) for name, one in group.items()]
        groups.append([one for one in found if one[2] is not True])
    return min(groups, key=len) if groups else []


def _near(failed: Sequence[tuple[str, Condition, bool | None]]) -> bool:
    """Say whether an event of another matter is near enough to be told: a figure, a year, a yes or no is wrong."""
    return not any(one.one_of or one.includes or isinstance(one.equals, str) for _, one, _ in failed)


def _unfit(selector: Selector, act: Act, *, breach: bool = False) -> Text | None:
    """Return why an event is not selected, as a fulfilment or as a breach; None where it is."""
    if selects(selector, act) is True:
        return None
    failed = _fit(selector, act)
    wrong = [unfit(one, act, name, breach=breach) for name, one, held in failed if held is False]
    if wrong:
        return Text("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong))
    names = [label(attribute_of(name)) for name, _, _ in failed]
    zh, en = "、".join(one.zh for one in names), ", ".join(one.en for one in names)
    return Text(f"没有登记{zh}，不能判断", f"{en} not recorded, so nobody can tell")


def _untimely(case: VerdictCase, role: str, act: Act) -> Text | None:
    """Return why the day of an event is not right; None where it is."""
    facets, day, opened, due = case.rule.facets, day_of(act), case.row["opened_on"], case.row["due_on"]
    ids = (case.row["trigger"],) if case.row["trigger"] else ()
    trigger = next(iter(case.record.named(ids).values()), None)
    if facets.paired is not None and facets.paired[1] == role == "before":
        return _not_before(act, trigger)
    if trigger is not None and day <= day_of(trigger) and moment_of(act) < moment_of(trigger):
        return Text(f"早于{opened}的触发事项，不算完成", f"before what set the duty off on {opened}")
    if opened is not None and day < opened:
        return Text(f"早于{opened}，不在本项的期间内", f"before {opened}, when the time of this duty begins")
    if facets.counts and due is not None and day > due:
        return Text(f"晚于{due}，不在本项的期间内", f"after {due}, when the time of this duty ends")
    return None


def _not_before(act: Act, trigger: Act | None) -> Text | None:
    """Return why an event does not come before the act; None where it does."""
    if trigger is None or moment_of(act) < moment_of(trigger):
        return None
    day = day_of(trigger)
    if day_of(act) > day:
        return Text(f"晚于{day}的办理，不在先", f"after the act of {day}, not before it")
    return Text("与办理同一天，看不出在先", "on the day of the act, and not known to be before it")


def _lacks_elements(case: VerdictCase, selector: Selector, act: Act) -> Text | None:
    """Return that an event carries none of the elements asked for; None where it has some, or none are asked for."""
    name, needed = selector.elements_in, getattr(case.rule, "covers", ())
    if name is None or not needed:
        return None
    there = act.get(f"data.{name}")
    if there is not None and any(one in there for one in needed):
        return None
    said = label(name)
    if there is None:
        return Text(f"没有登记{said.zh}", f"{said.en} not recorded")
    words = value_word(name, there)
    return Text(f"{said.zh}只写了{words.zh}，没有所要求的", f"{said.en}: {words.en}, none of those asked for")


def _same(case: VerdictCase, act: Act) -> Text | None:
    """Return that an event is one that was counted already; None where it is not."""
    distinct = getattr(case.rule, "distinct", None)
    counted = case.record.named(case.evidence).values()
    for one in counted:
        if distinct == "subject" and act["subject"] is not None and one["subject"] == act["subject"]:
            return Text(f"与{one['id']}是同一主题，只算一次", f"the same subject as {one['id']}: counted once")
        if distinct == "day" and day_of(one) == day_of(act):
            return Text(f"与{one['id']}是同一天，只算一次", f"the same day as {one['id']}: counted once")
    met = case.row["met_on"]
    if met is not None and day_of(act) >= met:
        return Text(f"{met}已经完成，不必再计", f"done on {met} already")
    return None


def why_not(case: VerdictCase, role: str, selector: Selector, act: Act) -> Text | None:
    """Return why an event does not count for a verdict; None where it is of another matter, or was not needed."""
    if not _counts_of(case, act):
        name = case.record.called(act["unit"])
        return Text(f"是{name}登记的，不是{case.row['unit_name']}的", f"it is {name}'s, not {case.row['unit_name']}'s")
    return (
        _unfit(selector, act, breach=case.rule.facets.forbids)
        or _untimely(case, role, act)
        or _too_early(case, act)
        or _lacks_elements(case, selector, act)
        or _same(case, act)
        or _judged_again(case)
        or _used(case)
    )


def _too_early(case: VerdictCase, act: Act) -> Text | None:
    """Return that an event comes before what it has to follow, where a rule says that something comes first."""
    firsts = [one for role, one in case.selectors() if role == "after"]
    unit = case.row["unit"]
    known = [one for selector in firsts for one in case.record.by(selector.event, unit) if selects(selector, one)]
    own = [one for one in known if one["subject"] == act["subject"]] or known
    if not own or min(moment_of(one) for one in own) <= moment_of(act):
        return None
    first = min(own, key=moment_of)
    word = load_vocabulary().label_of(first["type"])
    return Text(
        f"早于{when(first)}的“{word.zh}”（{first['id']}），不算完成",
        f"before the {word.en} of {when(first)} ({first['id']}), which it has to follow",
    )


def _used(case: VerdictCase) -> Text | None:
    """Return that an event served another act, where one serves one only."""
    if case.row["subject"] is None or not getattr(case.rule, "one_to_one", False):
        return None
    return Text("已用于同一主题的另一次办理，不能再用", "it served another act on the same subject")


def _judged_again(case: VerdictCase) -> Text | None:
    """Return that a later judgement counts, where judgements do."""
    if not case.rule.facets.by_person:
        return None
    return Text("后来另有评定，以最后一次为准", "judged again later: the last judgement counts")


def _counts_of(case: VerdictCase, act: Act) -> bool:
    """Say whether the unit of an event is one whose events may count."""
    rule: Any = case.rule
    if act["unit"] in case.record.own(case.row["unit"]) or getattr(rule, "by", None) == "any_unit":
        return True
    if getattr(rule, "scope", None) == "county" or getattr(rule, "jointly", False):
        return True
    return act["unit"] in case.record.members(getattr(rule, "helped_by", ()))


def _candidates(case: VerdictCase, kind: str) -> Iterator[Act]:
    """Return the events that somebody might think of: of the subject, or of the unit where there is none."""
    subject = case.row["subject"]
    if subject is not None:
        yield from case.record.about(kind, subject)
        for act in case.record.by(kind, case.row["unit"]):
            if act["subject"] is None:
                yield act
        return
    whole = getattr(case.rule, "scope", None) == "county" or getattr(case.rule, "jointly", False)
    yield from case.record.of(kind) if whole else case.record.by(kind, case.row["unit"])


def _best(case: VerdictCase, act: Act) -> tuple[str, Selector]:
    """Return the role and selector that an event comes nearest to: one that takes it, else that it misses least."""
    same = [(role, one) for role, one in case.fulfilling() if one.event == act["type"]]
    return min(same, key=lambda pair: (selects(pair[1], act) is not True, len(_fit(pair[1], act))))


def beside(case: VerdictCase) -> list[tuple[Act, Text]]:
    """Return the events that were not enough for a verdict, with the reason, in the order of time."""
    used = {*case.evidence, case.row["trigger"]}
    found: dict[str, tuple[Act, Text]] = {}
    for kind in dict.fromkeys(one.event for _, one in case.fulfilling()):
        for act in _candidates(case, kind):
            if act["id"] in used:
                continue
            role, selector = _best(case, act)
            if (act["subject"] is None or case.row["subject"] is None) and not _near(_fit(selector, act)):
                continue
            why = why_not(case, role, selector, act)
            if why is not None:
                found[act["id"]] = (act, why)
    return [found[act["id"]] for act in in_order([act for act, _ in found.values()])]


def unsure(case: VerdictCase) -> list[tuple[Act, Text]]:
    """Return the events that lack what decides, where a verdict waits for a person; each with what it lacks."""
    if case.row["status"] != "unassessed" or case.rule.facets.by_person:
        return []
    found: dict[str, tuple[Act, Text]] = {}
    for _, selector in case.selectors():
        for act in _candidates(case, selector.event):
            if selects(selector, act) is None:
                found[act["id"]] = (act, _unfit(selector, act) or Text("", ""))
    return [found[act["id"]] for act in in_order([act for act, _ in found.values()])]
