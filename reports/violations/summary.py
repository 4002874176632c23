"""The other sheets of the violation list: counts with charts, what became of earlier problems, what the words mean."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.texts import BREACHES, MEANING, PAGE, SIGNS, STATUS, WORST_FIRST
from reports.output.workbook import BARS, print_setup, row_height
from reports.violations.texts import BASIS, LEDGER, LIST, OUTCOME, OUTCOME_MEANING, OUTCOME_STATUS

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

    from reports.output.workbook import Workbook
    from reports.run.evaluation import Evaluation
    from reports.violations.rectification import Item, RectificationState

SHOWN = 15
"""How many units and clauses the charts show."""

CHART_COLUMN = 10
"""The column that the charts begin at; their tables stand to the left of them."""

LEDGER_WIDTHS = {
    "number": 5,
    "unit": 14,
    "task": 24,
    "clause": 6.5,
    "subject": 20,
    "first": 11,
    "times": 8,
    "rectify_by": 10.5,
    "person": 9,
    "rectification": 30,
    "done_on": 10.5,
    "basis": 9,
    "outcome": 11.5,
    "status": 11,
    "obligation": 40,
}
LEDGER_PRINTED = 14


@dataclass(frozen=True, slots=True)
class _Picture:
    """A chart: its title, the label, number and colour of each part, and its sort."""

    title: str
    table: list[tuple[str, int, str]]
    sort: str = "bar"


def add_summary(book: Workbook, evaluation: Evaluation, rectification: RectificationState) -> None:
    """Add the sheet of counts: a unit a row, and the charts with the small tables that they show."""
    lang = evaluation.lang
    name = LIST["summary"].in_(lang)
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(WORST_FIRST), 10)
    book.heads(sheet, [PAGE["unit"].in_(lang), *(_sign(status, evaluation) for status in WORST_FIRST)])
    sheet.set_row(0, 32)
    unfiled = Text("（未报送台账）", " (nothing filed)").in_(lang)
    rows = [(part.unit.name + ("" if part.filed else unfiled), part.counts()) for part in evaluation.units]
    for number, (label, counts) in enumerate([*rows, (LIST["total"].in_(lang), evaluation.status_counts())], start=1):
        book.put(sheet, number, 0, label)
        for column, status in enumerate(WORST_FIRST, start=1):
            count = counts.get(status, 0)
            book.put(sheet, number, column, count or None, book.fills.get(status, book.centred) if count else None)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(WORST_FIRST))
    _charts(book, sheet, evaluation, rectification)
    title = f"{evaluation.registry.name[:40]}{PAGE['title'].in_(lang)}：{name}"
    last = max(len(rows) + 1, 4 * _CHART_ROWS)
    print_setup(sheet, title, f"{PAGE['as_of'].in_(lang)} {evaluation.as_of.text}", (last, CHART_COLUMN + 9))


_CHART_ROWS = 19


def _charts(book: Workbook, sheet: Worksheet, evaluation: Evaluation, rectification: RectificationState) -> None:
    """Add the charts; the tables behind them stand far to the right."""
    lang = evaluation.lang
    column = CHART_COLUMN + 14
    units = Counter({part.unit.name: sum(part.counts().get(one, 0) for one in BREACHES) for part in evaluation.units})
    clauses = Counter(verdict.cited for verdict in evaluation.breaches())
    counts = evaluation.status_counts()
    place = 1
    if counts:
        table = [(f"{_sign(status, evaluation)} {number}", number, BARS[status]) for status, number in counts.items()]
        _chart(book, sheet, _Picture(LIST["shares"].in_(lang), table, "doughnut"), (place, column))
        place += _CHART_ROWS
    for text, counter in (("first_units", units), ("first_clauses", clauses)):
        ranked = [(key, number, BARS["violated"]) for key, number in _most(counter)]
        if ranked:
            _chart(book, sheet, _Picture(LIST[text].in_(lang), ranked), (place, column))
            place += _CHART_ROWS
    outcomes = rectification.counts()
    if outcomes:
        table = [(OUTCOME[one].in_(lang), n, BARS[OUTCOME_STATUS[one]]) for one, n in outcomes.items()]
        _chart(book, sheet, _Picture(LIST["by_outcome"].in_(lang), table), (place, column))


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    """Return what has most, the most first; equals in the order they came in."""
    return [(key, number) for key, number in counter.most_common(SHOWN) if number]


def _chart(book: Workbook, sheet: Worksheet, picture: _Picture, place: tuple[int, int]) -> None:
    """Add a chart and the table that it shows."""
    row, column = place
    sheet.set_column(column, column, 18)
    for number, (label, value, _) in enumerate(picture.table):
        book.put(sheet, row + number, column, label)
        book.put(sheet, row + number, column + 1, value)
    chart: Chart = book.workbook.add_chart({"type": picture.sort})
    bars, last = picture.sort == "bar", row + len(picture.table) - 1
    series = {
        "categories": [sheet.get_name(), row, column, last, column],
        "values": [sheet.get_name(), row, column + 1, last, column + 1],
        "points": [{"fill": {"color": colour}} for _, _, colour in picture.table],
        "data_labels": {"value": bars},
        "gap": 40,
    }
    chart.add_series(series)
    chart.set_title({"name": picture.title, "name_font": {"size": 12}, "overlay": False})
    if bars:
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    chart.set_size({"width": 620, "height": 360})
    sheet.insert_chart(row, CHART_COLUMN, chart)


def _sign(status: str, evaluation: Evaluation) -> str:
    """Return a status as its sign and word."""
    return f"{SIGNS[status]} {STATUS[status].in_(evaluation.lang)}"


def add_ledger(book: Workbook, evaluation: Evaluation, rectification: RectificationState) -> None:
    """Add the sheet of what became of earlier problems (整改台账)."""
    lang = evaluation.lang
    name = LIST["ledger"].in_(lang)
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    for column, (key, label) in enumerate(LEDGER.items()):
        sheet.set_column(column, column, LEDGER_WIDTHS[key])
        book.put(sheet, 0, column, label.in_(lang), book.grey_head if key == "obligation" else book.head)
    sheet.set_row(0, 32)
    for number, item in enumerate(rectification.items, start=1):
        values = {"number": number, **ledger_values(item, evaluation)}
        for column, key in enumerate(LEDGER):
            form = {
                "outcome": book.fills.get(OUTCOME_STATUS[item.outcome], book.centred),
                "obligation": book.grey,
                "status": book.fills.get(item.status or "", book.centred),
            }.get(key, book.centred if key in {"number", "clause", "times", "first", "basis"} else None)
            book.put(sheet, number, column, values[key], form)
        sheet.set_row(number, row_height([(values[key], LEDGER_WIDTHS[key]) for key in list(LEDGER)[:LEDGER_PRINTED]]))
    last = max(len(rectification.items), 1)
    if not rectification.items:
        book.put(sheet, 1, 1, LIST["no_items"].in_(lang))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(LEDGER) - 1)
    title = f"{evaluation.registry.name[:40]}{PAGE['title'].in_(lang)}：{name}"
    print_setup(sheet, title, f"{PAGE['as_of'].in_(lang)} {evaluation.as_of.text}", (last, LEDGER_PRINTED - 1))


def ledger_values(item: Item, evaluation: Evaluation) -> dict[str, object]:
    """Return what the columns of one row of 整改台账 show, its number apart."""
    lang = evaluation.lang
    return {
        "unit": item.row["unit_name"],
        "task": item.title,
        "clause": evaluation.grounds.cited(item.row),
        "subject": item.row["subject"],
        "first": item.first,
        "times": item.times,
        "rectify_by": item.due,
        "person": item.notes.person,
        "rectification": item.notes.text,
        "done_on": item.done_on or item.notes.done_on,
        "basis": BASIS[item.basis].in_(lang) if item.basis is not None else None,
        "outcome": OUTCOME[item.outcome].in_(lang),
        "status": _sign(item.status, evaluation) if item.status is not None else "∅",
        "obligation": item.obligation,
    }


def add_about(book: Workbook, evaluation: Evaluation, rectification: RectificationState) -> None:
    """Add the sheet that says what the list is, how it is filled in, and what its words mean."""
    lang = evaluation.lang
    sheet = book.workbook.add_worksheet(LIST["about"].in_(lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    lines = [(LIST["how"].in_(lang), LIST["how_text"].in_(lang)), (PAGE["as_of"].in_(lang), evaluation.as_of.text)]
    if rectification.due is not None:
        lines.append((LEDGER["rectify_by"].in_(lang), str(rectification.due)))
    lines += [(PAGE["books"].in_(lang), f"{one.title.in_(lang)}（{one.document}）") for one in evaluation.books]
    lines += [
        (PAGE["readings"].in_(lang), f"{rule}：{name}")
        for one in evaluation.books
        for rule, name in sorted(one.readings.items())
    ]
    lines += [(_sign(status, evaluation), MEANING[status].in_(lang)) for status in WORST_FIRST]
    lines += [(text.in_(lang), OUTCOME_MEANING[name].in_(lang)) for name, text in OUTCOME.items()]
    lines.append((PAGE["note"].in_(lang), PAGE["argue"].in_(lang)))
    for number, (name, text) in enumerate(lines):
        book.put(sheet, number, 0, name)
        book.put(sheet, number, 1, text)
        sheet.set_row(number, row_height([(name, 24), (text, 90)]))
    print_setup(sheet, LIST["about"].in_(lang), evaluation.as_of.text, (len(lines) - 1, 1), repeat=False)
