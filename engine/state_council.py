"""The State Council's yearly holiday arrangements (部分节假日安排), as the `holidays` library has them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from events.problems import Text

if TYPE_CHECKING:
    from datetime import date

_COUNTRY: Final = "CN"


@functools.cache
def announced_years() -> frozenset[int]:
    """Return the years of which the library knows the make-up workdays, which only the notices give.

    A notice may name days of a neighbouring year. So each year in which the library has such days at all is asked for
    once more alone, and counts where it brings days of its own.
    """
    import holidays  # noqa: PLC0415  # the import is slow, and an injected calendar does without it

    span = holidays.country_holidays(_COUNTRY)
    every = holidays.country_holidays(_COUNTRY, years=range(span.start_year, span.end_year + 1))
    return frozenset(
        year
        for year in {day.year for day in every.weekend_workdays}
        if any(day.year == year for day in holidays.country_holidays(_COUNTRY, years=year).weekend_workdays)
    )


def public_days(first: int, last: int) -> tuple[dict[date, Text], frozenset[date]]:
    """Return the public holidays by name, and the make-up workdays, of the years from `first` to `last`.

    Half days (妇女节, 青年节) are working days. A year that is not announced has its statutory holidays only.
    """
    import holidays  # noqa: PLC0415  # the import is slow, and an injected calendar does without it

    years = range(first, last + 1)
    chinese, english = (
        holidays.country_holidays(_COUNTRY, years=years, categories=("public",), language=language)
        for language in ("zh_CN", "en_US")
    )
    names = {day: Text(zh=name, en=english[day]) for day, name in chinese.items() if day.year in years}
    return names, frozenset(day for day in chinese.weekend_workdays if day.year in years)
