"""A verdict's basis and what was not enough for it, in a few lines, for lists and self-checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.explain.beside import beside, unsure
from engine.explain.record import when
from events.problems import Text
from events.vocabulary import load_vocabulary
from rules.limits import limit_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.explain.beside import VerdictCase
    from engine.explain.record import Act
    from rules.book import Book
    from rules.model import Rule

NAMED = 3
"""How many records that were not enough are named."""


def short_basis(row: Mapping[str, Any], rule: Rule, book: Book) -> list[Text]:
    """Return the document with its day of issue, the reading in use with its reason, and where the limit is from."""
    document = book.document_of(rule.clause)
    issued = Text(f"（{book.issued_on}印发）", f" (issued on {book.issued_on})")
    own = issued if document == book.document else Text("", "")
    lines = [Text(f"{document}{own.zh}", f"{document}{own.en}")]
    if row["reading"] is not None and rule.readings is not None:
        reason = rule.readings.choices[row["reading"]].reason.text()
        lines.append(Text(f"读法：{reason.zh}", f"Reading: {reason.en}"))
    source = limit_source(rule, book)
    return [*lines, Text(f"期限：{source.zh}", f"Limit: {source.en}")] if source.zh else lines


def not_enough(case: VerdictCase) -> list[Text]:
    """Return the records that were not enough for a verdict, one a line with the reason; of many the first few."""
    found = beside(case)
    lines = [Text(f"没有计入：{one.zh}", f"Not counted: {one.en}") for one in map(_named, found[:NAMED])]
    if len(found) > NAMED:
        lines.append(Text(f"没有计入的共{len(found)}条", f"{len(found)} records were not counted"))
    return lines


def lacking(case: VerdictCase) -> list[Text]:
    """Return the records that lack what decides a verdict, one a line with what they lack; of many the first few."""
    found = unsure(case)
    lines = [_named(one) for one in found[:NAMED]]
    if len(found) > NAMED:
        lines.append(Text(f"共{len(found)}条", f"{len(found)} records in all"))
    return lines


def _named(found: tuple[Act, Text]) -> Text:
    """Return a record by its day, type, subject and id, with what is to be said of it."""
    act, why = found
    kind = load_vocabulary().label_of(act["type"])
    zh, en = (" ".join(filter(None, (when(act), word, act["subject"]))) for word in (kind.zh, kind.en))
    return Text(f"{zh}（{act['id']}）：{why.zh}", f"{en} ({act['id']}): {why.en}")
