"""The commands of the README, in both languages, and the first block of the page about many counties, as they stand."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LONGEST = 120
"""How many lines the README may have."""

pytestmark = pytest.mark.slow


def commands(page: str, block: int | None = None) -> Iterator[list[str]]:
    """Give the words of each command of gongkai in the shell blocks of a page."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    for text in blocks if block is None else blocks[block : block + 1]:
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            words = words[2:] if words[:2] == ["uv", "run"] else words
            if words[:1] == ["gongkai"]:
                yield words[1:]


@pytest.fixture(scope="module")
def place(demo_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which `make demo` has been: the commands of `make demo` are those of the Makefile."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(demo_year, folder / "build" / "demo")
    return folder


@pytest.fixture(scope="module")
def done() -> list[list[list[str]]]:
    """What ran in that folder and ended well: the two languages say the same commands in the same order."""
    return []


@pytest.mark.parametrize(("page", "block"), [("README.md", None), ("README.zh.md", None), ("docs/spark.md", 0)])
def test_the_commands_run(
    page: str,
    block: int | None,
    place: Path,
    done: list[list[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(place)
    found = list(commands(page, block))
    assert len(found) > 2
    for number, words in enumerate(found, 1):
        if found[:number] in done:
            continue
        outcome = gongkai(capsys, *words)
        assert outcome.status == (1 if words[0] == "check" else 0), (words, outcome.err)
        done.append(found[:number])


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    for page in ("README.md", "README.zh.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), target
