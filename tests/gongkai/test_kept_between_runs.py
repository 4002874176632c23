"""Rulebooks, the vocabulary and the calendar as an earlier run kept them: the same output, sooner."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rules.loading.packaged import BOOKS
from rules.yaml.node import pack, unpack
from rules.yaml.nodes import parse_yaml
from tests.gongkai.commands import feedback, write_log

if TYPE_CHECKING:
    from pathlib import Path

RUN = """
import sys
from gongkai.__main__ import main
log, out = sys.argv[1:]
for command in (["evaluate", "--no-reports", "--out", out], ["check", "--unit", "县民政局"]):
    sys.argv = ["gongkai", *command, "--events", log, "--as-of", "2023-12-31"]
    try:
        main()
    except SystemExit:
        pass
from rules.model import Model
read = {"rules.yaml.composed", "rules.loading.resolved", "holidays"} & set(sys.modules)
built = {model.__name__ for model in Model.__subclasses__() if model.__pydantic_complete__}
read |= built - {"Selector", "Condition"}  # a plan makes some, and tells them apart by their JSON
sys.stderr.write(f"asked the sources: {sorted(read)}")
"""


def run(log: Path, out: Path, cache: str) -> tuple[str, str, dict[str, bytes]]:
    """Evaluate and check in a process of its own; return what it printed, what it read, and what it wrote."""
    environment = os.environ | {"GONGKAI_CACHE": cache}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(log), str(out)], capture_output=True, text=True, check=True, env=environment
    )
    written = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    return done.stdout, done.stderr, written


def test_output_is_the_same_with_and_without_what_was_kept(tmp_path: Path) -> None:
    log, out, cache = write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01")), tmp_path / "out", tmp_path / "c"
    said, read, without = run(log, out, "off")
    assert "composed" in read
    assert "holidays" in read
    assert run(log, out, str(cache))[::2] == (said, without)
    again, read, warm = run(log, out, str(cache))
    assert (again, warm) == (said, without)
    assert read.endswith("asked the sources: []")


def test_damaged_and_missing_entries_change_nothing(tmp_path: Path) -> None:
    log, out, cache = write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01")), tmp_path / "out", tmp_path / "c"
    first = run(log, out, str(cache))
    for number, path in enumerate(sorted(cache.iterdir())):
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-100])
    assert run(log, out, str(cache))[::2] == first[::2]


@pytest.mark.parametrize("path", sorted(BOOKS.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_unpacked_as_it_was_read(path: Path) -> None:
    node, problems = parse_yaml(path.read_text(encoding="utf-8"), str(path))
    assert node is not None
    assert not problems
    assert unpack(pack(node), str(path)) == node
    assert unpack(pack(node), "elsewhere").where.file == "elsewhere"


@pytest.mark.parametrize("kept", [None, 1, [], [1, 2], "text", {"a": 1}, [1, 1, {"a": [1, 2]}], [1, 1, [3]]])
def test_what_is_no_packed_value_is_refused(kept: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpack(kept, "book.yaml")
