"""Limits of the law on a step of a request, told on its form: the tariff of fees, the twenty days of extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.fees import bands_of_pages, bands_of_pieces
from gongkai.console.models.store import cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gongkai.console.entry.content import Row
    from gongkai.console.models import RequestCase

EXTENDED, FEE_ASKED = "request.extended", "request.fee_asked"
MOST_DAYS: Final = 20
"""Working days by which a reply may be put off in all (Regulation, art. 33)."""
DAYS, PIECES, PAGES, FEE = "data.working_days", "data.pieces", "data.pages", "data.fee"


def days_left(events: Sequence[Mapping[str, Any]]) -> int:
    """Return by how many working days the reply can still be put off, given the request's entries that stand."""
    taken = sum(int(one[DAYS] or 0) for one in events if one["type"] == EXTENDED)
    return max(MOST_DAYS - taken, 0)


def same_month(case: RequestCase) -> int:
    """Return how many requests the unit got from the same applicant in the calendar month, this one among them.

    Who applied is in the database alone, so that this cannot be worked out from the ledger.
    """
    if not case.applicant:
        return 1
    day = case.received_on
    own = cases().filter(unit=case.unit, applicant=case.applicant)
    return own.filter(received_on__year=day.year, received_on__month=day.month).count()


def hint(case: RequestCase, step: str, events: Sequence[Mapping[str, Any]]) -> str:
    """Return what a form says above its fields, or nothing."""
    if step == EXTENDED:
        return f"延长合计不超过{MOST_DAYS}个工作日，还可以延长{days_left(events)}个。要经同意，并且告知申请人。"
    if step == FEE_ASKED:
        count = same_month(case)
        fee = sum(band.amount for band in bands_of_pieces(count))
        return (
            f"按件的，填同一申请人当月累计件数：这位申请人当月有{count}件，按标准{fee}元。"
            "按量的，填页数。两种标准只能用一种；金额不填，由这里按标准算（国办函〔2020〕109号）。"
        )
    return ""


def with_fee(row: Row) -> Row:
    """Return the row of a fee with the amount of the tariff where none was given."""
    tariff = _tariff(row)
    if row.get("type") != FEE_ASKED or row.get(FEE) or not tariff:
        return row
    return {**row, FEE: str(tariff)}


def objections(row: Row, events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the field and the words of everything in a step that the law does not allow.

    Args:
        row: the row of the step.
        events: the entries of the request that stand.
    """
    if row.get("type") == EXTENDED:
        yield from _of_extension(row, days_left(events))
    elif row.get("type") == FEE_ASKED:
        yield from _of_fee(row)


def _of_extension(row: Row, left: int) -> Iterator[tuple[str, str]]:
    days = _number(row.get(DAYS))
    if days is None:
        yield DAYS, "写延长几个工作日。"
    elif days < 1 or days > left:
        yield DAYS, f"延长合计不超过{MOST_DAYS}个工作日，还可以延长{left}个。"


def _of_fee(row: Row) -> Iterator[tuple[str, str]]:
    pieces, pages = _number(row.get(PIECES)), _number(row.get(PAGES))
    if (pieces is None) == (pages is None):
        yield PIECES, "件数和页数要写一个，只能写一个：两种标准不能同时用。"
        return
    tariff, fee = _tariff(row), _amount(row.get(FEE))
    if tariff is None:
        yield (PIECES if pages is None else PAGES), "核对这个数。"
    elif tariff == 0:
        yield (PIECES if pages is None else PAGES), "按标准这些不收费，不能发收费通知。"
    elif fee is not None and fee > tariff:
        yield FEE, f"按标准是{tariff}元，不能多收。"


def _tariff(row: Row) -> int | None:
    """Return the fee of the tariff, None where neither pieces nor pages can be charged."""
    pieces, pages = _number(row.get(PIECES)), _number(row.get(PAGES))
    try:
        if pieces is not None:
            return sum(band.amount for band in bands_of_pieces(pieces))
        return None if pages is None else sum(band.amount for band in bands_of_pages(pages))
    except ValueError:
        return None


def _number(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(10**9)) else None


def _amount(value: object) -> float | None:
    try:
        return float(str(value).removesuffix("元")) if value else None
    except ValueError:
        return None
