"""Reading a filled report: a workbook, a CSV file or a Word document, with whatever text is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from events.formats import csvfile
from events.formats.decoding import decode
from events.formats.office import xlsx
from events.grid import Grid
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.storage.ordinary import read_ordinary
from reports.annual.check.docx_document import read_document
from reports.annual.check.filled import Filled, FilledLine, fold
from reports.annual.check.locate import find_four, find_three, find_two
from reports.annual.check.slips import slips
from reports.annual.form import COLUMNS, RESULTS, Form, form_of, load_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FORMATS = (".xlsx", ".xlsm", ".csv", ".tsv", ".docx")
TEXTS = (".txt", ".md", ".docx")
_YEAR = re.compile(r"(20\d\d)\s*年(?:度)?\s*(?:政府信息公开|.{0,30}?年度报告)")
_LEAST = 2
"""A cell of fewer letters is no line of text."""


def read_filled(path: Path, year: int | None = None) -> tuple[Filled | None, tuple[Problem, ...]]:
    """Read a filled report.

    Args:
        path: a workbook, a CSV file or a Word document.
        year: the report year; the one that the file says without.

    Returns:
        The report, None where the file cannot be read or has none of the tables; and what is wrong with it.
    """
    grids, lines, problems = _read(path, FORMATS)
    if has_errors(problems):
        return None, problems
    said = year or _year((*lines, *(line for grid in grids for line in _lines(grid))))
    grids, told = _of_year(grids, said, str(path))
    problems = (*problems, *told)
    lines = (*lines, *(line for grid in grids for line in _lines(grid)))
    chosen = form_of(said) if said is not None else None
    filled = max(
        (_fill(str(path), grids, form) for form in ((chosen,) if chosen else reversed(load_forms()))),
        key=lambda one: len(one.cells),
    )
    if not filled.cells:
        fact = Text("没有找到年度报告的表格", "none of the tables of an annual report is in the file")
        cure = Text(
            "表三要有“自然人、商业企业……总计”的表头，行名如“本年新收政府信息公开申请数量”",
            "Table three needs its headings (自然人, 商业企业 … 总计) and rows such as 本年新收政府信息公开申请数量",
        )
        return None, (*problems, Problem("no-tables", Where(str(path)), fact, cure))
    problems = (*problems, *slips(grids, filled.form, str(path)))
    return Filled(filled.file, filled.form, said, filled.cells, filled.tables, lines), problems


def _of_year(grids: Sequence[Grid], year: int | None, file: str) -> tuple[tuple[Grid, ...], tuple[Problem, ...]]:
    """Return the sheets without those that say they are of another year, which are told.

    Args:
        grids: the sheets.
        year: the report year.
        file: the name that problems show.
    """
    said = [(_year(tuple(_lines(grid))) or _year_named(grid.sheet), grid) for grid in grids]
    others = [(one, grid) for one, grid in said if one not in {None, year}]
    if year is None or not others:
        return tuple(grids), ()
    if not any(one == year for one, _ in said):
        stated = "、".join(sorted({str(one) for one, _ in others}))
        fact = Text(f"文件写的是{stated}年，核对的是{year}年", f"the file says {stated}, and {year} is asked for")
        cure = Text("确认拿对了文件，或者改 --year", "Make sure that it is the right file, or change --year")
        return tuple(grids), (Problem("other-year", Where(file), fact, cure, severity="warning"),)
    names = "、".join(f"{grid.sheet}（{one}年）" for one, grid in others)
    fact = Text(f"有另一年度的工作表，没有读取：{names}", f"sheets of another year are not read: {names}")
    cure = Text(
        f"要核对另一年度的，用 --year 指明（现在是{year}）", f"Name another year with --year (it is {year} now)"
    )
    told = Problem("other-year", Where(file), fact, cure, severity="warning")
    return tuple(grid for one, grid in said if one in {None, year}), (told,)


def _year_named(sheet: str | None) -> int | None:
    """Return the year that the name of a sheet begins with."""
    found = re.match(r"(20\d\d)(?:年|$)", sheet or "")
    return int(found[1]) if found is not None else None


def read_text(path: Path) -> tuple[tuple[FilledLine, ...], tuple[Problem, ...]]:
    """Return the lines of a text that belongs to a report."""
    if path.suffix.lower() in {".txt", ".md"}:
        try:
            text, problems = decode(read_ordinary(path), str(path))
        except OSError as error:
            return (), (_unreadable(path, error),)
        lines = enumerate((text or "").splitlines(), start=1)
        return tuple(FilledLine(line, Where(str(path), number)) for number, line in lines if line.strip()), problems
    _, found, problems = _read(path, TEXTS)
    return found, problems


def _read(path: Path, formats: Sequence[str]) -> tuple[tuple[Grid, ...], tuple[FilledLine, ...], tuple[Problem, ...]]:
    """Return the tables, the text outside them, and what is wrong with a file."""
    suffix = path.suffix.lower()
    try:
        raw = read_ordinary(path)
    except OSError as error:
        return (), (), (_unreadable(path, error),)
    if suffix not in formats:
        fact = Text(f"不支持扩展名“{path.suffix}”", f"the extension {path.suffix!r} is not supported")
        cure = Text(f"请另存为 {'、'.join(formats)} 之一", f"Save it as one of {', '.join(formats)}")
        return (), (), (Problem("unknown-format", Where(str(path)), fact, cure, path.suffix),)
    if suffix == ".docx":
        return _read_docx(raw, str(path))
    if suffix in {".xlsx", ".xlsm"}:
        grids, problems = xlsx.read_grids(raw, str(path))
        return grids, (), problems
    text, problems = decode(raw, str(path))
    if text is None:
        return (), (), problems
    grid, wrong = csvfile.read_grid(text, str(path), _known)
    return (grid,), (), (*problems, *wrong)


def _known(cells: Sequence[object]) -> int:
    """Return how many labels of the forms are among cells."""
    labels = {fold(column.label) for column in (*COLUMNS, *RESULTS)}
    return sum(fold(cell) in labels for cell in cells)


def _read_docx(raw: bytes, file: str) -> tuple[tuple[Grid, ...], tuple[FilledLine, ...], tuple[Problem, ...]]:
    """Return the tables and paragraphs of a Word document; a merged cell has its value in each of its places."""
    document, wrong = read_document(raw, file)
    if document is None:
        return (), (), (wrong,) if wrong is not None else ()
    tables = enumerate(document.tables, start=1)
    grids = tuple(Grid(file, f"表{number}", list(enumerate(rows, 1))) for number, rows in tables)
    paragraphs = enumerate(document.paragraphs, start=1)
    return grids, tuple(FilledLine(text, Where(file, number)) for number, text in paragraphs if text.strip()), ()


def _unreadable(path: Path, error: OSError) -> Problem:
    """Return the problem of a file that is not there or cannot be read."""
    if isinstance(error, FileNotFoundError):
        near = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        cure = suggestion(did_you_mean(path.name, near), Text("请检查路径", "Check the path"))
        return Problem("no-such-file", Where(str(path)), Text("没有这个文件", "there is no such file"), cure)
    fact = Text(f"文件读不了（{error.strerror}）", f"the file cannot be read: {error.strerror}")
    return Problem("unreadable-file", Where(str(path)), fact, Text("请检查文件权限", "Check its permissions"))


def _lines(grid: Grid) -> Iterator[FilledLine]:
    """Yield the texts of a sheet, a cell a line."""
    for number, cells in grid.rows:
        for column, cell in enumerate(cells, start=1):
            if isinstance(cell, str) and len(cell.strip()) > _LEAST:
                yield FilledLine(cell, grid.cell(number, column))


def _year(lines: Sequence[FilledLine]) -> int | None:
    """Return the year that the first title says."""
    for line in lines:
        found = _YEAR.search(line.text)
        if found is not None and form_of(int(found[1])) is not None:
            return int(found[1])
    return None


def _fill(file: str, grids: Sequence[Grid], form: Form) -> Filled:
    """Return the tables as far as they are in the sheets: of each the one with most of its cells."""
    two = max((find_two(grid, form) for grid in grids), key=len, default={})
    three = max((find_three(grid, form) for grid in grids), key=len, default={})
    four = max((find_four(grid) for grid in grids), key=len, default={})
    tables = {name for name, cells in (("two", two), ("three", three), ("four", four)) if cells}
    found = {**two, **three, **four}
    cells = {key: found[key] for key in form.labels if key in found}
    return Filled(file, form, None, cells, frozenset(tables))
