"""Bytes of a text file as text: UTF-8, UTF-16 with its mark, or GB18030."""

from __future__ import annotations

import codecs
import re

import pyarrow as pa

from events import findings
from events.problems import Problem, Text, Where

_MAGIC = {
    b"PK\x03\x04": Text("Excel 工作簿或者压缩包", "a workbook or a zip file"),
    b"PAR1": Text("Parquet 文件", "a Parquet file"),
    b"%PDF": Text("PDF 文件", "a PDF file"),
    b"\xd0\xcf\x11\xe0": Text("旧版 Office 文件", "an old Office file"),
    b"\x1f\x8b": Text("gzip 压缩文件", "a gzip file"),
    b"SQLite": Text("SQLite 数据库", "an SQLite database"),
}
_OBJECT = re.compile(rb"\s*\{")
_DAMAGED = 10
"""UTF-8 is taken to be damaged, not to be something else, where fewer than one in this many characters is wrong."""


def decode(raw: bytes, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the text of a file.

    Args:
        raw: what is in it.
        file: the name that problems show.

    Returns:
        The text, None where it is not text, and what is wrong with it.
    """
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            return None, (_binary(file, what),)
    text, problem = _decode(raw, file)
    if text is None:
        return None, (problem,) if problem else ()
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, (_binary(file, Text("二进制文件", "binary"), line),)
    if not text or text.isspace():
        return None, (findings.empty(file),)
    return text, ()


def as_utf8(raw: bytes, file: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the text of a file as `decode` does, in UTF-8: objects of JSON in UTF-8 are not copied, being long."""
    if _OBJECT.match(raw) and b"\0" not in raw and _is_utf8(raw):
        return raw, ()
    text, problems = decode(raw, file)
    return None if text is None else text.encode("utf-8", "surrogatepass"), problems


def _is_utf8(raw: bytes) -> bool:
    offsets = pa.array([0, len(raw)], pa.int64()).buffers()[1]
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(raw)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decode(raw: bytes, file: str) -> tuple[str | None, Problem | None]:
    """Return the text in the encoding that it seems to be in, or the problem of the byte that does not fit."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _or_problem(raw, "utf-16", file)
    try:
        return raw.decode("utf-8").lstrip("\ufeff"), None
    except UnicodeDecodeError as error:
        damaged = raw.startswith(codecs.BOM_UTF8) or _mostly_utf8(raw)
        return _not_text(raw, error, file) if damaged else _or_problem(raw, "gb18030", file)


def _or_problem(raw: bytes, encoding: str, file: str) -> tuple[str | None, Problem | None]:
    try:
        return raw.decode(encoding), None
    except UnicodeDecodeError as error:
        return _not_text(raw, error, file)


def _mostly_utf8(raw: bytes) -> bool:
    """Say whether nearly all characters beyond ASCII are UTF-8."""
    text = raw.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return wrong * _DAMAGED < sum(1 for one in text if ord(one) > 0x7F) - wrong  # noqa: PLR2004 - ASCII ends there


def _not_text(raw: bytes, error: UnicodeDecodeError, file: str) -> tuple[None, Problem]:
    line = raw.count(b"\n", 0, error.start) + 1
    byte = f"0x{raw[error.start]:02X}" if error.start < len(raw) else "EOF"
    fact = Text(f"字节 {byte} 不是 {error.encoding} 编码", f"the byte {byte} is not {error.encoding}")
    cure = Text("请用 UTF-8 编码重新导出", "Export the file again as UTF-8")
    return None, findings.simple("bad-encoding", Where(file, line), fact, cure)


def _binary(file: str, what: Text, line: int | None = None) -> Problem:
    fact = Text(f"这不是文本文件，而是{what.zh}", f"this is not a text file but {what.en}")
    cure = Text("请使用与内容相符的文件扩展名，或者重新导出", "Give it the extension of what it is, or export it again")
    return findings.simple("binary-file", Where(file, line), fact, cure)
