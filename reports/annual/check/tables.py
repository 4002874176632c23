"""The checks of the tables themselves, and against last year's: A1–A6, A8, A12 (domain: the form's own rules)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.annual.check.comparison import Named, ReportComparison, equation
from reports.annual.form import COLUMNS, DISPUTES, RESULTS, TOTAL, four, three

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.annual.check.filled import Filled

TABLE_NAMES = {"two": "第二部分的表", "three": "第三部分的表", "four": "第四部分的表"}
MOST, LEAST = 5, 0.2
"""A figure of requests beyond so many times last year's, or below this share of it, is looked at again."""


def missing_table(check: str, table: str) -> ReportComparison:
    """Return what a check comes to whose table is not there."""
    name = TABLE_NAMES[table]
    return ReportComparison(
        check, name, "not_assessable", Text(f"没有找到{name}", f"the table of section {table} is missing")
    )


def _named(filled: Filled, key: str) -> Named:
    return filled.name(key), filled.figure(key)


def check_tables(filled: Filled) -> Iterator[ReportComparison]:
    """Yield A1–A4 and A8, A12 of the tables that are there."""
    if "three" in filled.tables:
        yield from _columns(filled)
        yield from _rows(filled)
    else:
        yield from (missing_table(check, "three") for check in ("A1", "A2", "A3"))
    if "four" in filled.tables:
        for dispute in DISPUTES:
            parts = [_named(filled, four(dispute.id, result.id)) for result in RESULTS[:-1]]
            yield equation("A4", dispute.label, parts, [_named(filled, four(dispute.id, TOTAL))])
    else:
        yield missing_table("A4", "four")
    if "two" not in filled.tables:
        yield missing_table("A8", "two")
    yield from _blanks(filled)
    yield from _counts(filled)


def _columns(filled: Filled) -> Iterator[ReportComparison]:
    """Yield A1 (一 + 二 = (七) + 四) and A2 ((七) = the sum of the outcomes) for each column."""
    for column in COLUMNS:
        left = [_named(filled, three(row, column.id)) for row in ("received", "carried_in")]
        right = [_named(filled, three(row, column.id)) for row in ("handled", "carried_out")]
        yield equation("A1", column.label, left, right)
    for column in COLUMNS:
        leaves = [_named(filled, three(row, column.id)) for row in filled.form.leaves]
        yield equation("A2", column.label, leaves, [_named(filled, three("handled", column.id))])


def _rows(filled: Filled) -> Iterator[ReportComparison]:
    """Yield A3 for each row: 总计 = 自然人 + the five kinds of organisation."""
    for row in filled.form.rows:
        parts = [_named(filled, three(row.id, column.id)) for column in COLUMNS[:-1]]
        yield equation("A3", row.labels[-1], parts, [_named(filled, three(row.id, TOTAL))])


def _blanks(filled: Filled) -> Iterator[ReportComparison]:
    """Yield A8: the number cells of each table without a figure, and those with something that is none."""
    for table in ("two", "three", "four"):
        if table not in filled.tables:
            continue
        keys = [key for key in filled.form.labels if key.startswith(f"{table}.")]
        figures = {key: filled.figure(key) for key in keys}
        empty = tuple(_named(filled, key) for key, figure in figures.items() if figure.blank)
        if empty:
            some = "、".join(name for name, _ in empty[:6]) + ("等" if len(empty) > 6 else "")  # noqa: PLR2004
            text = Text(
                f"{len(empty)}格没有填数（空格不等于0）：{some}",
                f"{len(empty)} cells have no figure (a blank is not 0): {some}",
            )
            yield ReportComparison("A8", TABLE_NAMES[table], "uncertain", text, empty)
        else:
            text = Text(f"{len(keys)}格都填了", f"all {len(keys)} cells are filled")
            yield ReportComparison("A8", TABLE_NAMES[table], "pass", text)
        for key, figure in figures.items():
            if figure.value is None and not figure.blank:
                text = Text(f"“{figure.raw.strip()}”不是数字", f"{figure.raw.strip()!r} is no number")
                yield ReportComparison("A8", filled.name(key), "fail", text, (_named(filled, key),))


def _counts(filled: Filled) -> Iterator[ReportComparison]:
    """Yield A12 of single figures: none is below 0, and counts are whole; amounts need not be."""
    wrong = 0
    for key, figure in filled.cells.items():
        changes = key.endswith("_change")
        amount = key in {"two.fees_collected", "two.procurement_amount"}
        if figure.value is None or ((figure.value >= 0 or changes) and (amount or figure.value.is_integer())):
            continue
        wrong += 1
        text = Text(f"{figure.shown}不是大于等于0的整数", f"{figure.shown} is no whole number from 0 up")
        yield ReportComparison("A12", filled.name(key), "fail", text, (_named(filled, key),))
    if not wrong:
        yield ReportComparison(
            "A12", "全部数字", "pass", Text("没有负数，件数都是整数", "no figure is below 0, counts are whole")
        )


def check_last_year(filled: Filled, last: Filled) -> Iterator[ReportComparison]:
    """Yield A5 (this year's 二 = last year's 四), A6 (in force goes on), A12 (this year against last)."""
    if "three" not in filled.tables or "three" not in last.tables:
        yield missing_table("A5", "three")
    else:
        yield from _carried(filled, last)
    for sort in ("rules", "normative"):
        yield from _in_force(filled, last, sort)
    new, old = filled.figure(three("received", TOTAL)), last.figure(three("received", TOTAL))
    if new.value is not None and old.value is not None and old.value > 0:
        ratio = new.value / old.value
        odd = ratio > MOST or ratio < LEAST
        text = Text(f"本年{new.shown}件，上年{old.shown}件", f"{new.shown} this year, {old.shown} last year")
        cells = (("本年新收", new), ("上年新收", old))
        yield ReportComparison("A12", "本年新收与上年相比", "fail" if odd else "pass", text, cells, "hint")


def _carried(filled: Filled, last: Filled) -> Iterator[ReportComparison]:
    """Yield A5: the total must agree; columns that differ under the same total are a hint."""
    total = _pair(filled, last, TOTAL, "error", COLUMNS[-1].label)
    yield total
    for column in COLUMNS[:-1]:
        yield _pair(filled, last, column.id, "hint" if total.status == "pass" else "error", column.label)


def _pair(filled: Filled, last: Filled, column: str, level: str, label: str) -> ReportComparison:
    """Return A5 of one column."""
    left = [(f"本年上年结转·{label}", filled.figure(three("carried_in", column)))]
    right = [(f"上年结转下年·{label}", last.figure(three("carried_out", column)))]
    return equation("A5", label, left, right, "hint" if level == "hint" else "error")


def _in_force(filled: Filled, last: Filled, sort: str) -> Iterator[ReportComparison]:
    """Yield A6: in force = last year's, and what was issued, less what was repealed."""
    keys = [f"two.{sort}_{end}" for end in ("in_force", "issued", "repealed")]
    if any(key not in filled.cells for key in keys) or keys[0] not in last.cells:
        return
    now, issued, repealed = (filled.figure(key) for key in keys)
    before = last.figure(keys[0])
    left: list[Named] = [(filled.name(keys[0]), now), (filled.name(keys[2]), repealed)]
    right: list[Named] = [(f"上年{last.name(keys[0])}", before), (filled.name(keys[1]), issued)]
    yield equation("A6", filled.name(keys[0]), left, right, "hint")
