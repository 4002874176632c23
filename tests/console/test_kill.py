"""`kill -9` in the middle of entry: nothing acknowledged is missing, nothing is there twice, nothing is stuck."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import IO, TYPE_CHECKING

import pytest

from tests.console.postgres import cluster, fresh_database
from tests.console.world import point_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gongkai.console.folder import DataFolder

pytestmark = pytest.mark.slow

WORKER = """
import os, sys
from datetime import date
from pathlib import Path
from gongkai.console.serve import open_console
folder, problems = open_console(Path(sys.argv[1]))
assert folder is not None, problems
from django.db import connections
from gongkai.console.entry import states
from gongkai.console.entry.post import enter, recover
from gongkai.console.models.store import people
from gongkai.console.office import assessing
from gongkai.console.registry import registry
registry()

def say(text):  # in one piece: a kill never leaves half a line
    os.write(1, (text + chr(10)).encode())

def work(start, count):
    recover()
    say("ready 0")
    clerk, reviewer, evaluator, publisher = (
        people().get(username=one) for one in ("clerk", "reviewer", "evaluator", "publisher")
    )
    waiting = {"unit": "renshe", "rule": "5.2.depth", "book": "jinxiang-2023"}
    for number in range(start, start + count):
        row = {"type": "training.held", "occurred_at": "2023-08-01", "data.title": f"培训{number}"}
        draft = states.begin(clerk, "renshe", "entry", [row, {**row, "data.title": f"又{number}"}], f"培训{number}")
        states.take(clerk, draft, "submit")
        approved = states.take(reviewer, draft, "approve", digest=draft.digest)
        say(f"approved {approved.number}")
        assert enter(approved) == ()
        say(f"entered {approved.number}")
        row = {**waiting, "obligation": f"{number}"}
        made = assessing.write(evaluator, row, "pass", f"看过{number}", date(2023, 8, 1))
        assert assessing.approve(publisher, made) == ()
        say(f"assessed {made.pk}")

work(900000, 1)
for line in sys.stdin:
    connections.close_all()
    child = os.fork()
    if not child:
        say(f"child {os.getpid()}")
        work(int(line), 1000)
        os._exit(0)
    os.waitpid(child, 0)
    say("dead 0")
"""
"""Everything is loaded once; each turn is a process of its own, which is killed."""


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, template: Path, database: str, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> None:
    kills = int(pytestconfig.getoption("--kills", "20"))
    address = fresh_database(request.getfixturevalue("postgresql")) if database == "postgresql" else None
    acknowledged = kill_again_and_again(tmp_path / "data", template, address, kills, random.Random(kills))
    assert acknowledged["approved"], "nothing was going on when it was killed"


def kill_again_and_again(
    root: Path, template: Path, database: str | None, kills: int, chance: random.Random
) -> dict[str, set[int]]:
    """Kill a process that enters submissions, so many times, and check after each; return what was acknowledged."""
    folder = prepare(root, template, database)
    acknowledged: dict[str, set[int]] = {"approved": set(), "entered": set(), "assessed": set()}
    command = [sys.executable, "-c", WORKER, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        read_until(nursery.stdout, "assessed", acknowledged)
        for turn in range(kills):
            nursery.stdin.write(f"{turn * 1000}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline().removeprefix("child "))
            read_until(nursery.stdout, "ready", acknowledged)
            time.sleep(chance.uniform(0.0, 0.4))
            os.kill(child, signal.SIGKILL)
            read_until(nursery.stdout, "dead", acknowledged)
        nursery.stdin.close()
    check(folder, acknowledged)
    return acknowledged


def read_until(lines: IO[str], last: str, acknowledged: dict[str, set[int]]) -> None:
    """Take note of what is acknowledged, until a word comes."""
    for line in lines:
        word, number = line.split()
        acknowledged.get(word, set()).add(int(number))
        if word == last:
            return
    message = f"no {last!r} came"
    raise AssertionError(message)


def prepare(root: Path, template: Path, database: str | None) -> DataFolder:
    """Return a console with a clerk and a reviewer."""
    from gongkai.console.folder import open_folder

    root.mkdir()
    if database is not None:
        (root / "gongkai.yaml").write_text(f"database: {database}\n", encoding="utf-8")
    else:
        (root / "console.sqlite3").write_bytes(template.read_bytes())
    folder, problems = open_folder(root)
    assert folder is not None, problems
    point_at(folder)
    from django.core.management import call_command
    from django.db import connections

    from gongkai.console.models.people import OF_UNITS
    from gongkai.console.models.store import add_membership, make_person

    if database is not None:
        call_command("migrate", verbosity=0, interactive=False)
    for name in ("clerk", "reviewer", "evaluator", "publisher"):
        add_membership(make_person(name, name), name, "renshe" if name in OF_UNITS else "")
    connections.close_all()
    return folder


def check(folder: DataFolder, acknowledged: dict[str, set[int]]) -> None:
    """Start once more, and hold the database against the ledger."""
    from events.ledger.load import load_ledger
    from events.ledger.verify import verify_ledger
    from events.vocabulary import load_vocabulary
    from gongkai.console.entry.post import recover
    from gongkai.console.models.office_store import assessments
    from gongkai.console.models.store import submissions

    point_at(folder)
    recover()
    assert not submissions().filter(state="approved").exists(), "something is stuck"
    there = {one.number: one.state for one in submissions()}
    assert {there[number] for number in acknowledged["approved"] | acknowledged["entered"]} <= {"entered"}
    loaded = load_ledger(folder.ledger, load_vocabulary())
    counted = Counter(loaded.table["id"].to_pylist())
    assert set(counted.values()) <= {1}
    wanted = {one.event_id(row) for one in submissions().filter(state="entered") for row in range(1, 1 + len(one.rows))}
    assert set(counted) == wanted
    assert verify_ledger(folder.ledger, load_vocabulary()).problems == ()
    for one in submissions().filter(state="entered"):
        assert one.reviewer_id != one.author_id
    judged = {one.pk: one for one in assessments()}
    assert acknowledged["assessed"]
    assert {judged[key].state for key in acknowledged["assessed"]} == {"entered"}
    for judgement in judged.values():
        submission = judgement.submission
        assert (judgement.state == "entered") == (submission is not None and submission.state == "entered")
