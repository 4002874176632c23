"""The summary of a batch: counties or years by status, as page, CSV and workbook."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from events.problems import Text
from reports.output.plain import guarded
from reports.output.texts import SIGNS, STATUS, WORST_FIRST
from reports.output.workbook import BARS, Workbook, print_setup, row_height
from reports.pages.html import environment, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from events.problems import Lang

STATES = {
    "done": Text("已评估", "evaluated"),
    "skipped": Text("没有变化，未重做", "unchanged, not done again"),
    "unusable": Text("输入不可用", "input not usable"),
}
"""What can become of a run."""

WORDS = {
    "title": Text("批量评估汇总", "Batch: summary"),
    "name": Text("名称", "Name"),
    "as_of": Text("截至", "As of"),
    "state": Text("情况", "State"),
    "problems": Text("输入问题", "Problems of the input"),
    "folder": Text("文件夹", "Folder"),
    "chart": Text("各项结论", "Statuses"),
    "unusable_how": Text(
        "输入不可用的没有评估：各文件夹里的 problems.txt 逐处写明怎样改正；文件夹里如果还有报告，是以前一次的。"
        "改正后再运行一次，只做有变化的。",
        "Runs whose input is not usable were not evaluated: problems.txt in each folder says what to put right;"
        " a report that is still there is an earlier one. Run the batch again after that: only what changed is done.",
    ),
}


FIRST_COUNT = 3
"""The column of the first status in the workbook."""


class RunOutcome(Protocol):
    """What the summary needs of one run: name, folder, as-of, state, counts by status and problems."""

    @property
    def name(self) -> str:
        """What the manifest calls it."""

    @property
    def folder(self) -> str:
        """Its folder."""

    @property
    def as_of(self) -> str:
        """The as-of moment."""

    @property
    def state(self) -> str:
        """One of `STATES`."""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of verdicts by status."""

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with its input, a line each."""


def summary_csv(outcomes: Sequence[RunOutcome]) -> bytes:
    """Return the summary as CSV, UTF-8 with a byte-order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["name", "folder", "as_of", "state", *WORST_FIRST, "problems"])
    for one in outcomes:
        counts = [one.counts.get(status, 0) if one.counts else "" for status in WORST_FIRST]
        writer.writerow([guarded(one.name), guarded(one.folder), one.as_of, one.state, *counts, len(one.problems)])
    return text.getvalue().encode("utf-8-sig", "replace")


def summary_page(outcomes: Sequence[RunOutcome], lang: Lang) -> bytes:
    """Return the summary as a page with a link to each run."""
    page = (
        environment()
        .get_template("batch.html.j2")
        .render(
            **words(lang),
            w={name: text.in_(lang) for name, text in WORDS.items()},
            states={name: text.in_(lang) for name, text in STATES.items()},
            rows=[(one, quote(one.folder)) for one in outcomes],
            numbers={state: sum(one.state == state for one in outcomes) for state in STATES},
        )
    )
    return page.encode("utf-8", "replace")


def write_summary_xlsx(outcomes: Sequence[RunOutcome], path: Path, lang: Lang) -> None:
    """Write the summary as a workbook with a chart."""
    book = Workbook(path)
    sheet = book.workbook.add_worksheet(WORDS["title"].in_(lang))
    sheet.hide_gridlines(2)
    heads = [WORDS[name].in_(lang) for name in ("name", "as_of", "state")]
    statuses = [f"{SIGNS[status]} {STATUS[status].in_(lang)}" for status in WORST_FIRST]
    book.heads(sheet, [*heads, *statuses, WORDS["problems"].in_(lang), WORDS["folder"].in_(lang)])
    for column, width in enumerate([26, 12, 18, *([10] * len(WORST_FIRST)), 10, 26]):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    first = FIRST_COUNT
    for number, one in enumerate(outcomes, start=1):
        cells: list[object] = [one.name, one.as_of, STATES[one.state].in_(lang)]
        cells += [one.counts.get(status) for status in WORST_FIRST]
        cells += [len(one.problems) or None, one.folder]
        for column, value in enumerate(cells):
            status = WORST_FIRST[column - first] if first <= column < first + len(WORST_FIRST) else ""
            form = book.fills["violated"] if column == first - 1 and one.state == "unusable" else None
            book.put(
                sheet,
                number,
                column,
                value,
                form or (book.fills.get(status, book.centred) if value and column else None),
            )
        sheet.set_row(number, row_height([(one.name, 26), (STATES[one.state].in_(lang), 18), (one.folder, 26)]))
    last = len(outcomes)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, first + len(WORST_FIRST) + 1)
    height = _chart(book, sheet, statuses, WORDS["chart"].in_(lang), last)
    rows = last + 3 + height // 20
    print_setup(sheet, WORDS["title"].in_(lang), "", (rows, first + len(WORST_FIRST) + 1))
    book.close()


def _chart(book: Workbook, sheet: Worksheet, statuses: Sequence[str], title: str, last: int) -> int:
    """Add the chart below the table, a bar for each run; return its height in pixels."""
    first = FIRST_COUNT
    chart = book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for place, status in enumerate(WORST_FIRST):
        column = first + place
        chart.add_series(
            {
                "name": statuses[place],
                "categories": [sheet.get_name(), 1, 0, last, 0],
                "values": [sheet.get_name(), 1, column, last, column],
                "fill": {"color": BARS[status]},
                "gap": 50,
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    height = min(180 + 28 * last, 1600)
    chart.set_size({"width": 1000, "height": height})
    sheet.insert_chart(last + 2, 0, chart)
    return height
