"""A backend that keeps a record of the steps of an evaluation, so that they can be shown, kept, and run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.backends.duck import DuckBackend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa


Sort = Literal["given", "table", "view"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an evaluation.

    Attributes:
        name: the table that it makes.
        sort: a table that is given to the database, one that is computed and kept, or a named query.
        query: the query, None for what is given.
    """

    name: str
    sort: Sort
    query: str | None = None

    def sql(self) -> str:
        """Return the step as a statement that can be run where the tables are that were given."""
        if self.query is None:
            return f"-- {self.name}: given"
        what = "TABLE" if self.sort == "table" else "VIEW"
        return f'CREATE OR REPLACE {what} "{self.name}" AS\n{_laid_out(self.query)};'


def _laid_out(query: str) -> str:
    """Return a query as a person reads it."""
    import sqlglot  # noqa: PLC0415 - takes longer to import than a county takes to judge, and prints for people only

    return sqlglot.parse_one(query, dialect="duckdb").sql(dialect="duckdb", pretty=True)


class RecordedBackend(DuckBackend):
    """A DuckDB in memory that remembers every step, in its order (`engine.backends.base.Backend`)."""

    def __init__(self) -> None:
        """Open an empty database."""
        super().__init__()
        self._steps: dict[str, Step] = {}
        self._last: str | None = None

    def steps(self) -> tuple[Step, ...]:
        """Return the steps, the last of them what was fetched at the end: the verdicts."""
        verdicts = () if self._last is None else (Step("verdicts", "view", self._last),)
        return (*self._steps.values(), *verdicts)

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        super().load(name, table)
        self._steps[name] = Step(name, "given")

    def create(self, name: str, query: str) -> None:
        """Compute a table and keep it under a name."""
        super().create(name, query)
        self._steps[name] = Step(name, "table", query)

    def define(self, name: str, query: str) -> None:
        """Make a query known under a name."""
        super().define(name, query)
        self._steps[name] = Step(name, "view", query)

    def forget(self, names: Sequence[str]) -> None:
        """Keep them: they are to be shown."""

    def fetch(self, query: str) -> pa.Table:
        """Return the rows of a query."""
        self._last = query
        return super().fetch(query)

    def keep(self, path: Path) -> None:
        """Write the tables of all steps into a DuckDB file of their own, which does not exist yet.

        Raises:
            OSError: it cannot be written.
        """
        self.copy_to(path, {step.name: step.query if step.name == "verdicts" else None for step in self.steps()})
