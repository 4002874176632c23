"""The State Council's yearly holiday arrangements (部分节假日安排), as the `holidays` library has them.

Asking the library takes a fifth of a second, so that what it says is kept from one process to the next.
"""

from __future__ import annotations

import functools
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from events.problems import Text
from events.storage.compiled import keep, recall

if TYPE_CHECKING:
    from collections.abc import Callable

_COUNTRY: Final = "CN"


@functools.cache
def announced_years() -> frozenset[int]:
    """Return the years of which the library knows the make-up workdays, which only the notices give.

    A notice may name days of a neighbouring year. So each year is asked for alone, and counts where it brings days of
    its own.
    """
    return frozenset(_kept("announced", _announced))


def _announced() -> list[int]:
    """Ask the library for the years."""
    import holidays  # noqa: PLC0415  # the import is slow, and an injected calendar does without it

    library = holidays.country_holidays(_COUNTRY)
    announced = []
    for year in range(library.start_year, library.end_year + 1):
        library.weekend_workdays.clear()
        library.get(date(year, 1, 1))  # the library makes a year's days when one of them is asked for
        if any(day.year == year for day in library.weekend_workdays):
            announced.append(year)
    return announced


def public_days(first: int, last: int) -> tuple[dict[date, Text], frozenset[date]]:
    """Return the public holidays by name, and the make-up workdays, of the years from `first` to `last`.

    Half days (妇女节, 青年节) are working days. A year that is not announced has its statutory holidays only.
    """
    named, make_up = _kept(f"days {first} {last}", lambda: _public_days(first, last))
    names = {date.fromisoformat(day): Text(chinese, english) for day, chinese, english in named}
    return names, frozenset(date.fromisoformat(day) for day in make_up)


def _public_days(first: int, last: int) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Ask the library for the public holidays, with their names in Chinese and English, and the make-up workdays."""
    import holidays  # noqa: PLC0415  # the import is slow, and an injected calendar does without it

    years = range(first, last + 1)
    chinese, english = (
        holidays.country_holidays(_COUNTRY, years=years, categories=("public",), language=language)
        for language in ("zh_CN", "en_US")
    )
    named = [(day.isoformat(), name, english[day]) for day, name in chinese.items() if day.year in years]
    return named, sorted(day.isoformat() for day in chinese.weekend_workdays if day.year in years)


def statutory_days(year: int) -> tuple[tuple[date, str], ...]:
    """Return the statutory holidays of a year, such as 春节, each day with its name; days off in lieu are left out."""
    import holidays  # noqa: PLC0415  # the import is slow, and an injected calendar does without it

    found = holidays.country_holidays(_COUNTRY, years=year, categories=("public",), language="zh_CN")
    return tuple((day, name) for day, name in sorted(found.items()) if day.year == year and "（" not in name)


def _kept(what: str, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return what the installed version of the library says, from what an earlier process kept where it did."""
    of = f"{what} holidays {version('holidays')}"
    found = recall((__file__,), of)
    if found is None:
        found = ask()
        keep((__file__,), of, found)
    return found
