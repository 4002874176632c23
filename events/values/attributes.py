"""Values of attributes, read as the type that the vocabulary gives them."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from events.grid import ShownNumber
from events.problems import did_you_mean
from events.values.dates import read_moment
from events.values.measures import convert, half_width, measure_of, scaled
from events.values.numbers import ValueReadError, written_number
from events.values.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.model import AttributeValue
    from events.values.numbers import Beside
    from events.vocabulary import Attribute

_TRUE = frozenset({"是", "有", "√", "✓", "✔", "true", "yes", "y", "1", "对"})
_FALSE = frozenset({"否", "无", "×", "✗", "✘", "false", "no", "n", "0", "没有", "x"})
_YEAR = re.compile(r"(\d{4})\s*年度?", re.ASCII)
_SEPARATORS = re.compile(r"[;；、\r\n]+")
_OTHER_SEPARATORS = re.compile(
    r"[,，/／+＋|｜&\\＼·•・‧→>＞~～:：．。—–-]+|(?<!\d)\.|\.(?!\d)|\s+|以及|[和与及]|[①-⑳]|[(（]?\d{1,2}(?:[、)）]|[.．](?!\d))"
)
"""What may stand between the words of a list beside semicolons; taken so only where all of them are known."""
_VISIBLE = re.compile(r"[,，/／+＋|｜&\\＼]+")
_AND_SO_ON = re.compile(r"(?:等等?|等形式|等方式)[.。]?$")
_TASK = re.compile(r"(?:N\d{1,2}|\d{1,2}\.\d{1,2})(?:\.[a-z0-9-]+)?", re.ASCII)
"""A row of a task table, which stands beside the words of an open list."""
_ROW = re.compile(r"^(?:第|任务|条款|工作任务)\s*|\s*[条款项行号]$")
_DIGITS_ONLY = re.compile(r"\d[\d.]*(?:[\s、,，/～~—–-]+[\d.]+)+")
TASKS = frozenset({"topics", "clause"})
"""The attributes that name rows of a task table."""
CUT = re.compile(r"-?\d(?:\.\d+)?E\+\d{2,3}", re.ASCII)
"""How a spreadsheet that saves CSV writes a long number: its last digits are gone."""
MONEY = frozenset({"fee"})
"""The attributes that are counted in 元."""
_NEVER_COUNTED = frozenset({"money", "area", "length", "weight", "volume", "power", "share", "points"})
"""What no count of people or things is in."""
_KINDS_OF = {
    "days": frozenset({"days"}),  # 20天 is no number of working days
    "working days": frozenset({"days", "working_days"}),
    "hours": frozenset[str](),
    "marks": frozenset({"score"}),
}
"""The attributes that are counted in a unit that others are never counted in."""
_INT64 = 2**63
_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number: a longer one that is to be a text is no longer what was typed."""


def read_value(attribute: Attribute, raw: object) -> AttributeValue:
    """Return a raw value as the attribute's type.

    Args:
        attribute: what the value is of.
        raw: what the input has; not blank.

    Raises:
        ValueReadError: it is not of that type.
        TextError: it is a text that cannot stand in the log.
    """
    return _READERS[attribute.type](attribute, raw)


def read_figure(attribute: Attribute, raw: object, stated: str = "") -> tuple[float | int, str]:
    """Return a figure as it is written, and the unit that it is counted in, blank where none is stated.

    Args:
        attribute: the attribute that it is of.
        raw: what the input has; not blank.
        stated: the unit that the heading, the table or another column states.

    Raises:
        ValueReadError: it is no number, or its own unit and the stated one do not agree.
    """
    if attribute.name == "year" and isinstance(raw, str) and (year := _YEAR.fullmatch(half_width(raw).strip())):
        return int(year[1]), ""
    number, own = _parts(raw)
    if own and stated and convert(number, own, stated) is None:
        raise ValueReadError(reason="measure")
    unit = own or stated
    if not unit or attribute.measured_by:
        return _as_type(attribute, number), unit
    return _as_type(attribute, _in_own_unit(attribute, number, unit)), ""


def _in_own_unit(attribute: Attribute, number: Decimal, unit: str) -> Decimal:
    """Return a figure in what the attribute is counted in: money in 万 or 亿, everything else one by one."""
    measure = measure_of(unit)
    if measure is None:
        raise ValueReadError(reason="measure")
    money = f"{attribute.per}元" if attribute.per or attribute.name in MONEY else ""
    if money:
        found = convert(number, unit, money)
        if found is None:
            raise ValueReadError(reason="measure")
        return found
    if measure.kind == "share":
        if attribute.type == "int":
            raise ValueReadError
        return number
    if measure.kind in _NEVER_COUNTED or attribute.name not in _KINDS_OF.get(measure.kind, {attribute.name}):
        raise ValueReadError(reason="measure")
    return scaled(number, measure.factor) if measure.factor > 1 else number


def beside(raw: object) -> Beside:
    """Return what stands behind a figure and was left out: the mark of a footnote, a remark in brackets, or nothing."""
    try:
        return written_number(raw).beside if isinstance(raw, str) else ""
    except ValueReadError:
        return ""


def measured(attribute: Attribute, raw: object) -> bool:
    """Say whether a text is a figure with something behind it, such as a unit, that is to be kept beside it."""
    return bool(attribute.measured_by) and isinstance(raw, str) and not raw.strip()[-1:].isdigit()


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a list in one cell."""
    return tuple(part for part in (clean_text(one) for one in _SEPARATORS.split(text)) if part)


def text_of(raw: object) -> str:
    """Return a single raw value as text; a whole number has no decimals, and a date cell is read as 2023-07-14.

    Raises:
        ValueReadError: it is not a single value.
    """
    if isinstance(raw, str):
        if CUT.fullmatch(raw.strip()):
            raise ValueReadError(reason="digits")
        return clean_text(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, ShownNumber) and abs(raw) < _EXACT:
        return clean_text(raw.shown)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT:
        raw = int(raw)
    if (
        isinstance(raw, bool)
        or not isinstance(raw, int | float)
        or (isinstance(raw, float) and abs(raw) >= _EXACT)
        or (isinstance(raw, float) and not math.isfinite(raw))
    ):
        raise ValueReadError
    return clean_text(str(raw))


def _bool(_: Attribute, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = unicodedata.normalize("NFKC", text_of(raw)).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueReadError


def _parts(raw: object) -> tuple[Decimal, str]:
    """Return a number exactly as it is written, and the unit behind it; a remark or a footnote's mark is left out."""
    if isinstance(raw, bool):
        raise ValueReadError
    if isinstance(raw, ShownNumber) and raw.unit:
        return raw.counted()
    if isinstance(raw, int | float | Decimal):
        number = raw if isinstance(raw, Decimal) else Decimal(repr(float(raw) if isinstance(raw, float) else raw))
        if not number.is_finite():
            raise ValueReadError
        return number, ""
    if not isinstance(raw, str):
        raise ValueReadError
    found = written_number(raw)
    return found.value, found.unit


def _as_type(attribute: Attribute, number: Decimal) -> int | float:
    """Return a number as the attribute's type has it."""
    return _whole(number) if attribute.type == "int" else _real(number)


def _whole(number: Decimal) -> int:
    if number.adjusted() > 20 or number != int(number) or not 0 <= number < _INT64:  # noqa: PLR2004 - 20 digits
        raise ValueReadError
    return int(number)


def _real(number: Decimal) -> float:
    real = float(number)
    if not math.isfinite(real):
        raise ValueReadError
    return real


def _int(attribute: Attribute, raw: object) -> int:
    return int(read_figure(attribute, raw)[0])


def _number(attribute: Attribute, raw: object) -> float:
    return read_figure(attribute, raw)[0]


def _text(attribute: Attribute, raw: object) -> str:
    return _known(attribute, text_of(raw))


def _date(_: Attribute, raw: object) -> str:
    moment, timed = read_moment(raw)
    return moment.isoformat() if timed else moment.date().isoformat()


def _list(attribute: Attribute, raw: object) -> tuple[str, ...]:
    parts: Iterable[str]
    if isinstance(raw, str) and raw.lstrip().startswith("["):
        raw = _json_list(raw)
    if isinstance(raw, list | tuple):
        parts = [text for text in (text_of(one) for one in raw) if text]
    elif isinstance(raw, str):
        parts = [part for one in split_list(raw) for part in _split_further(attribute, one)]
    else:
        parts = (text_of(raw),)
    return tuple(dict.fromkeys(_known(attribute, part) for part in parts))


def _split_further(attribute: Attribute, text: str) -> tuple[str, ...]:
    """Return the parts of what stands between semicolons: several where commas and the like part known words.

    Raises:
        ValueReadError: some of the words are known and others not.
    """
    if not attribute.values or attribute.find_value(text) is not None:
        return (text,)
    text = _AND_SO_ON.sub("", text) or text
    if attribute.find_value(text) is not None:
        return (text,)
    parts = tuple(part for one in _OTHER_SEPARATORS.split(text) if (part := one.strip()))
    known = [_is_word(attribute, part) for part in parts]
    if parts and all(known):
        return parts
    if (words := _run_together(attribute, text)) is not None:
        return words
    visible = tuple(part for one in _VISIBLE.split(text) if (part := one.strip()))
    if len(visible) > 1 and any(_is_word(attribute, part) for part in visible):
        raise ValueReadError(reason="separator")
    return (text,)


def _run_together(attribute: Attribute, text: str) -> tuple[str, ...] | None:
    """Return the known words that a text is made of with nothing between them, None where it has anything else."""
    names = sorted({one for value in attribute.values for one in (value.zh, *value.synonyms) if len(one) > 1}, key=len)
    found = re.fullmatch(f"(?:{'|'.join(map(re.escape, reversed(names)))})+", text) if names else None
    return tuple(re.findall("|".join(map(re.escape, reversed(names))), text)) if found is not None else None


def near_part(attribute: Attribute, value: object) -> tuple[str, str] | None:
    """Return a part of an open list that is not known, and the known word in it, such as 文字稿 and 文字; or None."""
    if attribute.closed or not attribute.values or not isinstance(value, tuple):
        return None
    names = [one.zh for one in attribute.values if len(one.zh) > 1]
    unknown = [part for part in value if attribute.find_value(part) is None]
    return next(((part, name) for part in unknown for name in names if name in part), None)


def undivided(attribute: Attribute, raw: object) -> bool:
    """Say whether a list has commas or the like and was read as one part, since none of its words is known."""
    return (
        attribute.type == "list"
        and isinstance(raw, str)
        and "://" not in raw
        and not raw.lstrip().startswith("[")
        and attribute.find_value(raw) is None
        and len(split_list(raw)) == 1
        and _VISIBLE.search(raw.strip()) is not None
        and len(_list(attribute, raw)) == 1
    )


def _is_word(attribute: Attribute, text: str) -> bool:
    """Say whether a text is a word of the attribute, or names a task where tasks are told beside words."""
    return attribute.find_value(text) is not None or (
        not attribute.closed and attribute.name == "topics" and _TASK.fullmatch(text) is not None
    )


def _json_list(raw: str) -> object:
    """Return the list that a cell has as JSON, as `events convert` writes one with semicolons in it; else the text."""
    try:
        parts = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return parts if isinstance(parts, list) and all(isinstance(one, str) for one in parts) else raw


def _task(text: str) -> str:
    """Return the number of a task as tables have it (3.10 for ３．１０, 第3.10条 and 任务3.10), else the text."""
    bare = re.sub(r"\s*\.\s*", ".", unicodedata.normalize("NFKC", text).strip()).rstrip(".。")
    bare = _ROW.sub("", bare)
    return bare if _TASK.fullmatch(bare) else text


def odd_task(attribute: Attribute, value: object) -> str | None:
    """Return a part of a list of tasks that is made of digits and is no task's number, such as 3-10; or None."""
    if attribute.name not in TASKS:
        return None
    parts = value if isinstance(value, tuple) else (value,)
    return next((one for one in parts if isinstance(one, str) and _DIGITS_ONLY.fullmatch(one)), None)


def _known(attribute: Attribute, text: str) -> str:
    """Return the vocabulary's word for a value, or the text where other values may be given."""
    text = _task(text) if attribute.name in TASKS else text
    if not attribute.values:
        return text
    found = attribute.find_value(text)
    if found is None and attribute.closed:
        names = [name for value in attribute.values for name in (value.value, value.zh)]
        raise ValueReadError(did_you_mean(text, names), "separator" if _OTHER_SEPARATORS.search(text) else "form")
    return found or text


_READERS: dict[str, Callable[[Attribute, object], AttributeValue]] = {
    "bool": _bool,
    "int": _int,
    "number": _number,
    "text": _text,
    "date": _date,
    "list": _list,
}
