"""A file that takes the place of one that somebody has open, on a system that minds."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from events.storage import files
from events.storage.files import replace_file


@pytest.fixture
def minding(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let replacing be refused as often as the list's number says, as Windows does for a file that is open."""
    left = [0]
    real = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "Permission denied", str(target))
        return real(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(files, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(files, "_PAUSE", 0)
    return left


def test_a_file_that_is_open_for_a_moment_is_replaced(minding: list[int], tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_bytes(b"new")
    old.write_bytes(b"old")
    minding[0] = 20
    replace_file(new, old)
    assert (old.read_bytes(), new.exists()) == (b"new", False)


def test_a_file_that_stays_open_is_left_and_told(minding: list[int], tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_bytes(b"new")
    old.write_bytes(b"old")
    minding[0] = 1000
    with pytest.raises(PermissionError):
        replace_file(new, old)
    assert (old.read_bytes(), new.read_bytes()) == (b"old", b"new")


def test_elsewhere_what_is_refused_is_told_at_once(minding: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "os", SimpleNamespace(name="posix"))
    minding[0] = 1
    with pytest.raises(PermissionError):
        replace_file(Path("a"), Path("b"))
    assert minding == [0]
