"""Lines of a page that is set in columns, in the order of reading; and signs that a font has a twin of."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_RADICAL, _LAST_RADICAL = "\u2e80", "\u2fdf"
_TWINS: Final = str.maketrans(
    "⺟⺠⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻄⺼⻨⻧⻪",
    "母民见角贝车长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙西肉麦卤黾",
)
"""Radicals that some fonts map the character to, and that NFKC leaves."""
_LEAST = 3
"""So many lines one below the other make a column."""
_LINE = 30.0
"""How far below the last line of the left column one of the right may be."""
_GUTTER = 8.0
"""The least gap between two columns, in points."""


def as_usual(text: str) -> str:
    """Return a text with the usual characters for the radicals that a PDF's fonts have in their place.

    >>> as_usual("⽯⻔⻓")
    '石门长'
    """
    if not any(_FIRST_RADICAL <= one <= _LAST_RADICAL for one in text):
        return text
    text = text.translate(_TWINS)
    return "".join(
        unicodedata.normalize("NFKC", one) if _FIRST_RADICAL <= one <= _LAST_RADICAL else one for one in text
    )


def lines_of(page: Any, gaps: dict[str, Any]) -> list[tuple[float, str]]:  # noqa: ANN401
    """Return the lines of a page with their places from the top, those of a left column before those of the right.

    Args:
        page: the page, without its tables.
        gaps: how wide a gap is a space.
    """
    middle = (page.bbox[0] + page.bbox[2]) / 2
    found: list[tuple[float, str]] = []
    run: list[Any] = []
    for line in [*page.extract_text_lines(**gaps), None]:
        if line is not None and _off(line["chars"], middle):
            run.append(line)
            continue
        found += _columns(page, run, middle, gaps) if _is_parted(run, middle) else _as_they_are(run)
        run = []
        found += _as_they_are([line] if line is not None else [])
    return found


def _as_they_are(lines: Sequence[Any]) -> list[tuple[float, str]]:
    return [(line["top"], line["text"]) for line in lines]


def _columns(page: Any, run: Sequence[Any], middle: float, gaps: dict[str, Any]) -> list[tuple[float, str]]:  # noqa: ANN401
    """Return the lines of two columns, all at the place of the first one, so that nothing comes between them."""
    first, last = min(line["top"] for line in run), max(line["bottom"] for line in run)
    halves = (page.bbox[0], middle), (middle, page.bbox[2])
    texts = [
        text
        for left, right in halves
        for text in _whole(page.crop((left, first, right, last)).extract_text_lines(**gaps))
    ]
    return [(first + number / 10_000, text) for number, text in enumerate(texts)]


def _whole(lines: Sequence[Any]) -> list[str]:
    """Return the lines of a column as paragraphs: what reaches its right edge goes on in the next line."""
    ends = Counter(round(line["x1"] / 6) for line in lines)
    edge = 6 * max(ends, key=lambda end: (ends[end], end)) if ends else 0.0
    begin = min((line["x0"] for line in lines), default=0.0)
    texts: list[str] = []
    goes_on = False
    for line in lines:
        text = line["text"].strip()
        size = max(one["size"] for one in line["chars"])
        if goes_on and line["x0"] < begin + 3 * size:
            texts[-1] += text
        else:
            texts.append(text)
        goes_on = edge - 2 * size < line["x1"] < edge + size and not text.endswith(_STOPS)
    return texts


_STOPS: Final = ("。", "；", "：", ":", "！", "？", "）", ")")


def _is_parted(run: Sequence[Any], middle: float) -> bool:
    """Say whether lines that keep off the middle are those of two columns: several stand on each side, side by side."""
    left = [line["top"] for line in run if any(one["x1"] <= middle for one in line["chars"])]
    right = [line["top"] for line in run if all(one["x0"] >= middle for one in line["chars"])]
    right += [line["top"] for line in run if _gap(line["chars"], middle)]
    beside = [top for top in right if left and min(left) - _LINE <= top <= max(left) + _LINE]
    return len(left) >= _LEAST and len(beside) >= _LEAST


def _off(chars: Sequence[Any], middle: float) -> bool:
    """Say whether the middle of the page is a gap of a line, or beside it."""
    left = [one["x1"] for one in chars if one["x0"] < middle]
    right = [one["x0"] for one in chars if one["x1"] > middle]
    return not (left and right) or _gap(chars, middle)


def _gap(chars: Sequence[Any], middle: float) -> bool:
    """Say whether a line has text on both sides of the middle and a gap there."""
    left = [one["x1"] for one in chars if one["x0"] < middle]
    right = [one["x0"] for one in chars if one["x1"] > middle]
    return bool(left and right) and max(left) <= middle <= min(right) and min(right) - max(left) >= _GUTTER
