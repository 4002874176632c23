"""The embedded DuckDB: tables in, one statement after another, an Arrow table out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Self

import duckdb
import sqlglot

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa
    from sqlglot import exp


class DuckBackend:
    """One in-memory database for one evaluation."""

    def __init__(self) -> None:
        """Open an empty database."""
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET preserve_insertion_order = false")

    def __enter__(self) -> Self:
        """Return the backend."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self._connection.close()

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        self._connection.register(name, table)

    def create(self, name: str, query: str | exp.Expression) -> None:
        """Compute a table and keep it under a name."""
        self._connection.execute(f'CREATE TABLE "{name}" AS {self.render(query)}')

    def fetch(self, query: str | exp.Expression) -> pa.Table:
        """Return the rows of a query."""
        return self._connection.sql(self.render(query)).to_arrow_table()

    @staticmethod
    def render(query: str | exp.Expression, *, pretty: bool = False) -> str:
        """Return a query as DuckDB reads it."""
        if isinstance(query, str):
            return _render_text(query, pretty=pretty)
        return query.sql(dialect="duckdb", pretty=pretty)


@lru_cache(maxsize=256)
def _render_text(query: str, *, pretty: bool) -> str:
    """Return a statement of the engine's own text in DuckDB's dialect; the texts are few and asked for again."""
    return sqlglot.parse_one(query, dialect="duckdb").sql(dialect="duckdb", pretty=pretty)
