"""Charts of how statuses share out, as SVG inside a page: a row a group, a part a status, figures and signs as text."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from events.problems import Text
from reports.output.languages import number
from reports.output.texts import SIGNS, STATUS, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang

WIDTH, ROW, BAR, LEFT, RIGHT = 640, 30, 18, 150, 60  # user units
LETTER = 8
"""About how wide a figure is at the chart's font size."""

_CHART = Markup(
    '<svg class="chart" role="img" aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {height}" width="{width}" '
    'height="{height}" style="max-width:100%;height:auto" font-size="13">'
    '<title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>{rows}</svg>'
)
_LABEL = Markup('<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{text}</text>')
_PART = Markup(
    '<rect x="{x:.1f}" y="{y:.1f}" width="{length:.1f}" height="{bar}" fill="var(--{status}-bar)">'
    "<title>{text}</title></rect>"
)
_FIGURE = Markup(
    '<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="var(--{status}-on)" font-size="11">{text}</text>'
)


def _parts(counts: Mapping[str, int], top: float, lang: Lang) -> Markup:
    """Return one bar, all of its width shared out."""
    total = sum(counts.values())
    x, drawn = float(LEFT), []
    for status in WORST_FIRST:
        count = counts.get(status, 0)
        if not count:
            continue
        length = (WIDTH - LEFT - RIGHT) * count / total
        words = f"{SIGNS[status]} {STATUS[status].in_(lang)} {number(count, lang)}"
        drawn.append(_PART.format(x=x, y=top + (ROW - BAR) / 2, length=length, bar=BAR, status=status, text=words))
        figure = f"{SIGNS[status]}{number(count, lang)}"
        if length > LETTER * (len(figure) + 1):
            drawn.append(_FIGURE.format(x=x + length / 2, y=top + ROW / 2 + 4, status=status, text=figure))
        x += length
    return Markup().join(drawn)


def stacked_chart(rows: Sequence[tuple[str, Mapping[str, int]]], *, title: str, lang: Lang) -> Markup:
    """Return a chart of bars of equal length, each shared out by status.

    Args:
        rows: the label and the number of verdicts by status of each bar; those without any are left out.
        title: what the chart shows.
        lang: the language of the words.
    """
    rows = [row for row in rows if sum(row[1].values())]
    if not rows:
        return Markup()
    drawn, said = [], []
    for place, (label, counts) in enumerate(rows):
        top, total = place * ROW, sum(counts.values())
        y = top + ROW / 2 + 4.5
        drawn.append(_LABEL.format(x=LEFT - 8, y=y, anchor="end", text=label))
        drawn.append(_parts(counts, top, lang))
        drawn.append(_LABEL.format(x=WIDTH - RIGHT + 6, y=y, anchor="start", text=number(total, lang)))
        parts = [f"{STATUS[status].in_(lang)} {counts[status]}" for status in WORST_FIRST if counts.get(status)]
        said.append(Text("{0}：{1}", "{0}: {1}").in_(lang).format(label, ", ".join(parts)))
    described = Text("；", "; ").in_(lang).join(said)
    key = "stack-" + hashlib.sha256(f"{title}\n{described}".encode()).hexdigest()[:10]
    height = len(rows) * ROW
    return _CHART.format(key=key, width=WIDTH, height=height, title=title, desc=described, rows=Markup().join(drawn))
