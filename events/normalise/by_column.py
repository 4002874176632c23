"""Rows that are in the form of the log already, read column by column: the quick way for large files.

A block of rows is read here whole or not at all. What has anything in it that has to be put into form, or that somebody
has to be told, goes through `events.normalise.by_row` row by row; both ways give the same events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.table import ATTRIBUTE_TYPES, MOMENT, joined_bytes, nulls, schema
from events.values.attributes import CUT, beside, measured, read_value, undivided
from events.values.dates import FIRST_YEAR, LAST_YEAR, DateError
from events.values.numbers import ValueReadError
from events.values.text import MAX_LENGTH, TextError, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from events.rows import UnitNames
    from events.vocabulary import Attribute, Vocabulary

_SEEN = r"!-~\x{4e00}-\x{9fa5}〔〕《》“”、。，；：？！（）"
_PLAIN = rf"^[{_SEEN}]([ {_SEEN}]*[{_SEEN}])?$"
"""What most texts are, and what is clean: characters that are seen and composed, spaces only between them."""
_PLAIN_BYTES = bytes((*range(0x21, 0x7F), *range(0x80, 0xC0), *range(0xE4, 0xEA)))
"""What characters that are seen consist of in UTF-8: those of ASCII, and U+4000 to U+9FFF."""
_SIGNS = {
    lead: [one.encode() for one in "〔〕《》“”、。，；：？！（）" if one.encode()[:1] == lead]
    for lead in (b"\xe2", b"\xe3", b"\xef")
}
"""The other signs of `_SEEN`, by the byte that each begins with."""
_BESIDES = b" " + b"".join(_SIGNS)
_CUT = b"E+"
"""What a number has in it whose last digits a spreadsheet cut off (`CUT`)."""
_IN_MOMENTS = b"0123456789-T:."
_MOMENTS = [len(one) for one in ("2023-07-14", "2023-07-14T09:30", "2023-07-14T09:30:00", "2023-07-14T09:30:00.000000")]
_DAY = len("2023-07-14")
_FEW = 5_000
"""Up to how many different texts of an attribute are read one by one."""
_NEEDED = ("id", "type", "unit", "occurred_at")


class _NotInFormError(Exception):
    """Something has to be put into form, or told."""


def read_columns(
    block: pa.Table, file: str, numbers: Sequence[int], names: UnitNames, vocabulary: Vocabulary
) -> pa.Table | None:
    """Return a block of rows as events (`events.table`), None where it has to be read row by row.

    Args:
        block: the fields of the contract as columns, attributes as `data.x`, or as a struct in `data`.
        file: the file as problems show it.
        numbers: the number of each row in it.
        names: the unit registry.
        vocabulary: the vocabulary.
    """
    try:
        return _Block(block, vocabulary).events(file, numbers, names)
    except (_NotInFormError, pa.ArrowException, TextError, ValueReadError, DateError, UnicodeDecodeError):
        return None


class _Block:
    """One block on its way."""

    def __init__(self, block: pa.Table, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rows = block.num_rows
        self._columns: dict[str, pa.Array] = {}
        for name, column in zip(block.column_names, block.columns, strict=True):
            if name == "data":
                self._take_apart(_one(column))
            else:
                self._add(name, _one(column))

    def events(self, file: str, numbers: Sequence[int], names: UnitNames) -> pa.Table:
        """Return the events."""
        for name in _NEEDED:
            if name not in self._columns or self._columns[name].null_count:
                raise _NotInFormError
        occurred, timed = _moments(self._columns["occurred_at"])
        given = self._columns.get("recorded_at")
        kinds = _named(self._columns["type"], self._vocabulary.find_type)
        found = {
            "id": _texts(self._columns["id"]),
            "type": kinds,
            "unit": _named(self._columns["unit"], names.find),
            "occurred_at": occurred,
            "timed": timed,
            "recorded_at": occurred if given is None else pc.coalesce(_moments(given)[0], occurred),
            "file": pa.repeat(file, self._rows),
            "place": _numbered(numbers).cast(pa.string()),
        }
        found |= {name: _texts(self._column(name)) for name in ("subject", "corrects", "retracts")}
        self._check_subjects(kinds, found["subject"], found["retracts"])
        for attribute, column in self._attributes():
            self._check_kinds(attribute, column, kinds)
            found[f"data.{attribute.name}"] = _values(attribute, column)
        columns = schema(self._vocabulary)
        empty = {one.name: nulls(self._rows, one.type) for one in columns if one.name not in found}
        self._check_named(found, kinds)
        return pa.Table.from_arrays([found.get(name, empty.get(name)) for name in columns.names], schema=columns)

    def _check_named(self, found: Mapping[str, pa.Array], kinds: pa.Array) -> None:
        """Check that each figure of an indicator says which one it is of."""
        if "data.value" not in found:
            return
        named = [one.name for one in self._vocabulary.types.values() if "indicator" in one.attributes]
        nameless = pc.is_null(found.get("data.indicator", pa.nulls(self._rows)))
        asked = pc.and_(pc.is_valid(found["data.value"]), pc.is_in(kinds, pa.array(named, pa.string())))
        if pc.any(pc.and_(asked, nameless)).as_py():
            raise _NotInFormError

    def _take_apart(self, data: pa.Array) -> None:
        """Take the attributes out of a struct; JSON text and maps are read row by row."""
        if data.null_count == len(data):
            return
        if not pa.types.is_struct(data.type):
            raise _NotInFormError
        for one in data.type:
            self._add(f"data.{one.name}", pc.struct_field(data, one.name))

    def _add(self, name: str, column: pa.Array) -> None:
        if name in self._columns:
            raise _NotInFormError
        if column.null_count < len(column):
            self._columns[name] = _decoded(column)

    def _column(self, name: str) -> pa.Array:
        column = self._columns.get(name)
        return pa.nulls(self._rows, pa.string()) if column is None else column

    def _check_subjects(self, kinds: pa.Array, subjects: pa.Array, retracts: pa.Array) -> None:
        needing = [one.name for one in self._vocabulary.types.values() if one.subject == "required"]
        lacks = pc.and_(pc.is_null(subjects), pc.is_null(retracts))
        if pc.any(pc.and_(lacks, pc.is_in(kinds, pa.array(needing, pa.string())))).as_py():
            raise _NotInFormError

    def _attributes(self) -> Iterator[tuple[Attribute, pa.Array]]:
        """Yield the columns that hold attributes, each of another one."""
        seen: set[str] = set()
        for name, column in self._columns.items():
            if name in self._vocabulary.fields:
                continue
            attribute = self._vocabulary.find_attribute(name)
            if attribute is None or attribute in seen:
                raise _NotInFormError
            seen.add(attribute)
            yield self._vocabulary.attributes[attribute], column

    def _check_kinds(self, attribute: Attribute, column: pa.Array, kinds: pa.Array) -> None:
        """Check that all events that have an attribute may have it."""
        for kind in pc.unique(kinds.filter(pc.is_valid(column))).to_pylist():
            if not self._vocabulary.has(kind, attribute.name):
                raise _NotInFormError


def _values(attribute: Attribute, column: pa.Array) -> pa.Array:
    """Return the values of an attribute in its own type."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        if attribute.type == "text" and not attribute.values:
            return _texts(column)
        return _read(attribute, column)
    if attribute.type == "list" and pa.types.is_list(column.type):
        return _lists(attribute, column)
    return _numbers(attribute, column)


def _numbered(numbers: Sequence[int]) -> pa.Array:
    return pa.arange(numbers.start, numbers.stop) if isinstance(numbers, range) else pa.array(numbers, pa.int64())


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _decoded(column: pa.Array) -> pa.Array:
    """Return a column without the dictionaries that the reader keeps texts in."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_list(column.type) and pa.types.is_dictionary(column.type.value_type):
        return column.cast(pa.list_(column.type.value_type.value_type))
    return column


def _texts(column: pa.Array) -> pa.Array:
    """Return texts, all of which are clean and none blank."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise _NotInFormError
    column = column.cast(pa.string())
    if _any_over(pc.binary_length(column)) and _any_over(pc.utf8_length(column)):  # bytes are counted at once
        raise _NotInFormError
    if _CUT in bytes(joined_bytes(column)) and pc.any(pc.match_substring_regex(column, f"^{CUT.pattern}$")).as_py():
        raise _NotInFormError
    if _is_plain(column):
        return column
    others = column.filter(pc.invert(pc.match_substring_regex(column, _PLAIN)))
    for text in pc.unique(others).to_pylist():
        if text is not None and not _is_clean(text):
            raise _NotInFormError
    return column


def _is_plain(column: pa.Array) -> bool:
    """Say whether all texts are surely clean, by the bytes of all of them; a pattern takes ten times as long.

    Raises:
        pyarrow.ArrowException: a text is no UTF-8.
    """
    column.validate(full=True)
    content = bytes(joined_bytes(column))
    besides = content.translate(None, _PLAIN_BYTES)
    if besides.translate(None, _BESIDES) or pc.any(pc.equal(pc.binary_length(column), 0)).as_py():
        return False
    if b" " in besides and pc.any(pc.or_(pc.starts_with(column, " "), pc.ends_with(column, " "))).as_py():
        return False
    return all(
        besides.count(lead) == sum(map(content.count, signs)) for lead, signs in _SIGNS.items() if lead in besides
    )


def _any_over(lengths: pa.Array) -> bool:
    return bool(pc.any(pc.greater(lengths, MAX_LENGTH)).as_py())


def _is_clean(text: str) -> bool:
    return bool(text) and text.isprintable() and clean_text(text) == text


def _named(column: pa.Array, find: Callable[[str], str | None]) -> pa.Array:
    """Return what the names in a column stand for."""
    coded = column.dictionary_encode()
    found = [find(name) for name in _texts(coded.dictionary).to_pylist()]
    if None in found:
        raise _NotInFormError
    return pa.array(found, pa.string()).take(coded.indices)


def _moments(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return local times, and whether they have a time of day."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
        lengths = pc.binary_length(column)
        if bytes(joined_bytes(column)).translate(None, _IN_MOMENTS) or not pc.all(_is_moment(lengths)).as_py():
            raise _NotInFormError
        moments, timed = column.cast(MOMENT), pc.greater(lengths, _DAY)
    elif pa.types.is_date32(column.type):
        moments, timed = column.cast(MOMENT), pc.if_else(pc.is_valid(column), False, None)  # noqa: FBT003 - a value
    elif pa.types.is_timestamp(column.type) and column.type.tz is None:
        moments = column.cast(MOMENT, safe=column.type.unit != "ns")
        timed = pc.not_equal(moments, pc.floor_temporal(moments, unit="day"))
    else:
        raise _NotInFormError
    years = pc.year(moments)
    if pc.any(pc.or_(pc.less(years, FIRST_YEAR), pc.greater(years, LAST_YEAR))).as_py():
        raise _NotInFormError
    return moments, timed


def _is_moment(lengths: pa.Array) -> pa.Array:
    """Say of texts of these lengths whether they are as long as one of the forms of ISO; None where one is missing."""
    return pc.if_else(pc.is_valid(lengths), pc.is_in(lengths, pa.array(_MOMENTS, pa.int32())), None)


def _read(attribute: Attribute, column: pa.Array) -> pa.Array:
    """Return values that stand there as text, each different one read once."""
    coded = _texts(column).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if len(texts) > _FEW or any(measured(attribute, one) or beside(one) or undivided(attribute, one) for one in texts):
        raise _NotInFormError
    values = [read_value(attribute, text) for text in texts]
    return pa.array(values, ATTRIBUTE_TYPES[attribute.type]).take(coded.indices)


def _lists(attribute: Attribute, column: pa.Array) -> pa.Array:
    """Return lists of texts without repeats, each different text read once."""
    # a slice has the values of the whole beneath it
    column = pa.concat_arrays([column, column.slice(0, 0)])
    parts, owners = pc.list_flatten(column), pc.list_parent_indices(column)
    if parts.null_count or len(pc.unique(parts)) > _FEW:
        raise _NotInFormError
    coded = _texts(parts.cast(pa.string())).dictionary_encode()
    values = [read_value(attribute, [text]) for text in coded.dictionary.to_pylist()]
    known = pa.array([value[0] for value in values if isinstance(value, tuple)], pa.string()).take(coded.indices)
    codes = known.dictionary_encode()
    places = pc.add(pc.multiply(owners.cast(pa.int64()), len(codes.dictionary) + 1), codes.indices.cast(pa.int64()))
    if len(pc.unique(places)) != len(known):
        raise _NotInFormError
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, known, ATTRIBUTE_TYPES["list"], mask=pc.is_null(column))


def _numbers(attribute: Attribute, column: pa.Array) -> pa.Array:
    """Return truth values, whole numbers and figures in the type that they have."""
    wanted = ATTRIBUTE_TYPES[attribute.type]
    if attribute.type == "bool" and pa.types.is_boolean(column.type):
        return column
    if attribute.type == "int" and pa.types.is_integer(column.type):
        whole = column.cast(wanted)
        if pc.any(pc.less(whole, 0)).as_py():
            raise _NotInFormError
        return whole
    if attribute.type == "number" and pa.types.is_integer(column.type):
        return column.cast(wanted)
    if attribute.type == "number" and (pa.types.is_float32(column.type) or pa.types.is_float64(column.type)):
        figures = column.cast(wanted)
        if not pc.all(pc.is_finite(figures)).as_py():
            raise _NotInFormError
        return figures
    raise _NotInFormError
