"""The page on which a drafted rulebook is gone through: the document with its phrases marked, and the proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from markupsafe import Markup, escape

from events.problems import Text
from reports.pages.html import render
from rules.drafting.book_files import outside, summary

if TYPE_CHECKING:
    from events.problems import Lang
    from rules.drafting.draft import Draft, DraftedClause

SORTS = {
    "duration": "期限",
    "count": "次数",
    "recurrence": "周期",
    "date": "日期",
    "share": "比例",
    "figure": "数值",
    "list": "清单",
    "prohibition": "禁止",
    "order": "先后",
    "state": "机制",
    "option": "可选",
    "assessment": "评定",
    "name": "名称",
}
"""What each sort of phrase is called on the page."""

WORDS = {
    "title": Text("核对拟出的规则库", "Review the drafted rulebook"),
    "no_day": Text("没有找到成文日期", "no day of issue"),
    "how": Text(
        "怎样核对：逐条看左边的原文和右边拟出的规则；在 rules.yaml 里改正类型、数值、承担单位和事件类型，"
        "然后 gongkai rules accept 文件夹 规则编号；不要的删去，并在 book.yaml 的条款下写 note 说明原因。",
        "How: go through the words on the left and the rules on the right; put kind, value, owner and event type right "
        "in rules.yaml, then gongkai rules accept FOLDER RULE; delete what is not wanted, and say why as a note of the "
        "clause in book.yaml.",
    ),
    "marks": Text("标记", "Marks"),
    "lead": Text("牵头", "lead"),
    "responsible": Text("责任", "responsible"),
    "deadline": Text("时限", "by"),
    "left": Text("没有读懂的数", "number not understood"),
    "unproposed": Text("没有拟成规则的数", "number without a proposal"),
    "to_decide": Text("待定", "to decide:"),
    "outside": Text("条款以外的数", "Numbers outside the clauses"),
    "acts": Text(
        "词汇表里没有的事项（vocabulary.yaml：用的改名，不用的删去）",
        "Acts that the vocabulary lacks (vocabulary.yaml: rename what is wanted, delete the rest)",
    ),
}
"""What the page says besides the document's own words."""

_SHOWN = (
    "counted",
    "at_least",
    "at_most",
    "distinct",
    "shares",
    "every",
    "trigger",
    "response",
    "within",
    "expected",
    "by",
    "of",
    "items",
    "covered_by",
    "reported",
    "target",
    "compare",
    "figure",
    "opened",
    "closed",
    "refreshed",
    "forbidden",
    "act",
    "before",
    "modality",
    "look_for",
)


def draft_page(draft: Draft, book: str, lang: Lang = "zh") -> str:
    """Return `review.html` of a draft."""
    clauses = [
        {
            "id": one.clause.id,
            "section": one.clause.section,
            "marked": _marked(one),
            "lead": one.clause.lead,
            "responsible": one.clause.responsible,
            "deadline": one.clause.deadline,
            "left": one.left,
            "unproposed": [phrase.text for phrase in one.unproposed],
            "proposals": [
                {
                    "id": proposal.rule["id"],
                    "kind": proposal.rule["kind"],
                    "title": proposal.rule["title"]["zh"],
                    "owed_by": proposal.rule["owed_by"],
                    "fields": [(key, _plain(proposal.rule[key])) for key in _SHOWN if key in proposal.rule],
                    "candidates": [(key, value) for key, value in proposal.rule.get("candidates", {}).items()],
                    "open": proposal.open,
                }
                for proposal in one.proposals
            ],
        }
        for one in draft.clauses
    ]
    found = summary(draft, book)
    numbers = found["numbers"]
    left = numbers["left"] + numbers["unproposed"]
    said = {name: text.in_(lang) for name, text in WORDS.items()}
    said["counts"] = Text(
        f"{found['clauses']}个条款，拟出{found['proposals']}条规则，待定{found['to_decide']}处。条款里有{numbers['numbers']}个数："
        f"{numbers['proposed']}个在拟议的规则里，{numbers['names']}个是名称的一部分，",
        f"{found['clauses']} clauses, {found['proposals']} proposed rules, {found['to_decide']} things to decide. "
        f"{numbers['numbers']} numbers in the clauses: {numbers['proposed']} in rules, {numbers['names']} in names,",
    ).in_(lang)
    said["not_understood"] = Text(f"{left}个没有读懂。", f"{left} not understood.").in_(lang)
    content = {
        "notice": draft.notice,
        "clauses": clauses,
        "left": left,
        "outside": outside(draft),
        "acts": draft.new_acts,
    }
    return render("draft.html.j2", lang, {**content, "sorts": SORTS, "w": said})


def _plain(value: object) -> str:
    """Return a value as YAML in one line."""
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _marked(one: DraftedClause) -> Markup:
    """Return a clause's words with every phrase marked; lists, which hold others, are not."""
    text, place = one.clause.text, 0
    parts: list[Markup] = []
    for phrase in one.phrases:
        if phrase.sort == "list" or phrase.start < place:
            continue
        mark = Markup('<mark class="{}" title="{}">{}</mark>').format(phrase.sort, SORTS[phrase.sort], phrase.text)
        parts += [escape(text[place : phrase.start]), mark]
        place = phrase.end
    return Markup("").join([*parts, escape(text[place:])])
