"""One obligation that differs between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.run.folder import NEEDED

if TYPE_CHECKING:
    from reports.run.folder import Row


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One obligation that differs; one side is None where a run does not have it."""

    before: Row | None
    after: Row | None

    @property
    def same(self) -> bool:
        """Whether both sides say the same, in the columns that every version has."""
        if self.before is None or self.after is None:
            return self.before is self.after
        return all(self.before[name] == self.after[name] for name in NEEDED)

    @property
    def row(self) -> Row:
        """The later row, or the earlier one where there is no later."""
        row = self.after if self.after is not None else self.before
        if row is None:
            msg = "a change has a side"
            raise ValueError(msg)
        return row
