"""The events in an exported ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.ledger.chain import BODY, is_event
from events.ledger.entries import follow_bytes
from events.ledger.importing.contents import PLACE, event_text

if TYPE_CHECKING:
    from pathlib import Path


def unwrapped(path: Path, raw: bytes) -> bytes:
    """Return the events of an exported file as JSON lines, each in its line; the records of imports are blank lines.

    Args:
        path: the file, for problems.
        raw: what is in it.

    Raises:
        DamageError: its entries do not follow one from another; it names the first.
    """
    follow_bytes(path, raw)
    return b"".join(map(_unwrapped, raw.split(b"\n")))


def _unwrapped(line: bytes) -> bytes:
    if not is_event(line):
        return b"\n"
    if PLACE in line:
        return event_text(line[BODY:]) + b"\n"
    return line[BODY + len(b'"event":') :].removesuffix(b"}") + b"\n"
