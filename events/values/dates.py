"""Dates and times as people write them, read as local time of Asia/Shanghai."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from events.values.measures import half_width

SHANGHAI = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1949, 2100

CHINA = ZoneInfo("Asia/Shanghai")
_OWN_ZONE = re.compile(r"T.*(?:Z|[+-]\d{2}:?\d{2})$")
_DATE = re.compile(
    r"(?P<year>\d{4})\s*(?:"
    r"-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})|\.(?P<m3>\d{1,2})\.(?P<d3>\d{1,2})"
    r"|年\s*(?P<m4>\d{1,2})\s*月\s*(?P<d4>\d{1,2})\s*[日号]?|(?P<m5>\d{2})(?P<d5>\d{2}))",
    re.ASCII,
)
_CLOCK = (
    r"(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})(?:[:时点]\s*(?:(?P<minute>\d{1,2})(?:[:分]\s*"
    r"(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?)?)?)\s*"
)
_TIME = re.compile(_CLOCK, re.IGNORECASE | re.ASCII)
_ISO_TIME = re.compile(rf"\s*T\s*{_CLOCK}(?P<zone>Z|[+-]\d{{2}}(?::?\d{{2}})?)?", re.IGNORECASE | re.ASCII)
"""Only after a T is what follows a time a zone: in `9:30-11:00` it is the time at which a meeting ended."""
_SPAN = re.compile(
    r"(?P<start>(?:上午|下午)?\s*\d{1,2}(?:[:时点分]\s*\d{0,2}){0,3})\s*(?:[-‐-―−~〜至到]+)\s*"
    r"(?P<end>(?:上午|下午)?\s*\d{1,2}(?:[:时点分]\s*\d{0,2}){0,3})",
    re.ASCII,
)
_MIDNIGHT = re.compile(r"0{1,2}:00(?::00(?:\.0+)?)?")
"""What a spreadsheet that saves CSV writes behind a day; nobody types it."""
_COUNT = "[一二三]?十[一二三四五六七八九]?|[〇○零]?[一二三四五六七八九]"
_CHINESE_DATE = re.compile(rf"([〇○零一二三四五六七八九]{{4}})年({_COUNT})月({_COUNT})[日号]")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)([一二三四五六日天])\)?")
_WEEKDAYS = "一二三四五六日"
_SHORT = (
    ("no-year", r"(?:\d{2}年)?\d{1,2}月\d{1,2}[日号]?.*|\d{1,2}[-./]\d{1,2}(?:[-./]\d{1,2})?"),
    ("no-day", r"\d{4}(?:年\d{1,2}月?(?:份|[上中下]旬|底|初)?|[-./]\d{1,2})"),
    (
        "range",
        (
            r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}[日号]?(?:[T\s]*(?:上午|下午)?\s*\d{1,2}[:时点]\d{0,2}分?)?"
            r"\s*(?:[-‐-―−~〜至到]+|/)\s*\d.*"
        ),
    ),
    ("half-day", r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}[日号]?\s*(?:上午|下午|中午|晚上)"),
)
"""What a text lacks that is nearly a date; made into expressions where one is no date, as that takes 2 ms."""
_NOON = 12
_MONTHS = 12
_NO_FRACTION = "000000"


class DateError(ValueError):
    """A date that cannot be read.

    Attributes:
        reason: `form` (not a date), `no-such-day`, `no-such-time`, `year` (out of range), `serial` (a spreadsheet's
            number of a day), `no-year`, `no-day`, `range`, `half-day`, `span` (a time of day that ends before it
            starts), or `weekday` (the date is on another one).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_moment(value: object) -> tuple[datetime, bool]:
    """Return the local time that a value means, and whether it has a time of day.

    Args:
        value: text, a date, a date-time, or a number such as 20230714.

    Raises:
        DateError: it is not a date.
    """
    if isinstance(value, datetime):
        timed = value.time() != time() or value.tzinfo is not None
        return _local(value), timed
    if isinstance(value, date):
        return _local(datetime(value.year, value.month, value.day)), False  # noqa: DTZ001 - local time
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise DateError("serial" if isinstance(value, float) else "form")
    return _read_text(str(value))


def _read_text(text: str) -> tuple[datetime, bool]:
    """Return the local time that a text means, and whether it has a time of day."""
    text = _plain_digits(half_width(text).strip())
    found = _DATE.match(text)
    if found is None:
        raise DateError("serial" if re.fullmatch(r"\d{5}(\.\d+)?", text) else _lack(text))
    day = _day(found)
    rest = text[found.end() :]
    weekday = _WEEKDAY.match(rest)
    if weekday is not None:
        if _WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
            raise DateError("weekday")
        rest = rest[weekday.end() :]
    if not rest.strip():
        return _local(day), False
    if rest[0].isdigit() and text[found.end() - 1].isdigit():
        raise DateError(_lack(text))
    if _MIDNIGHT.fullmatch(rest.strip()):
        return _local(day), False
    return _local(_clock_of(day, rest, text)), True


def _clock_of(day: datetime, rest: str, text: str) -> datetime:
    """Return the moment that stands behind a day: a time with or without a zone, or the start of a span of times."""
    iso = _ISO_TIME.fullmatch(rest)
    clock = iso or _TIME.fullmatch(rest.strip())
    if clock is not None:
        return _at(day, clock)
    span = _SPAN.fullmatch(rest.strip())
    ends = (_TIME.fullmatch(span["start"].strip()), _TIME.fullmatch(span["end"].strip())) if span else (None, None)
    if ends[0] is None or ends[1] is None:
        raise DateError(_lack(text))
    start, end = (_at(day, one) for one in ends if one is not None)
    if end <= start and ends[0]["half"] == "下午" and ends[1]["half"] is None:
        end += timedelta(hours=_NOON)
    if end <= start:
        raise DateError("span")
    return start


def _lack(text: str) -> str:
    """Return what a text lacks to be a date."""
    return next((reason for reason, form in _SHORT if re.fullmatch(form, text)), "form")


def _day(found: re.Match[str]) -> datetime:
    """Return midnight of the day that a match names."""
    parts = found.groupdict()
    month = next(int(parts[f"m{n}"]) for n in range(1, 6) if parts[f"m{n}"])
    day = next(int(parts[f"d{n}"]) for n in range(1, 6) if parts[f"d{n}"])
    try:
        return datetime(int(parts["year"]), month, day)  # noqa: DTZ001 - the zone comes with the time of day
    except ValueError:
        raise DateError("no-such-day" if int(parts["year"]) else "year") from None


def _at(day: datetime, clock: re.Match[str]) -> datetime:
    """Return the moment of a day."""
    parts = clock.groupdict()
    hour = int(parts["hour"])
    if parts["half"] == "下午" and hour < _NOON:
        hour += 12
    micro = int(((parts["fraction"] or "") + _NO_FRACTION)[:6])
    try:
        moment = day.replace(
            hour=hour, minute=int(parts["minute"] or 0), second=int(parts["second"] or 0), microsecond=micro
        )
        zone = parts.get("zone")
        return moment.replace(tzinfo=_zone(zone)) if zone else moment
    except ValueError:
        raise DateError("no-such-time") from None


def _zone(text: str) -> timezone:
    """Return the zone of `Z` or `+08:00`."""
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _local(moment: datetime) -> datetime:
    """Return the moment in Asia/Shanghai without its zone; the year has to be a likely one."""
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(SHANGHAI).replace(tzinfo=None)
        except OverflowError:
            raise DateError("year") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise DateError("year")
    return moment


def _plain_digits(text: str) -> str:
    """Return a date in Chinese numerals (二〇二三年七月十四日) with digits; other text as it is."""
    return _CHINESE_DATE.sub(
        lambda found: f"{found[1].translate(_DIGITS)}年{_count(found[2])}月{_count(found[3])}日", text, count=1
    )


def _count(numeral: str) -> int:
    """Return what a Chinese numeral below forty means."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int(numeral.translate(_DIGITS))
    return int((tens or "一").translate(_DIGITS)) * 10 + int((ones or "〇").translate(_DIGITS))


def day_of_serial(value: object) -> date | None:
    """Return the day that a spreadsheet's number means, or None where it is not a likely one."""
    try:
        return date(1899, 12, 30) + timedelta(days=int(float(str(value))))
    except (ValueError, OverflowError):
        return None


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
