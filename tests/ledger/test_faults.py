from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.events.reading import jsonl
from tests.gongkai.commands import gongkai
from tests.ledger.killing import EACH, import_number
from tests.ledger.ledgers import events_of, import_into, lines, records_of, state, training, verified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gongkai.commands import Outcome

pytestmark = pytest.mark.slow

KILLS = 30 if os.environ.get("GONGKAI_SEARCH") == "brief" else 220
ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "gongkai", "events", "import")


def killing(*arguments: object) -> dict[str, Any]:
    """Run the program that kills, and return what it says."""
    command = [sys.executable, "-m", "tests.ledger.killing", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_imports_killed_at_random_moments_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    said = killing("import", ledger, KILLS)
    acknowledged, last = said["acknowledged"], said["last"]
    assert len(acknowledged) > KILLS / 4  # it was not killed before it did anything
    assert said["left"] > 0  # and some were killed while they wrote
    found = verified(ledger)
    assert found.head is not None
    assert {one.code for one in found.problems} <= {"import-unfinished"}
    before = {one["id"] for one in events_of_prefix(ledger)}
    added = sum(import_number(ledger, number) for number in range(last + 1))
    ids = [one["id"] for one in events_of(ledger)]
    assert sorted(ids) == sorted(f"e{number}-{one}" for number in range(last + 1) for one in range(EACH))
    assert added == len(ids) - len(before)
    assert verified(ledger).problems == ()
    names = {one.name for one in ledger.iterdir() if not one.name.startswith("entries.rest-")}
    assert names == {"entries.jsonl", "head.json", "lock"}


def events_of_prefix(ledger: Path) -> list[dict[str, object]]:
    """Return the events up to the state, whatever stands after it."""
    size = json.loads((ledger / "head.json").read_bytes())["bytes"]
    entries = [json.loads(one) for one in (ledger / "entries.jsonl").read_bytes()[:size].splitlines()]
    return [entry["event"] for entry in entries if "event" in entry]


def test_evaluations_killed_at_random_moments_leave_a_whole_run_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, out = tmp_path / "ledger", tmp_path / "run"
    import_into(ledger, capsys, jsonl(tmp_path / "log.jsonl", *(training(str(one)) for one in range(20))))
    states = killing("evaluate", ledger, out, 12)["states"]
    asked = ("evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out", out)
    assert gongkai(capsys, *asked).status == 0
    files = {str(one.relative_to(out)): one.read_bytes() for one in sorted(out.rglob("*")) if one.is_file()}
    whole = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    assert set(states) <= {"", whole}


@pytest.mark.parametrize("rest", [b"", b"{", b"\0" * 5000, b'{"prev":"', "甲".encode() * 900, None])
def test_the_rest_of_an_import_that_lost_its_power_is_no_part_of_the_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rest: bytes | None
) -> None:
    ledger = tmp_path / "ledger"
    first, second = jsonl(tmp_path / "a.jsonl", training("1")), jsonl(tmp_path / "b.jsonl", training("2"))
    import_into(ledger, capsys, first)
    before = state(ledger)
    import_into(ledger, capsys, second)
    after = state(ledger)
    kept = before["entries.jsonl"]
    # None: everything was written, only the state was not
    (ledger / "entries.jsonl").write_bytes(after["entries.jsonl"] if rest is None else kept + rest)
    (ledger / "head.json").write_bytes(before["head.json"])
    (ledger / "unfinished").touch()
    (ledger / "head.json.new").write_bytes(after["head.json"][:40])
    outcome = gongkai(capsys, "events", "verify", ledger)
    assert outcome.status == 0
    assert ("import-unfinished" in outcome.err) == (rest != b"")
    assert gongkai(capsys, "events", "check", ledger).out.startswith("读到1条事件")
    imported = import_into(ledger, capsys, second)
    assert imported.status == 0
    left = {name: content for name, content in state(ledger).items() if name.startswith("entries.rest-")}
    assert {name: content for name, content in state(ledger).items() if name not in left} == after
    assert list(left.values()) == [
        one for one in [after["entries.jsonl"][len(kept) :] if rest is None else rest] if one
    ]
    assert ("import-put-aside" in imported.err) == bool(left)


def test_entries_reach_the_disk_before_the_state_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, log = tmp_path / "ledger", jsonl(tmp_path / "a.jsonl", training("1"))
    import_into(ledger, capsys, log)
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noting_sync(descriptor: int) -> None:
        """Note what is synced."""
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def noting_replace(path: Path, target: Path) -> Path:
        """Note what is renamed."""
        done.append(f"{path.name} > {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(Path, "replace", noting_replace)
    import_into(ledger, capsys, jsonl(tmp_path / "b.jsonl", training("2")))
    assert done == ["ledger", "entries.jsonl", "ledger", "head.json.new", "head.json.new > head.json", "ledger"]


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Mount a file system of so many bytes; where that is not permitted, give False and let no file grow beyond it."""
    place.mkdir()
    command = ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={size}", "gongkai-test", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        try:
            yield True
        finally:
            subprocess.run(["/usr/bin/umount", str(place)], check=True)
        return
    with small_files(size):
        yield False


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let no file grow beyond a size."""
    known = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, known[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, known)
        signal.signal(signal.SIGXFSZ, ignored)


def refused(outcome: Outcome, ledger: Path, before: dict[str, bytes]) -> None:
    """Check that an import was refused, and left the ledger as it was."""
    assert outcome.status == 2
    assert "ledger-not-writable" in outcome.err
    assert "什么也没有导入" in outcome.out + outcome.err
    assert state(ledger) == before
    assert verified(ledger).problems == ()


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = jsonl(tmp_path / "large.jsonl", *(training(f"large{one}") for one in range(3000)))
    small = jsonl(tmp_path / "small.jsonl", training("small"))
    with small_disk(tmp_path / "disk", 256 << 10) as mounted:
        ledger = tmp_path / "disk" / "ledger"
        assert import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1"))).status == 0
        before = state(ledger)
        refused(import_into(ledger, capsys, large), ledger, before)
        if mounted:
            filler = tmp_path / "disk" / "filler"
            filler.write_bytes(b"")
            with filler.open("ab", buffering=0) as file:  # until not one more page can be had
                while _fits(file.fileno()):
                    pass
            # there is room in the last page of the entries, and none for the state
            refused(import_into(ledger, capsys, small), ledger, before)
            out = tmp_path / "disk" / "run"
            outcome = gongkai(capsys, "evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out", out)
            assert outcome.status == 2
            assert "not-writable" in outcome.err
            assert not out.exists()
            filler.unlink()
        assert import_into(ledger, capsys, small).status == 0
        assert [one["id"] for one in events_of(ledger)] == ["1", "small"]


def _fits(descriptor: int) -> bool:
    """Write one page; say whether there was room."""
    try:
        return os.write(descriptor, bytes(4096)) == 4096
    except OSError:
        return False


def test_a_quota_leaves_the_ledger_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "ledger"
    assert import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1"))).status == 0
    before = state(ledger)
    log = jsonl(tmp_path / "b.jsonl", *(training(f"b{one}") for one in range(3000)))
    with small_files(100_000):
        outcome = import_into(ledger, capsys, log)
        refused(outcome, ledger, before)
    with small_files(100):  # the state has some more bytes
        refused(import_into(tmp_path / "ledger", capsys, jsonl(tmp_path / "c.jsonl", training("2"))), ledger, before)
    assert import_into(ledger, capsys, log).status == 0


@pytest.mark.parametrize("name", ["lock", "head.json.new"])
def test_a_file_that_cannot_be_written_leaves_the_ledger_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    ledger, log = tmp_path / "ledger", jsonl(tmp_path / "b.jsonl", training("2"))
    import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
    (ledger / name).unlink(missing_ok=True)
    (ledger / name).mkdir()  # even the superuser cannot write a folder
    before = files_of(ledger)
    outcome = import_into(ledger, capsys, log)
    assert outcome.status == 2
    assert "ledger-not-writable" in outcome.err
    assert files_of(ledger) == before
    assert gongkai(capsys, "events", "verify", ledger).status == 0
    (ledger / name).rmdir()
    assert import_into(ledger, capsys, log).status == 0


def files_of(ledger: Path) -> dict[str, bytes]:
    """Return the files of a ledger that are files."""
    return {one.name: one.read_bytes() for one in ledger.iterdir() if one.is_file()}


def test_a_ledger_on_a_disk_that_is_read_only_is_read_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = jsonl(tmp_path / "b.jsonl", training("2"))
    with small_disk(tmp_path / "disk", 1 << 20) as mounted:
        ledger = tmp_path / "disk" / "ledger"
        import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
        before = state(ledger)
        if mounted:
            subprocess.run(["/usr/bin/mount", "-o", "remount,ro", str(tmp_path / "disk")], check=True)
        else:  # without mounts nobody is root here
            ledger.chmod(0o555)
            (ledger / "lock").chmod(0o444)
        refused(import_into(ledger, capsys, log), ledger, before)
        asked = ("evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out", tmp_path / "run")
        assert gongkai(capsys, *asked).status == 0
        assert gongkai(capsys, "events", "export", ledger, "--out", tmp_path / "out.jsonl").status == 0
        if not mounted:
            ledger.chmod(0o755)


def test_imports_by_several_processes_are_all_there(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    logs = [
        jsonl(tmp_path / f"{number}.jsonl", training("same"), *(training(f"{number}-{one}") for one in range(200)))
        for number in range(3)
    ]
    running = [
        subprocess.Popen(
            [*COMMAND, log, "--ledger", ledger], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for log in logs
    ]
    for one in running:
        _, err = one.communicate()
        assert one.returncode == 0, err
    assert verified(ledger).problems == ()
    assert len(events_of(ledger)) == 601
    assert sorted(one["events"] for one in records_of(ledger)) == [200, 200, 201]


def test_an_import_waits_for_another_and_says_so(tmp_path: Path) -> None:
    ledger, log = tmp_path / "ledger", jsonl(tmp_path / "a.jsonl", training("1"))
    ledger.mkdir()
    with (ledger / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen([*COMMAND, log, "--ledger", ledger], stderr=subprocess.PIPE, text=True) as waiting:
            assert waiting.stderr is not None
            told, _, _ = select.select([waiting.stderr], [], [], 60)
            head = (ledger / "head.json").exists()
            fcntl.flock(held, fcntl.LOCK_UN)  # before anything is asserted: else a failure waits for ever
            said = waiting.stderr.read()
        assert (bool(told), head, waiting.returncode) == (True, False, 0)
        assert said.count("另一个导入正在进行") == 1
    assert len(lines(ledger)) == 2
