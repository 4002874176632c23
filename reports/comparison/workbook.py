"""The comparison of two runs as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from events.problems import Text
from reports.comparison.causes import CAUSES, entry_text, rule_text
from reports.comparison.compare import GROUPS, ROUTINE, SOURCES
from reports.comparison.texts import COLUMNS, WORDS
from reports.output.texts import SIGNS, STATUS
from reports.output.workbook import Workbook, print_setup, row_height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from events.problems import Lang
    from reports.comparison.causes import Cause
    from reports.comparison.change import VerdictChange
    from reports.comparison.compare import Comparison
    from reports.run.folder import Row

WIDTHS = {
    "group": 15,
    "unit": 16,
    "clause": 6.5,
    "task": 24,
    "subject": 17,
    "before": 11,
    "before_due": 11,
    "after": 11,
    "after_due": 11,
    "code": 10.5,
    "cause": 40,
    "reason": 40,
    "obligation": 40,
}
PRINTED = 11
LOG_WIDTHS = (14, 22, 60, 36)
SUMMARY_WIDTHS = (44, 10, 60)
HEAD = 32


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of obligations in both runs.

    Attributes:
        name: its name.
        rows: the obligations, what needs attention first.
        keys: the columns.
        printed: how many columns are printed.
        told: how many rows are printed: routine would be a hundred pages of paper. All are in the sheet.
    """

    name: Text
    rows: Sequence[Mapping[str, object]]
    keys: Sequence[str]
    printed: int
    told: int


def write_comparison(comparison: Comparison, path: Path, lang: Lang) -> None:
    """Write the workbook: how much changed and why, every change, what was violated in both, rules and log."""
    book = Workbook(path)
    _summary(book, comparison, lang)
    groups = comparison.groups.items()
    rows = [
        _values(GROUPS[group].in_(lang), change, causes, comparison, lang)
        for group, found in groups
        for change, causes in found
    ]
    told = sum(len(found) for group, found in groups if group not in ROUTINE)
    _list(book, Listed(WORDS["changes"], rows, tuple(COLUMNS), PRINTED, told), comparison, lang)
    standing = [
        _sides(WORDS["standing"].in_(lang), row, (comparison.before.rows[row["obligation"]], row), comparison, lang)
        for row in comparison.standing
    ]
    if standing:
        # nothing changed, so there is no cause, and the reason is printed in its place
        keys = tuple(name for name in COLUMNS if name not in {"code", "cause"})
        _list(book, Listed(WORDS["standing"], standing, keys, PRINTED - 1, len(standing)), comparison, lang)
    _log(book, comparison, lang)
    book.close()


def _values(
    group: str, change: VerdictChange, causes: Sequence[Cause], comparison: Comparison, lang: Lang
) -> dict[str, object]:
    """Return what the columns show of one change."""
    codes = dict.fromkeys(CAUSES[cause.code].in_(lang) for cause in causes)
    return {
        **_sides(group, change.row, (change.before, change.after), comparison, lang),
        "code": ("、" if lang == "zh" else ", ").join(codes),
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
        "clause": run.cited(row),
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


def _list(book: Workbook, listed: Listed, comparison: Comparison, lang: Lang) -> None:
    """Write a sheet of obligations in both runs."""
    name, rows, keys = listed.name.in_(lang), listed.rows, listed.keys
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    for column, key in enumerate(keys):
        sheet.set_column(column, column, WIDTHS[key])
    book.heads(sheet, [COLUMNS[key].in_(lang) for key in keys])
    sheet.set_row(0, HEAD)
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(keys):
            book.put(sheet, number, column, row[key], _form(book, key, row))
        sheet.set_row(number, row_height([(row[key], WIDTHS[key]) for key in keys[: listed.printed]]))
    last = max(len(rows), 1)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(keys) - 1)
    paper = listed.told or last
    rest = Text(
        f"打印前{paper}项；另有{last - paper}项（新增的义务、已按期完成等）在表格里",
        f"The first {paper} are printed; {last - paper} more (new obligations, done in time …) are in the workbook",
    )
    foot = rest.in_(lang) if paper < last else ""
    print_setup(sheet, _title(comparison, lang, name), foot, (paper, listed.printed - 1))


def _form(book: Workbook, key: str, row: Mapping[str, object]) -> Format | None:
    """Return the look of a cell; None for the plain one."""
    if key in {"before", "after"}:
        return book.fills.get(str(row[f"{key}_status"]), book.centred)
    return {"obligation": book.grey, "clause": book.centred}.get(key)


def _title(comparison: Comparison, lang: Lang, sheet: str = "") -> str:
    """Return the title with the two moments, and the name of a sheet."""
    moments = f"{comparison.before.as_of.text} → {comparison.after.as_of.text}"
    title = WORDS["title"]
    part = Text(f"：{sheet}", f": {sheet}").in_(lang) if sheet else ""
    return Text(f"{title.zh}（{moments}）", f"{title.en} ({moments})").in_(lang) + part


def _summary(book: Workbook, comparison: Comparison, lang: Lang) -> None:
    """Write the sheet of numbers: by group, by cause, and which inputs differ."""
    sheet = book.workbook.add_worksheet(WORDS["title"].in_(lang))
    sheet.hide_gridlines(2)
    for column, width in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, _title(comparison, lang), book.title)
    number = WORDS["number"].in_(lang)
    blocks: list[tuple[tuple[str, ...], list[tuple[object, ...]]]] = [
        (
            (WORDS["changes"].in_(lang), number),
            [
                *((GROUPS[name].in_(lang), len(found)) for name, found in comparison.groups.items() if found),
                *([(WORDS["standing"].in_(lang), len(comparison.standing))] if comparison.standing else []),
            ],
        ),
        (
            (WORDS["causes"].in_(lang), number),
            [(CAUSES[code].in_(lang), count) for code, count in comparison.cause_counts().items()],
        ),
        ((WORDS["inputs"].in_(lang),), [(SOURCES[name].in_(lang),) for name in comparison.inputs()]),
        (
            (WORDS["rules"].in_(lang), "", WORDS["what"].in_(lang)),
            [(one.rule, "", rule_text(one).in_(lang)) for one in comparison.differences.rules.values()],
        ),
    ]
    at = 2
    for heads, lines in blocks:
        at = _block(book, sheet, at, heads, lines) if lines else at
    for note in ("causes_how", "absent"):
        sheet.write_string(at, 0, WORDS[note].in_(lang), book.soft)
        at += 1
    wide = max((len(heads) for heads, lines in blocks if lines), default=1)
    print_setup(sheet, "", "", (at, wide - 1), repeat=False)


def _block(book: Workbook, sheet: Worksheet, at: int, heads: Sequence[str], lines: Sequence[Sequence[object]]) -> int:
    """Write a small table from a row on; return the row where the next one starts."""
    book.heads(sheet, heads, at)
    for line in lines:
        at += 1
        for column, value in enumerate(line):
            book.put(sheet, at, column, value, book.centred if isinstance(value, int) else None)
        sheet.set_row(at, row_height(list(zip(line, SUMMARY_WIDTHS, strict=False)), most=20))
    return at + 2


def _log(book: Workbook, comparison: Comparison, lang: Lang) -> None:
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
        sheet.set_row(number, row_height([(one.id, LOG_WIDTHS[1]), (text, LOG_WIDTHS[2]), (place, LOG_WIDTHS[3])]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(entries), len(LOG_WIDTHS) - 1)
    print_setup(sheet, _title(comparison, lang, WORDS["log"].in_(lang)), "", (len(entries), len(LOG_WIDTHS) - 1))
