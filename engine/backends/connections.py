"""Connections to DuckDB that print nothing: its bar of progress would stand among what a command prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping

SILENT = "SET enable_progress_bar = false"
"""The setting is of a connection; a cursor of one has its own."""


def connect(settings: Mapping[str, str | bool | int | float | list[str]] | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database of its own in memory.

    Args:
        settings: those of the database, by DuckDB's names.
    """
    connection = duckdb.connect(":memory:", config=dict(settings or {}))
    connection.execute(SILENT)
    return connection


def beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return another connection to the same database."""
    cursor = connection.cursor()
    cursor.execute(SILENT)
    return cursor
