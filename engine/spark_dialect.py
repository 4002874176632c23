"""The engine's statements as Spark reads them: what sqlglot's printer for Spark leaves different is changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def to_spark(query: exp.Expr, *, pretty: bool = False) -> str:
    """Return a query in Spark's dialect that gives the rows that DuckDB gives."""
    return query.sql(dialect="spark", pretty=pretty)
