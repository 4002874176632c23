"""The event: one logged fact, and the table of events that the engine reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from events.problems import Where

AttributeValue = bool | int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not become an event.

    Attributes:
        where: its place.
        unit: id of its unit, where that much could be read.
    """

    where: Where
    unit: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: who, what, about which subject, when it happened, when it was recorded.

    Attributes:
        id: unique text.
        type: an event type of the vocabulary, such as `decision.issued`.
        unit: id of the unit in the registry.
        subject: what it is about (document number, meeting, request …), or None.
        occurred_at: local time of Asia/Shanghai without a zone; midnight where only a date is known.
        timed: whether the time of day of `occurred_at` is known.
        recorded_at: when it was logged, local time; equal to `occurred_at` where nothing else is known.
        data: the attributes of the type, lists as tuples.
        corrects: id of the event that this one replaces, or None.
        retracts: id of the event that this one withdraws, or None.
        where: the place in the input that it was read from.
    """

    id: str
    type: str
    unit: str
    subject: str | None
    occurred_at: datetime
    timed: bool
    recorded_at: datetime
    where: Where
    data: Mapping[str, AttributeValue] = field(default_factory=dict)
    corrects: str | None = None
    retracts: str | None = None
