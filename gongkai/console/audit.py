"""The audit log: who did what, in lines each of which carries the hash of the one before."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from events.storage.locks import locked
from gongkai.console.clock import now
from gongkai.console.folder import current

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".audit-lock"
"""The file whose lock keeps two processes (the server, an import beside it) from writing over each other's lines."""
GENESIS = "0" * 64
_LOCK = threading.Lock()


@dataclass(slots=True)
class _Tail:
    path: Path | None = None
    size: int = 0
    hash: str = GENESIS


_TAIL = _Tail()


def record(who: str, what: str, **details: Any) -> None:  # noqa: ANN401 (whatever JSON can say)
    """Add a line to the audit log; it is on disk when this returns.

    Args:
        who: the name that somebody signed in with, or tried to.
        what: what was done.
        details: on what, with which end.
    """
    path = current().audit
    with _LOCK, locked(path.with_name(LOCK), lambda: None):
        if _TAIL.path != path:
            _find_tail(path)
        elif not path.exists() or path.stat().st_size != _TAIL.size:
            _go_on(path)
        content = {"prev": _TAIL.hash, "at": now().isoformat(), "who": who, "what": what, **details}
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, _TAIL.size)
            os.pwrite(descriptor, line, _TAIL.size)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _TAIL.size += len(line)
        _TAIL.hash = sha256(line[:-1]).hexdigest()


def _find_tail(path: Path) -> None:
    """Find where the log ends; the rest of a line that was broken off is no part of it."""
    _TAIL.path, _TAIL.size, _TAIL.hash = path, 0, GENESIS
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            _TAIL.size += len(line)
            _TAIL.hash = sha256(line[:-1]).hexdigest()


def _go_on(path: Path) -> None:
    """Go on where another process added lines; where the log was changed otherwise, the next line shows the break."""
    known, size = _TAIL.hash, _TAIL.size
    content = path.read_bytes() if path.exists() else b""
    before = content[:size]
    last = before.rstrip(b"\n").rpartition(b"\n")[2]
    intact = not size or (before.endswith(b"\n") and sha256(last).hexdigest() == known)
    _find_tail(path)
    if not intact:
        _TAIL.hash = known


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of an audit log."""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)


def first_break(path: Path) -> int | None:
    """Return the number of the first line, from 1, that does not follow from the one before; None where all do."""
    before = GENESIS
    if path.exists():
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    fits = json.loads(line)["prev"] == before
                except (ValueError, KeyError, TypeError):
                    fits = False
                if not fits:
                    return number
                before = sha256(line.rstrip(b"\n")).hexdigest()
    return None
