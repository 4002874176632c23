"""The clock of the console: the one place where it reads the time."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.time.asof import CHINA
from gongkai.console.folder import chosen


class _Shift:
    by = timedelta(0)


def start_at(moment: datetime | None) -> None:
    """Pretend that the present is a moment, for demonstrations and tests; None goes back to the real time."""
    real = datetime.now(CHINA).replace(tzinfo=None)
    _Shift.by = timedelta(0) if moment is None else moment - real


def now() -> datetime:
    """Return the local time of Asia/Shanghai, without a zone, to the second."""
    folder = chosen()
    if folder is not None and folder.settings.clock is not None and not _Shift.by:
        start_at(folder.settings.clock)
    return (datetime.now(CHINA).replace(tzinfo=None) + _Shift.by).replace(microsecond=0)
