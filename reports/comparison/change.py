"""One obligation that differs between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.run.read import Row


@dataclass(frozen=True, slots=True)
class Change:
    """One obligation that differs; one side is None where a run does not have it."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The later row, or the earlier one where there is no later."""
        row = self.after if self.after is not None else self.before
        if row is None:
            msg = "a change has a side"
            raise ValueError(msg)
        return row
