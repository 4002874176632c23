"""The words of the reports, in Chinese and English."""

from __future__ import annotations

from events.problems import Text

SIGNS = {
    "met": "✓",
    "late": "△",
    "violated": "✗",
    "pending": "…",
    "not_applicable": "–",
    "waived": "免",
    "unassessed": "?",
    "not_taken": "○",
}
"""A sign for each status, so that no page depends on colour."""

WORST_FIRST = ("violated", "late", "unassessed", "pending", "waived", "not_taken", "met", "not_applicable")
"""The order in which statuses need attention."""

BREACHES = ("violated", "late")
"""The statuses of the violation lists."""

STATUS = {
    "met": Text("按期完成", "met"),
    "late": Text("逾期完成", "late"),
    "violated": Text("未落实", "violated"),
    "pending": Text("尚未到期", "pending"),
    "not_applicable": Text("未触发", "not applicable"),
    "waived": Text("已豁免", "waived"),
    "unassessed": Text("待核定", "unassessed"),
    "not_taken": Text("未采用", "not taken"),
}

MEANING = {
    "met": Text("在期限内完成，台账里有证据", "done in time, with evidence in the log"),
    "late": Text("完成了，但晚于期限", "done, but after the due date"),
    "violated": Text(
        "期限已过，台账里没有完成的记录", "the due date is over and nothing in the log shows that it was done"
    ),
    "pending": Text("期限未到，还可以完成", "open, and the due date is not over"),
    "not_applicable": Text("没有发生需要履行本项要求的事", "nothing happened that sets this duty"),
    "waived": Text("有登记在册、未过期的豁免", "a recorded exemption that has not expired"),
    "unassessed": Text(
        "需要人工核定，或者缺少数据；不算完成", "needs a person, or a figure that is missing; never counted as met"
    ),
    "not_taken": Text("选做或力争的事项，没有做到；不算问题", "optional or aspired to, not done; no violation"),
}

MODALITY = {"must": Text("应当", "must"), "strive": Text("力争", "strive"), "may": Text("可以", "may")}

COLUMNS = {
    "unit_name": Text("单位", "Unit"),
    "clause": Text("条款", "Clause"),
    "title": Text("要求", "Duty"),
    "subject": Text("事项", "Subject"),
    "status": Text("结论", "Status"),
    "opened_on": Text("起算日期", "Opened on"),
    "due_on": Text("到期日", "Due on"),
    "met_on": Text("完成日期", "Done on"),
    "required": Text("应达到", "Required"),
    "measured": Text("实际", "Measured"),
    "reason": Text("理由", "Reason"),
    "quote": Text("原文", "Words of the document"),
    "evidence": Text("证据（事件编号）", "Evidence (event ids)"),
    "reading": Text("读法", "Reading"),
    "obligation": Text("义务编号", "Obligation"),
}
"""The columns of the violation sheet, in its order."""

PAGE = {
    "requests": Text("申请办理", "Requests"),
    "title": Text("政务公开落实情况评估", "Open-government duties: evaluation"),
    "as_of": Text("截至", "As of"),
    "books": Text("依据", "Rulebooks"),
    "units": Text("单位", "Units"),
    "unit": Text("单位", "Unit"),
    "all_units": Text("全县总表", "All units"),
    "matrix": Text("各单位 × 各条款", "Units × clauses"),
    "matrix_how": Text(
        "每格是该单位在该条款下最需要注意的结论；数字是这种结论的项数，一项时不写；空白表示该单位不承担该条款。点开可看明细。",
        "Each cell shows the status that needs most attention, and how many when several; blank: nothing is owed.",
    ),
    "legend": Text("结论说明", "What the statuses mean"),
    "breaches": Text("问题清单", "Violations"),
    "no_breaches": Text("没有未落实或者逾期的事项。", "Nothing is violated or late."),
    "clauses": Text("各条款汇总", "By clause"),
    "clause": Text("条款", "Clause"),
    "duty": Text("要求", "Duty"),
    "quote": Text("原文", "Words"),
    "backfilled": Text("补记清单", "Recorded late"),
    "files": Text("数据文件", "Files"),
    "derivation": Text("推算过程", "Derivation"),
    "evidence": Text("证据", "Evidence"),
    "due": Text("到期", "Due"),
    "done": Text("完成", "Done"),
    "provisional": Text("暂定", "provisional"),
    "provisional_how": Text(
        "标“暂定”的到期日落在放假安排尚未公布的年份，公布后会重算。",
        "Due dates marked provisional lie in a year whose holidays are not announced; they will be computed again.",
    ),
    "readings": Text("有歧义的条款采用的读法", "Readings of ambiguous clauses"),
    "evaluator": Text("本单位同时承担评估工作", "This unit also carries out the evaluation"),
    "receipt": Text("可以用 run.json 重算本报告", "run.json has what it takes to repeat this run"),
    "argue": Text(
        "对结论有异议的，请对照原文、证据和推算过程，补登遗漏的记录或者更正错误的记录，再评估一次。",
        "To dispute a verdict, check words, evidence and derivation, record what is missing or correct what is wrong,"
        " and evaluate again.",
    ),
    "waiver": Text("豁免", "Waiver"),
    "items": Text("项", "items"),
    "summary": Text("汇总", "Summary"),
    "about": Text("说明", "About"),
    "note": Text("说明", "Note"),
    "reference": Text("规则一览", "The rules"),
    "unfiled": Text("未报送台账", "Nothing filed"),
    "unfiled_how": Text(
        "本期台账里没有这些单位的任何记录：要办的事都没有完成的记录，不得发生的事看不出有没有发生；不计分，不排名。",
        "The log has nothing of these units in the period: nothing shows that what was due was done, nor that what must"
        " not happen did not. They are neither scored nor ranked.",
    ),
    "by_hand": Text(
        "要办的事，没有记录一律不算完成；不得发生的事，没有报送台账也不算没有发生。",
        "What has to be done and was not recorded is never called met; nor is what must not happen, where nothing was"
        " filed.",
    ),
}

SECTIONS = {
    "violated": Text("未落实，需要马上处理", "Violated: act now"),
    "late": Text("逾期完成", "Done late"),
    "unassessed": Text("待核定：需要评价意见或者数据", "Unassessed: needs a judgement or a figure"),
    "pending": Text("尚未到期，按到期日排列", "Pending, by due date"),
    "waived": Text("已豁免", "Waived"),
    "not_taken": Text("选做、力争事项未采用", "Optional, not taken"),
    "met": Text("按期完成", "Met"),
    "not_applicable": Text("没有触发的要求", "Not triggered"),
}
"""The headings of a unit's page, in its order."""
