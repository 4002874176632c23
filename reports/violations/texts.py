"""The words of the violation list and of what became of its problems, in Chinese and English."""

from __future__ import annotations

from events.problems import Text
from events.sheets.returned_list import HEADINGS

COLUMNS = {
    "number": Text("序号", "No."),
    "unit": HEADINGS["unit"],
    "task": Text("任务", "Duty"),
    "clause": Text("条款", "Clause"),
    "quote": Text("要求原文", "Words of the document"),
    "problem": Text("问题", "Problem"),
    "document": Text("依据", "Document"),
    "due": Text("期限", "Due on"),
    "overdue": Text("逾期工作日", "Working days overdue"),
    "evidence": Text("证据", "Evidence"),
    "rectify_by": HEADINGS["rectify_by"],
    "person": HEADINGS["person"],
    "rectification": HEADINGS["rectification"],
    "done_on": HEADINGS["done_on"],
    "outcome": Text("整改结论", "Outcome"),
    "status": Text("结论", "Status"),
    "obligation": HEADINGS["obligation"],
    "listed_on": HEADINGS["listed_on"],
    "set_by": HEADINGS["set_by"],
}
"""The columns of the list, in its order."""

PRINTED = 15
"""How many of them are printed; the others are for filtering and for the way back."""

INPUTS = ("rectify_by", "person", "rectification", "done_on")
"""The columns that are filled in."""

TECHNICAL = ("obligation", "listed_on", "set_by")
"""The columns that the list is read back by; nobody is to change them."""

WIDTHS = {
    "number": 5,
    "unit": 12,
    "task": 15,
    "clause": 6.5,
    "quote": 24,
    "problem": 26,
    "document": 12,
    "due": 10.5,
    "overdue": 6.5,
    "evidence": 23,
    "rectify_by": 10.5,
    "person": 8,
    "rectification": 18,
    "done_on": 10.5,
    "outcome": 9.5,
    "status": 10,
    "obligation": 38,
    "listed_on": 10.5,
    "set_by": 10.5,
}
"""Column widths, in characters."""

OUTCOME = {
    "long": Text("长期未整改", "long unrectified"),
    "open": Text("未整改", "not rectified"),
    "past": Text("不能补办", "cannot be made good"),
    "returned": Text("退回整改", "returned"),
    "reported": Text("已反馈", "reported"),
    "late": Text("逾期整改", "rectified late"),
    "in_time": Text("按期整改", "rectified in time"),
    "done": Text("已整改", "rectified"),
    "ended": Text("不再是问题", "no problem any more"),
}
"""What became of a problem, what needs attention first."""

OUTCOME_STATUS = {
    "long": "violated",
    "open": "violated",
    "past": "violated",
    "returned": "violated",
    "reported": "pending",
    "late": "late",
    "in_time": "met",
    "done": "met",
    "ended": "waived",
}
"""The status whose colour an outcome has."""

OUTCOME_MEANING = {
    "long": Text(
        "仍未落实，并且整改期限已过，或者此前两次以上评估都列入",
        "still violated, and the day set for it is over or two or more earlier evaluations had it",
    ),
    "open": Text("仍未落实，没有整改完成的记录", "still violated, with no record that it was rectified"),
    "past": Text(
        "已经发生，补办不能改变结论：说明原因和防止再发生的措施，由负责评估的单位销号",
        "it has happened, and nothing done now changes that: say why, and what keeps it from happening again; the"
        " evaluating unit accepts it",
    ),
    "returned": Text(
        "单位填报了整改，负责评估的单位没有认可，退回重新整改",
        "the unit reported that it was put right; the evaluating unit did not accept it",
    ),
    "reported": Text(
        "单位填报了整改，台账里还没有证据，负责评估的单位也还没有销号",
        "the unit reported that it was put right; neither does the log show it nor has the evaluating unit accepted it",
    ),
    "late": Text(
        "台账证明或者负责评估的单位认可已经整改，晚于整改期限",
        "shown by the log, or accepted, as rectified after the day set for it",
    ),
    "in_time": Text(
        "台账证明或者负责评估的单位认可在整改期限内整改",
        "shown by the log, or accepted, as rectified by the day set for it",
    ),
    "done": Text(
        "台账证明或者负责评估的单位认可已经整改，没有定过整改期限",
        "shown by the log, or accepted, as rectified; no day was set for it",
    ),
    "ended": Text(
        "台账更正、补登以后不再是问题，或者已豁免、不再承担", "no breach after corrections, or waived, or owed no more"
    ),
}

BASIS = {
    "log": Text("台账", "log"),
    "office": Text("销号", "accepted"),
    "report": Text("单位填报", "unit's report"),
}
"""Who says that a problem was fixed."""

LEDGER = {
    "number": COLUMNS["number"],
    "unit": COLUMNS["unit"],
    "task": COLUMNS["task"],
    "clause": COLUMNS["clause"],
    "subject": Text("事项", "Subject"),
    "first": Text("首次列入", "First listed"),
    "times": Text("此前列入次数", "Earlier evaluations"),
    "rectify_by": COLUMNS["rectify_by"],
    "person": COLUMNS["person"],
    "rectification": COLUMNS["rectification"],
    "done_on": COLUMNS["done_on"],
    "basis": Text("整改依据", "According to"),
    "outcome": COLUMNS["outcome"],
    "status": Text("本次结论", "Status now"),
    "obligation": COLUMNS["obligation"],
}
"""The columns of the sheet 整改台账, in its order."""

LIST = {
    "list": Text("问题清单", "Violations"),
    "summary": Text("汇总", "Summary"),
    "ledger": Text("整改台账", "Rectification"),
    "about": Text("说明", "About"),
    "no_record": Text("台账中没有完成的记录", "nothing in the log shows that it was done"),
    "subject": Text("事项", "Subject"),
    "none": Text("没有未落实或者逾期的事项。", "Nothing is violated or late."),
    "no_items": Text(
        "没有可以跟踪的问题：没有给出此前的评估（--previous），台账中也没有整改记录。",
        "Nothing to follow up: no earlier evaluation was given (--previous), and the log has no record.",
    ),
    "past": Text("时间已过，不能补做：请写明情况", "The time is over, it cannot be made good: say what happened"),
    "made_good": Text("已补办", "done late"),
    "total": Text("合计", "All"),
    "by_unit": Text("各单位问题数", "Problems by unit"),
    "by_clause": Text("各条款问题数", "Problems by clause"),
    "by_outcome": Text("整改情况", "Rectification"),
    "shares": Text("各项结论所占比例", "Shares of the statuses"),
    "first_units": Text("问题最多的单位", "Units with most problems"),
    "first_clauses": Text("问题最多的条款", "Clauses with most problems"),
    "outcome": Text("整改结论", "Outcome"),
    "number": Text("项数", "Number"),
    "how": Text("怎样填写", "How to fill it in"),
    "how_text": Text(
        "淡黄色各列由责任单位填写：整改期限（可改）、责任人、整改情况、整改完成日期。灰色各列供系统识别，请不要改动；"
        "可以筛选、排序，可以只交回填写过的行。填好的清单与台账一起读入（gongkai evaluate --events 台账 清单.xlsx，"
        "或者 gongkai events import），每一行成为一条整改记录；没有填写的行不产生记录。整改记录不改变评估结论。",
        "The yellow columns are filled in by the unit: rectify by (may be changed), answerable person, rectification,"
        " and the day it was done. The grey columns are how the list is read back; leave them. Rows may be filtered,"
        " sorted or left out. Read the filled list together with the log (gongkai evaluate --events LOG LIST.xlsx, or"
        " gongkai events import): each filled row is one record. A record of rectification changes no verdict.",
    ),
    "warning_title": Text("请不要改动", "Please leave this"),
    "warning": Text("这一列供系统识别，由系统填写。", "The list is read back by this column."),
    "date_hint": Text("填写日期，例如 2023-07-14", "A date, such as 2023-07-14"),
    "done_hint": Text("整改完成的那一天，例如 2023-07-14", "The day it was done, such as 2023-07-14"),
}
"""What else the workbook says."""
