"""What is fuzzed: bytes become a file of each format, and reading it must give events or problems, and nothing else."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from docx import Document

from events.limits import Limits, using
from events.table import schema
from events.vocabulary import load_vocabulary
from gongkai.files.mapping import load_mapping
from reports.annual.check.docx_document import read_document
from rules.yaml.nodes import parse_yaml
from tests.events.reading import Names, csv_text, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.problems import Problem

LIMITS = Limits(file_bytes=1 << 22, unpacked_bytes=1 << 24, cells=200_000, rows=100_000, problems=500)
"""Small ones, so that a try is quick."""

ROWS = (
    ("编号", "类型", "单位", "发生日期", "参加人数", "是否征求意见", "反馈内容"),
    ("1", "业务培训", "县民政局", "2023-07-14", "1.3万", "", ""),
    ("2", "决策印发", "金乡街道", "2023年7月14日 9:30", "", "是", "收集情况；采纳情况"),
    ("合计", "", "", "", "12", "", ""),
)
FOLDER = Path(tempfile.gettempdir())


def _check(problems: Sequence[Problem]) -> None:
    """Hold problems to what every one of them has."""
    for problem in problems:
        assert "\n" not in problem.line("zh") + problem.line("en")
        problem.line("zh").encode()


def _read(content: bytes, suffix: str) -> None:
    """Read some bytes as a file."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder, using(LIMITS):
        path = Path(folder) / f"log{suffix}"
        path.write_bytes(content)
        log = read(path)
    assert log.table.schema.equals(schema(load_vocabulary()))
    _check(log.problems)


def workbook() -> bytes:
    """Return a workbook with texts, a date, a number, a percentage, a formula and a merged cell."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    sheet.write_datetime(1, 3, date(2023, 7, 14), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_number(1, 4, 0.97, book.add_format({"num_format": "0%"}))
    sheet.write_formula(2, 4, "=1+1", value=2)
    sheet.merge_range(1, 2, 2, 2, "县民政局")
    book.set_properties({"created": datetime(2023, 7, 14)})
    book.close()
    return content.getvalue()


def parts() -> dict[str, bytes]:
    """Return the parts of the workbook that are read."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if "docProps" not in name and "theme" not in name
        }


PARTS = parts()
NAMES = sorted(PARTS)


def xlsx(content: bytes) -> None:
    """Read a workbook with one part replaced by the bytes; the first byte says which, 255 means the whole file."""
    if not content or content[0] == 255:
        _read(content[1:], ".xlsx")
        return
    changed = PARTS | {NAMES[content[0] % len(NAMES)]: content[1:]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in changed.items():
            archive.writestr(name, part)
    _read(packed.getvalue(), ".xlsx")


def document() -> bytes:
    """Return a Word document with a heading and a table, two cells of which are merged."""
    made = Document()
    made.add_paragraph("金乡县民政局2023年政府信息公开工作年度报告")
    table = made.add_table(3, 3)
    for number, row in enumerate(ROWS[:3]):
        for column, words in enumerate(row[:3]):
            table.cell(number, column).text = words
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def text_part() -> bytes:
    """Return the part of the document that holds its text."""
    with zipfile.ZipFile(io.BytesIO(document())) as archive:
        return archive.read("word/document.xml")


def docx(content: bytes) -> None:
    """Read a Word document: the bytes as its text, or as the whole file where they start with 255."""
    raw = content[1:]
    if content and content[0] != 255:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("_rels/.rels", "<Relationships/>")
            archive.writestr("word/document.xml", raw)
        raw = packed.getvalue()
    with using(LIMITS):
        found, problem = read_document(raw, "report.docx")
    assert (found is None) == (problem is not None)
    _check([problem] if problem is not None else [])


def yaml(content: bytes) -> None:
    """Read a YAML text, also as a mapping."""
    text = content.decode("utf-8", "replace")
    node, problems = parse_yaml(text, "f.yaml")
    assert node is not None or problems
    _check(problems)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_bytes(content)
        found, problems = load_mapping(path, Names())
    assert found is not None or problems
    _check(problems)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "csv": lambda content: _read(content, ".csv"),
    "jsonl": lambda content: _read(content, ".jsonl"),
    "json": lambda content: _read(content, ".json"),
    "xlsx": xlsx,
    "parquet": lambda content: _read(content, ".parquet"),
    "yaml": yaml,
    "docx": docx,
}


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Return the sound inputs of a target, from which the fuzzer starts: the same at every call."""
    return tuple(_seeds(target))


def _seeds(target: str) -> Iterator[bytes]:
    """Yield the sound inputs of a target, made anew."""
    data = '"data": {"participants": 3, "topics": ["甲"]}'
    event = f'{{"id": "1", "type": "training.held", "unit": "县民政局", "occurred_at": "2023-07-14", {data}}}\n'
    if target == "csv":
        text = csv_text(ROWS)
        yield from (text.encode(code) for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    elif target in {"jsonl", "json"}:
        yield event.encode()
        yield f"[{event}]".encode()
        yield b'{"specversion": "1.0", "id": "1", "source": "x", "type": "training.held", "time": "2023-07-14T00:00Z"}'
    elif target == "xlsx":
        yield b"\xff" + workbook()
        yield from (bytes([number]) + PARTS[name] for number, name in enumerate(NAMES))
    elif target == "parquet":
        columns = {name: [row[at] for row in ROWS[1:]] for at, name in enumerate(ROWS[0])}
        for compression in ("none", "zstd", "snappy"):
            content = io.BytesIO()
            pq.write_table(pa.table(columns), content, compression=compression)
            yield content.getvalue()
    elif target == "docx":
        yield b"\xff" + document()
        yield b"\x00" + text_part()
    else:
        yield "columns: {谁: unit, 何时: occurred_at}\nconstants:\n  type: training.held\n".encode()
        yield "sheets: {'*': 3-4, 旧: ignore}\nunits: {民政: 县民政局}\ntypes: {办班: ignore}\n".encode()
        yield b"a: &x [1, 2]\nb: *x\nc: {<<: {d: 1}}\n? [k]\n: !!str v\n---\n'q': \"\\u0041\"\n"
