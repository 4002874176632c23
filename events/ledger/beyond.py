"""Entries beyond the state of a ledger: nothing, the rest of a broken-off import, or a damage."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from events.ledger.chain import Chain, ChainError
from events.ledger.damage import DamageError, extra_bytes, older_state, unfinished
from events.ledger.entries import blocks_of, follow_blocks
from events.ledger.folder import ENTRIES, begun_from, is_being_added_to, read_head, size_of

if TYPE_CHECKING:
    from pathlib import Path

    from events.ledger.chain import Head
    from events.problems import Problem

_TRIES = 20
"""How often an import may end while a reader looks, before that is taken for something else."""


def state_of(ledger: Path, *, alone: bool = False) -> tuple[Head, tuple[Problem, ...]]:
    """Return the state of a ledger, and a warning where an import was broken off after it.

    Args:
        ledger: the folder.
        alone: whether its lock is held, so that nobody is adding.

    Raises:
        DamageError: there is none, it cannot be read, or something stands beyond it that no import left there.
    """
    head = read_head(ledger)
    for _ in range(_TRIES):
        rest = size_of(ledger / ENTRIES) - head.size
        begun = begun_from(ledger)
        if rest <= 0 or begun in {b"", head.text()}:
            break
        again = read_head(ledger)
        if again == head:  # else an import ended while it was looked at
            deque(follow_blocks(ledger, head), 0)  # what is wrong before it is said first
            raise DamageError(_what_is_beyond(ledger, head, rest))
        head = again
    if rest > 0 and (alone or not is_being_added_to(ledger)):
        return head, (unfinished(ledger, rest),)
    return head, ()


def _what_is_beyond(ledger: Path, head: Head, rest: int) -> Problem:
    """Return the problem of what stands beyond a state: whole entries that follow, or anything else."""
    chain = Chain(head)
    try:
        for _ in chain.follow(blocks_of(ledger / ENTRIES, head.size + rest, head.size)):
            pass
    except ChainError:
        pass
    found = chain.head.entries - head.entries
    if found:
        return older_state(ledger, head.entries + 1, found, chain.hash)
    return extra_bytes(ledger, head.entries + 1, rest)
