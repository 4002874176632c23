"""Made-up notices of other shapes, written as the formats that offices use; no office issued them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import xlsxwriter
from docx.oxml import OxmlElement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DATA = Path(__file__).parents[2] / "data" / "notices"
SOURCE = Path(__file__).parents[3] / "rules" / "books" / "jinxiang-2023" / "source.txt"

ROWS = (
    ("工作任务", "工作要求", "责任科室", "时限要求"),
    ("一、主动公开", "", "", ""),
    ("（一）规范文件", "规范性文件公布后3个工作日内同步解读，全年解读不少于12篇。", "政策法规科", "12月底前"),
    ("", "每季度清理一次失效文件，清理结果当天公开。", "办公室", "每季度末"),
    ("二、依申请公开", "", "", ""),
    ("（二）答复申请", "自收到申请之日起15个工作日内答复，答复及时率达到98%以上，不得无故拖延。", "办公室", "全年"),
)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def as_docx(source: Path, target: Path, *, styled: bool = True) -> Path:
    """Write a text as a Word document: lines as paragraphs, lines with tabulators as a table for each run of them."""
    document = docx.Document()
    rows: list[list[str]] = []

    def flush() -> None:
        if rows:
            table = document.add_table(len(rows), max(len(row) for row in rows), style="Table Grid")
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    table.cell(number, place).text = cell
            rows.clear()

    for line in lines_of(source):
        if line.count("\t") > 1:
            rows.append(line.split("\t"))
        else:
            flush()
            document.add_paragraph(line, style="Normal" if styled else None)
    flush()
    document.save(str(target))
    return target


def as_html(source: Path, target: Path, *, encoding: str = "utf-8") -> Path:
    """Write a text as a web page."""
    parts = [f'<html><head><meta charset="{encoding}"><style>td{{border:1px solid}}</style></head><body>']
    in_table = False
    for line in lines_of(source):
        table = line.count("\t") > 1
        if table != in_table:
            parts.append("<table>" if table else "</table>")
            in_table = table
        cells = "".join(f"<td>{cell}</td>" for cell in line.split("\t"))
        parts.append(f"<tr>{cells}</tr>" if table else f"<p>{line}</p>")
    parts.append("</table></body></html>" if in_table else "</body></html>")
    target.write_bytes("\n".join(parts).encode(encoding, "xmlcharrefreplace"))
    return target


def merged_docx(target: Path) -> Path:
    """Write a table whose cells of tasks span rows, and whose section rows span all columns."""
    document = docx.Document()
    document.add_paragraph("石桥镇2024年政务公开任务表")
    document.add_paragraph("石政办〔2024〕3号")
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for number, row in enumerate(ROWS):
        if number and not any(row[1:]):
            table.cell(number, 0).merge(table.cell(number, len(row) - 1)).text = row[0]
            continue
        for place, cell in enumerate(row):
            if cell:
                table.cell(number, place).text = cell
    table.cell(2, 0).merge(table.cell(3, 0))
    document.add_paragraph("2024年2月1日")
    document.save(str(target))
    return target


def tracked_docx(target: Path) -> Path:
    """Write a document with a deletion that nobody has accepted."""
    as_docx(DATA / "prose-2024.txt", target)
    document = docx.Document(str(target))
    deleted, run, text = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "每周公布99次"
    run.append(text)
    deleted.append(run)
    document.paragraphs[3]._p.append(deleted)
    document.save(str(target))
    return target


def as_xlsx(target: Path) -> Path:
    """Write a table of tasks as a workbook, with a title above it and merged cells."""
    with xlsxwriter.Workbook(str(target)) as workbook:
        sheet = workbook.add_worksheet("任务清单")
        sheet.merge_range(0, 0, 0, 3, "2024年北河县政务公开工作任务清单")
        for number, row in enumerate(ROWS, 1):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
        sheet.merge_range(3, 0, 4, 0, ROWS[2][0])
    return target


SHEET: tuple[tuple[str | int, ...], ...] = (
    ("序号", "主要任务", "工作措施", "牵头单位", "配合单位", "时限要求"),
    ("一、优化营商环境",),
    (
        1,
        "惠企政策",
        "惠企政策出台后5个工作日内发布解读，宣讲不少于3场。",
        "区发展改革局",
        "区财政局\n区税务局",
        "12月底前",
    ),
    (2, "", "兑现奖补资金2.5亿元以上，惠及企业350家。", "区财政局", "各镇街", "11月30日前"),
    ("二、公开平台",),
    (3, "网站与新媒体", "网站至少每2周更新一次，新媒体每周不少于3篇原创。", "区政府办公室", "各部门", "长期"),
    (4, "", "上半年完成23个领域标准目录修订，投诉当天受理，7日内办结。", "区政府办公室", "各部门", "6月底前"),
)
"""The rows of a district's sheet: its tasks span rows, its sections all columns."""


def titled_xlsx(target: Path) -> Path:
    """Write a workbook whose title, number and day stand in merged rows above the headings."""
    with xlsxwriter.Workbook(str(target)) as workbook:
        workbook.add_worksheet("说明").write(0, 0, "本表由区政务公开办汇总")
        sheet = workbook.add_worksheet("任务分解表")
        sheet.merge_range(0, 0, 0, 5, "泉山区政务公开重点任务分解表")
        sheet.merge_range(1, 0, 1, 5, "泉政办发〔2025〕7号　　2025年2月18日")
        for number, row in enumerate(SHEET, 2):
            if len(row) == 1:
                sheet.merge_range(number, 0, number, 5, row[0])
            else:
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
        sheet.merge_range(4, 1, 5, 1, "惠企政策")
        sheet.merge_range(7, 1, 8, 1, "网站与新媒体")
    return target


def locked_pdf() -> bytes:
    """Return a PDF of one page that opens with a password only."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -4 >>",
    )
    return _pdf(objects, b" /Encrypt 4 0 R /ID [<00><00>]")


def pdf_of(*pages: str | None) -> bytes:
    """Return a PDF with a page for each text; None is a page that is a picture."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * place) for place in range(len(pages)))
    picture = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        picture + b"/Length 1 >>\nstream\n0\nendstream",
    ]
    for place, text in enumerate(pages):
        drawn = b"q 200 0 0 200 0 0 cm /P Do Q" if text is None else b"BT /F 12 Tf 9 99 Td (%s) Tj ET" % text.encode()
        owns = b"/Resources << /Font << /F 3 0 R >> /XObject << /P 4 0 R >> >> /Contents %d 0 R" % (6 + 2 * place)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] %s >>" % owns,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    return _pdf(objects, b"")


def _pdf(objects: Sequence[bytes], more: bytes) -> bytes:
    """Return the file of a PDF's objects, the first of which is its root."""
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R%s >>" % (len(objects) + 1, more)
    start = b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)
    return content + start + b"\nstartxref\n%d\n%%%%EOF" % len(content)


SHAPES: dict[str, Callable[[Path], Path]] = {
    "table.txt": lambda _: DATA / "second-county-2024.txt",
    "prose.txt": lambda _: DATA / "prose-2024.txt",
    "table.docx": lambda folder: as_docx(DATA / "second-county-2024.txt", folder / "t.docx"),
    "prose.docx": lambda folder: as_docx(DATA / "prose-2024.txt", folder / "p.docx"),
    "merged.docx": lambda folder: merged_docx(folder / "m.docx"),
    "table.html": lambda folder: as_html(DATA / "second-county-2024.txt", folder / "t.html", encoding="gb18030"),
    "prose.html": lambda folder: as_html(DATA / "prose-2024.txt", folder / "p.html"),
    "sheet.xlsx": lambda folder: as_xlsx(folder / "s.xlsx"),
    "school-letter.txt": lambda _: DATA / "school-letter-2025.txt",
    "titled.xlsx": lambda folder: titled_xlsx(folder / "z.xlsx"),
    "second-county.docx": lambda _: DATA.parents[2] / "examples" / "qinglan" / "notice.docx",
    "tracked.docx": lambda folder: tracked_docx(folder / "x.docx"),
}


def numbers(rules: Sequence[dict[str, Any]], key: str) -> list[Any]:
    return [rule[key] for rule in rules if key in rule]
