"""A writer that was killed while its files took their places: nothing is lost, and it is said."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongkai.cli import run
from reports.output.folder import alone_in, write_folder
from reports.output.interrupted import recover
from reports.output.work import make_work
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

replace, unlink, at = Path.replace, Path.unlink, sys.argv[1]


def killed(self: Path, target: Path) -> Path:
    if self.name == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)


def cleared(self: Path, **more: bool) -> None:
    if at == "clear" and (self.with_name("done")).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return unlink(self, **more)


Path.replace, Path.unlink = killed, cleared
run(spread(sys.argv[2:]))
"""
"""Runs a command, and kills itself where a file of this name would take its place, or where it would clear up."""


def asked(home: Path, as_of: str, *more: str) -> list[str]:
    return ["evaluate", "--events", str(home / "log.jsonl"), "--as-of", as_of, "--out", str(home / "out"), *more]


def killed_at(name: str, *arguments: str) -> None:
    """Run a command in a process of its own that is killed where a file of this name would take its place."""
    done = subprocess.run([sys.executable, "-c", KILLED, name, *arguments], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".gongkai")
    }


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
    """Return what is left where a second run was killed while its files took their places."""
    home = shutil.copytree(runs, tmp_path_factory.mktemp("killed") / "home")
    killed_at("summary.json", *asked(home, "2023-12-31"))
    assert (home / "out" / "summary.json").is_file(), "every file is there at any time"
    assert contents(home / "out") != contents(runs / "out")
    return home


@pytest.fixture
def home(killed: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a copy of what a killed run has left; in the end nothing of it is left."""
    copied = shutil.copytree(killed, tmp_path / "home")
    assert left_over(copied) != []
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


def test_what_was_in_when_the_process_was_killed_stays(runs: Path, tmp_path: Path) -> None:
    home = shutil.copytree(runs, tmp_path / "home")
    killed_at("clear", *asked(home, "2023-12-31"))
    assert recover(home / "out") == ()
    assert '"as_of": "2023-12-31"' in (home / "out" / "run.json").read_text(encoding="utf-8")
    assert left_over(home) == []


def write(folder: Path, text: str) -> None:
    def fill(into: Path) -> None:
        (into / "a").write_text(text, encoding="utf-8")

    write_folder(folder, fill)


def test_an_interruption_by_the_keyboard_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "out", "1")
    (tmp_path / "out" / "b").write_text("mine", encoding="utf-8")
    replace = Path.replace
    pressed = iter([True])

    def interrupted(self: Path, target: Path) -> Path:
        moved = replace(self, target)
        if next(pressed, False):
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out", "2")
    monkeypatch.undo()
    assert contents(tmp_path / "out") == {"a": b"1", "b": b"mine"}
    assert [name for name in left_over(tmp_path) if "written" not in name] == []


@pytest.mark.parametrize("name", [".out-abcdefgh", ".out.gongkai-work-0123456789abcdef", "out/.gongkai-work-0123"])
def test_a_folder_of_somebody_that_looks_like_a_leftover_is_left_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / "out", "1")
    for part in ("old", "new"):
        (tmp_path / name / part).mkdir(parents=True)
        (tmp_path / name / part / "a").write_text("mine", encoding="utf-8")
    before = contents(tmp_path / name)
    write(tmp_path / "out", "2")
    assert recover(tmp_path / "out") == ()
    assert contents(tmp_path / name) == before
    assert (tmp_path / "out" / "a").read_text(encoding="utf-8") == "2"


def test_a_writer_at_work_is_left_alone_and_what_it_left_goes_with_the_next(tmp_path: Path) -> None:
    write(tmp_path / "out", "1")
    work = make_work(tmp_path / "out")
    (work / "new").mkdir()
    with alone_in(tmp_path / "out"):
        assert recover(tmp_path / "out") == ()
        assert work.exists()
    write(tmp_path / "out", "2")
    assert not work.exists()
    assert contents(tmp_path / "out") == {"a": b"2"}


def test_what_cannot_be_moved_is_named_with_its_place(
    killed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(killed, tmp_path / "home")

    def refuse(_: Path, __: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    [problem] = recover(home / "out")
    monkeypatch.undo()
    [work] = [name for name in left_over(home) if "work" in name]
    assert str(home / work / "old") in problem.line("en")
    assert "Permission denied" in problem.line("en")
    assert len(recover(home / "out")) == 1, "the copy aside is not thrown away while it is the only one"
