"""The moment that a question is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

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

        Raises:
            AsOfError: the text is neither.
        """
        text = text.strip()
        try:
            if len(text) <= len("2023-12-31"):
                return cls(datetime.combine(date.fromisoformat(text), END_OF_DAY), text)
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            msg = f"{text!r} is neither a date such as 2023-12-31 nor a moment such as 2023-12-31T10:00"
            raise AsOfError(msg) from error
        if moment.tzinfo is not None:
            moment = moment.astimezone(CHINA).replace(tzinfo=None)
        return cls(moment, text)

    @classmethod
    def end_of(cls, day: date) -> AsOf:
        """Return the end of a day."""
        return cls(datetime.combine(day, END_OF_DAY), day.isoformat())
