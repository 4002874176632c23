"""Personal data that must not get into the ledger, which cannot forget: identity and mobile numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_GAP = r"[\s\-‐-―·.]?"
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])" + _GAP.join([r"\d"] * 17) + _GAP + r"[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86" + _GAP + r")?1[3-9]\d" + _GAP + r"\d{4}" + _GAP + r"\d{4}(?!\d)")
_ADDRESSES = frozenset(("data.url", "url", "data.index_number", "index_number"))
"""Fields whose numbers are those of pages, not of people."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def personal_data(text: str, *, address: bool = False) -> str | None:
    """Return what sort of personal number stands in a text, or None.

    Args:
        text: the text.
        address: whether it is the address of a page, in which an 11-digit number is no mobile number.
    """
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    if any(_is_identity(found.group()) for found in _IDENTITY.finditer(plain)):
        return "identity"
    if not address and _MOBILE.search(plain):
        return "mobile"
    return None


def _is_identity(text: str) -> bool:
    """Say whether 18 digits have a day of birth where an identity number has it."""
    digits = re.sub(r"[^\dXx]", "", text)
    year, month, day = int(digits[6:10]), int(digits[10:12]), int(digits[12:14])
    try:
        date(year, month, day)
    except ValueError:
        return False
    return _FIRST_YEAR <= year <= _LAST_YEAR


def personal_problems(rows: Iterable[tuple[Where, Mapping[str, object]]]) -> Iterator[Problem]:
    """Yield a problem for each text of some rows with a personal number in it."""
    what = {
        "identity": Text("身份证号码", "an identity number"),
        "mobile": Text("手机号码", "a mobile number"),
    }
    cure = Text("删去号码：账本不能删改，个人信息不能写进去", "Take it out: a ledger cannot forget")
    for where, fields in rows:
        for name, value in fields.items():
            found = personal_data(str(value), address=name in _ADDRESSES)
            if found is not None:
                fact = Text(f"这里写有{what[found].zh}", f"there is {what[found].en} here")
                yield Problem("personal-data", where, fact, cure, name)
