"""The interface of a backend: the duties of a database to the engine, and how its own text becomes a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa
Chain: TypeAlias = "Sequence[tuple[str, str]]"
"""Tables by name and query, of which each may read those before it."""


class Backend(Protocol):
    """A database that holds the tables of one evaluation.

    Its duties:

    - a query is the engine's own text; what comes from outside is in it as a literal (`engine.backends.text`) or not
      at all;
    - `create` computes a table once, however often it is read; `define` only names a query;
    - no event and no verdict passes through Python, except by `load` and `fetch`, which are for what fits a person's
      machine: a county's log, the rules, summaries; and by `stream`, as Arrow, on its way into a file.
    """

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""

    def read(self, name: str, paths: Sequence[Path | str]) -> None:
        """Make Parquet files, or folders of them partitioned by `column=value`, known under a name, without reading."""

    def create(self, name: str, query: str) -> None:
        """Compute a table and keep it under a name."""

    def create_apart(self, chains: Sequence[Chain]) -> None:
        """Compute the tables of several chains, and keep them; no table of one chain reads a table of another."""

    def define(self, name: str, query: str) -> None:
        """Make a query known under a name."""

    def forget(self, names: Sequence[str]) -> None:
        """Give up tables that were computed and that nothing reads any more, and the memory that computing took."""

    def fetch(self, query: str) -> pa.Table:
        """Return the rows of a query, in its order."""

    def stream(self, query: str) -> pa.RecordBatchReader:
        """Return the rows of a query, in its order, a batch at a time."""

    def write(self, query: str, path: Path | str) -> None:
        """Write the rows of a query, in its order, as Parquet: one file, or a folder of files sorted by their names."""
