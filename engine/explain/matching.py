"""Whether one event of the log is selected, for the lines of an explanation; the verdicts are joined, not matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.model import Condition, Selector


def _holds(condition: Condition, event: Mapping[str, Any], name: str) -> bool | None:
    """Say whether a condition holds of an attribute; None where that was not recorded and would decide."""
    value = event.get(f"data.{name}")
    if value is None:
        return True if condition.or_missing else False if condition.only_recorded else None
    return all(
        (
            condition.equals is None or value == condition.equals,
            condition.one_of is None or value in condition.one_of,
            condition.at_least is None or value >= condition.at_least,
            condition.more_than is None or value > condition.more_than,
            condition.at_most is None or value <= condition.at_most,
            condition.less_than is None or value < condition.less_than,
            condition.includes is None or condition.includes in value,
        )
    )


def selects(selector: Selector, event: Mapping[str, Any]) -> bool | None:
    """Say whether a selector selects a row of the event table; None where an attribute that decides is missing."""
    if event["type"] != selector.event:
        return False
    if not selector.where:
        return True
    groups = []
    for group in selector.where:
        found = [_holds(condition, event, name) for name, condition in group.items()]
        groups.append(False if False in found else None if None in found else True)
    return True if True in groups else None if None in groups else False
