"""Findings beside figures: marks and remarks that were left out, figures that do not say what they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.findings import shown
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping


def footnote(where: Where, label: Text, raw: object, value: object) -> Problem:
    """Return the warning about the mark of a footnote behind a figure, which was left out."""
    text = shown(raw)
    fact = Text(
        f"{label.zh}“{text}”后面有注释标记，读作 {value}", f"{text!r} has the mark of a footnote: read as {value}"
    )
    cure = Text("如果不是注释标记，请改写数字", "If it is no footnote, write the figure again")
    return Problem("footnote-mark", where, fact, cure, text, "warning")


def footnote_behind(where: Where, text: str, bare: str) -> Problem:
    """Return the warning about the mark of a footnote behind a name, a number or a day, which was left out."""
    fact = Text(
        f"“{shown(text)}”后面有注释标记，读作 {shown(bare)}", f"{text!r} has a footnote's mark: read as {bare!r}"
    )
    cure = Text("如果不是注释标记，请写在前面，或者改写", "If it is no footnote, write it otherwise")
    return Problem("footnote-mark", where, fact, cure, text, "warning")


def remark(where: Where, label: Text, raw: object, value: object) -> Problem:
    """Return the warning about a remark in brackets behind a figure, which was left out."""
    text = shown(raw)
    fact = Text(
        f"{label.zh}“{text}”后面有括号里的说明，读作 {value}", f"{text!r} has a remark in brackets: read as {value}"
    )
    cure = Text("说明请写在备注里；不是这个数的，请改写数字", "Write it as a remark, or write the figure that is meant")
    return Problem("remark-left-out", where, fact, cure, text, "warning")


def nameless_figure(where: Where, raw: object) -> Problem:
    """Return the warning about a figure that does not say what it is of: no rule can use it."""
    text = shown(raw) if raw is not None else None
    fact = Text(
        f"数值 {text or ''} 没有写明指标，不起作用".replace("  ", " "),
        "the figure does not say what it is of: it counts for nothing",
    )
    cure = Text("请在“指标”一列写明是哪个指标", "Name the indicator")
    return Problem("nameless-figure", where, fact, cure, text, "warning")


def half_figure(where: Where, data: Mapping[str, object], fields: Mapping[str, object]) -> list[Problem]:
    """Return the warning about a figure that does not say what it is of, or an indicator that has no figure.

    Args:
        where: the place of the figure.
        data: what was read.
        fields: what the row has, read or not.
    """
    if "value" in data:
        return [nameless_figure(where, fields.get("data.value"))]
    if "data.value" in fields:
        return []
    fact = Text(
        f"写了指标“{shown(data['indicator'])}”，没有数值，不起作用",
        f"the indicator {data['indicator']!r} has no figure: it counts for nothing",
    )
    return [Problem("figure-missing", where, fact, Text("请填写数值", "Fill in the figure"), None, "warning")]
