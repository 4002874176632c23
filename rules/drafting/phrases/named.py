"""Names of units in a cell or a bracket, one after another as an office writes them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_PARTED: Final = re.compile(r"[、，,；;/]|\s+(?=\S)")
_ENDING: Final = re.compile(
    r"(?:局|办|办公室|委|委员会|会|中心|镇|乡|街道|街道办事处|镇街|部门|单位|公司|院|校|学|站|队|所|厅|部|社|区|馆|等|联|行|厂|室|府|组)$"
)
_OWNERS: Final = ("县", "市", "区", "省", "各", "全", "驻", "相关", "有关", "其他")
_OTHERS: Final = re.compile(r"^(.+?)等$")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a cell, in order and once each; `等` at the end of one is a name of its own.

    >>> names_in("县卫生健康局 县财政局等，各镇街")
    ('县卫生健康局', '县财政局', '等', '各镇街')
    """
    found: list[str] = []
    for piece in _pieces(text):
        others = _OTHERS.match(piece)
        for name in (others[1], "等") if others else (piece,):
            if name not in found:
                found.append(name)
    return tuple(found)


def is_cut(before: str, after: str) -> bool:
    """Say whether a page break cut a name of a list: nearly all of its names begin alike, and what follows does not.

    >>> is_cut("兴隆县一中 兴隆县二中 兴隆县高河街道", "社区卫生服务中心 兴隆县三中")
    True
    >>> is_cut("兴隆县一中 兴隆县二中 兴隆县医院", "兴隆县三中")
    False
    """
    begins = Counter(name[:2] for name in names_in(before))
    alike, often = begins.most_common(1)[0] if begins else ("", 0)
    last = names_in(before)[-1:]
    if before.rstrip()[-1:] in "、，,；;":
        return False
    return often >= _ALIKE and "".join(last).startswith(alike) and not after.strip().startswith((alike, *_OWNERS))


_ALIKE: Final = 3
"""How many names of a list have to begin with the same two signs before one that does not is looked at."""


def _pieces(text: str) -> list[str]:
    """Return the parts between separators; a line that ends within a name goes on in the next."""
    pieces: list[str] = []
    unfinished = line_ended = False
    for line in text.split("\n"):
        parts = [part.strip("。. ") for part in _PARTED.split(line.strip()) if part.strip("。. ")]
        for place, part in enumerate(parts):
            if place == 0 and pieces and (unfinished or (line_ended and _is_rest(pieces[-1], part))):
                pieces[-1] += part
            else:
                pieces.append(part)
        line_ended = bool(pieces) and line.strip()[-1:] not in "、，,；;/"
        unfinished = line_ended and _ENDING.search(pieces[-1]) is None
    return pieces


def _is_rest(before: str, part: str) -> bool:
    """Say whether a line's first words carry on a name: that one says whose unit it is, and these do not."""
    return before.startswith(_OWNERS) and not part.startswith((*_OWNERS, before[:1]))
