"""When a duty was due and by how much it is over, as lists and notices say it: hours where the limit is in hours."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

HOUR = 3600


def limit_of(row: Mapping[str, Any]) -> datetime | None:
    """Return the moment at which a limit in hours ends; None where the limit is in days."""
    limit = row.get("limit_at")
    return datetime.fromisoformat(limit) if isinstance(limit, str) and limit else limit or None


def moment_text(row: Mapping[str, Any]) -> str | None:
    """Return the moment at which a limit in hours ends, as it is written; None where the limit is in days."""
    limit = limit_of(row)
    return None if limit is None else f"{limit:%Y-%m-%d %H:%M}"


def hours_over(row: Mapping[str, Any], as_of: datetime, done: Sequence[datetime] = ()) -> Text | None:
    """Return by how many hours, begun ones as whole, a limit in hours is over; None where it is in days, or not known.

    Args:
        row: the verdict.
        as_of: the as-of moment.
        done: when what it rests on was done; the last on the day that it was met counts.
    """
    limit = limit_of(row)
    if limit is None:
        return None
    end = as_of
    if row["met_on"]:
        end = max((at for at in done if str(at.date()) == str(row["met_on"])), default=limit)
    hours = max(math.ceil((end - limit).total_seconds() / HOUR), 0)
    return Text(f"{hours}小时", f"{hours} hours")
