"""Pages of units that say what they said, taken over from the run that a new one builds on.

A page is taken over where everything that it shows is what it was: the unit is not touched by the new entries
(`gongkai.evaluation.earlier.incremental.same_units`), the receipts of both runs say the same of all but the ledger, no
score and no earlier run stands on it, the product's own files that make pages are the same, and the file is as it was
written.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import engine
import events
import reports
import rules
from events.storage.ordinary import read_ordinary
from reports.output.names import page_name
from reports.output.receipts import listed
from reports.run.folder import RunFolder, RunFolderError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OF_THE_LOG: Final = frozenset(
    ("ledgers", "ledger_heads", "warnings", "verdicts", "list", "backfill", "written", "receipt")
)
"""What a receipt says of the log and of other files than pages of units."""


@cache
def made_by() -> str:
    """Return what tells the files of the product that make pages from those of another state of it."""
    digest = hashlib.sha256()
    for package in (events, rules, engine, reports):
        top = os.path.dirname(str(package.__file__))  # noqa: PTH120 - of a thousand files, a path each takes most of it
        for folder, below, files in os.walk(top):
            below[:] = sorted(one for one in below if one != "__pycache__")
            for name in sorted(files):
                digest.update(f"{folder[len(top) :]}/{name}\n".encode())
                with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123
                    digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def kept_pages(out: Path, said: Mapping[str, object], units: Collection[str]) -> dict[str, bytes]:
    """Return the pages of units in the folder of an earlier run that are what a new run would write, by unit.

    Args:
        out: the folder.
        said: what the receipt of the new run says so far.
        units: the units that nothing new matters to.
    """
    try:
        before = RunFolder(out).receipt
    except RunFolderError:
        return {}
    now = json.loads(json.dumps(said))
    if any(before.get(name) != now.get(name) for name in {*before, *now} - OF_THE_LOG):
        return {}
    written = listed(out) or {}
    found = {}
    for unit in units:
        name = f"units/{page_name(unit)}"
        if name in written:
            content = _read(out / name)
            if hashlib.sha256(content).hexdigest() in written[name]:
                found[unit] = content
    return found


def _read(file: Path) -> bytes:
    """Return what is in a file, nothing where it cannot be read."""
    try:
        return read_ordinary(file)
    except OSError:
        return b""
