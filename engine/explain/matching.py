"""Whether one event of the log is selected, for the lines of an explanation; the verdicts are joined, not matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rules.model import YEAR_OF, YEARS_AFTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.model import Condition, Selector


def attribute_of(name: str) -> str:
    """Return the attribute that a condition is on; of a year, the one that may say which."""
    return name.split("/")[1] if name.startswith(YEAR_OF) else name


def value_of(event: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a value is of its attribute's type
    """Return the value that a condition looks at; a year that is not recorded follows from the day."""
    value = event.get(f"data.{attribute_of(name)}")
    if value is None and name.startswith(YEAR_OF):
        return event["occurred_at"].year - YEARS_AFTER[name.split("/")[2]]
    return value


def holds(condition: Condition, event: Mapping[str, Any], name: str) -> bool | None:
    """Say whether a condition holds of an attribute; None where that was not recorded and would decide."""
    value = value_of(event, name)
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
            not any(word in value for word in condition.excludes),
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
        found = [holds(condition, event, name) for name, condition in group.items()]
        groups.append(False if False in found else None if None in found else True)
    return True if True in groups else None if None in groups else False
