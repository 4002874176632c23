"""Statements that do not read one another: chains of them, worked off in two threads at once."""

from __future__ import annotations

from collections import deque
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Chain: TypeAlias = "Sequence[tuple[str, str]]"
"""Tables by name and query, of which each may read those before it."""

Create: TypeAlias = "Callable[[str, str], object]"
"""What computes a table: its name, its query."""


def work_off(chains: Sequence[Chain], first: Create, second: Create) -> None:
    """Compute the tables of all chains, by `first` in this thread and by `second` in another one.

    Args:
        chains: no table of one reads a table of another.
        first: what computes a table here.
        second: what computes one there; both are used by one thread each.

    Raises:
        Exception: what either raises; chains that were not begun then are left.
    """
    waiting = deque(sorted(chains, key=_length, reverse=True))  # the longest first, so that both end at about one time
    failed: list[BaseException] = []

    def beside() -> None:
        try:
            _work(waiting, second)
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits for this one
            waiting.clear()
            failed.append(error)

    thread = Thread(target=beside, name="second lane")
    thread.start()
    try:
        _work(waiting, first)
    finally:
        waiting.clear()
        thread.join()
    if failed:
        raise failed[0]


def _work(waiting: deque[Chain], create: Create) -> None:
    """Take chain after chain until none is left."""
    while waiting:
        try:
            chain = waiting.popleft()
        except IndexError:  # the other thread took the last one
            return
        for name, query in chain:
            create(name, query)


def _length(chain: Chain) -> int:
    """Return how long the text of a chain is: among few entries, statements take their time to be planned."""
    return sum(len(query) for _, query in chain)
