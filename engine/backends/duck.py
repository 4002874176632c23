"""The embedded DuckDB: tables in, one statement after another, an Arrow table out."""

from __future__ import annotations

import os
import re
from collections import deque
from itertools import chain, count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Self, TypeAlias

import duckdb

from engine.backends.text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    import pyarrow as pa

    from engine.backends.base import Chain

Create: TypeAlias = "Callable[[str, str], object]"
"""What computes a table: its name, its query."""

_LITERAL = re.compile(r"[\[*?]")
"""Characters of a path that DuckDB would take for a pattern."""

_NAME = re.compile(r"\w+")
"""A word of a query that may be the name of a table."""

_BATCH = 65_536
"""Rows of a batch that is handed to Python."""

_NUMBERS = count(1)

_PLAIN_ROWS = 122_880
"""Rows of a row group of Parquet that is streamed: DuckDB's own, so that a group is written by one thread at a time."""

_GIVE_BACK = "SET allocator_bulk_deallocation_flush_threshold = '8MB'"
"""What sorting and writing free from then on goes back at once; at all statements it would cost a fifth of the time."""

SILENT = "SET enable_progress_bar = false"
"""DuckDB's bar of progress would stand among what a command prints. A cursor of a connection has its own setting."""


def connect(settings: Mapping[str, str | bool | int | float | list[str]] | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database of its own in memory.

    Args:
        settings: those of the database, by DuckDB's names.
    """
    connection = duckdb.connect(":memory:", config=dict(settings or {}))
    connection.execute(SILENT)
    return connection


def connection_beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return another connection to the same database."""
    cursor = connection.cursor()
    cursor.execute(SILENT)
    return cursor


def _create(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    """Compute a table and keep it under a name."""
    connection.execute(f'CREATE TABLE "{name}" AS {query}')


def work_off(chains: Sequence[Chain], first: Create, second: Create) -> None:
    """Compute the tables of all chains, by `first` in this thread and by `second` in another one.

    Args:
        chains: no table of one reads a table of another.
        first: what computes a table here.
        second: what computes one there; both are used by one thread each.

    Raises:
        Exception: what either raises; chains that were not begun then are left.
    """
    waiting = deque(sorted(chains, key=_length, reverse=True))  # the longest first, so that both end at about one time
    failed: list[BaseException] = []

    def beside() -> None:
        try:
            _work(waiting, second)
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits for this one
            waiting.clear()
            failed.append(error)

    thread = Thread(target=beside, name="second lane")
    thread.start()
    try:
        _work(waiting, first)
    finally:
        waiting.clear()
        thread.join()
    if failed:
        raise failed[0]


def _work(waiting: deque[Chain], create: Create) -> None:
    """Take chain after chain until none is left."""
    while waiting:
        try:
            chain = waiting.popleft()
        except IndexError:  # the other thread took the last one
            return
        for name, query in chain:
            create(name, query)


def _length(chain: Chain) -> int:
    """Return how long the text of a chain is: among few entries, statements take their time to be planned."""
    return sum(len(query) for _, query in chain)


class DuckBackend:
    """One in-memory database for one evaluation (`engine.backends.base.Backend`)."""

    def __init__(
        self,
        *,
        memory: str | None = None,
        scratch: Path | None = None,
        threads: int | None = None,
        lanes: bool = False,
        beside: DuckBackend | None = None,
    ) -> None:
        """Open an empty database.

        Args:
            beside: another one, with which it shares DuckDB's own memory and processors; to start DuckDB anew takes 20
                ms. The other arguments are not looked at then.
            memory: how much it may take, such as `8GB`, before it spills; DuckDB's own limit without.
            scratch: the folder that it spills to; DuckDB's own (`.tmp` in the working folder) without.
            threads: how many processors a statement may use; all without.
            lanes: whether two statements that do not read one another run at once (`create_apart`).
        """
        self._connection: duckdb.DuckDBPyConnection
        self._given: dict[str, pa.Table] = {}
        self._lanes = lanes and beside is None and (os.cpu_count() or 1) > 1
        self._name = None if beside is None else f"beside_{next(_NUMBERS)}"
        if beside is not None:
            self._connection = connection_beside(beside._connection)  # noqa: SLF001 - of its own class
            self._connection.execute(f"ATTACH ':memory:' AS {self._name}")
            self._connection.execute(f"USE {self._name}")
            return
        settings: dict[str, str | bool | int | float | list[str]] = {}
        self._limit = "RESET memory_limit" if memory is None else f"SET memory_limit = {quoted(memory)}"
        if memory is not None:
            settings["memory_limit"] = memory
        if scratch is not None:
            settings["temp_directory"] = str(scratch)
        if threads is not None:
            settings["threads"] = threads
        self._connection = connect(settings)
        self._connection.execute("SET preserve_insertion_order = false")
        # DuckDB would group what may cover something before it is joined with what is to be covered: six times the rows
        self._connection.execute("SET disabled_optimizers = 'partial_aggregate_pushdown'")

    def __enter__(self) -> Self:
        """Return the backend."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        if self._name is not None:
            self._connection.execute("USE memory")
            self._connection.execute(f"DETACH {self._name}")
        self._connection.close()

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        self._connection.register(name, table)
        if self._lanes:
            self._given[name] = table

    def read(self, name: str, paths: Sequence[Path | str]) -> None:
        """Make Parquet files known under a name; a folder stands for all files in it and below."""
        files = [str(Path(path) / "**" / "*.parquet") if Path(path).is_dir() else str(path) for path in paths]
        relation = self._connection.read_parquet(files, hive_partitioning=True, union_by_name=True)
        relation.create_view(name)

    def read_files(self, name: str, files: Sequence[str]) -> None:
        """Make Parquet files in folders `county=…` known under a name, with `county`, without reading."""
        paths = ", ".join(quoted(_LITERAL.sub(r"[\g<0>]", file)) for file in files)
        options = "hive_partitioning = true, hive_types_autocast = false, union_by_name = true"
        source = f"read_parquet([{paths}], {options})"
        self._connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM {source}')

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of a table's columns."""
        return tuple(self._connection.table(name).columns)

    def types(self, name: str) -> tuple[str, ...]:
        """Return the types of a table's columns."""
        return tuple(str(one) for one in self._connection.table(name).types)

    def create(self, name: str, query: str) -> None:
        """Compute a table and keep it under a name."""
        _create(self._connection, name, query)

    def create_apart(self, chains: Sequence[Chain]) -> None:
        """Compute the tables of several chains that do not read one another, and keep them under their names."""
        if not self._lanes:
            for name, query in chain.from_iterable(chains):
                self.create(name, query)
            return
        named = set(_NAME.findall(" ".join(query for _, query in chain.from_iterable(chains))))
        with connection_beside(self._connection) as other:
            for name in named & self._given.keys():  # an Arrow table is known to its own connection only
                other.register(name, self._given[name])
            work_off(chains, self.create, lambda name, query: _create(other, name, query))

    def define(self, name: str, query: str) -> None:
        """Make a query known under a name."""
        self._connection.execute(f'CREATE VIEW "{name}" AS {query}')

    def forget(self, names: Sequence[str]) -> None:
        """Give up tables that nothing reads any more, and give back what memory they took."""
        for name in names:
            self._connection.execute(f'DROP TABLE "{name}"')
        if self._name is None:
            # DuckDB's allocator keeps what is free for later; a limit that is set, even to what it was, empties it
            self._connection.execute(f"{_GIVE_BACK}; {self._limit}")

    def fetch(self, query: str) -> pa.Table:
        """Return the rows of a query."""
        return self._connection.sql(query).to_arrow_table()

    def stream(self, query: str) -> pa.RecordBatchReader:
        """Return the rows of a query a batch at a time."""
        return self._connection.sql(query).to_arrow_reader(_BATCH)

    def write(self, query: str, path: Path | str) -> None:
        """Write the rows of a query as one Parquet file, streamed."""
        target = quoted(str(path))
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_PLAIN_ROWS}"
        # a relation of DuckDB's own would be bound once to describe it, and once more to write it
        self._connection.execute(f"COPY ({query}) TO {target} ({options})")

    def copy_to(self, path: Path, tables: Mapping[str, str | None]) -> None:
        """Copy tables into a DuckDB file that does not exist yet.

        Args:
            path: the file.
            tables: the name of each; and a query, where it is not a table or view of this database.

        Raises:
            OSError: it cannot be written.
        """
        target = quoted(str(path))
        try:
            self._connection.execute(f"ATTACH {target} AS kept_in_a_file")
            for name, query in tables.items():
                source = f'SELECT * FROM "{name}"' if query is None else query
                self._connection.execute(f'CREATE TABLE kept_in_a_file."{name}" AS {source}')
            self._connection.execute("DETACH kept_in_a_file")
        except duckdb.IOException as error:
            raise OSError(str(error).splitlines()[0]) from error
