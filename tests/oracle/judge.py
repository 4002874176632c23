"""Every rule for every unit that owes it."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.oracle import elements, sequences, totals
from tests.oracle.periods import is_listed, occasions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.oracle.world import Row, World

UNTIMED = {
    "count": totals.count,
    "due": elements.due,
    "precede": sequences.precede,
    "hold": sequences.hold,
    "cover": totals.cover,
    "contain": elements.contain,
    "reach": totals.reach,
    "never": totals.never,
    "assess": totals.assess,
}
TIMED = {"respond": (elements.respond, "within"), "refresh": (sequences.refresh, "every")}


def duration(text: str) -> tuple[int, str]:
    """Return amount and measure of a duration such as `3 working days`."""
    found = re.fullmatch(r"(\d+) (working days?|days?|hours?|months?)", text)
    if found is None:
        raise ValueError(text)
    return int(found[1]), found[2].rstrip("s") + "s"


def settled(modality: str, status: str) -> str:
    """Return the status that an optional or aspired duty shows."""
    if modality == "must":
        return status
    return {"late": "met", "violated": "not_taken"}.get(status, status)


def _rows(world: World, rule: Any, unit: str) -> list[Row]:
    if rule.kind in TIMED:
        judge, name = TIMED[rule.kind]
        return judge(world, rule, unit, *duration(getattr(rule, name)))
    return UNTIMED[rule.kind](world, rule, unit)


MISSING = {
    "count": "counted",
    "respond": "response",
    "due": "expected",
    "precede": "before",
    "cover": "covered_by",
    "contain": "linked",
    "reach": "reported",
    "refresh": "refreshed",
    "hold": "opened",
}


def with_share(rule: Any, unit: str) -> Any:
    """Return a rule with the number that one unit owes of it; the shares of these scenes are of units."""
    said = getattr(rule, "shares", {}).get(unit)
    if said is None:
        return rule
    name = next(one for one in ("at_least", "at_most", "target") if getattr(rule, one, None) is not None)
    if isinstance(said, str):
        part = Decimal(repr(getattr(rule, name))) * Decimal(said.rstrip("%")) / 100
        said = float(part) if name == "target" else math.ceil(part)
    return Owed(rule, name, said)


class Owed:
    """A rule with another number."""

    def __init__(self, rule: Any, name: str, number: float) -> None:
        self.rule, self.name, self.number = rule, name, number

    def __getattr__(self, name: str) -> Any:
        return self.number if name == self.name else getattr(self.rule, name)


def cause(rule: Any, unit: str, one: Row, obligation: str) -> str | None:
    """Return what a verdict follows from, without the digest of what is asked of a missing act."""
    if settled(rule.modality, one["status"]) in ("met", "not_applicable"):
        return None
    if one["act"] is not None:
        return str(one["act"])
    wanted = getattr(rule, MISSING.get(rule.kind, ""), None) or ()
    if rule.kind == "count" and rule.at_least is None:
        wanted = ()
    either = (*(wanted if isinstance(wanted, tuple) else (wanted,)), *getattr(rule, "also_by", ()))
    types = "+".join(sorted({each.event for each in either}))
    if not types:
        return str(one["trigger"] or obligation)
    about = one["thing"] or one["subject"]
    if about is not None:
        return f"{rule.duty or types}/{unit}/{about}"
    if one["trigger"] is not None:
        return f"{types}/{one['trigger']}"
    joint = rule.kind in ("count", "due", "cover") and rule.scope == "county" and getattr(rule, "of", None) is None
    joint = joint or (rule.kind == "reach" and rule.jointly)
    return f"{rule.duty or types + '#'}/{'*' if joint else unit}/{one['due_on']}"


def verdicts(
    world: World,
    book: str,
    rules: Sequence[Any],
    *,
    issued: date = date(2023, 1, 1),
    document: Mapping[str, str] | None = None,
    from_issue: bool = False,
) -> list[Row]:
    """Return the verdict rows of rules without readings, as the contract names their columns, but for the reason.

    Args:
        world: the log as of the moment.
        book: the book's id.
        rules: its rules.
        issued: its day of issue.
        document: by clause, the document whose words it is.
        from_issue: whether acts before that day are left out.
    """
    found: dict[tuple[str, str], list[tuple[Any, Row]]] = {}
    for rule in rules:
        late = issued if from_issue or rule.from_issue else None
        for occasion in occasions(rule, world.today, late):
            world.year = occasion.period.start.year
            for unit in world.members[rule.owed_by]:
                owed = with_share(occasion, unit)
                rows = [one for one in _rows(world, owed, unit) if _alive(world, unit, one, occasion.period.start)]
                found.setdefault((rule.id, unit), []).extend((rule, one) for one in rows)
    told = [
        _verdict(world, book, rule, unit, one, issued, (document or {}).get(rule.clause, ""))
        for (_, unit), rows in found.items()
        for rule, one in _once(world, rows)
    ]
    return sorted(told, key=lambda one: (str(one["obligation"]), one["trigger"] or ""))


def _alive(world: World, unit: str, one: Row, start: date) -> bool:
    """Say whether a duty falls into the life of a unit: due in it, or done or broken in it."""
    first, last = world.lives.get(unit, (None, None))
    due = one["due_on"]
    if first is not None and due is not None and due < first:
        return False
    if last is None or (due or one["opened_on"] or start) <= last:
        return True
    done = one["met_on"] if one["status"] in ("met", "late") else None
    broken = one["broken_on"] if one["status"] == "violated" else None
    return any(day is not None and day <= last for day in (done, broken))


def _once(world: World, rows: list[tuple[Any, Row]]) -> list[tuple[Any, Row]]:
    """Return what is listed; that nothing set a rule off is told once, and only where nothing ever did."""
    listed = [(rule, one) for rule, one in rows if is_listed(world, rule.kind, one)]
    said = [(rule, one) for rule, one in listed if one["key"] != "none"]
    return said or listed[:1]


def _verdict(world: World, book: str, rule: Any, unit: str, one: Row, issued: date, document: str) -> Row:
    due = one["due_on"]
    obligation = f"{book}/{rule.id}/{unit}/{one['key']}"
    acted = one["acted_on"] or (one["opened_on"] if one["trigger"] is not None else None)
    return {
        **{name: value for name, value in one.items() if name not in ("key", "acted_on", "act", "thing", "broken_on")},
        "obligation": obligation,
        "book": book,
        "rule": rule.id,
        "clause": rule.clause,
        "modality": rule.modality,
        "unit": unit,
        "unit_name": world.names[unit],
        "status": settled(rule.modality, one["status"]),
        "provisional": due is not None and due.year > world.announced,
        "waiver": None,
        "document": document,
        "before_issue": acted is not None and acted < issued,
        "cause": cause(rule, unit, one, obligation),
    }
