"""What evaluates the statements: the duties of a database to the engine, and how its own text becomes a query."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import sqlglot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa
    from sqlglot import exp

    Query: TypeAlias = str | exp.Expr

DIALECT: Final = "duckdb"
"""The dialect that the statements of the engine are written in."""


class Backend(Protocol):
    """A database that holds the tables of one evaluation.

    Its duties:

    - a query is either the engine's own text in `DIALECT` or an expression, which it prints (`render`); no text from
      outside is ever pasted into one;
    - `create` computes a table once, however often it is read; `define` only names a query;
    - no event and no verdict passes through Python, except by `load` and `fetch`, which are for what fits a person's
      machine: a county's log, the rules, summaries.
    """

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""

    def read(self, name: str, paths: Sequence[Path | str]) -> None:
        """Make Parquet files, or folders of them partitioned by `column=value`, known under a name, without reading."""

    def create(self, name: str, query: Query) -> None:
        """Compute a table and keep it under a name."""

    def define(self, name: str, query: Query) -> None:
        """Make a query known under a name."""

    def fetch(self, query: Query) -> pa.Table:
        """Return the rows of a query, in its order."""

    def write(self, query: Query, path: Path | str) -> None:
        """Write the rows of a query, in its order, as Parquet: one file, or a folder of files sorted by their names."""

    def render(self, query: Query, *, pretty: bool = False) -> str:
        """Return a query as this database reads it."""


@lru_cache(maxsize=512)
def _parsed(text: str) -> exp.Expr:
    """Return a statement of the engine's own text; the texts are few and asked for again."""
    return sqlglot.parse_one(text, dialect=DIALECT)


def parsed(query: Query) -> exp.Expr:
    """Return a query as an expression, which is not to be changed."""
    return _parsed(query) if isinstance(query, str) else query
