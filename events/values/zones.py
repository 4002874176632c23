"""Times of another zone as local time of Asia/Shanghai."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

CHINA = ZoneInfo("Asia/Shanghai")
_OWN_ZONE = re.compile(r"T.*(?:Z|[+-]\d{2}:?\d{2})$")


def zone_of(name: str) -> ZoneInfo | None:
    """Return the zone of a name, None for no name."""
    return ZoneInfo(name) if name else None


def in_china(moment: tuple[datetime, bool], raw: object, zone: ZoneInfo | None) -> tuple[datetime, bool]:
    """Return a time as local time of Asia/Shanghai; a day, and a time that names its own zone, stay as they are.

    Args:
        moment: the time as it was read, and whether it has a time of day.
        raw: what stands in the log.
        zone: the zone of times that name none; None is that of Asia/Shanghai.
    """
    local, timed = moment
    if zone is None or not timed or (isinstance(raw, str) and _OWN_ZONE.search(raw.strip()) is not None):
        return moment
    return local.replace(tzinfo=zone).astimezone(CHINA).replace(tzinfo=None), True
