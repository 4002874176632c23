"""One comparison of figures, and what it comes to where some of them are blank."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from events.problems import Text
from reports.annual.check.filled import FilledFigure

if TYPE_CHECKING:
    from collections.abc import Sequence

Status = Literal["pass", "fail", "uncertain", "not_assessable"]
Level = Literal["error", "hint"]
Named = tuple[str, FilledFigure]
EXACT = 1e-6
"""Amounts that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """One comparison of a check.

    Attributes:
        check: the check, such as `A1`.
        scope: what of the report it is about, such as `自然人`.
        status: what it comes to.
        text: the figures as they were compared, and why the status is what it is.
        cells: the figures that were compared, by what they are called.
        level: a hint never makes the report wrong.
        decision: what a person decided about it, if anything.
    """

    check: str
    scope: str
    status: Status
    text: Text
    cells: tuple[Named, ...] = ()
    level: Level = "error"
    decision: str | None = None

    @property
    def fingerprint(self) -> str:
        """What a person's decision is filed under: the check, what it is about, and the figures, not their places."""
        parts = [self.check, self.scope, *(f"{name}={figure.shown}" for name, figure in self.cells)]
        parts += [] if self.cells else [self.text.zh]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    @property
    def fails(self) -> bool:
        """Whether it makes the report wrong: no hint, and not dismissed by a person."""
        return self.status == "fail" and self.level == "error" and self.decision != "dismissed"


def equation(
    check: str, scope: str, left: Sequence[Named], right: Sequence[Named], level: Level = "error"
) -> ReportComparison:
    """Compare two sums of counts. A blank is not 0, but it is no less than 0 either.

    It fails where no figures in the blanks could make both sides equal. It passes where both sides are equal as
    filled, and a blank would have to be 0 for that; else a blank makes it uncertain.
    """
    status, why = _judge([figure for _, figure in left], [figure for _, figure in right])
    shown = f"{_side(left)}{'＝' if status == 'pass' else '≠' if status == 'fail' else '＝？'}{_side(right)}"
    text = Text(f"{shown}{why.zh}", f"{shown}{why.en}")
    return ReportComparison(check, scope, status, text, (*left, *right), level)


def _side(figures: Sequence[Named]) -> str:
    """Return one side as it is written down; blanks between figures are left out."""
    known = [figure.shown for _, figure in figures if figure.value is not None]
    blanks = len(figures) - len(known)
    if len(known) > 1 and all(one == "0" for one in known):
        known = ["0"]
    elif len(known) > 1:
        known = [one for one in known if one != "0"]
    return "+".join(known + ([f"（空{blanks}格）"] if blanks else []))


def _judge(left: Sequence[FilledFigure], right: Sequence[FilledFigure]) -> tuple[Status, Text]:
    """Return the status of an equation, and what its blanks have to do with it."""
    sums, blanks, filled = [], [], []
    for side in (left, right):
        sums.append(sum(figure.value for figure in side if figure.value is not None))
        blanks.append(sum(figure.value is None for figure in side))
        filled.append(any(figure.value is not None for figure in side))
    gap = sums[1] - sums[0]
    equal = abs(gap) < EXACT
    if not any(blanks):
        return ("pass", Text("", "")) if equal else ("fail", Text(f"，相差{abs(gap):g}", f", off by {abs(gap):g}"))
    if not all(filled):
        return "uncertain", Text("，有一边没有填", ", one side is blank")
    if all(blanks):
        return "uncertain", (
            Text("，已填的数相符，空格无从核对", ", the figures agree, the blanks cannot be checked")
            if equal
            else Text(f"，已填的数相差{abs(gap):g}", f", the figures differ by {abs(gap):g}")
        )
    if equal:
        return "pass", Text("，已填的数相符，空格只能是0", ", the figures agree; the blanks can only be 0")
    need = gap if blanks[0] else -gap
    if need < 0:
        return "fail", Text(f"，已填的数已经多出{-need:g}", f", the filled figures are {-need:g} too many")
    return "uncertain", Text(f"，空格合计应为{need:g}", f", the blanks must add up to {need:g}")
