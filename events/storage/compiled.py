"""Entries in the user's cache folder: what one process worked out of a file, for the next one.

An entry is JSON under the hash of what it was made of and of the code that made it. It is only ever a short cut: one
that is missing, damaged, somebody else's or cannot be written is passed over, and all may be deleted at any time.
`GONGKAI_CACHE=off` does without; `GONGKAI_CACHE=/a/folder` keeps them there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

SWITCH = "GONGKAI_CACHE"
"""The environment variable that does without, where it is `off`, or names another folder."""

OFF = frozenset({"off", "0", "no", "false"})

_ENTRY = re.compile(r"\w+-[0-9a-f]{64}\.json(\.[0-9a-f]{16})?")
"""Names of entries, and of those that are being written or were left half written."""

MOST = 500
"""How many entries there may be; beyond it the oldest half goes."""


def cache_folder() -> Path | None:
    """Return where entries are kept; None where they are switched off or there is no such place."""
    asked = os.environ.get(SWITCH, "").strip()
    if asked.lower() in OFF:
        return None
    try:
        folder = Path(asked) if asked else _users_caches() / "gongkai"
    except RuntimeError:  # a service without a home
        return None
    return folder if folder.is_absolute() else None


def _users_caches() -> Path:
    """Return the folder that the platform has for what a user's programs keep.

    Raises:
        RuntimeError: the user has no home.
    """
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def recall(makers: tuple[str, ...], made_of: str) -> Any | None:  # noqa: ANN401 - whatever JSON can say
    """Return what was kept, None where nothing usable was; see `recall_text`."""
    text = recall_text(makers, made_of)
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None


def recall_text(makers: tuple[str, ...], made_of: str) -> str | None:
    """Return the text that was kept, None where nothing usable was.

    Args:
        makers: the `__file__` of the modules that make it; the first one names the entries.
        made_of: everything else that decides what it is.
    """
    folder = cache_folder()
    if folder is None:
        return None
    try:
        path = folder / _name(makers, made_of)
        with path.open("rb") as file:
            if not _own(os.fstat(file.fileno())):
                return None
            digest, _, body = file.read().partition(b"\n")
        if digest.decode() != hashlib.sha256(body).hexdigest():
            return None
        return body.decode("utf-8", "surrogatepass")
    except (OSError, ValueError):
        return None


def keep(makers: tuple[str, ...], made_of: str, value: object) -> None:
    """Keep what JSON can say of a value, for a later `recall` with the same arguments; where that fails, do nothing."""
    if cache_folder() is None:
        return
    with suppress(TypeError, ValueError, RecursionError):
        keep_text(makers, made_of, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def keep_text(makers: tuple[str, ...], made_of: str, text: str) -> None:
    """Keep a text for a later `recall_text` with the same arguments; where that fails, do nothing."""
    folder = cache_folder()
    if folder is None:
        return
    made = None
    try:
        body = text.encode("utf-8", "surrogatepass")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / _name(makers, made_of)
        made = folder / f"{path.name}.{token_hex(8)}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        made.replace(path)
        _thin_out(folder)
    except (OSError, ValueError):
        if made is not None:
            with suppress(OSError):
                made.unlink()


def _name(makers: tuple[str, ...], made_of: str) -> str:
    """Return the name of an entry."""
    digest = hashlib.sha256(_code(makers))
    digest.update(f"\0{sys.version_info[:2]}\0".encode())
    digest.update(made_of.encode("utf-8", "surrogatepass"))
    return f"{Path(makers[0]).stem}-{digest.hexdigest()}.json"


@lru_cache(maxsize=16)
def _code(makers: tuple[str, ...]) -> bytes:
    """Return the code that makes an entry: another version of it makes entries of its own."""
    return b"\0".join(Path(maker).read_bytes() for maker in makers)


def _own(status: os.stat_result) -> bool:
    """Say whether a file is the user's own; where the system knows no users by number, the folder is trusted."""
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def _thin_out(folder: Path) -> None:
    """Let the older half of the entries go where there are too many; files of other names are somebody else's."""
    paths = [path for path in folder.iterdir() if _ENTRY.fullmatch(path.name)]
    if len(paths) <= MOST:
        return
    by_age = sorted(paths, key=lambda path: path.stat().st_mtime)
    for path in by_age[: len(paths) // 2]:
        path.unlink(missing_ok=True)
