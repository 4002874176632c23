"""The basis of a verdict: the duty, the document, the whole clause with the words marked, the reading in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from events.problems import Lang
    from rules.book import Book
    from rules.model import Rule


def marked(rule: Rule, book: Book) -> str:
    """Return the whole clause, the words that the rule rests on in 【】; these words alone where it has no others."""
    whole = next((clause.text for clause in book.clauses if clause.id == rule.clause), "").strip()
    if rule.quote not in whole:
        return f"【{rule.quote}】"
    return whole.replace(rule.quote, f"【{rule.quote}】", 1)


def _document(rule: Rule, book: Book) -> Text:
    """Return the document and clause, with the day of issue of the book's own document."""
    document = book.document_of(rule.clause)
    issued = Text(f"，{book.issued_on}印发", f", issued on {book.issued_on}")
    lent, cited = book.lent(rule.clause), book.cited(rule.clause)
    if lent is not None:
        whose = Text(f"{book.document}（{book.issued_on}印发）", f"{book.document} of {book.issued_on}")
        issued = Text(f"，由{whose.zh}{lent.zh}", f", {lent.en} by {whose.en}")
    return Text(
        f"依据：{book.title.zh}（{document}{issued.zh}）{cited.zh}",
        f"Basis: {book.title.en} ({document}{issued.en}), clause {cited.en}",
    )


def _readings(rule: Rule, reading: str | None) -> list[Text]:
    """Return the reading in use with its reason, and the others by name, with how to choose them."""
    if reading is None or rule.readings is None:
        return []
    choices = rule.readings.choices
    reason = choices[reading].reason.text()
    lines = [Text(f"读法：{reading}，{reason.zh}", f"Reading: {reading}; {reason.en}")]
    for name, other in choices.items():
        if name != reading:
            why, how = other.reason.text(), f"--reading {rule.id}={name}"
            lines.append(Text(f"另一读法：{name}，{why.zh}（选用：{how}）", f"Other reading: {name}; {why.en} ({how})"))
    return lines


def _answers(rule: Rule) -> list[Text]:
    """Return who owes it, from when, what proves it and what else does, as the rule says it."""
    if rule.basis is None:
        return []
    said = (
        (Text("谁承担", "Who owes it"), rule.basis.owed),
        (Text("何时起止", "From when"), rule.basis.since),
        (Text("凭什么证明", "What proves it"), rule.basis.proof),
        (Text("什么也算、什么不算", "What else does, or does not"), rule.basis.also),
    )
    return [Text(f"{head.zh}：{words}", f"{head.en}: {words}") for head, words in said]


def basis(row: Mapping[str, Any], rule: Rule, book: Book, lang: Lang = "zh") -> tuple[str, ...]:
    """Return what a verdict rests on, before how it follows.

    Args:
        row: the verdict.
        rule: its rule, the reading applied.
        book: its rulebook.
        lang: the language of the lines.
    """
    title = rule.title.text()
    lines = [Text(f"要求：{title.zh}", f"Duty: {title.en}"), _document(rule, book)]
    lines.append(
        Text(
            f"原文（【】内是本项所依据的话）：{marked(rule, book)}",
            f"Words (those that the rule rests on in 【】): {marked(rule, book)}",
        )
    )
    lines += _readings(rule, row["reading"])
    if rule.note is not None:
        note = rule.note.text()
        lines.append(Text(f"说明：{note.zh}", f"Note: {note.en}"))
    lines += _answers(rule)
    lines.append(Text(f"责任单位：{row['unit_name']}", f"Owed by: {row['unit_name']}"))
    if row["before_issue"]:
        lines.append(
            Text(
                f"所涉事项发生在文件印发之日（{book.issued_on}）以前；"
                f"不看印发以前的事项：--reading {book.id}=from-issue",
                f"The act lies before the document's day of issue, {book.issued_on}; to leave such acts out:"
                f" --reading {book.id}=from-issue",
            )
        )
    return tuple(line.in_(lang) for line in lines)
