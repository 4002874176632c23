"""A sheet that is sent again: which rows are new, changed, gone or the same as in the ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.console.entry.upload import KEY
from gongkai.console.models.store import submissions
from gongkai.console.models.submissions import ENTERED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gongkai.console.entry.content import Row


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """A row that the ledger has from an earlier workbook.

    Attributes:
        event: the id of its entry.
        row: what it says.
        file: the name of the workbook.
    """

    event: str
    row: Row
    file: str


@dataclass(frozen=True, slots=True)
class SubmissionDifference:
    """A workbook beside what the ledger has of earlier ones.

    Attributes:
        new: rows that the ledger does not have.
        changed: rows with the entry that they correct.
        gone: entries of the same workbook that are no longer in it.
        same: how many rows are there already.
    """

    new: tuple[Row, ...]
    changed: tuple[tuple[Row, KnownEntries], ...]
    gone: tuple[KnownEntries, ...]
    same: int


def difference(unit: str, file: str, rows: Sequence[Row]) -> SubmissionDifference:
    """Return how a workbook differs from what the ledger has of earlier ones of its unit.

    Args:
        unit: id of the unit.
        file: name of the workbook.
        rows: its rows, as a submission keeps them.
    """
    known = list(known_rows(unit))
    by_content: dict[tuple[tuple[str, str], ...], list[KnownEntries]] = defaultdict(list)
    for one in known:
        by_content[_content(one.row)].append(one)
    left: list[Row] = []
    met: set[str] = set()
    for row in rows:
        same = by_content.get(_content(row))
        if same:
            met.add(same.pop(0).event)
        else:
            left.append(row)
    open_known = [one for one in known if one.event not in met]
    changed, new = _paired(left, open_known)
    replaced = {one.event for _, one in changed}
    gone = tuple(one for one in open_known if one.event not in replaced and one.file == file)
    return SubmissionDifference(tuple(new), tuple(changed), gone, len(rows) - len(left))


def known_rows(unit: str) -> Iterator[KnownEntries]:
    """Yield the rows of a unit's workbooks that stand in the ledger, neither corrected nor withdrawn."""
    found: dict[str, KnownEntries] = {}
    for one in submissions().filter(unit=unit, state=ENTERED).order_by("recorded_at", "number"):
        for number, row in enumerate(one.rows, 1):
            target = row.get("corrects") or row.get("retracts")
            before = found.pop(target, None) if target else None
            if row.get("retracts"):
                continue
            if one.kind == "workbook" or before is not None:
                found[one.event_id(number)] = KnownEntries(one.event_id(number), row, one.file_name)
    yield from found.values()


def rows_to_enter(found: SubmissionDifference, gone: Sequence[str]) -> list[Row]:
    """Return the rows of the submission: what is new, corrections, and the withdrawals that were ticked."""
    rows = [dict(row) for row in found.new]
    rows += [{**row, "corrects": one.event} for row, one in found.changed]
    for one in found.gone:
        if one.event in gone:
            kept: Row = {name: one.row[name] for name in ("type", "subject", "occurred_at") if name in one.row}
            rows.append({**kept, "retracts": one.event, "data.note": "撤回：台账里已经删去"})
    return rows


def _content(row: Row) -> tuple[tuple[str, str], ...]:
    """Return what a row says, its place and its correction aside."""
    return tuple(sorted((name, str(value)) for name, value in row.items() if not _aside(name)))


def _aside(name: str) -> bool:
    return (name.startswith("_") and name != KEY) or name in {"corrects", "retracts"}


def _paired(rows: Sequence[Row], known: Sequence[KnownEntries]) -> tuple[list[tuple[Row, KnownEntries]], list[Row]]:
    """Return the rows that say otherwise what an entry says, by the sheet's own id or by type and subject; the rest."""
    waiting: dict[tuple[str, ...], list[KnownEntries]] = defaultdict(list)
    for one in known:
        waiting[_identity(one.row)].append(one)
    changed: list[tuple[Row, KnownEntries]] = []
    new: list[Row] = []
    for row in rows:
        there = waiting.get(_identity(row))
        if there and not row.get("corrects") and not row.get("retracts"):
            changed.append((row, there.pop(0)))
        else:
            new.append(row)
    return changed, new


def _identity(row: Row) -> tuple[str, ...]:
    if row.get(KEY):
        return ("id", str(row[KEY]))
    if row.get("subject"):
        return ("subject", str(row.get("type", "")), str(row["subject"]))
    return ("day", str(row.get("type", "")), str(row.get("occurred_at", "")))
