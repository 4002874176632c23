"""A ledger is verified in memory that hardly grows with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.events.reading import jsonl
from tests.ledger.ledgers import hash_by_hand, import_into, lines, rewrite, training

if TYPE_CHECKING:
    Capsys = pytest.CaptureFixture[str]

ROOT = Path(__file__).parents[2]
ENTRIES, MOST = 80_000, 330 * 1024
"""Entries, and kB of the whole process: a million took 3.5 GB when each entry was kept, which is 280 MB for these."""
PROGRAM = """
import sys
from pathlib import Path
from tests.ledger.ledgers import verified
for name in sys.argv[1:]:
    found = verified(Path(name))
    assert found.problems == (), found.problems
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_verifying_takes_bounded_memory(tmp_path: Path, capsys: Capsys) -> None:
    command = [sys.executable, "-c", PROGRAM, str(grown(tmp_path, ENTRIES, capsys))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST


def grown(home: Path, count: int, capsys: Capsys) -> Path:
    """Return a ledger of so many entries, made of one that was imported."""
    ledger = home / "ledger"
    import_into(ledger, capsys, jsonl(home / "a.jsonl", training("e0")))
    record, event = lines(ledger)
    entries = [record.replace(b'"rows":1,"events":1', b'"rows":%d,"events":%d' % (count, count))]
    for number in range(count):
        body = event[event.index(b",") :].replace(b'"e0"', b'"e%d"' % number).replace(b'"a.jsonl 1"', b'"%d"' % number)
        entries.append(b'{"prev":"%s"' % hash_by_hand(entries[-1]).encode() + body)
    rewrite(ledger, entries)
    head = json.loads((ledger / "head.json").read_bytes())
    head |= {"head": hash_by_hand(entries[-1]), "bytes": sum(len(one) + 1 for one in entries)}
    head |= {"entries": len(entries), "events": count}
    (ledger / "head.json").write_text(json.dumps(head, separators=(",", ":")) + "\n", encoding="utf-8")
    return ledger
