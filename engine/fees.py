"""The information fee of 国办函〔2020〕109号 (政府信息公开信息处理费管理办法), by pieces or by pages, band by band.

Both standards are progressive (超额累进): each band has its own price, and only what lies in it is charged at that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST: Final = 1_000_000
"""The greatest number that is worked out; more is a typing mistake."""

FREE_PIECES, FIRST_PIECES, STEP_PIECES, PRICE_PIECES = 10, 30, 10, 100
PAGE_BANDS: Final = ((30, 0), (100, 10), (200, 20), (None, 40))
"""The last page of each band and its price in yuan."""


@dataclass(frozen=True, slots=True)
class Band:
    """What lies in one band.

    Attributes:
        first: the first piece or page of the band.
        last: the last one that is charged.
        price: yuan for each.
    """

    first: int
    last: int
    price: int

    @property
    def number(self) -> int:
        """How many lie in it."""
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        """Yuan for all of them."""
        return self.number * self.price


def bands_of_pieces(pieces: int) -> tuple[Band, ...]:
    """Return the bands that so many requests of one applicant in a calendar month fall into.

    Up to 10 are free, each of the 11th to the 30th is 100 yuan, and every further ten cost 100 yuan more apiece.

    Raises:
        ValueError: the number is not from 0 to `MOST`.
    """
    _check(pieces)
    found = [Band(1, min(pieces, FREE_PIECES), 0)] if pieces else []
    if pieces > FREE_PIECES:
        found.append(Band(FREE_PIECES + 1, min(pieces, FIRST_PIECES), PRICE_PIECES))
    for step, before in enumerate(range(FIRST_PIECES, pieces, STEP_PIECES), start=2):
        found.append(Band(before + 1, min(pieces, before + STEP_PIECES), step * PRICE_PIECES))
    return tuple(found)


def bands_of_pages(pages: int) -> tuple[Band, ...]:
    """Return the bands that so many pages of one request fall into.

    Raises:
        ValueError: the number is not from 0 to `MOST`.
    """
    _check(pages)
    found, before = [], 0
    for last, price in PAGE_BANDS:
        if pages > before:
            found.append(Band(before + 1, pages if last is None else min(pages, last), price))
        before = last or before
    return tuple(found)


def _check(number: int) -> None:
    if not 0 <= number <= MOST:
        msg = f"{number} is not from 0 to {MOST}"
        raise ValueError(msg)
