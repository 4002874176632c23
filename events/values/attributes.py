"""Values of attributes, read as the type that the vocabulary gives them."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from events.problems import did_you_mean
from events.values.dates import read_moment
from events.values.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.model import AttributeValue
    from events.vocabulary import Attribute

_TRUE = frozenset({"是", "有", "√", "✓", "✔", "true", "yes", "y", "1", "对"})
_FALSE = frozenset({"否", "无", "×", "✗", "✘", "false", "no", "n", "0", "没有", "x"})
_NUMBER = re.compile(
    r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*"
    r"(?:([万亿]?)|%|(?:人次|人|名|位|次|个|件|条|项|家|户|天|日|个工作日|份|篇|场|期|分))",
    re.ASCII,
)
_MONEY = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*([万亿]?)元", re.ASCII)
_SCALE = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SEPARATORS = re.compile(r"[;；、\r\n]+")
_INT64 = 2**63
_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number: a longer one that is to be a text is no longer what was typed."""


class ValueReadError(ValueError):
    """A value that is not of the attribute's type.

    Attributes:
        near: the values that it may have been meant to be.
    """

    def __init__(self, near: tuple[str, ...] = ()) -> None:
        super().__init__(near)
        self.near = near


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


def scaled(attribute: Attribute, raw: object) -> bool:
    """Say whether a figure has a 万 or 亿 that the task that it is for may count in itself."""
    return attribute.name == "value" and isinstance(raw, str) and raw.strip()[-1:] in {"万", "亿"}


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a list in one cell."""
    return tuple(part for part in (clean_text(one) for one in _SEPARATORS.split(text)) if part)


def text_of(raw: object) -> str:
    """Return a single raw value as text; a whole number has no decimals, and a date cell is read as 2023-07-14.

    Raises:
        ValueReadError: it is not a single value.
    """
    if isinstance(raw, str):
        return clean_text(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
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


def _decimal(attribute: Attribute, raw: object) -> Decimal:
    """Return a number exactly as it is written; a percentage as 97, money in what the attribute is counted in."""
    if isinstance(raw, bool):
        raise ValueReadError
    if isinstance(raw, int | float | Decimal):
        number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
        if not number.is_finite():
            raise ValueReadError
        return number
    text = unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else ""
    found = _NUMBER.fullmatch(text) or (_MONEY.fullmatch(text) if attribute.per else None)
    if found is None or ("%" in text and attribute.type == "int"):
        raise ValueReadError
    number = Decimal(found[1].replace(",", ""))
    return number * _SCALE[found[2]] / _SCALE[attribute.per] if found[2] or text.endswith("元") else number


def _int(attribute: Attribute, raw: object) -> int:
    number = _decimal(attribute, raw)
    if number.adjusted() > 20 or number != int(number) or not 0 <= number < _INT64:  # noqa: PLR2004 - 20 digits
        raise ValueReadError
    return int(number)


def _number(attribute: Attribute, raw: object) -> float:
    number = float(_decimal(attribute, raw))
    if not math.isfinite(number):
        raise ValueReadError
    return number


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
    else:
        parts = split_list(raw) if isinstance(raw, str) else (text_of(raw),)
    return tuple(dict.fromkeys(_known(attribute, part) for part in parts))


def _json_list(raw: str) -> object:
    """Return the list that a cell has as JSON, as `events convert` writes one with semicolons in it; else the text."""
    try:
        parts = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return parts if isinstance(parts, list) and all(isinstance(one, str) for one in parts) else raw


def _known(attribute: Attribute, text: str) -> str:
    """Return the vocabulary's word for a value, or the text where other values may be given."""
    if not attribute.values:
        return text
    found = attribute.find_value(text)
    if found is None and attribute.closed:
        names = [name for value in attribute.values for name in (value.value, value.zh)]
        raise ValueReadError(did_you_mean(text, names))
    return found or text


_READERS: dict[str, Callable[[Attribute, object], AttributeValue]] = {
    "bool": _bool,
    "int": _int,
    "number": _number,
    "text": _text,
    "date": _date,
    "list": _list,
}
