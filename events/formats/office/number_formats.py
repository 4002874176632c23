"""Number formats of spreadsheets: what a cell shows that has a number or a date in it."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from events.grid import ShownNumber
from events.values.measures import measure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
}  # fmt: skip
"""The formats that have a number instead of a code; those of dates that show year, month and day are not among them."""

BY_LANGUAGE = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'), **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy", 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"',
    55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"',
}  # fmt: skip
"""Formats whose code goes by the program's language, as a Chinese one has them: without the year or the day."""

_TOKEN = re.compile(
    r'"([^"]*)"|[\\!](.)|_.|\*.|\[([^\]]*)\]|(General|G/通用格式)|(AM/PM|A/P|上午/下午)|(y+|e+|m+|d+|a{3,4}|h+|s+)|(.)',
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|[\\!].|\[[^\]]*\]|[^;"\\!\[])+')
_QUOTED = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]|_.|\*.')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_STRANGE = frozenset("E/@%")
_CONDITIONS = ("<", ">", "=")
_WORDS = re.compile(r"dbnum([12])", re.IGNORECASE)
_PLAIN = re.compile(r"(?:\[\$[^\]]*\])*(?:General|G/通用格式|@)", re.IGNORECASE)
_FULL = 3
"""From so many y on a year is shown with four digits."""

Kind = Literal["plain", "percent", "number", "date", "language"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell's style shows it.

    Attributes:
        kind: `plain` where it shows what is in it, `percent`, `number`, `date` where it leaves a part of a date out, or
            `language` where it does so in a Chinese program.
        code: the number format.
        struck: whether it is struck out.
    """

    kind: Kind
    code: str = ""
    struck: bool = False


def look_numbered(number: int, known: Mapping[int, str], *, struck: bool = False) -> Look:
    """Return how a style with a number format of this number shows a cell.

    Args:
        number: the number.
        known: the codes by number that the workbook has, and those that every program has.
        struck: whether the style strikes the cell out.
    """
    if number in known:
        return look_of(known[number], struck=struck)
    code = BY_LANGUAGE.get(number, "")
    return Look("language" if code else "plain", code, struck)


def look_of(code: str, *, struck: bool = False) -> Look:
    """Return how a style with a number format shows a cell."""
    bare = _QUOTED.sub("", code.split(";", maxsplit=1)[0])
    folded = bare.casefold()
    if hides(code) or (_CONDITION.search(code) and not re.search("[ymdhse]", _QUOTED.sub("", code), re.IGNORECASE)):
        return Look("number", code, struck)
    if not code or folded in {"general", "g/通用格式", "@", ""}:
        return Look("plain" if not code or _PLAIN.fullmatch(code) else "number", code, struck)
    if re.search("[ymdhse]|a{3}", folded) and not re.search(r"[0#?]", folded.replace("ss.0", "").replace("s.0", "")):
        return Look("plain" if _shows_day(folded) else "date", code, struck)
    return Look("percent" if "%" in bare else "number", code, struck)


def hides(code: str) -> bool:
    """Say whether a format shows nothing of any cell, as `;;;` does."""
    return ";" in code and not code.strip("; ")


def _shows_day(folded: str) -> bool:
    """Say whether a format of dates shows the year in full, the month and the day; one of durations is left alone."""
    years = max((len(one) for one in re.findall("y+|e+", folded)), default=0)
    days = [len(one) for one in re.findall("d+", folded)]
    return (years >= _FULL or "e" in folded) and "m" in folded and any(one < _FULL for one in days)


def shown_number(code: str, value: float) -> ShownNumber | None:
    """Return a number with what it is shown as, None where the format is not understood."""
    number = Decimal(repr(value))
    section, sign = _section(code, number)
    picture = _picture(section)
    if picture is None:
        return None
    scaled = abs(number) / 1000**picture.thousands
    rounded = scaled.quantize(Decimal(1).scaleb(-len(picture.decimals)), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(number) if picture.general else rounded:f}".removesuffix(".0").partition(".")
    while not picture.general and fraction and picture.decimals[len(fraction) - 1] != "0" and fraction.endswith("0"):
        fraction = fraction[:-1]
    text = _filled(whole, picture.slots, grouped=picture.grouped) + (f".{fraction}" if fraction else "")
    if picture.words:
        if not whole.isdecimal() or fraction or len(whole) > _SPELT:
            return None
        text = spelt(whole, picture.words)
    behind = picture.behind.strip()
    unit = behind if measure_of(behind) is not None else ""
    point = next((index for index, one in enumerate(picture.slots) if one == "'."), None)
    inside = 0 if point is None else sum(one in _PLACES for one in picture.slots[point + 1 :])
    shown = f"{sign}{picture.before}{text}{picture.behind}"
    return ShownNumber(value, shown, unit, 1000**picture.thousands * 10**inside)


def _section(code: str, number: Decimal) -> tuple[str, str]:
    """Return the section of a format that holds for a number, and the sign before what it shows."""
    positive, *others = _SECTION.findall(code) or [""]
    if _CONDITION.search(positive) is not None:
        return _conditional([positive, *others], number)
    if number < 0:
        return (others[0], "") if others else (positive, "-")
    return (others[1] if not number and len(others) > 1 else positive), ""


def _conditional(sections: Sequence[str], number: Decimal) -> tuple[str, str]:
    """Return the section whose condition a number meets, `[>=10000]0!.0,"万"`, else the last one without any."""
    for section in sections:
        found = _CONDITION.search(section)
        if found is None or _COMPARE[found[1]](number, Decimal(found[2])):
            return _CONDITION.sub("", section), "-" if number < 0 else ""
    return "", ""


@dataclass(slots=True)
class _Picture:
    """The parts of a number format.

    Attributes:
        before: the text before the digits.
        slots: the places of digits, `0`, `#` or `?`; what is written between them is a text with `'` before it.
        decimals: the places behind the point.
        behind: the text behind the digits.
        thousands: how many times a thousand it leaves out.
        grouped: whether it groups digits by commas.
        fraction: whether the point is passed.
        general: whether it shows all digits that there are.
        words: how it spells numbers: `1` as 十二, `2` as 拾贰; blank where it does not.
    """

    before: str = ""
    slots: list[str] = field(default_factory=list)
    decimals: str = ""
    behind: str = ""
    thousands: int = 0
    grouped: bool = False
    fraction: bool = False
    general: bool = False
    words: str = ""

    def place(self, one: str) -> None:
        """Take a place of a digit."""
        self.grouped, self.thousands = self.grouped or self.thousands > 0, 0
        if self.behind:
            self.slots.append(f"'{self.behind}")
            self.behind = ""
        if self.fraction:
            self.decimals += one
        else:
            self.slots.append(one)

    def text(self, one: str) -> None:
        """Take a text."""
        if self.slots or self.fraction:
            self.behind += one
        else:
            self.before += one


_PLACES = frozenset("0#?")


def _picture(section: str) -> _Picture | None:
    """Return the parts of a format, None where it is not understood."""
    picture = _Picture()
    for quoted, escaped, bracket, general, clock, calendar, other in _TOKEN.findall(section):
        if clock or calendar or other in _STRANGE or bracket.casefold().startswith(_CONDITIONS):
            return None
        if general:
            picture.general = True
            picture.place("0")
            continue
        if (spelling := _WORDS.fullmatch(bracket)) is not None:
            picture.words = spelling[1]
            continue
        if other in _PLACES:
            picture.place(other)
        elif other == "." and not picture.fraction:
            picture.fraction = True
        elif other == ",":
            picture.thousands += 1
        else:
            picture.text(quoted or escaped or other)
    return picture if picture.slots or picture.decimals or picture.before else None


def _filled(whole: str, slots: list[str], *, grouped: bool) -> str:
    """Return the digits of a whole number in the places of a format."""
    places = [one for one in slots if not one.startswith("'")]
    least = len(places) - next((index for index, one in enumerate(places) if one == "0"), len(places))
    digits = ("" if whole == "0" and not least else whole).rjust(least, "0")
    if grouped:
        return f"{int(digits or 0):,}" if digits else ""
    text, left = "", digits
    for slot in reversed(slots):
        if slot.startswith("'"):
            text = slot[1:] + text
        elif left:
            text, left = left[-1] + text, left[:-1]
    return left + text


_SPELT = 8
"""A number with more digits is not spelt here."""
_SIGNS = {"1": ("〇一二三四五六七八九", "十百千"), "2": ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")}


def spelt(digits: str, words: str) -> str:
    """Return a whole number below a hundred million as `[DBNum1]` (三百〇五) or `[DBNum2]` (叁佰零伍) shows it."""
    signs, tens = _SIGNS[words]
    high, low = digits[:-4].lstrip("0"), digits[-4:]
    text = ""
    for at, one in enumerate(low):
        place = len(low) - at - 1
        if one != "0":
            text += signs[int(one)] + (tens[place - 1] if place else "")
        elif text[-1:] != signs[0] and low[at:].strip("0") and (text or high):
            text += signs[0]
    return (f"{spelt(high, words)}万" if high else "") + text or signs[0]


def shown_date(code: str, value: date | datetime) -> str:
    """Return what a cell with a date shows: 2023年7月 where the format leaves the day out."""
    clock = value.time() if isinstance(value, datetime) else time()
    tokens = list(_TOKEN.finditer(code.split(";", maxsplit=1)[0]))
    letters = [found[6].casefold() if found[6] else "" for found in tokens]
    text = ""
    for index, found in enumerate(tokens):
        if found[6]:
            before = next((one for one in reversed(letters[:index]) if one), "")
            after = next((one for one in letters[index + 1 :] if one), "")
            text += _part(letters[index], value, clock, minute=before.startswith("h") or after.startswith("s"))
        elif found[3] is None:
            text += found[1] or found[2] or (found[7] or "")
    return text.strip()


def _part(letters: str, value: date | datetime, clock: time, *, minute: bool) -> str:
    """Return what a group of letters of a format shows of a date."""
    first, size = letters[0], len(letters)
    if first == "m" and minute:
        return f"{clock.minute:0{min(size, 2)}d}"
    if first in "ye":
        return f"{value.year:04d}" if size >= _FULL or first == "e" else f"{value.year % 100:02d}"
    if first == "a" or (first == "d" and size >= _FULL):
        return f"星期{'一二三四五六日'[value.weekday()]}"
    number = {"m": value.month, "d": value.day, "h": clock.hour, "s": clock.second}[first]
    return f"{number:0{min(size, 2)}d}"
