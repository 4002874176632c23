"""The shared texts of a workbook: a text that stands there once is given to every cell that names it.

A text of 30 kB that is named by 300,000 cells takes 10 GB, from a file of 150 kB.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from events.formats.office.xlsx_marks import SheetError, parse

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

_SHARED = re.compile(rb"<(?:[^\s<>:/]+:)?sst[\s/>]")


def text_sizes(parts: Mapping[str, bytes]) -> list[int]:
    """Return how many bytes each shared text has; of several parts with such texts the most.

    Raises:
        SheetError: a part is not XML, or has a DOCTYPE.
    """
    found = [_sizes(part) for part in parts.values() if _SHARED.search(part)]
    return [max(sizes) for sizes in zip_longest(*found, fillvalue=0)]


def _sizes(part: bytes) -> list[int]:
    sizes: list[int] = []

    def start(name: str, _: object) -> None:
        if name == "si":
            sizes.append(0)

    def text(content: str) -> None:
        if sizes:
            sizes[-1] += len(content.encode())

    parse(part, start, text=text)
    return sizes


def expanded(used: Counter[int], sizes: Sequence[int]) -> int:
    """Return how many bytes the shared texts of a sheet take once each cell has its own.

    Raises:
        SheetError: a cell names a text that there is not.
    """
    last = max(used, default=-1)
    if last >= len(sizes):
        message = f"sharedStrings: {last} >= {len(sizes)}"
        raise SheetError(message)
    return sum(sizes[number] * times for number, times in used.items())
