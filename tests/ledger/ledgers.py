"""Ledgers in tests: made by the command line, looked at byte by byte."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from events.ledger.verify import verify_ledger
from events.vocabulary import load_vocabulary
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from events.ledger.verify import Verified
    from tests.gongkai.commands import Outcome

AT = "2024-01-05T09:00"


def training(event_id: str, day: str = "2023-07-14", **fields: object) -> dict[str, Any]:
    """Return a training of 县民政局, with some fields changed."""
    return {"id": event_id, "type": "training.held", "unit": "县民政局", "occurred_at": day, **fields}


def import_into(
    ledger: Path, capsys: pytest.CaptureFixture[str], *files: Path, by: str = "张三", at: str = AT
) -> Outcome:
    """Import files as a person would."""
    return gongkai(capsys, "events", "import", *files, "--ledger", ledger, "--by", by, "--at", at)


def verified(ledger: Path) -> Verified:
    """Verify a ledger in this process."""
    return verify_ledger(ledger, load_vocabulary())


def lines(ledger: Path) -> list[bytes]:
    """Return the entries, each without its line feed."""
    return (ledger / "entries.jsonl").read_bytes().splitlines()


def rewrite(ledger: Path, entries: list[bytes]) -> None:
    """Put other entries into the file."""
    (ledger / "entries.jsonl").write_bytes(b"".join(one + b"\n" for one in entries))


def events_of(ledger: Path) -> list[dict[str, Any]]:
    """Return the events in their order, read without the product."""
    entries = [json.loads(one) for one in lines(ledger)]
    return [entry["event"] for entry in entries if "event" in entry]


def records_of(ledger: Path) -> list[dict[str, Any]]:
    """Return the records of imports in their order."""
    entries = [json.loads(one) for one in lines(ledger)]
    return [entry["import"] for entry in entries if "import" in entry]


def head_of(ledger: Path) -> str:
    """Return the hash that `head.json` names."""
    head: str = json.loads((ledger / "head.json").read_bytes())["head"]
    return head


def hash_by_hand(entry: bytes) -> str:
    """Return the hash of an entry as the documentation says it is made."""
    return hashlib.sha256(entry).hexdigest()


def state(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}
