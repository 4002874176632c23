"""The memory of one who adds to a ledger again and again: its state, and the index of its events."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.ledger.folder import ENTRIES, opened

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from events.ledger.chain import Head

    Marks = tuple[int, ...]


@dataclass(slots=True)
class Known:
    """The index of a ledger in a state (`events.ledger.importing.stage.INDEX`); of another state it knows nothing.

    Nor does it where the file of the entries is another one, or was written to, since it was last added to: then all of
    it is followed again, so that nothing is added to what somebody changed.
    """

    head: Head | None = None
    index: pa.Table | None = None
    _marks: Marks | None = None

    def at(self, ledger: Path, head: Head) -> pa.Table | None:
        """Return the index of a state, None where somebody else has added, or changed the file, since.

        Raises:
            DamageError: the file cannot be read.
        """
        return self.index if self.head == head and self._marks == _marks_of(ledger) else None

    def keep(self, ledger: Path, head: Head, index: pa.Table) -> None:
        """Keep the index of a state in which the ledger is now."""
        self.head, self.index, self._marks = head, index.combine_chunks(), _marks_of(ledger)


def _marks_of(ledger: Path) -> Marks | None:
    """Return what tells the file of the entries from another one, and from itself after it was written to."""
    with opened(ledger / ENTRIES) as file:
        if file is None:
            return None
        found = os.fstat(file.fileno())
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
