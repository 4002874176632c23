"""The entries of all files together: ids that repeat, and corrections and withdrawals that lead nowhere.

An id is unique within its unit. Where two units number their entries alike, the table names each of them `unit:id`, and
so do the corrections that point to them; every other id stays as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events import findings
from events.normalise.chains import chain_problems
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from events.normalise.chains import Key
    from events.problems import Problem

_KEY = ("unit", "id")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class WholeLog:
    """The entries of all files together.

    Attributes:
        table: each entry once, under an id that no other one has (`unit:id` where two units share it).
        problems: what is wrong with them.
        shared: the ids that more than one unit has.
    """

    table: pa.Table
    problems: tuple[Problem, ...]
    shared: frozenset[str]


def check_whole_log(
    table: pa.Table, rejected: Collection[str] = (), evaluates: Callable[[str], bool] | None = None
) -> WholeLog:
    """Return the entries without repeats and without corrections that lead nowhere, and what is wrong.

    Args:
        table: the entries of all files.
        rejected: ids of entries that stand in the files but could not be read.
        evaluates: says of a unit whether it evaluates, and so may correct the entries of others; without it nobody is
            asked who corrects.
    """
    repeated = _repeated(table["id"])
    table, problems = _drop_repeats(table, repeated)
    wrong, targets = chain_problems(table, rejected, evaluates)
    if wrong:
        gone = pa.array([key in wrong for key in zip(*(table[name].to_pylist() for name in _KEY), strict=True)])
        table = table.filter(pc.invert(gone))
    shared = shared_ids(table["unit"], table["id"]) if len(repeated) else frozenset()
    return WholeLog(_tell_apart(table, targets, shared), (*problems, *wrong.values()), shared)


def shared_ids(units: pa.ChunkedArray, ids: pa.ChunkedArray) -> frozenset[str]:
    """Return the ids that more than one unit has, of entries that are unique within their unit.

    An id that reads like the name that such an entry gets (`minzheng:1`) is among them, so that no two are named alike.
    """
    shared = set(_repeated(ids).to_pylist())
    if not shared:
        return frozenset()
    pairs = list(zip(units.to_pylist(), ids.to_pylist(), strict=True))
    while True:
        names = {f"{unit}:{one}" for unit, one in pairs if one in shared}
        more = {one for _, one in pairs if one in names} - shared
        if not more:
            return frozenset(shared)
        shared |= more


def _repeated(ids: pa.ChunkedArray) -> pa.Array:
    """Return the ids that occur more than once."""
    if len(pc.unique(ids)) == len(ids):  # which is so mostly, and takes less memory than counting
        return pa.nulls(0, pa.string())
    counts = pa.table({"id": ids}).group_by("id").aggregate([([], "count_all")])
    return _one(counts.filter(pc.greater(counts["count_all"], 1))["id"])


def named_apart(units: pa.ChunkedArray, ids: pa.ChunkedArray, shared: Collection[str]) -> pa.Array:
    """Return ids with those of `shared` written `unit:id`."""
    if not shared:
        return _one(ids)
    among = pc.is_in(ids, pa.array(sorted(shared), pa.string()))
    return _one(pc.if_else(among, pc.binary_join_element_wise(units, ids, ":"), ids))


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _tell_apart(table: pa.Table, targets: Mapping[Key, Key], shared: Collection[str]) -> pa.Table:
    """Return the table under ids that are unique in all of it; corrections name their targets so."""
    if shared:
        table = _with(table, "id", named_apart(table["unit"], table["id"], shared))
    known = {_name(key, shared): _name(target, shared) for key, target in targets.items()}
    if all(target == one for (_, target), one in zip(targets.values(), known.values(), strict=True)):
        return table
    for name in ("corrects", "retracts"):
        values = [
            None if old is None else known.get(own, old)
            for own, old in zip(table["id"].to_pylist(), table[name].to_pylist(), strict=True)
        ]
        table = _with(table, name, pa.array(values, pa.string()))
    return table


def _name(key: Key, shared: Collection[str]) -> str:
    return f"{key[0]}:{key[1]}" if key[1] in shared else key[1]


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _drop_repeats(table: pa.Table, repeated: pa.Array) -> tuple[pa.Table, list[Problem]]:
    """Return the first entry of every id of a unit, and a problem for each later one with other content.

    Args:
        table: the entries.
        repeated: the ids that occur more than once.
    """
    if not len(repeated):
        return table, []
    rows = pc.indices_nonzero(pc.is_in(table["id"], repeated))
    first: dict[tuple[str, str], dict[str, Any]] = {}
    dropped: list[int] = []
    problems: list[Problem] = []
    for index, row in _rows(table, rows):
        where = place_of(row["file"], row["place"])
        content = {name: value for name, value in row.items() if value is not None and name not in {"file", "place"}}
        kept = first.setdefault((row["unit"], row["id"]), {"where": where, "content": content, "index": index})
        if kept["index"] == index:
            continue
        dropped.append(index)
        if kept["content"] != content:
            problems.append(findings.duplicate_id(where, row["id"], kept["where"]))
    keep = pc.invert(pc.is_in(pa.array(range(table.num_rows)), pa.array(dropped, pa.int64())))
    return table.filter(keep), problems


def _rows(table: pa.Table, indices: pa.Array) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield some rows with their indices; a few thousand are in memory at a time."""
    for start in range(0, len(indices), _BATCH):
        some = indices.slice(start, _BATCH)
        yield from zip(some.to_pylist(), table.take(some).to_pylist(), strict=True)
