"""A writer that was killed while its folder took the place of the earlier one: nothing is lost, and it is said."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongkai.cli import run
from reports.output.folder import write_folder
from reports.output.interrupted import claimed, recover
from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gongkai.commands import Outcome

    Capsys = pytest.CaptureFixture[str]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path

from gongkai.__main__ import spread
from gongkai.cli import run

rename, at = Path.rename, sys.argv[1]


def killed(self: Path, target: Path) -> Path:
    if self.name == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)


Path.rename = killed
run(spread(sys.argv[2:]))
"""
"""Runs a command, and kills itself where it would rename a file or folder of this name."""


def asked(home: Path, as_of: str, *more: str) -> list[str]:
    return ["evaluate", "--events", str(home / "log.jsonl"), "--as-of", as_of, "--out", str(home / "out"), *more]


def killed_at(name: str, *arguments: str) -> None:
    """Run a command in a process of its own that is killed where something of this name would be renamed."""
    done = subprocess.run([sys.executable, "-c", KILLED, name, *arguments], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def left_over(home: Path) -> list[str]:
    return [path.name for path in home.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a log, its run as of mid-year, and a file that somebody put beside the reports."""
    home = tmp_path_factory.mktemp("runs")
    write_log(home / "log.jsonl", decision("甲", "2023-03-01"), decision("乙", "2023-08-01"))
    assert run(asked(home, "2023-06-30")) == 0
    (home / "out" / "笔记.txt").write_text("我的", encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def killed(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what is left where a second run was killed between the two renames."""
    home = shutil.copytree(runs, tmp_path_factory.mktemp("killed") / "home")
    killed_at("new", *asked(home, "2023-12-31"))
    assert not (home / "out").exists(), "the earlier run stands aside, and the new one has not come in"
    return home


@pytest.fixture
def home(killed: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a copy of what a killed run has left; in the end nothing of it is left."""
    copied = shutil.copytree(killed, tmp_path / "home")
    assert len(left_over(copied)) == 1
    yield copied
    assert left_over(copied) == []


def said_once(outcome: Outcome) -> None:
    assert outcome.status == 0, outcome.err
    assert outcome.err.count("[interrupted-run]") == 1
    assert "已把中断以前的内容放回原处" in outcome.err


def test_a_command_that_reads_the_run_puts_it_back(home: Path, runs: Path, capsys: Capsys, tmp_path: Path) -> None:
    said_once(gongkai(capsys, "notices", home / "out", "--out", tmp_path / "notices"))
    assert contents(home / "out") == contents(runs / "out")
    assert "[interrupted-run]" not in gongkai(capsys, "compare", home / "out", home / "out").err


@pytest.mark.parametrize("option", ["--previous", "--since"])
def test_a_run_that_builds_on_it_puts_it_back(option: str, home: Path, runs: Path, capsys: Capsys) -> None:
    arguments = asked(home, "2023-12-31", option, str(home / "out"))
    arguments[arguments.index("--out") + 1] = str(home / "later")
    said_once(gongkai(capsys, *arguments))
    assert contents(home / "out") == contents(runs / "out")


def test_the_next_run_into_the_folder_keeps_the_files_of_others(home: Path, capsys: Capsys) -> None:
    said_once(gongkai(capsys, *asked(home, "2023-12-31")))
    assert (home / "out" / "笔记.txt").read_text(encoding="utf-8") == "我的"
    assert '"as_of": "2023-12-31"' in (home / "out" / "run.json").read_text(encoding="utf-8")


def test_what_came_after_the_second_rename_is_done_by_the_next_run(runs: Path, capsys: Capsys, tmp_path: Path) -> None:
    home = shutil.copytree(runs, tmp_path / "home")
    killed_at("笔记.txt", *asked(home, "2023-12-31"))
    assert not (home / "out" / "笔记.txt").exists()
    assert recover(home / "out") == (), "a reader does not know whose files those are"
    assert len(left_over(home)) == 1
    outcome = gongkai(capsys, *asked(home, "2023-12-31"))
    assert (outcome.status, outcome.err) == (0, "")
    assert (home / "out" / "笔记.txt").read_text(encoding="utf-8") == "我的"
    assert left_over(home) == []


def write(folder: Path, text: str) -> None:
    def fill(into: Path) -> None:
        (into / "a").write_text(text, encoding="utf-8")

    write_folder(folder, fill, {"a"})


def test_an_interruption_by_the_keyboard_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "out", "1")
    (tmp_path / "out" / "b").write_text("mine", encoding="utf-8")
    rename = Path.rename
    for name in ("new", "b"):
        pressed = iter([True])

        def interrupted(self: Path, target: Path, at: str = name, first: Iterator[bool] = pressed) -> Path:
            moved = rename(self, target) if self.name != at else self
            if self.name == at and next(first, False):
                raise KeyboardInterrupt
            return moved if self.name != at else rename(self, target)

        monkeypatch.setattr(Path, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "out", "2")
        monkeypatch.undo()
        assert contents(tmp_path / "out") == {"a": b"1", "b": b"mine"}, name
        assert left_over(tmp_path) == []


def aside(home: Path, name: str, **files: str) -> Path:
    """Make what a killed writer leaves."""
    work = home / name
    (work / "old").mkdir(parents=True)
    for file, text in files.items():
        (work / "old" / file).write_text(text, encoding="utf-8")
    return work


def test_a_writer_at_work_and_the_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    at_work = aside(tmp_path, ".out-abcdefgh", a="at work")
    other = aside(tmp_path, ".out-b-abcdefgh", a="of out-b")
    (tmp_path / ".out-12345678").symlink_to(other)
    with claimed(at_work) as mine:
        assert mine
        assert recover(tmp_path / "out", {"a"}) == ()
        assert not (tmp_path / "out").exists()
    assert len(recover(tmp_path / "out", {"a"})) == 1
    assert contents(tmp_path / "out") == {"a": b"at work"}
    assert (other / "old" / "a").exists()
    assert not at_work.exists()


def test_half_written_folders_go_with_the_next_run_and_nothing_is_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "out", "1")
    half = tmp_path / ".out-halfhalf" / "new"
    half.mkdir(parents=True)
    twice = aside(tmp_path, ".out-twice123", b="earlier")
    (tmp_path / "out" / "b").write_text("later", encoding="utf-8")
    write(tmp_path / "out", "2")
    assert contents(tmp_path / "out") == {"a": b"2", "b": b"later"}
    assert not half.parent.exists()
    assert (twice / "old" / "b").read_text(encoding="utf-8") == "earlier", "which of the two is wanted, people say"


def test_what_cannot_be_moved_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aside(tmp_path, ".out-abcdefgh", a="1")

    def refuse(_: Path, __: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    [problem] = recover(tmp_path / "out")
    assert str(tmp_path / ".out-abcdefgh" / "old") in problem.line("en")
    assert "Permission denied" in problem.line("en")
