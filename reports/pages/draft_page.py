"""The page on which a drafted rulebook is gone through: the document with its phrases marked, and the proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from markupsafe import Markup, escape

from reports.pages.html import render
from rules.drafting.files import outside, summary

if TYPE_CHECKING:
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

_SHOWN = (
    "counted",
    "at_least",
    "at_most",
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


def draft_page(draft: Draft, book: str) -> str:
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
    content = {"notice": draft.notice, "clauses": clauses, "summary": summary(draft, book), "outside": outside(draft)}
    return render("draft.html.j2", "zh", {**content, "sorts": SORTS})


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
