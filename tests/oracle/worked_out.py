"""What nobody logs: the year of a plan without one, a fee's tariff, an extension's total, a consultation's days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.model import Event


def price_of_piece(number: int) -> int:
    """Return what the n-th request of one applicant in a month costs."""
    if number <= 10:
        return 0
    return 100 if number <= 30 else 200 + 100 * ((number - 31) // 10)


def price_of_page(number: int) -> int:
    """Return what the n-th page of one request costs."""
    return next(price for most, price in ((30, 0), (100, 10), (200, 20), (10**9, 40)) if number <= most)


def tariff(data: Mapping[str, Any]) -> int | None:
    """Return the fee that the tariff gives, piece by piece or page by page."""
    if data.get("pieces") is not None:
        return sum(price_of_piece(number) for number in range(1, data["pieces"] + 1))
    if data.get("pages") is not None:
        return sum(price_of_page(number) for number in range(1, data["pages"] + 1))
    return None


def worked_out(event: Event, standing: Sequence[Event]) -> dict[str, Any]:
    """Return the attributes of an entry with those that follow from the others that stand."""
    data: dict[str, Any] = dict(event.data)
    if data.get("year") is None:
        data["year"] = event.occurred_at.year - (1 if event.type.startswith("annual_report.") else 0)
    if event.type == "request.fee_asked":
        due = tariff(data)
        if due is not None:
            data |= {"tariff": due, "over_tariff": data.get("fee") is not None and data["fee"] > due}
    if event.type == "request.extended":
        days: list[Any] = [
            one.data.get("working_days")
            for one in standing
            if one.type == event.type
            and one.unit == event.unit
            and (one.id == event.id or (one.subject is not None and one.subject == event.subject))
            and (one.occurred_at, one.id) <= (event.occurred_at, event.id)
        ]
        known = [one for one in days if one is not None]
        if known:
            data["total_days"] = sum(known)
    if event.type == "consultation.closed":
        opened = [
            one
            for one in standing
            if one.type == "consultation.opened"
            and one.unit == event.unit
            and one.subject is not None
            and one.subject == event.subject
            and one.occurred_at.date() <= event.occurred_at.date()
        ]
        if opened and not any(one.data.get("urgency_explained") for one in opened):
            data["days_open"] = max((event.occurred_at.date() - one.occurred_at.date()).days for one in opened)
        told = {one.data.get("major_decision") for one in opened} - {None}
        if told and data.get("major_decision") is None:
            data["major_decision"] = True in told
    return data
