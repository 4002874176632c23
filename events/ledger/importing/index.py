"""The index of a ledger's events, used while entries are compared: id, target and place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events import findings
from events.ledger.importing.contents import differ
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.problems import Problem

INDEX = pa.schema(dict.fromkeys(("id", "unit", "corrects", "retracts", "file", "place"), pa.string()))
"""What is known of every event while entries are compared."""

_FEWER = 8
"""Where there are so many times more earlier entries, those of the same ids are picked out first."""


def index_of(rows: pa.Table) -> pa.Table:
    """Return the index of entries that are events.

    Args:
        rows: what `load.origin_tables` gives.
    """
    event = rows["event"].combine_chunks()
    columns = {name: pc.struct_field(event, name) for name in ("id", "unit", "corrects", "retracts")}
    return pa.table({**columns, "file": rows["file"], "place": rows["place"]}, INDEX)


def first_places(index: pa.Table, earlier: pa.Table) -> pa.Array:
    """Return the number of the first entry of the same id of the same unit, None where there is none."""
    if not earlier.num_rows:
        return pa.nulls(index.num_rows, pa.int64())
    if earlier is index and _only_growing(index["id"].combine_chunks()):
        return pa.arange(0, index.num_rows)
    keys = _keys(index)
    if index.num_rows * _FEWER > earlier.num_rows:
        return pc.index_in(keys, keys if earlier is index else _keys(earlier)).cast(pa.int64())
    near = pc.indices_nonzero(pc.is_in(earlier["id"], pc.unique(index["id"]))).cast(pa.int64())
    return near.take(pc.index_in(keys, _keys(earlier.take(near))))


def _only_growing(ids: pa.Array) -> bool:
    """Say whether each id is greater than the one before, so that each is there once."""
    others = ids.slice(0, max(len(ids) - 1, 0))
    return not len(others) or bool(pc.all(pc.greater(ids.slice(1), others)).as_py())


def _keys(index: pa.Table) -> pa.Array:
    """Return what an entry is known by: an id is unique within its unit."""
    return pc.binary_join_element_wise(index["unit"], index["id"], "\x1f").combine_chunks()


def conflicts_in(index: pa.Table, bodies: Callable[[], Iterable[bytes]]) -> list[Problem]:
    """Return a problem for each event whose id an earlier one of its unit with other content has.

    Args:
        index: the index.
        bodies: gives what stands in the entry of each event (`contents`); asked only where an id comes again.
    """
    first = first_places(index, index)
    rows = pc.indices_nonzero(pc.not_equal(first, pa.arange(0, len(first)))).cast(pa.int64())
    places = first.take(rows)
    wrong = differ((rows, bodies), (places, bodies))
    problems = []
    for row, place in zip(rows.filter(wrong).to_pylist(), places.filter(wrong).to_pylist(), strict=True):
        new, old = (index.slice(number, 1).to_pylist()[0] for number in (row, place))
        there = place_of(str(old["file"]), str(old["place"]))
        problems.append(findings.duplicate_id(place_of(new["file"], new["place"]), new["id"], there))
    return problems
