"""Made-up notices as Word and Excel keep them beside their text: numbers of lists, notes, hidden and moved words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import docx
import xlsxwriter
from docx.oxml import OxmlElement

if TYPE_CHECKING:
    from pathlib import Path

LISTED = (
    "每月5日前公开上月财务收支。",
    "每年6月底、12月底前分别公开半年和全年工作总结。",
    "村务公开栏每10天更新1次，逾期三次以上通报。",
    "群众申请当日登记，5个工作日内答复。",
)


def in_run(tag: str, text: str, *, deleted: bool = False) -> Any:  # noqa: ANN401 - an element
    """Return a run of text within an element, such as an insertion."""
    element, run = OxmlElement(tag), OxmlElement("w:r")
    words = OxmlElement("w:delText" if deleted else "w:t")
    words.text = text
    run.append(words)
    element.append(run)
    return element


def listed_docx(target: Path) -> Path:
    """Write a notice whose paragraphs are numbered by Word and not by their text."""
    document = docx.Document()
    for line in ("梁山镇2024年政务公开工作安排", "梁政发〔2024〕2号"):
        document.add_paragraph(line)
    for line in LISTED:
        document.add_paragraph(line, style="List Number")
    document.add_paragraph("2024年1月5日")
    document.save(str(target))
    return target


def edited_docx(target: Path) -> Path:
    """Write a notice with a changed number, a moved sentence, a hidden one and one in a content control."""
    document = docx.Document()
    for line in ("云河区2024年政务公开工作计划", "云政办〔2024〕9号", "一、政策发布"):
        document.add_paragraph(line)
    changed = document.add_paragraph("（一）文件公布后")
    changed._p.append(in_run("w:del", "5", deleted=True))
    changed._p.append(in_run("w:ins", "3"))
    changed.add_run("个工作日内解读。（责任单位：区司法局；完成时限：12月底前）")
    document.add_paragraph("")._p.append(in_run("w:moveFrom", "每月召开一次例会。"))
    moved = document.add_paragraph("（二）")
    moved._p.append(in_run("w:moveTo", "每月召开一次例会。"))
    moved.add_run("（责任单位：区政府办公室；完成时限：每月5日前）")
    document.add_paragraph("（三）每周更新9次。").runs[0].font.hidden = True
    control, content, paragraph = (OxmlElement(tag) for tag in ("w:sdt", "w:sdtContent", "w:p"))
    paragraph.append(in_run("w:ins", "（三）参训不少于50人次。（责任单位：区人社局；完成时限：9月底前）"))
    content.append(paragraph)
    control.append(content)
    document.element.body.insert(len(document.element.body) - 1, control)
    document.add_paragraph("2024年1月31日")
    document.save(str(target))
    return target


def shown_xlsx(target: Path) -> Path:
    """Write a sheet with a column that no draft knows, shares shown as such, and days in two formats."""
    with xlsxwriter.Workbook(str(target)) as workbook:
        sheet = workbook.add_worksheet("任务清单")
        share, day = workbook.add_format({"num_format": "0%"}), workbook.add_format({"num_format": 'm"月"d"日前"'})
        sheet.merge_range(0, 0, 0, 5, "临泽县2024年政务公开任务台账")
        sheet.write_row(1, 0, ("序号", "工作任务", "工作目标", "目标值", "责任单位", "完成时间"))
        sheet.merge_range(2, 0, 2, 5, "一、主动公开（共3项）")
        sheet.write_row(3, 0, (1, "规范性文件", "规范性文件公开率达到百分之九十五"))
        sheet.write(3, 3, 0.95, share)
        sheet.write_row(3, 4, ("县司法局", "第三季度"))
        sheet.write_row(4, 0, (2, "政策解读", "解读不少于15篇，其中图解不少于三分之一", 15, "县政府办公室"))
        sheet.write_datetime(4, 5, datetime(2024, 11, 30), day)
    return target
