"""Kill imports into a ledger, or evaluations, at random moments; a program of its own, since it forks.

`python -m tests.ledger.killing import LEDGER KILLS` prints, as JSON, the numbers of the imports that were acknowledged,
and how often a kill left something behind. Nothing of the product that starts threads runs in the parent.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from events.ledger.importing.imports import Provenance, import_stage
from events.ledger.importing.stage import Stage
from events.model import Event
from events.problems import Where
from events.table import table_of
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

EACH = 3
"""Events of an import."""


def import_number(ledger: Path, number: int) -> int:
    """Import what the file of this number has; return how many events are new."""
    vocabulary = load_vocabulary()
    day = datetime(2023, 1, 1) + timedelta(days=number % 300)
    where = Where(f"{number}.jsonl", 1)
    data = {"note": "甲" * (number % 50)}
    events = [
        Event(
            f"e{number}-{one}",
            "training.held",
            "minzheng",
            None,
            day,
            timed=False,
            recorded_at=day,
            where=where,
            data=data,
        )
        for one in range(EACH)
    ]
    with Stage() as stage:
        stage.add(table_of(events, vocabulary), f"{number}.jsonl")
        stage.end(f"{number}.jsonl", "0" * 64, EACH)
        imported, problems = import_stage(ledger, stage, Provenance("2024-01-01T00:00:00", "test", "0", "0" * 64))
    assert imported is not None, problems
    return sum(imported.added)


def killed(run: Callable[[int], None], waited: int, longest: float, chance: random.Random) -> str:
    """Run something in a process of its own, kill it at a random moment, and return what it had said by then.

    Args:
        run: what is run; it is given the descriptor that it speaks to.
        waited: how many lines it may say first.
        longest: the most seconds after that.
        chance: chance.
    """
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read_end)
        run(write_end)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as said:
        lines = [said.readline() for _ in range(waited)]
        time.sleep(chance.uniform(0, longest))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return "".join([*lines, said.read()])


def ids_by_hand(ledger: Path) -> set[str]:
    """Return the ids in a ledger, after following its chain as the documentation says."""
    if not (ledger / "head.json").exists():
        return set()
    head = json.loads((ledger / "head.json").read_bytes())
    entries = ledger / "entries.jsonl"
    content = entries.read_bytes()[: head["bytes"]] if head["bytes"] else b""
    assert len(content) == head["bytes"]
    before, ids = "0" * 64, []
    for line in content.splitlines():
        entry = json.loads(line)
        assert entry["prev"] == before
        before = hashlib.sha256(line).hexdigest()
        ids += [entry["event"]["id"]] if "event" in entry else []
    assert before == head["head"]
    assert len(ids) == head["events"] == len(set(ids))
    return set(ids)


def kill_imports(ledger: Path, kills: int) -> dict[str, object]:
    """Kill imports; after each kill every acknowledged event must be there, and no import by half."""
    chance = random.Random(7)
    acknowledged: set[int] = set()
    left, next_one = 0, 0
    load_vocabulary()
    pa.array(range(1))  # lets pyarrow import what it likes to have, once
    for _ in range(kills):

        def run(said: int, first: int = next_one) -> None:
            for number in itertools.count(first):
                import_number(ledger, number)
                os.write(said, f"{number}\n".encode())

        numbers = [int(one) for one in killed(run, chance.choice((0, 1, 1, 2)), 0.02, chance).split()]
        acknowledged |= set(numbers)
        # the one that was cut off is begun again now and then, and passed over at other times
        next_one = max([next_one, *(one + 1 for one in numbers)]) + chance.choice((0, 0, 1))
        ids = ids_by_hand(ledger)
        assert {f"e{number}-{one}" for number in acknowledged for one in range(EACH)} <= ids
        assert all(f"{one.partition('-')[0]}-{other}" in ids for one in ids for other in range(EACH))
        left += (ledger / "unfinished").exists() or (ledger / "head.json.new").exists()
    return {"acknowledged": sorted(acknowledged), "last": next_one, "left": left}


def kill_evaluations(log: Path, out: Path, kills: int) -> dict[str, object]:
    """Kill evaluations into one folder; after each, the folder has a whole run or is not there."""
    from gongkai.options import RunRequest  # noqa: PLC0415 - not for the imports
    from gongkai.services.evaluate import run as evaluate  # noqa: PLC0415

    def run(_: int, as_of: str = "2023-12-31") -> None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the process ends
        evaluate(RunRequest(as_of=as_of, events=(log,)), out)

    chance = random.Random(11)
    states = []
    for _ in range(kills):
        killed(run, 0, 3.0, chance)
        files = {str(one.relative_to(out)): one.read_bytes() for one in sorted(out.rglob("*")) if one.is_file()}
        states.append(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest() if out.exists() else "")
    return {"states": states}


def main() -> None:
    """Do what the arguments say."""
    sort, *rest = sys.argv[1:]
    if sort == "import":
        result = kill_imports(Path(rest[0]), int(rest[1]))
    else:
        result = kill_evaluations(Path(rest[0]), Path(rest[1]), int(rest[2]))
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
