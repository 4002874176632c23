"""What is kept between runs: a short cut that nothing depends on."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from events.storage import compiled
from events.storage.compiled import cache_folder, keep, recall

MAKERS = (__file__,)
VALUE = {"规则": [1, 2.5, None, True, "\ud800"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGKAI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entry(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_what_was_kept_is_found_again_for_the_same_text_and_code_only(folder: Path, tmp_path: Path) -> None:
    keep(MAKERS, "a", VALUE)
    assert recall(MAKERS, "a") == VALUE
    assert recall(MAKERS, "b") is None
    code = tmp_path / Path(__file__).name
    code.write_text("# another version of the code that makes it", encoding="utf-8")
    assert recall((str(code),), "a") is None
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"\n", b"x" * 64 + b"\n{}", b"\xff\xfe\n[]", b"[1]"])
def test_what_is_damaged_is_passed_over_and_made_anew(folder: Path, damage: bytes) -> None:
    keep(MAKERS, "a", VALUE)
    entry(folder).write_bytes(damage)
    assert recall(MAKERS, "a") is None
    keep(MAKERS, "a", VALUE)
    assert recall(MAKERS, "a") == VALUE


def test_one_changed_character_is_damage(folder: Path) -> None:
    keep(MAKERS, "a", {"days": 3})
    path = entry(folder)
    path.write_bytes(path.read_bytes().replace(b":3}", b":5}"))
    assert recall(MAKERS, "a") is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users by number")
def test_what_somebody_else_wrote_is_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(MAKERS, "a", VALUE)
    assert folder.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(os, "getuid", lambda: entry(folder).stat().st_uid + 1)
    assert recall(MAKERS, "a") is None


def test_a_folder_that_cannot_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("here already", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CACHE", str(tmp_path / "file"))
    keep(MAKERS, "a", VALUE)
    assert recall(MAKERS, "a") is None
    assert (tmp_path / "file").read_text(encoding="utf-8") == "here already"


def test_what_json_cannot_say_is_not_kept(folder: Path) -> None:
    keep(MAKERS, "a", {"set": {1}})
    assert recall(MAKERS, "a") is None
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("word", ["off", "OFF", "0", "relative/folder"])
def test_it_can_be_switched_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CACHE", word)
    assert cache_folder() is None
    keep(MAKERS, "a", VALUE)
    assert recall(MAKERS, "a") is None


@pytest.mark.parametrize(
    ("platform", "variable", "below"),
    [
        ("linux", "XDG_CACHE_HOME", "gongkai"),
        ("win32", "LOCALAPPDATA", "gongkai"),
        ("darwin", "HOME", "Library/Caches/gongkai"),
        ("linux", "HOME", ".cache/gongkai"),
    ],
)
def test_it_is_where_the_platform_keeps_such_things(
    platform: str, variable: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GONGKAI_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path(os.environ["HOME"]))
    monkeypatch.setenv(variable, str(tmp_path))
    assert cache_folder() == tmp_path / below


def test_a_service_without_a_home_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    for name in ("GONGKAI_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder() is None


def test_many_may_write_the_same_at_once(folder: Path) -> None:
    def one(_: int) -> object:
        keep(MAKERS, "a", VALUE)
        return recall(MAKERS, "a")

    with ThreadPoolExecutor(8) as pool:
        assert all(found == VALUE for found in pool.map(one, range(64)))
    assert len(list(folder.iterdir())) == 1


def test_files_of_somebody_else_in_its_folder_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST", 3)
    folder.mkdir(exist_ok=True)
    names = [*(f"log{number}.json" for number in range(20)), "events.jsonl", "nodes-.json", "台账.json.bak"]
    for name in names:
        (folder / name).write_text("mine", encoding="utf-8")
        os.utime(folder / name, (0, 0))
    for number in range(10):
        keep(MAKERS, str(number), number)
    assert {name for name in names if (folder / name).is_file()} == set(names)
    assert len(list(folder.iterdir())) <= len(names) + 4


def test_it_does_not_grow_without_an_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST", 10)
    for number in range(25):
        keep(MAKERS, str(number), number)
    assert len(list(folder.iterdir())) <= 11
    assert recall(MAKERS, "24") == 24
