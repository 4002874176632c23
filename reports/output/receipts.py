"""Receipts: which files a run of ours wrote, and what was in them, so that nothing else is ever taken away.

The receipt of an evaluation is `written` in its `run.json`. What has no such file (a page, a notice, a made-up year) is
noted in `.gongkai-written`, a line each, in the folder that is written as a whole, else beside what is written; a file
counts as ours where its bytes are those of a line.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from events.storage.files import open_ordinary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECEIPT = "run.json"
NOTES = ".gongkai-written"
_MOST = 64 << 20
_BLOCK = 1 << 20

Known = dict[str, set[str]]
"""Files by their path within a folder, each with the hashes of what was written into it."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of what is in an ordinary file.

    Raises:
        OSError: it is something else, or cannot be read.
    """
    digest = hashlib.sha256()
    with os.fdopen(open_ordinary(path), "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def listed(folder: Path) -> Known | None:
    """Return the files that the run in a folder wrote, None where there is no run with a receipt."""
    content = _json(folder / RECEIPT)
    files = content.get("written") if isinstance(content, dict) and "gongkai" in content else None
    if not isinstance(files, dict):
        return None
    return {str(name): {str(digest)} for name, digest in files.items() if _is_within(str(name))}


def noted(folder: Path) -> Known:
    """Return the files that are noted in a folder."""
    found: Known = {}
    raw = _read(folder / NOTES)
    for line in raw.splitlines():
        try:
            entry = json.loads(line)
            name, digest = str(entry["file"]), str(entry["sha256"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if _is_within(name):
            found.setdefault(name, set()).add(digest)
    return found


def noted_of(folder: Path) -> Known:
    """Return the files of a folder that are noted beside it or in it; the paths are those within the folder."""
    start = f"{folder.name}/"
    found = {name.removeprefix(start): one for name, one in noted(folder.parent).items() if name.startswith(start)}
    for name, digests in noted(folder).items():
        found.setdefault(name, set()).update(digests)
    return found


def note(folder: Path, files: Mapping[str, str]) -> None:
    """Note files that are about to be written.

    Args:
        folder: where the note is kept.
        files: hash by path within the folder.

    Raises:
        OSError: it cannot be written.
    """
    known = noted(folder)
    if all(one in known.get(name, ()) for name, one in files.items()):
        return
    descriptor = open_ordinary(folder / NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with os.fdopen(descriptor, "ab") as file:
        file.write(note_text(files))


def note_text(files: Mapping[str, str]) -> bytes:
    """Return the lines that note files.

    Args:
        files: hash by path.
    """
    lines = (json.dumps({"file": name, "sha256": one}, ensure_ascii=False) for name, one in sorted(files.items()))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


def complete(folder: Path, files: Mapping[str, str]) -> None:
    """Put the list of what is written into the receipt of a run, and a hash over the receipt itself.

    Args:
        folder: the folder of the run, not in its place yet.
        files: hash by path within the folder.
    """
    content = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
    content["written"] = dict(sorted((name, one) for name, one in files.items() if name != RECEIPT))
    content["receipt"] = seal(content)
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / RECEIPT).write_text(text, encoding="utf-8", newline="\n")


def seal(content: Mapping[str, Any]) -> str:
    """Return the hash over a receipt without its own; it tells a receipt that was edited, not one made anew."""
    rest = {name: one for name, one in content.items() if name != "receipt"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _is_within(name: str) -> bool:
    """Say whether a path stays in its folder: a receipt can be written by anybody."""
    parts = name.split("/")
    return "\\" not in name and ":" not in parts[0] and not {"", ".", ".."} & set(parts)


def _json(path: Path) -> object:
    try:
        return json.loads(_read(path))
    except (ValueError, RecursionError):
        return None


def _read(path: Path) -> bytes:
    """Return what is in a small ordinary file, nothing where there is none or it cannot be read."""
    try:
        with os.fdopen(open_ordinary(path), "rb") as file:
            return file.read(_MOST)
    except OSError:
        return b""
