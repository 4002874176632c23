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


def table(document: Doc, columns: Sequence[tuple[str, str, float]], over: str = "problems") -> None:
    """Add a table: heading, placeholder and width of each column; its head is on every page.

    Its rows are the problems, or what else it goes over.
    """
    made = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for number, (head, value, width) in enumerate(columns):
        made.columns[number].width = Mm(width)
        cell(made.rows[0].cells[number], head, width, HEAD)
        cell(made.rows[2].cells[number], value, width)
        for row in (1, 3):
            cell(made.rows[row].cells[number], "", width)
    each = "problem" if over == "problems" else "one"
    for row, tag in ((1, f"{{%tr for {each} in {over} %}}"), (3, "{%tr endfor %}")):
        font(made.rows[row].cells[0].paragraphs[0], tag, size=10.5)
    properties = made.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def start(title: str, to: str = "{{ unit }}：") -> Doc:
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
    line(document, to, indent=False)
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


QUOTE = (
    "{{ problem.quote }}{% if problem.limit_source %}（期限：{{ problem.limit_source }}）{% endif %}"
    "{% if problem.reading %}（读法：{{ problem.reading }}）{% endif %}"
)


def before(document: Doc) -> None:
    """Add the line that says what the mark in the table means, where it has any."""
    line(
        document,
        "{%p if before_count %}",
    )
    line(document, "标※的{{ before_count }}项，所涉事项发生在文件印发以前。")
    line(document, "{%p endif %}")


def numbers(document: Doc) -> None:
    """Add the paragraph with the run in numbers, and who filed nothing before anything else."""
    line(
        document,
        "{% if unfiled_count %}未报送台账的单位{{ unfiled_count }}个：{{ unfiled }}。"
        "这些单位要办的事没有记录，一律不算完成，不排名、不表扬。{% else %}各单位均已报送台账。{% endif %}",
    )
    line(
        document,
        "对照{{ documents }}，县政务公开工作机构评估了{{ unit_count }}个单位{{ period }}应当履行的"
        "{{ duty_count }}项要求，截至{{ as_of }}：未落实{{ open_count }}项（由{{ cause_count }}件事引起），"
        "逾期完成{{ late_count }}项；已报送台账的单位中，{{ clean_count }}个没有未落实或者逾期的事项。",
    )


def lines(document: Doc, head: str, columns: Sequence[tuple[str, str, float]], over: str, *, when: str) -> None:
    """Add a heading and a table, where there is anything for it."""
    line(document, f"{{%p if {when} %}}")
    paragraph = line(document)
    font(paragraph, head, HEAD)
    table(document, columns, over)
    line(document, "{%p endif %}")


RANKED = [
    ("组别", "{{ one.group }}", 36),
    ("名次", "{{ one.rank }}", 16),
    ("单位", "{{ one.unit }}", 60),
    ("得分", "{{ one.score }}", 22),
    ("等次", "{{ one.grade }}", 22),
]


def circular() -> None:
    """Make the circular of a run (情况通报)."""
    document = start("关于{{ county }}政务公开工作评估情况的通报", to="各镇街，县直各部门、单位：")
    numbers(document)
    statuses = [
        ("结论", "{{ one.sign }} {{ one.status }}", 26),
        ("项数", "{{ one.number }}", 16),
        ("比例", "{{ one.share }}", 18),
        ("涉及单位", "{{ one.units }}", 96),
    ]
    lines(document, "一、各项结论", statuses, "statuses", when="statuses")
    clauses = [
        ("条款", "{{ one.clause }}", 20),
        ("要求", "{{ one.title }}", 76),
        ("未落实", "{{ one.open }}", 18),
        ("逾期完成", "{{ one.late }}", 20),
        ("涉及单位数", "{{ one.units }}", 22),
    ]
    lines(document, "二、问题较多的条款", clauses, "clauses", when="clauses")
    lines(document, "三、名次在前的单位（按“{{ policy }}”）", RANKED, "first", when="first")
    lines(document, "四、名次在后的单位（按“{{ policy }}”）", RANKED, "last", when="last")
    line(document, "请有问题的单位对照整改通知单和问题清单逐项整改。", "【工作要求：待填】")
    finish(document, "circular")


def praise() -> None:
    """Make the circular of praise (表扬通报)."""
    document = start("关于表扬{{ county }}政务公开工作成绩突出单位的通报", to="各镇街，县直各部门、单位：")
    numbers(document)
    line(
        document,
        "{% if policy %}按照“{{ policy }}”，{% endif %}经研究，对以下{{ praised|length }}个单位予以表扬：",
    )
    table(document, RANKED, "praised")
    line(document, "希望受到表扬的单位再接再厉。", "【表扬依据和要求：待填】")
    finish(document, "praise")


def rectification() -> None:
    """Make the notice to rectify (整改通知单)."""
    document = start("{{ county }}政务公开问题整改通知单")
    line(
        document,
        "对照{{ documents }}评估，截至{{ as_of }}，你单位有{{ problems|length }}项要求尚未落实"
        "{% if mend_count and past_count %}，其中{{ mend_count }}项请整改，{{ past_count }}项时间已过、不能补做，"
        "请说明情况{% elif past_count %}，时间已过、不能补做，请说明情况{% endif %}，具体如下：",
    )
    columns = [
        ("序号", "{{ problem.number }}{{ problem.mark }}", 8.5),
        ("条款", "{{ problem.clause }}", 11.5),
        ("任务", "{{ problem.task }}", 22),
        ("要求原文", QUOTE, 32),
        ("问题", "{% if problem.subject %}{{ problem.subject }}：{% endif %}{{ problem.reason }}", 29),
        ("期限", "{{ problem.due }}", 21.5),
        ("逾期工作日", "{{ problem.overdue }}", 10),
        ("整改期限", "{% if problem.mendable %}{{ problem.rectify_by }}{% else %}不能补做，说明情况{% endif %}", 21.5),
    ]
    table(document, columns)
    before(document)
    line(
        document,
        "{% if mend_count %}请逐项整改，把责任人、整改情况和整改完成日期填入所附问题清单，{% if rectify_by %}"
        "于{{ rectify_by }}前交回{% else %}按表中的整改期限交回；没有写明整改期限的，交回日期为",
        "【待填】",
        "{% endif %}。整改完成以后，请同时在公开台账中补登相应记录。{% endif %}{% if past_count %}"
        "不能补做的，请在问题清单“整改情况”一栏写明情况和今后的做法；当时办了而漏登的，按实际日期补登。{% endif %}",
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
        ("序号", "{{ problem.number }}{{ problem.mark }}", 8.5),
        ("条款", "{{ problem.clause }}", 11.5),
        ("任务", "{{ problem.task }}", 22),
        ("要求原文", QUOTE, 32),
        (
            "问题",
            "{{ problem.status }}{% if problem.subject %}，{{ problem.subject }}{% endif %}：{{ problem.reason }}",
            33.5,
        ),
        ("期限", "{{ problem.due }}", 21.5),
        ("逾期工作日", "{{ problem.overdue }}", 10),
        ("整改情况", "{{ problem.outcome }}", 16.5),
    ]
    table(document, columns)
    before(document)
    finish(document, "interview")


if __name__ == "__main__":
    rectification()
    interview()
    circular()
    praise()
