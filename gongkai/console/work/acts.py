"""Names of the acts of the audit log, and of how each ended."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final = Path(__file__).with_name("acts.yaml")
_ENDS: Final = {
    400: "不成立",
    403: "没有权限",
    404: "没有",
    409: "已经变了，没有做",
    422: "有错，没有做",
    429: "太频繁，没有做",
}
_FAILED: Final = 500
_REFUSED: Final = 400


@cache
def act_names() -> Mapping[str, str]:
    """Return what pages call each act, by the name of its address."""
    found: Mapping[str, str] = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    return found


def act_name(what: object) -> str:
    """Return what pages call an act; its own name where nobody named it."""
    return act_names().get(str(what), str(what))


def end_of(line: Mapping[str, Any]) -> str:
    """Return how an act ended, in words."""
    if line.get("trouble"):
        return f"没有发出：{line['trouble']}"
    status = line.get("status")
    if not isinstance(status, int) or status < _REFUSED:
        return "成了"
    return _ENDS.get(status, "程序出错" if status >= _FAILED else "没有做")
