"""Waivers: recorded, reasoned, dated, expiring exemptions, and their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_Key: TypeAlias = tuple[int, int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded, reasoned, dated, expiring exemption.

    Attributes:
        rule: id of the rule.
        unit: id of the unit.
        subject: the subject that it is for, or None for all of the unit's obligations under the rule.
        since: first day that it holds on.
        until: last day that it holds on.
        label: who approved it and why, as verdict rows show it.
        period: the period or due date that it is for, such as `2023` or `2023-12-31`; None for any.
        county: id of the unit's county, where several are judged together; None for the only one.
    """

    rule: str
    unit: str
    subject: str | None
    since: date
    until: date
    label: str
    period: str | None = None
    county: str | None = None


def waiver_table(waivers: Sequence[Waiver], day: date, rules: pa.Table, units: pa.Table) -> pa.Table:
    """Return the waivers that hold on a day: rule and unit by number, subject, period and label.

    Of several for the same, the label that sorts first is shown.

    Args:
        waivers: all that were recorded.
        day: the as-of day.
        rules: the table `rules` of a plan.
        units: the table `units` of a plan.
    """
    labels: dict[_Key, str] = {}
    active = [waiver for waiver in waivers if waiver.since <= day <= waiver.until]
    if active:
        rule_numbers = _numbers(rules, "rule")
        unit_numbers = _numbers(units, "unit", "county_id")
        for waiver in active:
            for rule in rule_numbers.get((waiver.rule,), ()):
                for unit in unit_numbers.get((waiver.unit, waiver.county or ""), ()):
                    key = (rule, unit, waiver.subject, waiver.period)
                    labels[key] = min(waiver.label, labels.get(key, waiver.label))
    rows = [
        {"rule": rule, "unit": unit, "subject": subject, "period": period, "label": label}
        for (rule, unit, subject, period), label in labels.items()
    ]
    texts = [(name, pa.string()) for name in ("subject", "period", "label")]
    schema = pa.schema([("rule", pa.int32()), ("unit", pa.int32()), *texts])
    return pa.Table.from_pylist(rows, schema=schema)


def _numbers(table: pa.Table, *names: str) -> dict[tuple[str, ...], list[int]]:
    """Return the numbers of the rows of a table by the values of these columns."""
    found: dict[tuple[str, ...], list[int]] = {}
    keys = zip(*(table[name].to_pylist() for name in names), strict=True)
    for key, number in zip(keys, table["number"].to_pylist(), strict=True):
        found.setdefault(key, []).append(number)
    return found
