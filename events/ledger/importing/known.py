"""The memory of one who adds to a ledger again and again: its state, and the index of its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from events.ledger.chain import Head


@dataclass(slots=True)
class Known:
    """The index of a ledger in a state (`events.ledger.importing.stage.INDEX`); of another state it knows nothing."""

    head: Head | None = None
    index: pa.Table | None = None

    def at(self, head: Head) -> pa.Table | None:
        """Return the index of a state, None where somebody else has added since."""
        return self.index if self.head == head else None

    def keep(self, head: Head, index: pa.Table) -> None:
        """Keep the index of a state."""
        self.head, self.index = head, index.combine_chunks()
