from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gongkai.cli import run as command
from reports.pages import html as pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Path]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_second_run_replaces_the_first_and_leaves_other_files(run: Run) -> None:
    folder = run()
    (folder / "笔记.txt").write_text("我的", encoding="utf-8")
    (folder / "units" / "left-over.html").write_text("", encoding="utf-8")
    assert run(as_of="2023-06-30") == folder
    assert (folder / "笔记.txt").read_text(encoding="utf-8") == "我的"
    assert (folder / "units" / "left-over.html").exists(), "no run of ours wrote it"
    assert '"as_of": "2023-06-30"' in (folder / "run.json").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_bytes(run: Run) -> None:
    assert contents(run(out="a")) == contents(run(out="b"))


def test_a_run_that_fails_while_writing_leaves_the_earlier_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run()
    before = contents(folder)

    def full(*_: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pages, "write_pages", full)
    with pytest.raises(AssertionError):
        run(as_of="2023-06-30")
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_run_that_fails_while_taking_its_place_leaves_the_earlier_output(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run()
    (folder / "笔记.txt").write_text("我的", encoding="utf-8")
    before = contents(folder)
    replace = type(folder).replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "summary.json":
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(type(folder), "replace", refuse)
    with pytest.raises(AssertionError):
        run(as_of="2023-06-30")
    monkeypatch.undo()
    assert contents(folder) == before


def test_a_file_in_the_place_of_the_folder_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    taken = tmp_path / "taken"
    taken.write_text("x", encoding="utf-8")
    log = str(tmp_path / "log.jsonl")
    assert command(["evaluate", "--events", log, "--as-of", "2023-12-31", "--out", str(taken)]) == 2
    assert "taken" in capsys.readouterr().err
    assert taken.read_text(encoding="utf-8") == "x"
