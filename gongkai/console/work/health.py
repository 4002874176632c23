"""How the server is: backups, disk, the ledger's last verification, mail, scanner."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from events.ledger.verify import verify_ledger
from events.problems import has_errors
from events.vocabulary import load_vocabulary
from gongkai.console.clock import now
from gongkai.console.folder import BACKUPS, current

if TYPE_CHECKING:
    from pathlib import Path

VERIFIED = "verified.json"
OLD_DAYS = 2
"""A backup older than so many days is said to be old."""
LITTLE = 0.1
"""The share of the disk that should be free."""
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Health:
    """How the server is.

    Attributes:
        backup: when the last backup was made, None where there is none.
        backup_old: whether that is too long ago.
        free: free space of the disk in GiB.
        disk_low: whether that is little.
        verified_at: when the ledger was last verified, None where it never was.
        verified: what was found then.
        scanner: whether uploads are scanned for viruses.
    """

    backup: datetime | None
    backup_old: bool
    free: float
    disk_low: bool
    verified_at: datetime | None
    verified: str
    scanner: bool


def health() -> Health:
    """Return how the server is now."""
    folder = current()
    last = _last_backup(folder.root / BACKUPS)
    disk = shutil.disk_usage(folder.root)
    at, said = _verified(folder.root / VERIFIED)
    old = last is None or (now() - last).days >= OLD_DAYS
    free = round(disk.free / _GIB, 1)
    return Health(last, old, free, disk.free < disk.total * LITTLE, at, said, bool(folder.settings.scanner))


def _last_backup(place: Path) -> datetime | None:
    """Return when the last whole backup was made."""
    found = []
    for one in place.glob("*/manifest.json"):
        try:
            found.append(datetime.strptime(one.parent.name, "%Y%m%d-%H%M%S"))  # noqa: DTZ007 (local time, as everywhere)
        except ValueError:
            continue
    return max(found, default=None)


def _verified(path: Path) -> tuple[datetime | None, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return datetime.fromisoformat(found["at"]), str(found["said"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""


def verify() -> str:
    """Verify the ledger from the first entry to the last, keep when, and return what was found."""
    folder = current()
    found = verify_ledger(folder.ledger, load_vocabulary())
    errors = [one.line("zh") for one in found.problems if one.severity == "error"]
    said = "；".join(errors[:3]) if has_errors(found.problems) else "完好"
    text = json.dumps({"at": now().isoformat(), "said": said}, ensure_ascii=False)
    (folder.root / VERIFIED).write_text(text, encoding="utf-8", newline="\n")
    return said
