"""Makes the shipped templates of the notices; look at them in Word after a change."""
# ruff: noqa: SLF001 (python-docx has no public way to East Asian fonts, repeated heads and the font table)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Doc
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

FOLDER = Path(__file__).parent.parent / "reports" / "templates" / "notices"
TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
FALLBACKS = {TITLE: "宋体", BODY: "仿宋", HEAD: "SimHei"}
INDENT = Pt(32)


def font(paragraph: Paragraph, text: str, name: str = BODY, size: float = 16, *, gap: bool = False) -> None:
    """Add text in a font; a gap is marked yellow, so that nobody overlooks it."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if gap:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def line(document: Doc, *parts: str, indent: bool = True, align: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    """Add a paragraph of the body; parts in 【】 are gaps to be filled in by hand."""
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    form.space_after = Pt(0)
    form.first_line_indent = INDENT if indent else None
    if align is not None:
        paragraph.alignment = align
    for part in parts:
        font(paragraph, part, gap=part.startswith("【"))
    return paragraph


def cell(target: _Cell, text: str, width: float, name: str = BODY) -> None:
    """Fill a cell of the table."""
    target.width = Mm(width)
    paragraph = target.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    font(paragraph, text, name, 9.5)


def table(document: Doc, columns: Sequence[tuple[str, str, float]]) -> None:
    """Add the table of problems: heading, placeholder and width of each column; its head is on every page."""
    made = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for number, (head, value, width) in enumerate(columns):
        made.columns[number].width = Mm(width)
        cell(made.rows[0].cells[number], head, width, HEAD)
        cell(made.rows[2].cells[number], value, width)
        for row in (1, 3):
            cell(made.rows[row].cells[number], "", width)
    for row, tag in ((1, "{%tr for problem in problems %}"), (3, "{%tr endfor %}")):
        font(made.rows[row].cells[0].paragraphs[0], tag, size=10.5)
    properties = made.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def start(title: str) -> Doc:
    """Start a document: A4 with the margins of GB/T 9704, the title, the gap of the document number, the addressee."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = title
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    font(head, title, TITLE, 22)
    line(document, "【文号：待填】", indent=False, align=WD_ALIGN_PARAGRAPH.CENTER)
    line(document, "", indent=False)
    line(document, "{{ unit }}：", indent=False)
    return document


def finish(document: Doc, name: str) -> None:
    """Add contact and signature, each a gap, name the fonts that stand in, and save."""
    line(document, "联系人：", "【待填】", "　电话：", "【待填】")
    line(document, "", indent=False)
    line(document, "【发文单位：待填】", indent=False, align=WD_ALIGN_PARAGRAPH.RIGHT)
    line(document, "【日期：待填】", indent=False, align=WD_ALIGN_PARAGRAPH.RIGHT)
    [part] = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable")]
    listed = "".join(
        f'<w:font w:name="{font_name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for font_name, other in FALLBACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", listed.encode() + b"</w:fonts>")
    FOLDER.mkdir(exist_ok=True)
    document.save(str(FOLDER / f"{name}.docx"))


def rectification() -> None:
    """Make the notice to rectify (整改通知单)."""
    document = start("{{ county }}政务公开问题整改通知单")
    line(
        document,
        "对照{{ documents }}评估，截至{{ as_of }}，你单位有{{ problems|length }}项要求尚未落实，具体如下：",
    )
    columns = [
        ("序号", "{{ problem.number }}", 10),
        ("条款", "{{ problem.clause }}", 12),
        ("要求原文", "{{ problem.quote }}", 36),
        ("问题", "{% if problem.subject %}{{ problem.subject }}：{% endif %}{{ problem.reason }}", 37),
        ("期限", "{{ problem.due }}", 23.5),
        ("逾期工作日", "{{ problem.overdue }}", 14),
        ("整改期限", "{{ problem.rectify_by }}", 23.5),
    ]
    table(document, columns)
    line(
        document,
        "请逐项整改，把责任人、整改情况和整改完成日期填入问题清单，{% if rectify_by %}于{{ rectify_by }}前交回"
        "{% else %}按表中的整改期限交回；没有写明整改期限的，交回日期为",
        "【待填】",
        "{% endif %}。整改完成以后，请同时在公开台账中补登相应记录。",
    )
    line(
        document,
        "对结论有异议的，请对照原文、证据和推算过程（评估报告中本单位的页面），"
        "补登遗漏的记录或者更正错误的记录，并说明理由。",
    )
    finish(document, "rectification")


def interview() -> None:
    """Make the notice of an interview (约谈通知)."""
    document = start("{{ county }}政务公开工作约谈通知")
    line(
        document,
        "对照{{ documents }}评估，截至{{ as_of }}，你单位有{{ open_count }}项要求未落实"
        "{% if late_count %}、{{ late_count }}项逾期完成{% endif %}"
        "{% if long_count %}，其中{{ long_count }}项长期未整改{% endif %}。依据",
        "【约谈依据：待填】",
        "，定于",
        "【时间：待填】",
        "在",
        "【地点：待填】",
        "约谈你单位负责同志，请准时参加。",
    )
    line(document, "约谈涉及的问题如下，请准备情况说明和整改措施：")
    columns = [
        ("序号", "{{ problem.number }}", 10),
        ("条款", "{{ problem.clause }}", 12),
        ("要求原文", "{{ problem.quote }}", 36),
        (
            "问题",
            "{{ problem.status }}{% if problem.subject %}，{{ problem.subject }}{% endif %}：{{ problem.reason }}",
            40,
        ),
        ("期限", "{{ problem.due }}", 23.5),
        ("逾期工作日", "{{ problem.overdue }}", 14),
        ("整改情况", "{{ problem.outcome }}", 20),
    ]
    table(document, columns)
    finish(document, "interview")


if __name__ == "__main__":
    rectification()
    interview()
