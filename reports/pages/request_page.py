"""The page of requests: row 14.4 of the notice asks for an analysis of the data of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.output.bar_chart import bar_chart, figure_text
from reports.run.requests import UNKNOWN, RequestFigures, RequestRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from markupsafe import Markup

    from events.problems import Lang
    from reports.run.evaluation import Evaluation

IN_PER_CENT = ("in_time_months", "in_time_units")
"""Charts whose figures are shares."""

MOST = 20
"""How many bars a chart has at most; the table below it has them all."""

BANDS = (
    (5, Text("5个工作日以内", "within 5 days")),
    (10, Text("6至10个", "6 to 10")),
    (15, Text("11至15个", "11 to 15")),
    (20, Text("16至20个", "16 to 20")),
    (40, Text("21至40个", "21 to 40")),
)
"""Working days taken, up to and with the number."""

BEYOND = Text("40个以上", "more than 40")

WORDS = {
    "title": Text("政府信息公开申请办理情况", "Requests for information"),
    "back": Text("全县总表", "All units"),
    "as_of": Text("截至", "as of"),
    "received": Text("收到", "received"),
    "answered": Text("已答复", "answered"),
    "in_time": Text("按期答复率", "answered in time"),
    "open": Text("未答复", "open"),
    "overdue": Text("逾期未答复", "overdue"),
    "median": Text("用时中位数（工作日）", "median of working days taken"),
    "ninety": Text("九成在（工作日）以内", "nine in ten within (working days)"),
    "month": Text("月份", "month"),
    "in_time_months": Text("按月的按期答复率（%）", "Answered in time by month (per cent)"),
    "in_time_units": Text("按期答复率不到100%的单位（%）", "Units below 100 per cent in time"),
    "steps": Text("延期、中止计算和补正", "Put off, paused, corrected"),
    "extended": Text("延期答复", "put off"),
    "paused": Text("征求意见（不计入期限）", "third party or organ asked (days do not count)"),
    "corrected": Text("告知补正", "to be corrected"),
    "waiting": Text("未答复的申请，按剩余工作日排列", "Open requests, by working days left"),
    "number": Text("申请编号", "number"),
    "date_received": Text("收到", "received"),
    "due": Text("期限", "due"),
    "left": Text("剩余工作日", "working days left"),
    "stands": Text("停止计算", "the clock stands"),
    "over": Text("已逾期{0}个工作日", "{0} working days over"),
    "marks": Text("延期、征求意见、补正", "put off, asked, corrected"),
    "months": Text("按月收到的申请", "Requests received by month"),
    "channels": Text("申请渠道", "How they came in"),
    "applicants": Text("申请人", "Who applied"),
    "outcomes": Text("办理结果", "Outcomes"),
    "times": Text("答复用时（工作日）", "Working days taken"),
    "units": Text("各单位收到的申请", "Requests by unit"),
    "unit": Text("单位", "unit"),
    "piece": Text("件", "requests"),
    "unknown": Text("没有登记", "not logged"),
    "how": Text(
        "按{clause}“{title}”评估的申请，一个编号只算一件。用时从收到次日起算，到答复当天为止，包括补正、征求意见等不计入期限的时间；"
        "按期答复率＝按期答复÷（按期答复＋逾期答复＋逾期未答复）。没有登记的不推算。",
        "The requests judged by {clause}, {title!r}; one number is one request. "
        "Time is counted from the day after receipt to the day of the "
        "reply, pauses included; in time = met / (met + late + overdue). What was not logged is not guessed.",
    ),
}


def write_request_page(evaluation: Evaluation, folder: Path) -> None:
    """Write `requests.html` where there were requests; nothing is shown of none."""
    if evaluation.requests is None:
        return
    made = Environment(loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    text = made.get_template("requests.html.j2").render(request_page(evaluation, evaluation.requests))
    (folder / "requests.html").write_text(text, encoding="utf-8", newline="\n")


def request_page(evaluation: Evaluation, figures: RequestFigures) -> dict[str, object]:
    """Return what the page shows: totals, charts, and tables by month and by unit."""
    lang = evaluation.lang
    names = {part.unit.id: part.unit.name for part in evaluation.units}
    months = figures.by(lambda row: f"{row.received:%Y-%m}")
    by_unit = figures.by(lambda row: row.unit)
    units = {names[unit]: by_unit[unit] for unit in names if unit in by_unit}
    book, rule = evaluation.rules[figures.rule]
    judged = {
        "clause": f"{book.document_of(rule.clause)} {book.cited(rule.clause).in_(lang)}",
        "title": rule.title.text().in_(lang),
    }
    return {
        "w": {name: text.in_(lang) for name, text in WORDS.items()},
        "how": WORDS["how"].in_(lang).format(**judged),
        "figures": figures,
        "charts": _charts(figures, months, units, lang),
        "tables": ((WORDS["month"].in_(lang), months), (WORDS["unit"].in_(lang), units)),
        "decimal": lambda value: "–" if value is None else figure_text(value),
        "share": lambda value: "–" if value is None else f"{figure_text(round(value * 100, 1))}%",
        "waiting": [(names[row.unit], row, _left(row, lang), _steps(row, lang)) for row in figures.waiting],
        "lang": {"zh": "zh-CN", "en": "en"}[lang],
        "evaluation": evaluation,
    }


def _left(row: RequestRow, lang: Lang) -> str:
    """Return how many working days a request has left, or by how many it is over."""
    if row.left is None:
        return WORDS["stands"].in_(lang)
    if row.status == "violated":
        return WORDS["over"].in_(lang).format(-row.left)
    return str(row.left)


def _steps(row: RequestRow, lang: Lang) -> str:
    """Return what was done with a request besides the reply."""
    done = [WORDS[name].in_(lang) for name in ("extended", "paused", "corrected") if getattr(row, name)]
    return Text("、", ", ").in_(lang).join(done)


def _charts(
    figures: RequestFigures, months: dict[str, RequestFigures], units: dict[str, RequestFigures], lang: Lang
) -> list[tuple[str, Markup]]:
    """Return the charts with their headings."""
    piece = WORDS["piece"].in_(lang)
    sizes: list[tuple[str, float]] = [(name, len(one.rows)) for name, one in units.items()]
    share = [(month, one.in_time) for month, one in months.items()]
    lowest = sorted((one.in_time, name) for name, one in units.items() if one.in_time is not None and one.in_time < 1)
    steps = [(WORDS[name].in_(lang), float(figures.marked(name))) for name in ("extended", "paused", "corrected")]
    rows: dict[str, list[tuple[str, float]]] = {
        "months": [(month, len(one.rows)) for month, one in months.items()],
        "channels": _named(figures, "channel", lambda row: row.channel, lang),
        "applicants": _named(figures, "applicant", lambda row: row.applicant, lang),
        "outcomes": _named(figures, "outcome", lambda row: row.outcome, lang),
        "times": _bands(figures, lang),
        "units": sorted(sizes, key=lambda one: -one[1])[:MOST],
        "in_time_months": [(month, round(value * 100, 1)) for month, value in share if value is not None],
        "in_time_units": [(name, round(value * 100, 1)) for value, name in lowest[:MOST]],
        "steps": steps,
    }
    drawn = []
    for name, bars in rows.items():
        heading = WORDS[name].in_(lang)
        if bars:
            unit = "%" if name in IN_PER_CENT else piece
            drawn.append((heading, bar_chart(bars, title=heading, unit=unit, lang=lang)))
    return drawn


def _named(
    figures: RequestFigures, attribute: str, key: Callable[[RequestRow], str], lang: Lang
) -> list[tuple[str, float]]:
    """Return how many requests have each value of an attribute, by its name; outcomes of answered ones only."""
    chosen = figures
    if attribute == "outcome":
        chosen = RequestFigures(figures.rule, tuple(row for row in figures.rows if row.answered is not None))
    labels = {
        value.value: (value.zh if lang == "zh" else value.en)
        for value in load_vocabulary().attributes[attribute].values
    }
    labels[UNKNOWN] = WORDS["unknown"].in_(lang)
    return [(labels.get(name, name), count) for name, count in chosen.counts(key).items()]


def _bands(figures: RequestFigures, lang: Lang) -> list[tuple[str, float]]:
    """Return how many were answered within each band of working days; bands at the end without any are left out."""
    taken = [row.taken for row in figures.rows if row.taken is not None]
    found: list[tuple[str, float]] = []
    low = -1
    for high, label in BANDS:
        found.append((label.in_(lang), sum(low < one <= high for one in taken)))
        low = high
    found.append((BEYOND.in_(lang), sum(one > low for one in taken)))
    while found and not found[-1][1]:
        found.pop()
    return found
