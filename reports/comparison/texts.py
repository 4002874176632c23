"""The words of the comparison's page and workbook, in Chinese and English."""

from __future__ import annotations

from events.problems import Text

COLUMNS = {
    "group": Text("变化", "Change"),
    "unit": Text("单位", "Unit"),
    "clause": Text("条款", "Clause"),
    "task": Text("任务", "Duty"),
    "subject": Text("事项", "Subject"),
    "before": Text("先前", "Before"),
    "before_due": Text("先前到期日", "Due before"),
    "after": Text("后来", "After"),
    "after_due": Text("后来到期日", "Due after"),
    "code": Text("原因类别", "Sort of cause"),
    "cause": Text("原因", "Cause"),
    "reason": Text("理由", "Reason"),
    "obligation": Text("义务编号", "Obligation"),
}
"""The columns of the sheet of changes, in its order."""

WORDS = {
    "title": Text("两次评估的比较", "Two evaluations compared"),
    "changes": Text("结论的变化", "Changes"),
    "standing": Text("两次都未落实", "Violated in both"),
    "inputs": Text("输入的变化", "Inputs that differ"),
    "causes": Text("变化的原因", "Causes"),
    "causes_how": Text(
        "一项变化可以有几个原因；原因只写两次评估保留的输入能够证明的。",
        "A change may have several causes; only what both runs kept the proof of is told.",
    ),
    "number": Text("项数", "Number"),
    "absent": Text("∅：那次评估没有这项义务。", "∅: that run had no such obligation."),
    "nothing": Text("两次评估的结论相同。", "Both runs came to the same verdicts."),
    "log": Text("台账的变化", "The log"),
    "rules": Text("规则的变化", "The rules"),
    "entry": Text("记录", "Entry"),
    "sort": Text("类别", "Sort"),
    "what": Text("内容", "What"),
    "where": Text("出处", "Where"),
    "unchanged": Text("没有变化", "nothing"),
    "happened_number": Text("两次评估之间发生的记录", "Entries that happened between the two"),
}
