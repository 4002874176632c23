"""A sheet sent again: what of it is new to a ledger, the same, changed or gone, and the entries that say so.

Nothing in a ledger is edited. A changed row becomes a correction of the entry that stands, under an id of its own
(`3#2` after `3`); a row that is gone becomes a withdrawal, where somebody confirms it. Rows are the same where unit and
id are; rows without ids of their own where unit, type, matter and day are, or without the day where only one fits. A
file under a new name that has at least half of what an earlier one of its units brought is that file sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from events.normalise.by_row import DERIVED
from events.subjects import fold_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Row = dict[str, Any]
Key = tuple[str, str]

_UNSAID = frozenset({"id", "recorded_at", "corrects", "retracts", "file", "place"})
"""What may differ where two rows say the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says other things than the entry that stands.

    Attributes:
        old: the entry that stands.
        new: the row, under the id that its correction gets.
        fields: what differs.
    """

    old: Row
    new: Row
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that a file no longer has.

    Attributes:
        entry: the entry that stands.
        target: id of the first entry of its chain, which a withdrawal names.
        withdrawal: the id that a withdrawal gets.
    """

    entry: Row
    target: str
    withdrawal: str


@dataclass(slots=True)
class Difference:
    """What one file says against a ledger.

    Attributes:
        file: its name.
        earlier: name of the file that it is sent again for, where that was called otherwise.
        new: rows that the ledger does not have.
        same: rows that it has as they are.
        changed: rows that it has otherwise.
        gone: entries that came from this file, of the units that it speaks of, and that it no longer has.
        withdrawn: rows whose entry was withdrawn; they do nothing.
        elsewhere: those of the same and the withdrawn that the ledger has under another id.
        again: rows that say of one matter, type and day something else than an entry of another file.
    """

    file: str
    earlier: str | None = None
    new: list[Row] = field(default_factory=list)
    same: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    withdrawn: list[Row] = field(default_factory=list)
    elsewhere: list[Row] = field(default_factory=list)
    again: list[Change] = field(default_factory=list)


def difference(ledger: pa.Table, sheet: pa.Table, file: str) -> Difference:
    """Return what the rows of one file are against a ledger.

    Args:
        ledger: the entries of the ledger, with the files that they came from.
        sheet: the rows of the file (`events.table`).
        file: its name.
    """
    return _Matching(ledger, sheet, PurePath(file).name).result()


def entries(found: Difference, at: datetime, *, withdraw: bool) -> list[Row]:
    """Return the entries that bring a ledger to what a file says: its new rows, corrections, and withdrawals.

    Args:
        found: what the file is against the ledger.
        at: the moment of the import, which is when corrections and withdrawals were recorded.
        withdraw: whether what is gone is withdrawn.
    """
    corrections = [_recorded(one.new, at) for one in found.changed]
    gone = [_withdrawal(one, at) for one in found.gone] if withdraw else []
    return [*found.new, *corrections, *gone]


def _recorded(row: Row, at: datetime) -> Row:
    """Return a row that was recorded when it was imported, unless it says when."""
    return {**row, "recorded_at": at} if row["recorded_at"] == row["occurred_at"] else row


def _withdrawal(gone: Gone, at: datetime) -> Row:
    row = gone.entry
    kept = {name: row[name] for name in ("type", "unit", "subject", "occurred_at", "timed", "file", "place")}
    return {**dict.fromkeys(row), **kept, "id": gone.withdrawal, "recorded_at": at, "retracts": gone.target}


class _Matching:
    """The rows of a file on their way to the entries that they are of."""

    def __init__(self, ledger: pa.Table, sheet: pa.Table, file: str) -> None:
        self._file = file
        self._rows: list[Row] = sheet.to_pylist()
        old: list[Row] = ledger.to_pylist()
        self._old = {_key(row): row for row in old}
        self._next: dict[Key, list[Row]] = {}
        self._withdrawn: set[Key] = set()
        for row in old:
            target = row["corrects"] or row["retracts"]
            if target is not None:
                self._next.setdefault((row["unit"], target), []).append(row)
        self._roots = [row for row in old if row["corrects"] is None and row["retracts"] is None]

    def result(self) -> Difference:
        """Return the rows by what they are."""
        units = {row["unit"] for row in self._rows}
        of_units = [row for row in self._roots if row["unit"] in units]
        name = self._sent_as(of_units)
        found = Difference(self._file, None if name == self._file else name)
        own = [row for row in of_units if _name(row) == name]
        matched = self._by_id()
        self._by_matter(matched, own)
        for number, row in enumerate(self._rows):
            root = matched.get(number)
            if root is None:
                found.new.append(row)
                self._look_elsewhere(row, own, found)
            else:
                self._compare(row, root, found)
        taken = {_key(root) for root in matched.values()}
        left = ((root, self._standing(root)) for root in own if _key(root) not in taken)
        found.gone += [Gone(head, root["id"], self._free(root, "#-")) for root, head in left if head is not None]
        return found

    def _sent_as(self, roots: Sequence[Row]) -> str:
        """Return the name under which the file was sent before: its own, else that of one which it has half of."""
        if any(_name(root) == self._file for root in roots):
            return self._file
        ids = {_key(self._root(self._old[_key(row)])) for row in self._rows if _key(row) in self._old}
        matters = {_matter(row, with_day=True) for row in self._rows if _is_derived(row)}
        shared: dict[str, int] = {}
        every: dict[str, int] = {}
        for root in roots:
            if self._standing(root) is None:
                continue
            there = _key(root) in ids or (_is_derived(root) and _matter(root, with_day=True) in matters)
            every[_name(root)] = every.get(_name(root), 0) + 1
            shared[_name(root)] = shared.get(_name(root), 0) + there
        likely = [name for name, number in shared.items() if number and number * 2 >= every[name]]
        return max(likely, key=lambda name: (shared[name], name), default=self._file)

    def _by_id(self) -> dict[int, Row]:
        """Return the entry with the id of each row."""
        return {n: self._root(self._old[_key(row)]) for n, row in enumerate(self._rows) if _key(row) in self._old}

    def _by_matter(self, matched: dict[int, Row], own: Sequence[Row]) -> None:
        """Add the entries that rows without ids are of: by matter and day, then by matter where only one fits."""
        for with_day in (True, False):
            taken = {_key(root) for root in matched.values()}
            open_rows = {n: row for n, row in enumerate(self._rows) if n not in matched and _is_derived(row)}
            left = [root for root in own if _key(root) not in taken and _is_derived(root)]
            for numbers, roots in _pairs(open_rows, left, with_day=with_day):
                if len(numbers) == len(roots) == 1:
                    matched[numbers[0]] = roots[0]

    def _look_elsewhere(self, row: Row, own: Sequence[Row], found: Difference) -> None:
        """Keep a new row that another file has otherwise: told, since it may be one act that is counted twice."""
        if row["subject"] is None or not _is_derived(row):
            return
        there = {_key(one) for one in own}
        for root in self._roots:
            if _key(root) not in there and _matter(root, with_day=True) == _matter(row, with_day=True):
                found.again.append(Change(root, row, _differing(root, row)))
                return

    def _compare(self, row: Row, root: Row, found: Difference) -> None:
        head = self._standing(root)
        fields = () if head is None else _differing(head, row)
        if not fields and _key(row) not in self._old:
            found.elsewhere.append(row)
        if head is None:
            found.withdrawn.append(row)
        elif not fields:
            found.same.append(row)
        else:
            new = {**row, "id": self._free(root, "#"), "corrects": head["id"]}
            found.changed.append(Change(head, new, fields))

    def _free(self, root: Row, mark: str) -> str:
        """Return an id for a later entry about one: the first that is not taken of `3#2`, `3#3` and so on."""
        number = 2
        while (root["unit"], f"{root['id']}{mark}{number}") in self._old:
            number += 1
        return f"{root['id']}{mark}{number}"

    def _standing(self, root: Row) -> Row | None:
        """Return the entry that stands of a chain of corrections, None where it was withdrawn."""
        row = root
        while True:
            after = self._next.get(_key(row), ())
            if any(one["retracts"] is not None and not self._undone(one) for one in after):
                return None
            corrections = [one for one in after if one["corrects"] is not None and not self._undone(one)]
            if not corrections:
                return row
            row = corrections[-1]

    def _undone(self, row: Row) -> bool:
        """Say whether a correction or withdrawal was itself withdrawn."""
        after = self._next.get(_key(row), ())
        return any(one["retracts"] is not None and not self._undone(one) for one in after)

    def _root(self, row: Row) -> Row:
        while row["corrects"] is not None and (row["unit"], row["corrects"]) in self._old:
            row = self._old[(row["unit"], row["corrects"])]
        return row


def _pairs(rows: dict[int, Row], roots: Iterable[Row], *, with_day: bool) -> list[tuple[list[int], list[Row]]]:
    """Return the rows and the entries of each matter that both have."""
    groups: dict[tuple[Any, ...], tuple[list[int], list[Row]]] = {}
    for number, row in rows.items():
        groups.setdefault(_matter(row, with_day=with_day), ([], []))[0].append(number)
    for root in roots:
        group = groups.get(_matter(root, with_day=with_day))
        if group is not None:
            group[1].append(root)
    return [group for matter, group in groups.items() if with_day or matter[2] is not None]


def _matter(row: Row, *, with_day: bool) -> tuple[Any, ...]:
    subject = None if row["subject"] is None else fold_subject(row["subject"])
    return (row["unit"], row["type"], subject, row["occurred_at"].date() if with_day else None)


def _name(row: Row) -> str:
    """Return the name of the file that an entry came from."""
    return PurePath(row["file"]).name


def _is_derived(row: Row) -> bool:
    return str(row["id"]).startswith(DERIVED)


def _key(row: Row) -> Key:
    return (str(row["unit"]), str(row["id"]))


def _differing(old: Row, new: Row) -> tuple[str, ...]:
    """Return the fields in which two rows differ; when a row was recorded counts where it says so."""
    names = [name for name in new if name not in _UNSAID and old.get(name) != new[name]]
    if new["recorded_at"] not in {new["occurred_at"], old["recorded_at"]}:
        names.append("recorded_at")
    return tuple(names)


def table_of_rows(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as a table of events."""
    return pa.Table.from_pylist(list(rows), schema=schema)
