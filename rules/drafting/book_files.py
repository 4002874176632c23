"""The files of a drafted rulebook: book.yaml, rules.yaml, source.txt, draft.json, and units/units.yaml."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rules.drafting.phrases.grammar import numbers_of
from rules.drafting.phrases.owners import registry_of
from rules.yaml.written import as_entry, as_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rules.drafting.draft import Draft, DraftedClause
    from rules.drafting.drafted import ProposedRule


def draft_files(draft: Draft, book: str) -> dict[str, str]:
    """Return the files of a draft, by name.

    Args:
        draft: the draft.
        book: the book's id.
    """
    files = {
        "book.yaml": _book(draft, book),
        "rules.yaml": _rules(draft),
        "source.txt": draft.notice.text + "\n",
        "draft.json": json.dumps(summary(draft, book), ensure_ascii=False, indent=2) + "\n",
    }
    if draft.new_acts:
        files["vocabulary.yaml"] = _vocabulary(draft)
    if draft.owners.registry is None:
        county = re.match(r"(.{1,6}?[县市区])", draft.notice.issuer)
        files["units/units.yaml"] = as_yaml(registry_of(draft.owners, book, county[1] if county else ""))
    return files


def summary(draft: Draft, book: str) -> dict[str, Any]:
    """Return what a draft has in numbers, what was not understood, and what is left to decide."""
    notice = draft.notice
    proposals = [one for clause in draft.clauses for one in clause.proposals]
    return {
        "book": book,
        "title": notice.title,
        "document": notice.document,
        "issued_on": notice.issued_on.isoformat() if notice.issued_on else None,
        "clauses": len(draft.clauses),
        "proposals": len(proposals),
        "to_decide": sum(len(one.open) for one in proposals),
        "numbers": draft.account(),
        "left": {one.clause.id: list(one.left) for one in draft.clauses if one.left},
        "unproposed": {
            one.clause.id: [phrase.text for phrase in one.unproposed] for one in draft.clauses if one.unproposed
        },
        "outside": outside(draft),
        "new_acts": {one.event: one.label for one in draft.new_acts},
    }


def outside(draft: Draft) -> list[str]:
    """Return the lines with numbers that are part of no clause: title, addressees, introduction, dates, signature."""
    words = [re.sub(r"\s+", "", part) for one in draft.clauses for part in (one.clause.text, one.clause.deadline or "")]
    ids = {one.clause.id for one in draft.clauses}
    lines = []
    for line in draft.notice.text.splitlines():
        for cell in line.split("\t"):
            text = re.sub(r"\s+", "", cell)
            if not any(numbers_of(text)) or text in ids:
                continue
            inside = any(text in word or word in text for word in words if word) and len(text) > _LEAST
            if not inside and text not in words:
                lines.append(cell.strip()[:80])
    return list(dict.fromkeys(lines))


_LEAST: Final = 4
"""A cell of so few signs, such as 95%, is in other texts by chance."""


def _vocabulary(draft: Draft) -> str:
    """Return `vocabulary.yaml`: the new kinds of act, each with where it stands."""
    head = (
        "# 原文说到、词汇表里没有的事项，先作为本规则库自己的类型列在这里。\n"
        "# 要用的改一个合适的英文名（rules.yaml 里同改），不要的删去。\n"
    )
    said = "".join(f"# {one.event}：{one.label}，见条款 {one.clause}\n" for one in draft.new_acts)
    return head + said + as_yaml({"types": {one.event: dict(one.entry()) for one in draft.new_acts}})


def _book(draft: Draft, book: str) -> str:
    """Return `book.yaml`."""
    notice = draft.notice
    issued = notice.issued_on or date(notice.year, 1, 1)
    content = {
        "id": book,
        "title": {"zh": notice.title},
        "document": notice.document or "（没有文号）",
        "issued_on": issued,
        "in_force": {"from": date(notice.year, 1, 1), "to": date(notice.year, 12, 31)},
        "source": "source.txt",
        "complete": True,
        "clauses": [_clause(one) for one in draft.clauses],
    }
    head = f"# 由“{notice.title}”拟出，需要核对。这里是条款原文；规则在 rules.yaml，逐条定下来以前都是拟议的。\n"
    return head + as_yaml(content)


def _clause(one: DraftedClause) -> dict[str, Any]:
    """Return a clause as `book.yaml` has it."""
    clause = one.clause
    found: dict[str, Any] = {"id": clause.id, "section": clause.section, "text": clause.text}
    for key in ("lead", "responsible"):
        if getattr(clause, key):
            found[key] = list(getattr(clause, key))
    if clause.deadline:
        found["deadline"] = clause.deadline
    named = {
        number: {"zh": f"“{phrase.text.strip('“”')}”是名称，里面的数不是要求。"}
        for phrase in one.names
        for number in phrase.numbers
    }
    for phrase in one.phrases:
        limit = str(phrase.values.get("gap") or phrase.values.get("within") or "")
        for number in phrase.numbers if limit else ():
            if number != limit.split(maxsplit=1)[0]:  # weeks are days in rules
                named.setdefault(number, {"zh": f"“{phrase.text}”在规则里写作 {limit}。"})
    if named:
        found["numbers"] = named
    return found


def _rules(draft: Draft) -> str:
    """Return `rules.yaml`, each clause's words and what is left to decide as comments."""
    lines = [
        "# 拟议的规则。定下一条：核对引文、承担单位、类型、数值和事件类型，删去 status、candidates 和 open，",
        "# 或者运行 gongkai rules accept。不要的整条删去，并在 book.yaml 的条款下写 note 说明原因。",
        "rules:",
    ]
    for one in draft.clauses:
        lines += ["", *(f"  # {line}" for line in _comment(one))]
        for proposal in one.proposals:
            lines += list(as_entry(_rule(proposal)))
    return "\n".join(lines) + "\n"


def _comment(one: DraftedClause) -> Iterator[str]:
    yield f"{one.clause.id} {one.clause.section}：{one.clause.text}"
    for text in one.left:
        yield f"没有读懂的数：…{text}…"
    for phrase in one.unproposed:
        yield f"没有拟成规则的数：{phrase.text}"


def _rule(proposal: ProposedRule) -> Mapping[str, Any]:
    return {**proposal.rule, "open": list(proposal.open)} if proposal.open else proposal.rule
