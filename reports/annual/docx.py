"""The report as a Word document: six sections with their tables; what a person must write is marked."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from reports.annual.layout import LayoutTable, shown, tables_of
from reports.annual.prose import Hole, Section, opening, sections_of, title_of

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.table import Table as DocxTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from reports.annual.report import AnnualReport

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a document's own time stamp, the same in every run
TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
"""The fonts of official documents; where a machine does not have them, its own Chinese font stands in."""

MARGIN, PAGE, SMALL, TWIPS = Cm(2.2), (Cm(21.0), Cm(29.7)), Pt(9), "30"
"""The page; the letters of a table, and the room beside them in twentieths of a point."""


def document_of(report: AnnualReport) -> bytes:
    """Return the Word document of a report."""
    document = Document()
    _set_page(document)
    core = document.core_properties
    core.created = core.modified = EPOCH
    core.title, core.author, core.last_modified_by = title_of(report), report.name, report.name
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(18)
    _set_font(title.add_run(title_of(report)), TITLE, Pt(20))
    _paragraph(document, (opening(report),))
    tables = tables_of(report.form)
    for section in sections_of(report):
        _section(document, section, tables, report)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_page(document: Doc) -> None:
    """Set A4, the margins and the font of the text."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)


def _set_font(run: Run, font: str, size: Pt) -> None:
    """Set the font of a run, for Chinese as well."""
    run.font.name, run.font.size = font, size
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - the library has no name for it
    fonts.set(qn("w:eastAsia"), font)


def _section(document: Doc, section: Section, tables: tuple[LayoutTable, ...], report: AnnualReport) -> None:
    """Add a section: its heading, its paragraphs, its table."""
    heading = document.add_heading(level=1)
    run = heading.add_run(section.heading)
    _set_font(run, HEADING, Pt(15))
    run.font.color.rgb = RGBColor(0, 0, 0)
    for paragraph in section.paragraphs:
        _paragraph(document, paragraph)
    if section.table is not None:
        _table(document, tables[section.table], report)


def _paragraph(document: Doc, parts: tuple[str | Hole, ...]) -> None:
    """Add a paragraph, its first line indented by two characters; gaps are marked."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(28)
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(0)
    for part in parts:
        run = paragraph.add_run(str(part))
        _set_font(run, BODY, Pt(14))
        if isinstance(part, Hole):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(document: Doc, table: LayoutTable, report: AnnualReport) -> None:
    """Add a table, its cells merged as on the form; a figure that is not known is a blank."""
    made = document.add_table(rows=table.rows, cols=table.columns, style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _narrow_margins(made)
    width = PAGE[0] - 2 * MARGIN
    grid = [list(row.cells) for row in made.rows]  # reading a cell of python-docx goes through the whole table
    for column, share in enumerate(table.widths):
        made.columns[column].width = int(width * share)
        for row in grid:
            row[column].width = int(width * share)
    for cell in table.cells:
        place = grid[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            place = place.merge(grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
        text = shown(report.cells[cell.key]) if cell.key else cell.text
        _write(place, text, left=table.name == "申请办理" and cell.row > 2 and not cell.key)  # noqa: PLR2004
    document.add_paragraph()


def _narrow_margins(table: DocxTable) -> None:
    """Leave little room beside the text of cells: table four has fifteen columns on an upright page."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), TWIPS)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - the library has no name for it


def _write(cell: _Cell, text: str, *, left: bool) -> None:
    """Write the text of a cell."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph: Paragraph = cell.paragraphs[0]
    for extra in cell.paragraphs[1:]:
        extra._element.getparent().remove(extra._element)  # noqa: SLF001 - merging leaves an empty one of each cell
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    _set_font(paragraph.add_run(text), BODY, SMALL)
