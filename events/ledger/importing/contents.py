"""The contents of events, held against one another: read again for those alone whose ids come again."""

from __future__ import annotations

from hashlib import sha256
from itertools import compress
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.chain import BODY, is_event
from events.ledger.entries import lines_of
from events.ledger.folder import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from events.ledger.chain import Head

    Chosen = tuple[pa.Array, Callable[[], Iterable[bytes]]]

PLACE = b'},"place":"'
_EVENT = len(b'"event":')
_DIGEST = 16
"""How many bytes of the SHA-256 of its canonical form stand for the content of an event when contents are compared."""


def event_text(body: bytes) -> bytes:
    """Return the canonical form of an event, given its entry from after the hash of the one before; else all of it."""
    end = body.rfind(PLACE)
    return body if end < 0 else body[_EVENT : end + 1]


def bodies_of(ledger: Path, head: Head) -> Iterator[bytes]:
    """Yield the events of a ledger that was followed, each entry from after the hash of the one before."""
    return (line[BODY:] for line in lines_of(ledger / ENTRIES, head.size) if is_event(line))


def differ(some: Chosen, others: Chosen) -> pa.Array:
    """Say of pairs of events whether they say different things.

    Args:
        some: the numbers of the first ones, from 0, and what gives the bodies of all that these are numbers of.
        others: the same of the second ones.
    """
    return pc.not_equal(_digests(*some), _digests(*others))


def _digests(numbers: pa.Array, bodies: Callable[[], Iterable[bytes]]) -> pa.Array:
    """Return what stands for the content of the events of these numbers."""
    if not len(numbers):
        return pa.nulls(0, pa.binary(_DIGEST))
    chosen = numbers.unique().sort()
    wanted = pc.is_in(pa.arange(0, chosen[-1].as_py() + 1), chosen).to_pylist()
    found = pa.array(map(_digest, compress(bodies(), wanted)), pa.binary(_DIGEST))
    return found.take(pc.index_in(numbers, chosen))


def _digest(body: bytes) -> bytes:
    return sha256(event_text(body)).digest()[:_DIGEST]
