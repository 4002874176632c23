"""The comparison of two runs as a workbook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reports.causes import CAUSES, entry_text, rule_text
from reports.compare import GROUPS, SOURCES
from reports.compare_texts import COLUMNS, WORDS
from reports.texts import SIGNS, STATUS
from reports.workbook import Book, print_setup, row_height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format

    from events.problems import Lang, Text
    from reports.causes import Cause
    from reports.compare import Change, Comparison
    from reports.runs import Row

WIDTHS = {
    "group": 16,
    "unit": 16,
    "clause": 7,
    "task": 26,
    "subject": 20,
    "before": 11,
    "before_due": 11,
    "after": 11,
    "after_due": 11,
    "code": 13,
    "cause": 44,
    "reason": 40,
    "obligation": 40,
}
PRINTED = 11
LOG_WIDTHS = (14, 18, 70, 30)


def write_comparison(comparison: Comparison, path: Path, lang: Lang) -> None:
    """Write the workbook: how much changed and why, every change, what was violated in both, rules and log."""
    book = Book(path)
    _summary(book, comparison, lang)
    rows = [
        _values(GROUPS[group].in_(lang), change, causes, comparison, lang)
        for group, found in comparison.groups.items()
        for change, causes in found
    ]
    _changes(book, WORDS["changes"], rows, comparison, lang)
    standing = [
        _sides(WORDS["standing"].in_(lang), row, (comparison.before.rows[row["obligation"]], row), comparison, lang)
        for row in comparison.standing
    ]
    if standing:
        _changes(book, WORDS["standing"], standing, comparison, lang)
    _log(book, comparison, lang)
    book.close()


def _values(
    group: str, change: Change, causes: Sequence[Cause], comparison: Comparison, lang: Lang
) -> dict[str, object]:
    """Return what the columns show of one change."""
    codes = dict.fromkeys(CAUSES[cause.code].in_(lang) for cause in causes)
    return {
        **_sides(group, change.row, (change.before, change.after), comparison, lang),
        "code": "、".join(codes),
        "cause": "\n".join(cause.text.in_(lang) for cause in causes),
    }


def _sides(
    group: str, row: Row, sides: tuple[Row | None, Row | None], comparison: Comparison, lang: Lang
) -> dict[str, object]:
    """Return what the columns show of an obligation in both runs."""
    run = comparison.after if sides[1] is not None else comparison.before
    shown: dict[str, object] = {
        "group": group,
        "unit": row["unit_name"],
        "clause": row["clause"],
        "task": run.title(row),
        "subject": row["subject"],
        "reason": row["reason"],
        "obligation": row["obligation"],
        "code": None,
        "cause": None,
    }
    for name, side in zip(("before", "after"), sides, strict=True):
        status = side["status"] if side is not None else None
        shown[name] = f"{SIGNS[status]} {STATUS[status].in_(lang)}" if status else "∅"
        shown[f"{name}_due"] = date.fromisoformat(side["due_on"]) if side is not None and side["due_on"] else None
        shown[f"{name}_status"] = status
    return shown


def _changes(book: Book, words: Text, rows: Sequence[Mapping[str, object]], comparison: Comparison, lang: Lang) -> None:
    """Write a sheet of obligations in both runs."""
    name = words.in_(lang)
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    for column, key in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDTHS[key])
    book.heads(sheet, [label.in_(lang) for label in COLUMNS.values()])
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(COLUMNS):
            book.put(sheet, number, column, row[key], _form(book, key, row))
        sheet.set_row(number, row_height([(row[key], WIDTHS[key]) for key in list(COLUMNS)[:PRINTED]]))
    last = max(len(rows), 1)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    print_setup(sheet, f"{_title(comparison, lang)}：{name}", "", (last, PRINTED - 1))


def _form(book: Book, key: str, row: Mapping[str, object]) -> Format | None:
    """Return the look of a cell; None for the plain one."""
    if key in {"before", "after"}:
        return book.fills.get(str(row[f"{key}_status"]), book.centred)
    return {"obligation": book.grey, "clause": book.centred}.get(key)


def _title(comparison: Comparison, lang: Lang) -> str:
    """Return the title with the two moments."""
    return f"{WORDS['title'].in_(lang)}（{comparison.before.as_of.text} → {comparison.after.as_of.text}）"


def _summary(book: Book, comparison: Comparison, lang: Lang) -> None:
    """Write the sheet of numbers: by group, by cause, and which inputs differ."""
    sheet = book.workbook.add_worksheet(WORDS["title"].in_(lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 60)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, _title(comparison, lang), book.title)
    blocks: list[tuple[str, list[tuple[str, object]]]] = [
        (WORDS["changes"].in_(lang), [(GROUPS[k].in_(lang), len(v)) for k, v in comparison.groups.items() if v]),
        (WORDS["standing"].in_(lang), [(WORDS["standing"].in_(lang), len(comparison.standing))]),
        (WORDS["causes"].in_(lang), [(CAUSES[k].in_(lang), v) for k, v in comparison.cause_counts().items()]),
        (WORDS["inputs"].in_(lang), [(SOURCES[k].in_(lang), None) for k in comparison.inputs()]),
        (WORDS["rules"].in_(lang), [(r.rule, rule_text(r).in_(lang)) for r in comparison.differences.rules.values()]),
    ]
    at = 2
    for head, lines in blocks:
        if not lines:
            continue
        book.heads(sheet, [head, ""], at)
        for label, value in lines:
            at += 1
            book.put(sheet, at, 0, label)
            book.put(sheet, at, 1, value)
            sheet.set_row(at, row_height([(label, 44), (value, 60)], most=20))
        at += 2
    print_setup(sheet, "", "", (at, 1), repeat=False)


def _log(book: Book, comparison: Comparison, lang: Lang) -> None:
    """Write the sheet of entries that differ; what happened since is in the changes that rest on it."""
    entries = [one for one in comparison.differences.entries.values() if one.sort != "happened"]
    if not entries:
        return
    sheet = book.workbook.add_worksheet(WORDS["log"].in_(lang))
    sheet.hide_gridlines(2)
    for column, width in enumerate(LOG_WIDTHS):
        sheet.set_column(column, column, width)
    book.heads(sheet, [WORDS[name].in_(lang) for name in ("sort", "entry", "what", "where")])
    for number, one in enumerate(entries, start=1):
        text, place = entry_text(one).in_(lang), f"{one.entry['file']} {one.entry['place']}"
        for column, value in enumerate((CAUSES[one.sort].in_(lang), one.id, text, place)):
            book.put(sheet, number, column, value)
        sheet.set_row(number, row_height([(text, LOG_WIDTHS[2]), (place, LOG_WIDTHS[3])]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(entries), len(LOG_WIDTHS) - 1)
    print_setup(sheet, f"{_title(comparison, lang)}：{WORDS['log'].in_(lang)}", "", (len(entries), len(LOG_WIDTHS) - 1))
