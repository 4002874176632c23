"""What all tests share: which are slow, and how far searches go.

A test is slow where `durations.json` says that it takes more than `LONGEST` seconds in a run of everything, or its
module says so (`pytestmark = pytest.mark.slow`). `make check` leaves slow ones out; `make test` runs everything.
`pytest --note-durations` writes the file anew.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 0.3
"""Seconds from which a test is slow: what is quicker adds up to 100 s of processor in a full run, coverage included."""
UNMEASURED = 1.0
"""Seconds from which a test is run without measuring coverage, which makes everything half as slow again; the figure
is of what the many quick tests reach, which are nine in ten."""
DURATIONS = Path(__file__).parent / "durations.json"

# the commands that tests start keep their compiled modules: else each start costs two seconds more
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("full", deadline=None)
settings.register_profile("brief", deadline=None, max_examples=20)
settings.load_profile(os.environ.get("GONGKAI_SEARCH", "full"))

_taken: dict[str, float] = {}

PATIENCE = 120.0
"""Seconds that a test waits for a process it started, where it says nothing else: one that hangs is ended."""


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let tests neither use nor change what the user's own runs keep; what the tests start shares one folder."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GONGKAI_CACHE", str(_of_all(tmp_path_factory) / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let no test wait for a process without an end."""
    wait, communicate = subprocess.Popen.wait, subprocess.Popen.communicate

    def bounded_wait(self: subprocess.Popen[Any], timeout: float | None = None) -> int:
        return wait(self, PATIENCE if timeout is None else timeout)

    def bounded_communicate(self: subprocess.Popen[Any], input: Any = None, timeout: float | None = None) -> Any:  # noqa: A002, ANN401 - as the library has it
        return communicate(self, input, PATIENCE if timeout is None else timeout)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(subprocess.Popen, "wait", bounded_wait)
        patched.setattr(subprocess.Popen, "communicate", bounded_communicate)
        yield


@pytest.fixture(scope="session", autouse=True)
def power_stays_on() -> Iterator[None]:
    """Let nothing in this process wait for the disk: tests end processes, and what those wrote is there to be read.

    Tests of what is on the disk when look at the calls themselves.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        yield


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their paths in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _of_all(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all processes that run tests side by side."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _once(factory: pytest.TempPathFactory, name: str, command: Callable[[Path], list[str]]) -> Path:
    """Return a folder that a command makes, which must end well: once for all processes that run tests side by side."""
    from gongkai.cli import run  # noqa: PLC0415 (a run without it must not wait for the import)

    root = _of_all(factory)
    folder, making = root / name, root / f"{name}.making"
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            assert run(command(making)) == 0
            making.rename(folder)
    return folder


def _unwritten(folder: Path) -> Iterator[Path]:
    """Lend a folder to all tests; one that wrote into it would change what the next ones see."""
    before = contents(folder)
    yield folder
    assert contents(folder) == before, f"a test wrote into {folder}, which all share: it takes a copy"


@pytest.fixture(scope="session")
def demo_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo year, made once; who writes into it takes a copy."""
    yield from _unwritten(_once(tmp_path_factory, "demo-year", lambda folder: ["demo", str(folder)]))


@pytest.fixture(scope="session")
def demo_run(demo_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The run over the demo year as of its end, made once; who writes into it takes a copy."""
    asked = ["evaluate", "--events", str(demo_year), "--as-of", "2023-12-31"]
    yield from _unwritten(_once(tmp_path_factory, "demo-run", lambda folder: [*asked, "--out", str(folder)]))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that write what tests are held to."""
    parser.addoption("--note-durations", action="store_true", help="write tests/durations.json")
    parser.addoption("--snapshot-update", action="store_true", help="write tests/data/snapshots anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is known to be slow; side by side, start with the files that take longest, so that none is left last.

    Of the same file the order stays random.
    """
    known = json.loads(DURATIONS.read_text(encoding="utf-8")) if DURATIONS.is_file() else {}
    for item in items:
        seconds = known.get(item.nodeid, 0)
        if seconds > LONGEST:
            item.add_marker(pytest.mark.slow)
        if seconds > UNMEASURED:
            item.add_marker(pytest.mark.no_cover)
    if hasattr(config, "workerinput"):
        whole: Counter[Path] = Counter()
        for item in items:
            whole[item.path] += known.get(item.nodeid, 0)
        items.sort(key=lambda item: (-whole[item.path], str(item.path)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what setting a test up and calling it takes; of tests in other processes this is told to the first one."""
    _taken[report.nodeid] = _taken.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the durations where it was asked for; those of tests that were not run stay."""
    if not session.config.getoption("--note-durations") or "PYTEST_XDIST_WORKER" in os.environ:
        return
    known = json.loads(DURATIONS.read_text(encoding="utf-8")) if DURATIONS.is_file() else {}
    known |= {name: round(seconds, 2) for name, seconds in _taken.items()}
    slow = {name: seconds for name, seconds in sorted(known.items()) if seconds > LONGEST}
    DURATIONS.write_text(json.dumps(slow, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
