"""JSON documents and JSON lines: the events of the contract, or CloudEvents 1.0."""

from __future__ import annotations

import json
import math
import re
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from events import findings
from events.formats.cloudevents import is_cloud_event, read_cloud_event
from events.formats.json_columns import blocks_of
from events.problems import Problem, Text, Where
from events.rows import Block, Fields, Places, RowSource, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.formats.json_columns import TextBlock

_CURE = Text(
    "请检查引号、逗号和括号；每行应是一个完整的 JSON 对象", "Check quotes, commas and brackets; each line is one object"
)


_LIST = re.compile(rb"\s*\[")


class _NotJsonError(ValueError):
    """JSON that the log does not take, such as NaN or a key given twice."""

    def __init__(self, fact: Text) -> None:
        super().__init__(fact.en)
        self.fact = fact


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless it has a key twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _NotJsonError(
            Text(f"键“{findings.shown(twice)}”出现了两次", f"the key {findings.shown(twice)!r} is there twice")
        )
    return result


def _constant(name: str) -> NoReturn:
    raise _NotJsonError(Text(f"{name} 不是 JSON 的数", f"{name} is no number of JSON"))


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _constant(text)
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)


def read_lines(content: bytes, file: str, problems: list[Problem]) -> RowSource:
    """Return the rows of a file of JSON lines; text that starts with `[` is read as one document.

    Args:
        content: what is in the file, in UTF-8.
        file: the name that problems show.
        problems: where to add what is wrong, as the rows are taken.
    """
    if _LIST.match(content):
        return read_document(content, file, problems)
    rows = (row for block in blocks_of(content) for row in _rows(block, file, problems))
    return RowSource(Places(file), rows, blocks=_blocks(content, file, problems))


def read_document(content: bytes, file: str, problems: list[Problem]) -> RowSource:
    """Return the rows of one JSON document: an object, a list of objects, or objects one after another.

    Args:
        content: what is in the file, in UTF-8.
        file: the name that problems show.
        problems: where to add what is wrong, as the rows are taken.
    """
    return RowSource(Places(file), _document(content.decode("utf-8", "surrogatepass"), file, problems))


def _blocks(content: bytes, file: str, problems: list[Problem]) -> Iterator[Block]:
    for block in blocks_of(content):
        columns, numbers = block.columns()
        yield Block(columns, numbers, partial(_rows, block, file, problems))


def _rows(block: TextBlock, file: str, problems: list[Problem]) -> Iterator[tuple[int, Fields]]:
    for number, line in block.lines():
        try:
            value = _DECODER.decode(line)
        except (ValueError, RecursionError) as error:
            problems.append(_syntax(error, file, number))
            continue
        fields = fields_of(value, Where(file, number), problems)
        if fields is not None:
            yield number, fields


def _document(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, Fields]]:
    position, line, counted, listed = 0, 1, 0, False
    while (position := _skip(text, position, listed=listed)) < len(text):
        line, counted = line + text.count("\n", counted, position), position
        if text[position] == "[" and not listed:
            position, listed = position + 1, True
            continue
        try:
            value, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            problems.append(_syntax(error, file, line))
            return
        fields = fields_of(value, Where(file, line), problems)
        if fields is not None:
            yield line, fields
        position = end
    if listed and not text.rstrip().endswith("]"):
        fact = Text("JSON 列表没有结束", "the list of JSON has no end")
        problems.append(findings.simple("json-syntax", Where(file, text.count("\n") + 1), fact, _CURE))


def _skip(text: str, position: int, *, listed: bool) -> int:
    """Return the position of the next value: past white space, and inside a list past commas and its end."""
    skipped = " \t\r\n,]" if listed else " \t\r\n"
    while position < len(text) and text[position] in skipped:
        position += 1
    return position


def _syntax(error: ValueError | RecursionError, file: str, line: int) -> Problem:
    """Return the problem that the decoder found; `line` is where its text starts."""
    if isinstance(error, json.JSONDecodeError):
        inside = error.lineno if error.doc.count("\n") else line
        fact = Text(f"不是 JSON（{error.msg}）", f"this is not JSON: {error.msg}")
        return findings.simple("json-syntax", Where(file, inside, error.colno), fact, _CURE)
    if isinstance(error, _NotJsonError):
        return findings.simple("json-syntax", Where(file, line), error.fact, Text("请改正", "Put it right"))
    fact = Text("嵌套太深或者数字太长", "it is nested too deep, or a number is too long")
    return findings.simple("json-syntax", Where(file, line), fact, _CURE)


def fields_of(value: object, where: Where, problems: list[Problem]) -> Fields | None:
    """Return the raw fields of one JSON value, or None where it is no event.

    Args:
        value: what JSON says.
        where: its place.
        problems: where to add what is wrong.
    """
    if not isinstance(value, dict):
        fact = Text("不是 JSON 对象", "it is not an object")
        problems.append(
            findings.simple("not-an-object", where, fact, Text("每个事件写成一个 {…}", "Write one {…} an event"))
        )
        return None
    if is_cloud_event(value):
        value, wrong = read_cloud_event(value, where)
        problems += wrong
        if value is None:
            return None
    data = value.get("data")
    fields = {key: item for key, item in value.items() if key != "data" and not is_blank(item)}
    if data is None or data == "":
        return fields
    if not isinstance(data, dict):
        fact = Text("data 不是 JSON 对象", "data is not an object")
        problems.append(
            findings.simple("bad-value", where, fact, Text("写成 {“属性”: 值}", 'Write {"attribute": value}'))
        )
        return None
    for key, item in data.items():
        if not is_blank(item):
            fields[f"data.{key}"] = item
    return fields
