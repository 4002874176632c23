"""Numbers that Word writes before paragraphs by itself (一、 （二） 3.), which stand nowhere in their text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DIGITS: Final = "〇一二三四五六七八九"
_LISTS: Final = "/word/numbering.xml"
_TEN: Final = 10
_MOST: Final = 99


def chinese(number: int) -> str:
    """Return a number from 1 to 99 as a Chinese numeral.

    >>> chinese(7), chinese(10), chinese(21)
    ('七', '十', '二十一')
    """
    tens, ones = divmod(number, _TEN)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"  # noqa: PLR2004 - ⑳ is the last of its kind


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting"),
        chinese,
    ),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": lambda number: chr(ord("a") + (number - 1) % 26),
    "upperLetter": lambda number: chr(ord("A") + (number - 1) % 26),
}


class Numbering:
    """The numbers of a document's paragraphs, counted as its lists say."""

    def __init__(self, opened: Any) -> None:  # noqa: ANN401
        """Read the lists of a document; one without any has none."""
        self._styles = {one.style_id: one.element for one in opened.styles if hasattr(one, "style_id")}
        self._levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, Counter[int]] = {}
        part = next(
            (one for one in opened.part.package.iter_parts() if str(one.partname) == "/word/numbering.xml"), None
        )
        root = getattr(part, "element", None)
        if root is None:
            return
        for number in root.findall(qn("w:num")):
            base = number.find(qn("w:abstractNumId"))
            if base is not None:
                self._lists[number.get(qn("w:numId"), "")] = base.get(qn("w:val"), "")
        for form in root.findall(qn("w:abstractNum")):
            for level in form.findall(qn("w:lvl")):
                key = (form.get(qn("w:abstractNumId"), ""), level.get(qn("w:ilvl"), "0"))
                start = _value(level, "w:start") or "1"
                self._levels[key] = (
                    _value(level, "w:numFmt") or "decimal",
                    _value(level, "w:lvlText") or "",
                    int(start) if start.isdecimal() else 1,
                )

    def label(self, paragraph: Any) -> str:  # noqa: ANN401
        """Return the number before a paragraph, blank where it has none; each call counts one on."""
        found = self._of(paragraph)
        if found is None:
            return ""
        number, level = found
        base = self._lists.get(number, "")
        if (base, level) not in self._levels or not level.isdecimal():
            return ""
        counts = self._counts.setdefault(base, Counter())
        depth = int(level)
        counts[depth] += 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        form, text, _ = self._levels[base, level]
        if form in {"bullet", "none"}:
            return ""
        return re.sub(r"%(\d)", lambda one: self._number(base, int(one[1]) - 1, counts), text)

    def _number(self, base: str, depth: int, counts: Counter[int]) -> str:
        form, _, start = self._levels.get((base, str(depth)), ("decimal", "", 1))
        number = max(counts[depth], 1) + start - 1
        return _FORMS.get(form, str)(number) if 0 < number <= _MOST else str(number)

    def _of(self, paragraph: Any) -> tuple[str, str] | None:  # noqa: ANN401
        """Return list and level of a paragraph: its own, else those of its style and of what that stands on."""
        properties = paragraph.find(qn("w:pPr"))
        style = _value(properties, "w:pStyle") if properties is not None else None
        seen: set[str] = set()
        while True:
            own = properties.find(qn("w:numPr")) if properties is not None else None
            number = _value(own, "w:numId") if own is not None else None
            if own is not None and number is not None:
                return None if number == "0" else (number, _value(own, "w:ilvl") or "0")
            if style is None or style in seen or style not in self._styles:
                return None
            seen.add(style)
            element = self._styles[style]
            properties, style = element.find(qn("w:pPr")), _value(element, "w:basedOn")


def _value(parent: Any, name: str) -> str | None:  # noqa: ANN401
    """Return the value of a part of an element, None where it has no such part."""
    found = parent.find(qn(name)) if parent is not None else None
    value: str | None = found.get(qn("w:val")) if found is not None else None
    return value
