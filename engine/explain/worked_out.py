"""Figures worked out of entries, as an explanation shows them: tariff of a fee, total of extensions, days open.

The verdicts use what `engine.compile.derived` works out by joins; an explanation has the few rows of a type at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.fees import bands_of_pages, bands_of_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Row = Mapping[str, Any]

EXTENDED, FEE_ASKED, CLOSED, OPENED = (
    "request.extended",
    "request.fee_asked",
    "consultation.closed",
    "consultation.opened",
)
FIGURES = ("working_days", "days", "urgency_explained", "major_decision")
"""Attributes of the entries that a value is worked out of, which are told where they are recorded."""

RESTS_ON = {CLOSED: OPENED}
"""Types of which a value rests on entries of another type."""


def with_values(kind: str, rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Return the rows of a type, in the order of time, with what is worked out of them.

    Args:
        kind: the type.
        rows: its rows.
        others: the rows of the type that it rests on, see `RESTS_ON`.
    """
    if kind == EXTENDED:
        return _totals(rows)
    if kind == FEE_ASKED:
        return [{**row, **_tariff(row)} for row in rows]
    return [{**row, **_opened(row, others)} for row in rows] if kind == CLOSED else list(rows)


def worked_out_of(act: Row, rows: Sequence[Row]) -> list[Row]:
    """Return the entries that an entry's worked-out values rest on: the opening before it, the extensions before it.

    Args:
        act: the entry.
        rows: the entries of its type, or of the type that it rests on.
    """
    if act["type"] not in {EXTENDED, CLOSED} or act["subject"] is None:
        return []
    return [
        one
        for one in rows
        if (one["unit"], one["subject"]) == (act["unit"], act["subject"])
        and one["id"] != act["id"]
        and one["occurred_at"] <= act["occurred_at"]
    ]


def _totals(rows: Sequence[Row]) -> list[Row]:
    """Return extensions with the working days of each and those before it of the same request."""
    totals: dict[tuple[str, str], int] = {}
    found: list[Row] = []
    for row in rows:
        key = (row["unit"], row["subject"] or row["id"])
        days = row.get("data.working_days")
        if days is not None:
            totals[key] = totals.get(key, 0) + days
        found.append({**row, "data.total_days": totals.get(key)})
    return found


def _tariff(row: Row) -> dict[str, Any]:
    """Return the tariff of a fee, and whether more is asked; nothing where its figures are not recorded."""
    pieces, pages, fee = (row.get(f"data.{name}") for name in ("pieces", "pages", "fee"))
    try:
        bands = bands_of_pieces(pieces) if pieces is not None else bands_of_pages(pages) if pages is not None else None
    except ValueError:
        bands = None
    if bands is None:
        return {}
    tariff = float(sum(band.amount for band in bands))
    return {"data.tariff": tariff, "data.over_tariff": fee is not None and fee > tariff}


def _opened(row: Row, openings: Sequence[Row]) -> dict[str, Any]:
    """Return what follows from the opening of a consultation: the days since, and whether it is of a major decision.

    Nothing without an opening, and no days where its urgency was explained.
    """
    day: date = row["occurred_at"].date()
    own = [one for one in openings if (one["unit"], one["subject"]) == (row["unit"], row["subject"])]
    before = [one for one in own if one["occurred_at"].date() <= day]
    if row["subject"] is None or not before:
        return {}
    first: date = min(one["occurred_at"].date() for one in before)
    urgent = any(one.get("data.urgency_explained") for one in before)
    said = [one.get("data.major_decision") for one in before if one.get("data.major_decision") is not None]
    major = row.get("data.major_decision")
    if major is None and said:
        major = any(said)
    return {"data.days_open": None if urgent else (day - first).days, "data.major_decision": major}
