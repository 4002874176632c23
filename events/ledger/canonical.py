"""The canonical form of an event: the one text that its content has, whatever file it came from.

An object of JSON in UTF-8 without spaces: `id`, `type`, `unit`, `subject`, `occurred_at`, `recorded_at`, `corrects`,
`retracts`, `data`, in this order, and the attributes of `data` by name; what is not known is left out. `"`, a backslash
and control characters are escaped; those stand in names of files and sheets only, since cleaned text has none.
"""

from __future__ import annotations

import json
import re
from itertools import chain, groupby
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc

from events.table import joined_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    Parts = list[pa.Array | str]

_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_ESCAPED = rf'["\\]|{_CONTROL}'
_CONTROLS = re.compile(_CONTROL)
_SUSPECT = bytes(range(0x20)) + b'"\\\x7f\xc2\xe2'
"""Bytes without which nothing is escaped; the last two begin characters of which some are."""
_DAY = len("2023-07-14")
_WHOLE = 1e15
"""Up to here a number without a fraction is written without one."""


def event_parts(table: pa.Table) -> Parts:
    """Return the canonical form of each event, as texts that are put together row by row (`joined`).

    Args:
        table: events (`events.table`), without more rows than fit in memory as text.
    """
    same = pc.equal(table["recorded_at"], table["occurred_at"])
    moments = _moments(table["occurred_at"])
    occurred = pc.if_else(table["timed"], moments, pc.utf8_slice_codeunits(moments, 0, _DAY))
    # known to be equal is the same as not given: an entry counts as recorded when it occurred
    recorded = pc.if_else(same, pa.scalar(None, pa.string()), _moments(table["recorded_at"]))
    members = [
        *(_text_member(name, table[name]) for name in ("type", "unit", "subject")),
        _member("occurred_at", '"', _whole(occurred), '"'),
        _member("recorded_at", '"', _whole(recorded), '"'),
        *(_text_member(name, table[name]) for name in ("corrects", "retracts")),
        _data(table),
    ]
    return ['{"id":"', escaped(_whole(table["id"])), '"', *chain.from_iterable(members), "}"]


def joined(parts: Parts) -> pa.Array:
    """Return texts put together row by row; a row where one is missing has none."""
    whole = chain.from_iterable(
        ["".join(cast("list[str]", [*run]))] if fixed else run
        for fixed, run in groupby(parts, lambda one: isinstance(one, str))
    )
    return pc.binary_join_element_wise(*(pa.scalar(one) if isinstance(one, str) else one for one in whole), "")


def escaped(texts: pa.Array) -> pa.Array:
    """Return texts as they stand in a string of JSON, between its quotation marks."""
    content = bytes(joined_bytes(texts))
    if len(content.translate(None, _SUSPECT)) == len(content):
        return texts
    if not pc.any(pc.match_substring_regex(texts, _ESCAPED)).as_py():
        return texts
    plain = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    odd = pc.match_substring_regex(texts, _CONTROL)
    if not pc.any(odd).as_py():
        return plain
    return pa.array([None if one is None else json_text(one)[1:-1] for one in texts.to_pylist()], pa.string())


def json_text(text: str) -> str:
    """Return a text as a string of JSON on one line, its control characters escaped, and what is no text shown."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(whole, ensure_ascii=False))


def record_text(record: Mapping[str, object]) -> str:
    """Return the record of an import as an object of JSON, its fields in their order."""
    members = (f'"{name}":{json_text(one) if isinstance(one, str) else one}' for name, one in record.items())
    return f"{{{','.join(members)}}}"


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _text_member(name: str, column: pa.ChunkedArray) -> Parts:
    return [] if column.null_count == len(column) else _member(name, '"', escaped(_whole(column)), '"')


def _member(name: str, before: str, values: pa.Array, after: str) -> Parts:
    """Return a member of an object, its comma before it; rows without a value have nothing of it."""
    parts: Parts = [f',"{name}":{before}', values, after]
    if values.null_count == len(values):
        return []
    return [pc.fill_null(joined(parts), "")] if values.null_count else parts


def _data(table: pa.Table) -> Parts:
    """Return the member with the attributes of each event; rows without any have nothing of it."""
    names = sorted(name for name in table.column_names if name.startswith("data."))
    used = [name for name in names if table[name].null_count < table.num_rows]
    members = list(chain.from_iterable(_member(name[len("data.") :], *_value(table[name])) for name in used))
    if members and isinstance(members[0], str):  # every row has the first attribute
        return [',"data":{', members[0].removeprefix(","), *members[1:], "}"]
    if not members:
        return []
    inside = joined(members)
    objects = joined([',"data":{', pc.utf8_slice_codeunits(inside, 1), "}"])
    return [pc.if_else(pc.equal(inside, ""), "", objects)]


def _value(column: pa.ChunkedArray) -> tuple[str, pa.Array, str]:
    """Return what stands before, in and after the values of an attribute as JSON."""
    values = column.combine_chunks()
    if pa.types.is_string(values.type):
        return '"', escaped(values), '"'
    if pa.types.is_list(values.type):
        quoted = joined(['"', escaped(values.values), '"'])
        texts = pa.ListArray.from_arrays(values.offsets, quoted, mask=pc.is_null(values))
        return "[", pc.binary_join(texts, ","), "]"
    if pa.types.is_floating(values.type):
        coded = values.dictionary_encode()
        return "", pa.array([_number(one) for one in coded.dictionary.to_pylist()], pa.string()).take(coded.indices), ""
    return "", values.cast(pa.string()), ""


def _number(value: float) -> str:
    """Return a number as JSON writes it: the shortest text that means it, a whole one without a fraction."""
    return str(int(value)) if value.is_integer() and abs(value) <= _WHOLE else json.dumps(value)


def _moments(column: pa.ChunkedArray) -> pa.Array:
    """Return local times as `2023-07-14T09:30:00`, with six digits of a second where there is a fraction."""
    coded = column.combine_chunks().dictionary_encode()  # most are days, which come again and again
    moments = coded.dictionary
    if pc.all(pc.equal(pc.floor_temporal(moments, unit="second"), moments)).as_py():
        moments = moments.cast(pa.timestamp("s"))
    texts = pc.replace_substring(moments.cast(pa.string()), " ", "T")
    written = pc.replace_substring_regex(texts, r"\.000000$", "") if moments.type.unit == "us" else texts
    return written.take(coded.indices)
