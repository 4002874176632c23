"""The parts of an XLSX workbook, unpacked within the limits: nothing is inflated that was not measured.

A zip file says itself how large its parts are, and may lie. So the parts are unpacked here, no further than they say
and than the limits allow; what was unpacked is what the reader of workbooks gets, packed again.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import findings
from events.formats.office.xlsx_marks import SheetError
from events.formats.office.xlsx_parts import folded, usual_parts
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

_READ = re.compile(r".*\.(?:xml|rels)", re.IGNORECASE)
_UNREAD = re.compile(
    r"(?:.*[/\\])?(?:docProps|drawings|media|charts|chartsheets|theme|printerSettings|externalLinks|pivot\w*|comments\w*"
    r"|threadedComments|ctrlProps|activeX|embeddings|customXml|customUI|richData|persons|calcChain|connections"
    r"|queryTables|slicers?\w*)\b.*",
    re.IGNORECASE,
)
_FREE = 16 << 20
"""Up to so many bytes a part may unpack to without its ratio being looked at."""
_PIECE = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError, NotImplementedError, KeyError)


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that have to do with its cells.

    Attributes:
        parts: their content by name.
    """

    parts: dict[str, bytes]

    def packed(self) -> io.BytesIO:
        """Return a zip file of these parts, which are let go of one by one: a large workbook is in memory once."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name in tuple(self.parts):
                part = self.parts.pop(name)
                how = zipfile.ZIP_DEFLATED if len(part) > _FREE else zipfile.ZIP_STORED
                archive.writestr(zipfile.ZipInfo(name), part, how, 1)
        content.seek(0)
        return content


def unpack(raw: bytes, file: str) -> tuple[Package | None, Problem | None]:
    """Return the parts of a workbook, or what is wrong with it.

    Args:
        raw: what is in the file.
        file: the name that problems show.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            wrong = _wrong(entries, file)
            if wrong is not None:
                return None, wrong
            parts = {one.filename: _content(archive, one) for one in entries if _is_read(one)}
            usual = usual_parts(parts)
            entities = next((name for name, part in usual.items() if b"<!DOCTYPE" in part or b"<!ENTITY" in part), None)
            if entities is not None:  # no workbook has any, and what they stand for is nobody's business
                return None, unreadable(file, f"DOCTYPE: {findings.shown(entities)}")
            return Package(usual), None
    except (SheetError, *_BROKEN) as error:
        return None, unreadable(file, findings.shown(str(error)))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return one part; read in pieces, since all at once takes twice its memory."""
    pieces = []
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _is_read(entry: zipfile.ZipInfo) -> bool:
    return _READ.fullmatch(entry.filename) is not None and _UNREAD.fullmatch(entry.filename) is None


def _wrong(entries: Sequence[zipfile.ZipInfo], file: str) -> Problem | None:
    """Return what keeps the parts from being unpacked."""
    where = Where(file)
    if len(entries) > limits().entries:
        return over_limit(where, "entries", len(entries))
    read = [one for one in entries if _is_read(one)]
    names = [folded(one.filename) for one in read]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        return unreadable(file, f"{findings.shown(twice)} ×2")
    if any(one.flag_bits & _ENCRYPTED for one in read):
        return locked(file)
    odd = next((one for one in read if one.compress_type not in _METHODS), None)
    if odd is not None:
        return unreadable(file, f"{findings.shown(odd.filename)}: {odd.compress_type}")
    size = sum(one.file_size for one in read)
    if size > limits().unpacked_bytes:
        return over_limit(where, "unpacked_bytes", size)
    ratios = [one.file_size // max(one.compress_size, 1) for one in read if one.file_size > _FREE]
    return over_limit(where, "ratio", max(ratios)) if max(ratios, default=0) > limits().ratio else None


def unreadable(file: str, detail: str) -> Problem:
    """Return the problem of a file that is no workbook, or a damaged one."""
    fact = Text(f"这不是可以读取的 XLSX 工作簿（{detail}）", f"this is not a readable XLSX workbook: {detail}")
    return findings.simple(
        "bad-workbook", Where(file), fact, Text("请在表格软件中另存为 .xlsx", "Save it again as .xlsx")
    )


def locked(file: str) -> Problem:
    """Return the problem of a workbook that needs a password, or that is in the old format."""
    fact = Text("工作簿有密码，或者是旧版 .xls 格式", "the workbook has a password, or is an old .xls")
    cure = Text("请去掉密码，另存为 .xlsx", "Save it as .xlsx without a password")
    return findings.simple("locked-file", Where(file), fact, cure)
