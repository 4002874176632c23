"""The canonical form of an event: the one text that its content has, whatever file it came from.

An object of JSON in UTF-8 without spaces: `id`, `type`, `unit`, `subject`, `occurred_at`, `recorded_at`, `corrects`,
`retracts`, `data`, in this order, and the attributes of `data` by name; what is not known is left out. `"`, a backslash
and control characters are escaped; those stand in names of files and sheets only, since cleaned text has none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONTROL = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_ESCAPED = rf'["\\]|{_CONTROL}'
_CONTROLS = re.compile(_CONTROL)
_WHOLE = 1e15
"""Up to here a number without a fraction is written without one."""


def event_texts(table: pa.Table) -> pa.Array:
    """Return the canonical form of each event.

    Args:
        table: events (`events.table`), without more rows than fit in memory as text.
    """
    table = table.combine_chunks()
    same = pc.equal(table["recorded_at"], table["occurred_at"])
    occurred = _moments(table["occurred_at"])
    pieces = {
        **{name: quoted(table[name]) for name in ("id", "type", "unit", "subject")},
        "occurred_at": quoted(pc.if_else(table["timed"], occurred, pc.utf8_slice_codeunits(occurred, 0, 10))),
        # known to be equal is the same as not given: an entry counts as recorded when it occurred
        "recorded_at": quoted(pc.if_else(same, pa.scalar(None, pa.string()), _moments(table["recorded_at"]))),
        **{name: quoted(table[name]) for name in ("corrects", "retracts")},
        "data": _data(table),
    }
    return _object([_member(name, values) for name, values in pieces.items() if values.null_count < len(values)])


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return texts put together row by row; a row where one is missing has none."""
    return pc.binary_join_element_wise(*map(_part, parts), "")


def joined_bytes(texts: pa.Array) -> memoryview:
    """Return texts one after another in UTF-8, none of which is missing."""
    _, offsets, content = texts.buffers()
    ends = pa.Array.from_buffers(pa.int32(), len(texts) + 1, [None, offsets], offset=texts.offset)
    return memoryview(content or b"")[ends[0].as_py() : ends[len(texts)].as_py()]


def quoted(texts: pa.Array) -> pa.Array:
    """Return texts as strings of JSON."""
    return joined('"', _escaped(texts), '"')


def json_text(text: str) -> str:
    """Return a text as a string of JSON on one line, its control characters escaped, and what is no text shown."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(whole, ensure_ascii=False))


def record_text(record: Mapping[str, object]) -> str:
    """Return the record of an import as an object of JSON, its fields in their order."""
    members = (f'"{name}":{json_text(one) if isinstance(one, str) else one}' for name, one in record.items())
    return f"{{{','.join(members)}}}"


def _part(part: pa.Array | str) -> pa.Array | pa.Scalar:
    if isinstance(part, str):
        return pa.scalar(part)
    return part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part


def _escaped(texts: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(texts, _ESCAPED)).as_py():
        return texts
    plain = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    odd = pc.match_substring_regex(texts, _CONTROL)
    if not pc.any(odd).as_py():
        return plain
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return pa.array([None if one is None else json_text(one)[1:-1] for one in whole.to_pylist()], pa.string())


def _member(name: str, values: pa.Array) -> pa.Array:
    return joined(f',"{name}":', values)


def _object(members: Sequence[pa.Array]) -> pa.Array:
    """Return objects of the members that rows have; each member begins with a comma."""
    # null_handling="skip" would lose the rows that have no member at all
    inside = pc.binary_join_element_wise(*map(_part, members), "", null_handling="replace", null_replacement="")
    return joined("{", pc.utf8_slice_codeunits(inside, 1), "}")


def _data(table: pa.Table) -> pa.Array:
    """Return the attributes of each event, None where there are none."""
    names = sorted(name for name in table.column_names if name.startswith("data."))
    used = [name for name in names if table[name].null_count < table.num_rows]
    if not used:
        return pa.nulls(table.num_rows, pa.string())
    objects = _object([_member(name.removeprefix("data."), _values(table[name])) for name in used])
    return pc.if_else(pc.equal(objects, "{}"), pa.scalar(None, pa.string()), objects)


def _values(column: pa.ChunkedArray) -> pa.Array:
    """Return the values of an attribute as JSON."""
    values = column.combine_chunks()
    if pa.types.is_string(values.type):
        return quoted(values)
    if pa.types.is_list(values.type):
        texts = pa.ListArray.from_arrays(values.offsets, quoted(values.values), mask=pc.is_null(values))
        return joined("[", pc.binary_join(texts, ","), "]")
    if pa.types.is_floating(values.type):
        coded = values.dictionary_encode()
        return pa.array([_number(one) for one in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    return values.cast(pa.string())


def _number(value: float) -> str:
    """Return a number as JSON writes it: the shortest text that means it, a whole one without a fraction."""
    return str(int(value)) if value.is_integer() and abs(value) <= _WHOLE else json.dumps(value)


def _moments(column: pa.ChunkedArray) -> pa.Array:
    """Return local times as `2023-07-14T09:30:00`, with six digits of a second where there is a fraction."""
    moments = column.combine_chunks()
    if pc.all(pc.equal(pc.floor_temporal(moments, unit="second"), moments)).as_py():
        moments = moments.cast(pa.timestamp("s"))
    texts = pc.replace_substring(moments.cast(pa.string()), " ", "T")
    return pc.replace_substring_regex(texts, r"\.000000$", "") if moments.type.unit == "us" else texts
