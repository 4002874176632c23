"""The moment that a question is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

FIRST_YEAR, LAST_YEAR = 1949, 2097
"""The years that a question can be asked for; the working days of three more are looked at."""
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
END_OF_DAY = time(23, 59, 59, 999999)


class AsOfError(ValueError):
    """The text is neither a date nor a date-time."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The as-of moment, local time of Asia/Shanghai without a zone.

    Attributes:
        moment: what occurred and was recorded by then is seen; a date means its last microsecond.
        text: the question as it was put, such as `2023-12-31`.
    """

    moment: datetime
    text: str

    @property
    def day(self) -> date:
        """Return the day of the moment."""
        return self.moment.date()

    @classmethod
    def parse(cls, text: str) -> AsOf:
        """Read `2023-12-31` (the end of that day) or `2023-12-31T10:00` (that moment).

        What a sheet may have is read as well (`2023/12/31`, `2023年12月31日 10时`); its text is then as above.

        Raises:
            AsOfError: the text is neither, or a year that no log has.
        """
        text = text.strip()
        asked = cls._read(text)
        if not FIRST_YEAR <= asked.moment.year <= LAST_YEAR:
            msg = f"{text!r} is not within {FIRST_YEAR} to {LAST_YEAR}"
            raise AsOfError(msg)
        return asked

    @classmethod
    def _read(cls, text: str) -> AsOf:
        try:
            if len(text) <= len("2023-12-31"):
                return cls(datetime.combine(date.fromisoformat(text), END_OF_DAY), text)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                moment = moment.astimezone(CHINA).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return cls._written(text)
        return cls(moment, text)

    @classmethod
    def _written(cls, text: str) -> AsOf:
        """Read a date or moment as people write it in sheets.

        Raises:
            AsOfError: it is neither.
        """
        from events.values.dates import DateError, read_moment  # noqa: PLC0415 (most moments are written plainly)

        try:
            moment, timed = read_moment(text)
        except DateError as error:
            msg = f"{text!r} is neither a date such as 2023-12-31 nor a moment such as 2023-12-31T10:00"
            raise AsOfError(msg) from error
        return cls(moment, moment.isoformat(timespec="minutes")) if timed else cls.end_of(moment.date())

    @classmethod
    def end_of(cls, day: date) -> AsOf:
        """Return the end of a day."""
        return cls(datetime.combine(day, END_OF_DAY), day.isoformat())
