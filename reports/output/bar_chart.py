"""Bar charts as SVG inside a page: no script, no font and no network; the figures stand in them as text."""

from __future__ import annotations

import hashlib
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from markupsafe import Markup

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.problems import Lang

WIDTH, ROW, BAR, GAP = 640, 26, 16, 8  # user units: the drawing, a row, a bar, around texts
LETTER, WIDE, MOST = 7.5, 0x2E7F, 0.45  # a Latin letter's width; letters beyond are Chinese; a label's share
FIGURE = 74
"""Room right of the longest bar for its figure."""

_CHART = Markup(
    '<svg class="chart" role="img" aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {height}" '
    'width="{width}" height="{height}" style="max-width:100%;height:auto" font-size="13">'
    '<title id="{key}-t">{title}</title><desc id="{key}-d">{desc}</desc>{rows}</svg>'
)
_ROW = Markup(
    '<text x="{label_x}" y="{text_y}" text-anchor="end" fill="currentColor">{label}</text>'
    '<rect x="{x}" y="{y}" width="{length:.1f}" height="{bar}" fill="var(--accent, #1f3a5f)"/>'
    '<text x="{figure_x:.1f}" y="{text_y}" fill="currentColor">{figure}</text>'
)


def figure_text(value: float) -> str:
    """Return a figure without a fraction where it is whole, else with one digit behind the point."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _width(text: str) -> float:
    """Return about how wide a text is at the chart's font size."""
    return sum(2 * LETTER - 2 if ord(letter) > WIDE else LETTER for letter in text)


def _cut(text: str, room: float) -> str:
    """Return a text that fits into its room, its end left out where it must be."""
    if _width(text) <= room:
        return text
    widths = accumulate(map(_width, text))
    kept = sum(1 for _ in takewhile(lambda width: width + LETTER * 2 <= room, widths))
    return f"{text[:kept]}…"


def bar_chart(rows: Sequence[tuple[str, float]], *, title: str, unit: str, lang: Lang) -> Markup:
    """Return a chart of horizontal bars, a row each in the order given, as SVG for a page.

    Its title and a description with every figure are there for screen readers; texts from outside are escaped.

    Args:
        rows: label and figure (0 or more) of each bar. Without rows the result is empty: nothing is drawn of nothing.
        title: what the chart shows.
        unit: what the figures count, such as 件 or 工作日.
        lang: the language of the description.
    """
    if not rows:
        return Markup()
    labels = min(max(_width(label) for label, _ in rows), WIDTH * MOST)
    left = labels + 2 * GAP
    most = max((value for _, value in rows), default=0) or 1
    scale = (WIDTH - left - FIGURE) / most
    drawn = []
    for number, (label, value) in enumerate(rows):
        top = GAP / 2 + number * ROW
        length = max(value * scale, 0)
        drawn.append(
            _ROW.format(
                label=_cut(label, labels),
                label_x=f"{left - GAP:.1f}",
                x=f"{left:.1f}",
                y=top + (ROW - BAR) / 2,
                length=length,
                bar=BAR,
                text_y=top + ROW / 2 + 4.5,
                figure=figure_text(value),
                figure_x=left + length + GAP / 2,
            )
        )
    said = Text("{label}：{value}{unit}", "{label}: {value} {unit}").in_(lang)
    parts = [said.format(label=label, value=figure_text(value), unit=unit) for label, value in rows]
    described = Text("；", "; ").in_(lang).join(parts)
    key = "chart-" + hashlib.sha256(f"{title}\n{described}".encode()).hexdigest()[:10]
    head = Text(f"{title}（{unit}）", f"{title} ({unit})").in_(lang)
    return _CHART.format(
        key=key, width=WIDTH, height=int(len(rows) * ROW + GAP), title=head, desc=described, rows=Markup().join(drawn)
    )
