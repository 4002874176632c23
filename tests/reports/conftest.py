from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.conftest import contents
from tests.gongkai.commands import decision, feedback, write_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOSTILE = '=HYPERLINK("http://example.com","看")<script>document.title="taken"</script>'


def evaluate(home: Path, *arguments: str, out: str = "out", as_of: str = "2023-12-31") -> Path:
    """Evaluate a small log, some of it hostile, through the command line; return the folder of the reports."""
    from gongkai.cli import run as command  # noqa: PLC0415 (a test that needs no run must not wait for it)

    log = write_log(
        home / "log.jsonl",
        decision(HOSTILE, "2023-09-28", title=HOSTILE),
        decision("金民发〔2023〕10号", "2023-11-01"),
        feedback("金民发〔2023〕10号", "2023-11-03"),
        decision("金民发〔2023〕12号", "2023-12-29"),
        {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"},
    )
    folder = home / out
    assert command(["evaluate", "--events", str(log), "--as-of", as_of, "--out", str(folder), *arguments]) == 0
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Path]:
    """Evaluate a small log, some of it hostile, through the command line; return the folder of the reports."""
    return partial(evaluate, tmp_path)


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Path]]:
    """The same, once for all tests that ask alike: they look at the folder, and write nothing into it."""
    made: dict[tuple[str, ...], tuple[Path, dict[str, bytes]]] = {}

    def evaluated(*arguments: str) -> Path:
        if arguments not in made:
            folder = evaluate(tmp_path_factory.mktemp("run"), *arguments)
            made[arguments] = folder, contents(folder)
        return made[arguments][0]

    yield evaluated
    assert all(contents(folder) == before for folder, before in made.values()), "a test wrote into what all look at"
