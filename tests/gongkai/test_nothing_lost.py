"""Random sequences of all that writes: no file of others changes, and no acknowledged event is lost in silence."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gongkai.__main__ import spread
from gongkai.cli import run
from tests.ledger.ledgers import training
from tests.rules.small_book import BOOK, RULES, SOURCE

ROOT = Path(__file__).parents[2]
PLACES = ("out", "out/units", "out/inputs", ".out-abcdefgh/old", ".out.gongkai-work-00/new", "batch", "batch/甲", "own")
NAMES = (
    "index.html",
    "run.json",
    "verdicts.jsonl",
    "violations.xlsx",
    "笔记.txt",
    "converted.csv",
    "export.jsonl",
    "due.ics",
)
KILLED = """
import os, signal, sys
from pathlib import Path
from gongkai.__main__ import spread
from gongkai.cli import run
left = int(sys.argv[1])
real = {name: getattr(os, name) for name in ("replace", "rename", "fsync", "unlink", "link")}
def counting(name):
    def call(*arguments, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real[name](*arguments, **more)
    return call
for name in real:
    setattr(os, name, counting(name))
sys.exit(run(spread(sys.argv[2:])))
"""
"""Runs a command, and kills itself at the n-th change of the disk."""


def called(*arguments: str | Path) -> tuple[int, str]:
    """Run a command in this process; return its status and what it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = run(spread([str(one) for one in arguments]))
    return status, said.getvalue()


class EverythingThatWrites(RuleBasedStateMachine):
    """A county's folder: a ledger, folders of output, and files of people in all of them."""

    @initialize()
    def start(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="gongkai-nothing-lost-"))
        self.mine: dict[Path, bytes] = {}
        self.events: set[str] = set()
        self.olds: dict[str, bytes] = {}
        self.number = 0
        self.put_back = False
        self.ledger = self.home / "ledger"
        book = self.home / "book"
        book.mkdir()
        for name, text in (("book.yaml", BOOK), ("rules.yaml", RULES), ("source.txt", SOURCE)):
            (book / name).write_text(text, encoding="utf-8")
            self.mine[book / name] = (book / name).read_bytes()

    def teardown(self) -> None:
        if hasattr(self, "home"):
            shutil.rmtree(self.home)

    def log(self) -> tuple[Path, set[str]]:
        """Write a file of new events; return it and their ids."""
        self.number += 1
        ids = {f"e{self.number}-{one}" for one in range(2)}
        path = self.home / f"log{self.number}.jsonl"
        lines = [json.dumps(training(one), ensure_ascii=False) for one in sorted(ids)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.mine[path] = path.read_bytes()
        return path, ids

    @rule(how_far=st.none() | st.integers(0, 12))
    def import_(self, how_far: int | None) -> None:
        path, ids = self.log()
        asked: tuple[str | Path, ...] = ("events", "import", path, "--ledger", self.ledger, "--at", "2024-01-01")
        if how_far is None:
            status, _ = called(*asked)
            if status == 0:
                self.events |= ids
            elif not self.put_back:
                raise AssertionError(status)
        elif self.killed(how_far, *asked):
            self.events |= ids

    @rule(sort=st.sampled_from(["plain", "bare", "incremental"]), how_far=st.none() | st.integers(0, 60))
    def evaluate(self, sort: str, how_far: int | None) -> None:
        path, _ = self.log()
        more: tuple[str, ...] = {
            "plain": (),
            "bare": ("--no-reports",),
            "incremental": ("--incremental", "--no-reports"),
        }[sort]
        source = self.ledger if (self.ledger / "entries.jsonl").exists() and not self.put_back else path
        asked = ("evaluate", *self.judging(source), "--out", self.home / "out", *more)
        if how_far is None:
            status, said = called(*asked)
            assert status == 0 or any(code in said for code in ("not-empty", "in-the-way")), said
        else:
            self.killed(how_far, *asked)

    def judging(self, source: Path) -> tuple[str | Path, ...]:
        """Return the options of a command that judges a log."""
        return ("--events", source, "--as-of", "2023-12-31", "--book", self.home / "book")

    @rule(how_far=st.none() | st.integers(0, 40))
    def batch(self, how_far: int | None) -> None:
        path, _ = self.log()
        manifest = self.home / "batch.yaml"
        content = f"defaults: {{as_of: 2023-12-31, events: {path.name}, books: book}}\nruns: [{{name: 甲}}]\n"
        manifest.write_text(content, encoding="utf-8")
        asked = ("batch", manifest, "--out", self.home / "batch")
        called(*asked) if how_far is None else self.killed(how_far, *asked)

    @rule(where=st.sampled_from(["own", "ledger"]), how_far=st.none() | st.integers(0, 3))
    def convert_and_export(self, where: str, how_far: int | None) -> None:
        path, _ = self.log()
        (self.home / "own").mkdir(exist_ok=True)
        folder = self.home / where
        if where == "ledger" and not folder.exists():
            return
        commands: tuple[tuple[str | Path, ...], ...] = (
            ("events", "convert", path, "--out", folder / "converted.csv"),
            ("events", "export", self.ledger, "--out", folder / "export.jsonl"),
        )
        if how_far is not None and where == "own":
            self.killed(how_far, *commands[self.number % 2])
            return
        statuses = [called(*one)[0] for one in commands]
        assert where != "ledger" or set(statuses) == {2}

    @rule(place=st.sampled_from(PLACES), name=st.sampled_from(NAMES), content=st.binary(max_size=8))
    def somebody_puts_a_file(self, place: str, name: str, content: bytes) -> None:
        path = self.home / place / name
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(path):
                path.write_bytes(content)
                self.mine[path] = content

    @rule(name=st.sampled_from(["out", "own/converted.csv"]))
    def somebody_puts_a_link(self, name: str) -> None:
        path = self.home / name
        if not os.path.lexists(path):
            path.parent.mkdir(exist_ok=True)
            target = self.home / "elsewhere" / path.name
            target.parent.mkdir(exist_ok=True)
            path.symlink_to(target)

    @precondition(lambda self: (self.ledger / "entries.jsonl").exists() and not self.put_back)
    @rule()
    def keep_a_copy(self) -> None:
        self.olds = {name: (self.ledger / name).read_bytes() for name in ("head.json", "entries.jsonl")}

    @precondition(lambda self: self.olds and not self.put_back)
    @rule(name=st.sampled_from(["head.json", "entries.jsonl"]))
    def restore_an_older_file(self, name: str) -> None:
        if (self.ledger / name).read_bytes() != self.olds[name]:
            (self.ledger / name).write_bytes(self.olds[name])
            self.put_back = True

    @rule(what=st.sampled_from(["import", "evaluate"]))
    def two_at_once(self, what: str) -> None:
        found = [self.log() for _ in range(2)]
        running = []
        for path, _ in found:
            asked: tuple[str | Path, ...] = ("events", "import", path, "--ledger", self.ledger, "--at", "2024-01-01")
            if what == "evaluate":
                asked = ("evaluate", *self.judging(path), "--out", self.home / "out", "--no-reports")
            command = [sys.executable, "-m", "gongkai", *map(str, asked)]
            running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for process, (_, ids) in zip(running, found, strict=True):
            if process.wait(timeout=300) == 0 and what == "import":
                self.events |= ids
        receipt = self.home / "out" / "run.json"
        if what == "evaluate" and receipt.is_file() and receipt not in self.mine:
            for name, digest in json.loads(receipt.read_bytes())["written"].items():
                path = self.home / "out" / name
                assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, "a mixture of two runs"

    def killed(self, how_far: int, *asked: str | Path) -> bool:
        """Run a command that is killed at a change of the disk; say whether it ended well before that."""
        command = [sys.executable, "-c", KILLED, str(how_far), *map(str, asked)]
        with tempfile.TemporaryFile() as said:  # a pipe would be waited for as long as anything that was started lives
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said, check=False)
            said.seek(0)
            assert done.returncode in {0, 2, -signal.SIGKILL}, said.read().decode()
        return done.returncode == 0

    @invariant()
    def files_of_others_are_there(self) -> None:
        for path, content in getattr(self, "mine", {}).items():
            assert path.read_bytes() == content, path

    @invariant()
    def acknowledged_events_are_there_or_the_damage_is_told(self) -> None:
        if not getattr(self, "events", None):
            return
        if not self.put_back:
            head = json.loads((self.ledger / "head.json").read_bytes())
            raw = (self.ledger / "entries.jsonl").read_bytes()[: head["bytes"]]
            assert self.events <= {json.loads(one).get("event", {}).get("id") for one in raw.splitlines()}
            return
        readers: tuple[tuple[str | Path, ...], ...] = (
            ("events", "check", self.ledger),
            ("evaluate", *self.judging(self.ledger), "--out", self.home / "other"),
            ("check", "--unit", "县民政局", *self.judging(self.ledger)),
            ("due", "--within", "10 days", *self.judging(self.ledger)),
            ("explain", "x", *self.judging(self.ledger)),
            ("events", "export", self.ledger, "--out", self.home / "other.jsonl"),
            ("events", "convert", self.ledger, "--out", self.home / "other.csv"),
            ("events", "import", self.home / "log1.jsonl", "--ledger", self.ledger),
        )
        for command in (("events", "verify", self.ledger), readers[self.number % len(readers)]):
            status, said = called(*command)
            assert status in {1, 2}, (command, said)
            assert "ledger-damaged" in said, (command, said)


TestEverythingThatWrites = pytest.mark.timeout(900)(pytest.mark.slow(EverythingThatWrites.TestCase))
TestEverythingThatWrites.settings = settings(
    max_examples=int(os.environ.get("GONGKAI_SEQUENCES", "2" if os.environ.get("GONGKAI_SEARCH") == "brief" else "4")),
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # a shorter sequence that fails would be looked for all day
)
