"""上传台账: a unit's own sheet, its problems in their cells, mended in the page; sent again as a difference."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xlsxwriter
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from events.rows import cell_name, is_blank
from events.vocabulary import load_vocabulary
from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.attachments import AttachmentError, clean_name, kind_of, store
from gongkai.console.entry.difference import SubmissionDifference, difference, rows_to_enter
from gongkai.console.entry.upload import chosen_ignored, text_of, upload_of
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models.store import keep_mapping, mapping_of
from gongkai.console.web.redirects import see_other

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.grid import Grid
    from events.sheets.layout import TableLayout
    from gongkai.console.models import Submission

_MOST_ROWS = 300
_MOST_TEXT = 2000
_CELL, _COLUMN = "cell:", "col:"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid.

    Attributes:
        name: its name in the form.
        text: what stands in it.
        problem: what is wrong, or nothing.
        mended: whether it was changed in the page.
    """

    name: str
    text: str
    problem: str
    mended: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet as the page shows it.

    Attributes:
        name: its name.
        columns: heading, its cell, and the field that it was taken for.
        rows: number, whether something is wrong, and the cells.
        more: how many rows are not shown.
    """

    name: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[int, bool, tuple[Cell, ...]], ...]
    more: int


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, unit: str) -> HttpResponse:
    """Take a workbook, and keep it as a draft whatever is wrong with it."""
    thing = access.unit_of(request, unit, "submission.create")
    problems = FormProblems()
    if request.method == "POST":
        file = request.FILES.get("file")
        content = b"" if file is None else file.read()
        try:
            if not content:
                problems.add("file", "选一个 XLSX 文件。")
            elif kind_of(content) != "xlsx":
                problems.add("file", "台账要 XLSX 格式；别的格式请在 Excel 或 WPS 里另存为 XLSX。")
            else:
                digest, name = store(content), clean_name((file.name if file else "") or "")
                made = states.begin(access.who(request), unit, "workbook", [], name, file_name=name, file_digest=digest)
                _save(request, made, {}, ())
                return see_other(f"/u/{unit}/submissions/{made.number}/grid")
        except AttachmentError as error:
            problems.add("file", str(error))
    return render(request, "upload.html.j2", {"unit": thing, "problems": problems}, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Show the sheet with its problems, and take what was mended."""
    submission = access.submission_of(request, unit, number, "submission.edit")
    thing = access.unit_of(request, unit, "submission.create")
    if submission.kind != "workbook":
        raise Http404
    if request.method == "POST":
        edits = {**submission.edits, **_mended(request)}
        chosen = {
            name.removeprefix(_COLUMN): str(value)[:_MOST_TEXT]
            for name, value in request.POST.items()
            if name.startswith(_COLUMN) and value
        }
        if chosen:
            keep_mapping(unit, {**mapping_of(unit), **chosen})
        submission = _save(request, submission, edits, request.POST.getlist("gone"))
        read = upload_of(submission, now())
        if read.usable and "finish" in request.POST:
            return see_other(f"/u/{unit}/submissions/{number}/")
        if read.usable or "finish" not in request.POST:
            return see_other(f"/u/{unit}/submissions/{number}/grid")
    return _page(request, thing, submission)


def _mended(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(_CELL): str(value)[:_MOST_TEXT]
        for name, value in request.POST.items()
        if name.startswith(_CELL)
    }


def _save(
    request: HttpRequest, submission: Submission, edits: dict[str, str], gone: list[str] | tuple[()]
) -> Submission:
    """Keep the mended cells and the rows that come of them."""
    submission.edits = edits
    read = upload_of(submission, now())
    found = difference(submission.unit, submission.file_name, read.rows)
    rows = rows_to_enter(found, gone)
    withdrawn = len(rows) - len(found.new) - len(found.changed)
    title = f"{submission.file_name}：新增{len(found.new)}，更正{len(found.changed)}，撤回{withdrawn}"
    return states.change(access.who(request), submission, rows, title, edits)


def _page(request: HttpRequest, thing: access.UnitObject, submission: Submission) -> HttpResponse:
    read = upload_of(submission, now())
    by_cell: dict[str, str] = {}
    others: list[str] = []
    for one in read.problems:
        text = f"{one.fact.zh}。{one.cure.zh}"
        if one.severity == "error" and one.where.cell is not None:
            by_cell.setdefault(f"{one.where.sheet}!{one.where.cell}", text)
        else:
            others.append(f"{'错误' if one.severity == 'error' else '提醒'}：{one.where} {text}")
    found = difference(submission.unit, submission.file_name, read.rows)
    context = {
        "unit": thing,
        "submission": submission,
        "lines": read.lines,
        "sheets": [
            _sheet(grid, table, by_cell, submission.edits) for grid, table in zip(read.grids, read.tables, strict=False)
        ],
        "by_cell": by_cell,
        "others": others,
        "usable": read.usable,
        "found": found,
        "gone": {row.get("retracts") for row in submission.rows},
        "fields": _fields(),
        "nothing": not _changes(found),
    }
    return render(request, "grid.html.j2", context, status=200 if request.method != "POST" or read.usable else 422)


def _changes(found: SubmissionDifference) -> bool:
    return bool(found.new or found.changed or found.gone)


def _fields() -> list[tuple[str, str]]:
    """Return what a column can be chosen as."""
    vocabulary = load_vocabulary()
    fields = [(name, one.label.zh) for name, one in vocabulary.fields.items() if name not in {"unit", "recorded_at"}]
    attributes = [(f"data.{name}", one.label.zh) for name, one in vocabulary.attributes.items()]
    return [(chosen_ignored(), "不读"), *fields, *attributes]


def _sheet(sheet: Grid, table: TableLayout, by_cell: dict[str, str], edits: dict[str, str]) -> SheetView:
    """Return a sheet as the page shows it: rows with something wrong first come in their order, with the others."""
    last = max(table.headings, default=0)
    heads = {one.cell: one for one in table.columns}
    first_head = table.headings[-1] if table.headings else 0
    width = max((len(cells) for _, cells in sheet.rows), default=0)
    rows = []
    for number, cells in sheet.rows:
        if number <= last or all(is_blank(one) for one in cells):
            continue
        views = tuple(_cell(sheet, number, index, one, by_cell, edits) for index, one in enumerate(cells, 1))
        rows.append((number, any(one.problem for one in views), views))
    wrong = [one for one in rows if one[1]]
    shown = sorted((wrong + [one for one in rows if not one[1]])[:_MOST_ROWS], key=lambda one: one[0])
    columns = []
    for index in range(1, width + 1):
        head = heads.get(cell_name(first_head, index))
        columns.append((head.heading if head else "", cell_name(first_head, index), (head.field or "") if head else ""))
    return SheetView(sheet.sheet or "", tuple(columns), tuple(shown), len(rows) - len(shown))


def _cell(sheet: Grid, row: int, column: int, value: object, by_cell: dict[str, str], edits: dict[str, str]) -> Cell:
    name = f"{sheet.sheet}!{cell_name(row, column)}"
    text = "" if is_blank(value) else text_of(value)
    return Cell(name, text, by_cell.get(name, ""), name in edits)


@require_safe
def problems_file(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Return the list of problems as a workbook."""
    submission = access.submission_of(request, unit, number)
    if submission.kind != "workbook":
        raise Http404
    read = upload_of(submission, now())
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("问题")
    for column, (title, width) in enumerate((("工作表", 16), ("单元格", 9), ("性质", 7), ("问题", 50), ("怎么改", 50))):
        sheet.write_string(0, column, title)
        sheet.set_column(column, column, width)
    for line, one in enumerate(read.problems, 1):
        kind = "错误" if one.severity == "error" else "提醒"
        for column, text in enumerate((one.where.sheet or "", one.where.cell or "", kind, one.fact.zh, one.cure.zh)):
            sheet.write_string(line, column, text[:_MOST_TEXT])
    book.close()
    headers = {"Content-Disposition": 'attachment; filename="problems.xlsx"'}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)
