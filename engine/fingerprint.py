"""Fingerprints of log entries: what an entry says, in a few characters, so that two logs can be held together later."""

from __future__ import annotations

import pyarrow as pa

from engine.backends.duck import connect

UNSAID = frozenset({"id", "file", "place"})
"""Columns that a fingerprint leaves out: entries are matched by their ids, and where one stood says nothing."""

LENGTH = 16


def fingerprint_entries(events: pa.Table) -> pa.Array:
    """Return a fingerprint for each entry of a log (`events.table`), in its order.

    Only attributes that an entry has go into it, by name and in the order of the names: a later vocabulary with more
    attributes gives an old entry the same fingerprint.
    """
    if not events.num_rows:
        return pa.array([], pa.string())
    names = sorted(name for name in events.schema.names if name not in UNSAID and events[name].null_count < len(events))
    parts = ", ".join(f"""'{name}=' || CAST("{name}" AS VARCHAR)""" for name in names)
    query = f"SELECT left(sha256(concat_ws(chr(31), {parts})), {LENGTH}) AS fingerprint FROM entries"
    with connect() as connection:
        # the names are those of the vocabulary and the order is that of the table
        connection.register("entries", events)
        found: pa.Table = connection.sql(query).to_arrow_table()
    return found["fingerprint"].combine_chunks()
