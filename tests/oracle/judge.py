"""Every rule for every unit that owes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from tests.oracle import elements, sequences, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def verdicts(world: World, book: str, rules: Sequence[Any]) -> list[Row]:
    """Return the verdict rows of rules without readings, as the contract names their columns, but for the reason."""
    found = []
    for rule in rules:
        for unit in world.members[rule.owed_by]:
            for one in _rows(world, rule, unit):
                due = one["due_on"]
                if one["opened_on"] is not None and one["opened_on"] > world.today + relativedelta(years=1):
                    continue
                found.append(
                    {
                        **{name: value for name, value in one.items() if name != "key"},
                        "obligation": f"{book}/{rule.id}/{unit}/{one['key']}",
                        "book": book,
                        "rule": rule.id,
                        "clause": rule.clause,
                        "modality": rule.modality,
                        "unit": unit,
                        "unit_name": world.names[unit],
                        "status": settled(rule.modality, one["status"]),
                        "provisional": due is not None and due.year > world.announced,
                        "waiver": None,
                    }
                )
    return sorted(found, key=lambda one: str(one["obligation"]))
