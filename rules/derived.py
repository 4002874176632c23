"""Attributes that no log has and that the engine works out, which conditions of rules may ask about.

The year of a plan, catalogue or report that does not say it is worked out too (`engine.compile.derived`), under
`year`, the name that the vocabulary gives it.
"""

from __future__ import annotations

from typing import Final

from events.problems import Text
from events.vocabulary import Attribute

TARIFF: Final = Attribute(
    "tariff",
    "number",
    Text("按标准应收", "tariff"),
    Text("按国办函〔2020〕109号由件数或者页数推算的信息处理费（元）", "the fee by pieces or by pages, in yuan"),
)
OVER_TARIFF: Final = Attribute(
    "over_tariff",
    "bool",
    Text("是否超过标准", "above the tariff"),
    Text("收取的金额超过按件数或者页数推算的金额", "whether more is asked than the tariff gives"),
)
TOTAL_DAYS: Final = Attribute(
    "total_days",
    "int",
    Text("累计延长工作日", "working days in all"),
    Text("同一申请到这一次为止延长的工作日合计", "the working days of this extension of a request and those before"),
)
DAYS_OPEN: Final = Attribute(
    "days_open",
    "int",
    Text("征求意见天数", "days open"),
    Text(
        "自公开征求意见到结束的天数；征集时说明了缩短原因的不计",
        "days since the opening, unless that explained urgency",
    ),
)

DERIVED: Final[dict[str, tuple[Attribute, ...]]] = {
    "request.fee_asked": (TARIFF, OVER_TARIFF),
    "request.extended": (TOTAL_DAYS,),
    "consultation.closed": (DAYS_OPEN,),
}
"""The attributes that are worked out, by event type."""

DERIVED_ATTRIBUTES: Final = {one.name: one for group in DERIVED.values() for one in group}


def derived_of(event: str) -> tuple[str, ...]:
    """Return the names of the attributes that are worked out for events of a type."""
    return tuple(one.name for one in DERIVED.get(event, ()))
