"""Every option that names what is written: a file of somebody's stays, whatever command would write there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gongkai.cli import command_tree
from tests.gongkai.commands import decision, gongkai, read_verdicts, write_log
from tests.ledger.ledgers import import_into
from tests.rules.small_book import BOOK, RULES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    Capsys = pytest.CaptureFixture[str]

NOTICE = Path(__file__).parents[1] / "data" / "notices" / "second-county-2024.txt"
LOG = ("--events", "in/log.jsonl", "--as-of", "2023-12-31", "--book", "book")
WRITES: dict[tuple[str, str], tuple[str, ...]] = {
    ("annual-report", "--out"): ("annual-report", "--events", "in/log.jsonl", "--year", "2023", "--unit", "县民政局"),
    ("annual-report check", "--json"): ("annual-report", "check", "reports/*.xlsx"),
    ("assess template", "--out"): ("assess", "template", *LOG),
    ("batch", "--out"): ("batch", "runs.yaml"),
    ("check", "--html"): ("check", "--unit", "县民政局", *LOG),
    ("check", "--xlsx"): ("check", "--unit", "县民政局", *LOG),
    ("compare", "--html"): ("compare", "run", "run"),
    ("compare", "--xlsx"): ("compare", "run", "run"),
    ("demo", "OUT"): ("demo",),
    ("due", "--ics"): ("due", "--within", "10 days", *LOG),
    ("evaluate", "--out"): ("evaluate", "--no-reports", *LOG),
    ("events convert", "--out"): ("events", "convert", "in/log.jsonl"),
    ("events export", "--out"): ("events", "export", "ledger"),
    ("events import", "--ledger"): ("events", "import", "in/log.jsonl"),
    ("events map", "--out"): ("events", "map", "in/log.csv"),
    ("events template", "--out"): ("events", "template"),
    ("explain", "--keep"): ("explain", "OBLIGATION", *LOG),
    ("notices", "--out"): ("notices", "run", "--unit", "县民政局"),
    ("notices", "--save-template"): ("notices",),
    ("publish", "--out"): ("publish", "run"),
    ("rules draft", "--out"): ("rules", "draft", str(NOTICE)),
    ("rules reference", "--out"): ("rules", "reference", "--book", "book"),
    ("rules test", "--junit"): ("rules", "test", "--book", "book"),
}
"""How a command is called that writes to what an option names."""

ENDINGS = {"--html": ".html", "--xlsx": ".xlsx", "--ics": ".ics", "--json": ".json", "--keep": ".duckdb"}
FOLDERS = {
    ("annual-report", "--out"),
    ("batch", "--out"),
    ("demo", "OUT"),
    ("evaluate", "--out"),
    ("events import", "--ledger"),
    ("notices", "--out"),
    ("publish", "--out"),
    ("rules draft", "--out"),
}
READS = {
    *("--events", "--units", "--calendar", "--vocabulary", "--mapping", "--waivers", "--policy", "--counties"),
    *("--previous", "--since", "--text", "--parts", "--decisions", "--last-year", "--template", "--like"),
    "--units-before",
    *("PATHS", "PATH", "FILE", "MANIFEST", "BEFORE", "AFTER", "LEDGER", "RUN", "NOTICE"),
}
"""Parameters whose paths are only read."""

CONSOLE = ("console", "serve")
"""Commands that have tests of their own."""

OWN = {("rules accept", "FOLDER"), ("rules new", "FOLDER")}
"""What a command is asked to edit."""


def parameters(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401
    """Yield the parameters of all commands: the command, the parameter's name, and it."""
    for name, one in sorted(getattr(command, "commands", {}).items()):
        yield from parameters(one, (*path, name))
    for one in command.params if path and (not hasattr(command, "commands") or path == ("annual-report",)) else ():
        flag = str(one.opts[0])
        yield " ".join(path), flag if flag.startswith("-") else flag.upper(), one


def test_what_every_path_is_for_is_known() -> None:
    found = {
        (name, flag)
        for name, flag, one in parameters(command_tree())
        if "Path" in str(vars(one)["type_descriptor"]) and name.split()[0] not in CONSOLE
    }
    assert found
    assert {one for one in found if one[1] not in READS} == WRITES.keys() | OWN


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's folder: log, book, manifest; the tests work in copies of it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("in", "book"):
        (home / name).mkdir()
    write_log(home / "in" / "log.jsonl", decision("甲", "2023-03-01"))
    (home / "in" / "log.csv").write_text("编号,什么事,单位,哪天\n1,培训,县民政局,2023-03-01\n", encoding="utf-8")
    for name, text in (("book.yaml", BOOK), ("rules.yaml", RULES), ("source.txt", SOURCE)):
        (home / "book" / name).write_text(text, encoding="utf-8")
    (home / "runs.yaml").write_text(
        "runs: [{name: 甲, events: in/log.jsonl, as_of: 2023-12-31, books: book}]\n", encoding="utf-8"
    )
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a folder with a run, a ledger and a report in it, which is the working folder."""
    home = tmp_path / "home"
    if not (made / "run").exists():
        monkeypatch.chdir(made)
        assert gongkai(capsys, "evaluate", *LOG, "--out", "run").status == 0  # with reports: what is published
        assert gongkai(capsys, *WRITES["annual-report", "--out"], "--out", "reports").status == 0
        import_into(made / "ledger", capsys, made / "in" / "log.jsonl")
    shutil.copytree(made, home)
    monkeypatch.chdir(home)
    return home


def called(home: Path, key: tuple[str, str], target: Path) -> list[str]:
    """Return a command line that writes to a place."""
    words = []
    for one in WRITES[key]:
        if one == "OBLIGATION":
            words.append(str(read_verdicts(home / "run")[0]["obligation"]))
        elif "*" in one:
            words.append(str(next(home.glob(one))))
        else:
            words.append(one)
    return [*words, *(() if key[1] == "OUT" else (key[1],)), str(target)]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): str(one.readlink()).encode() if one.is_symlink() else one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_symlink() or one.is_file()
    }


@pytest.mark.parametrize("key", WRITES, ids=" ".join)
def test_what_somebody_has_there_stays(home: Path, key: tuple[str, str], capsys: Capsys) -> None:
    name = f"mine{ENDINGS.get(key[1], '.xlsx' if 'template' in key[0] else '.csv')}"
    mine = home / "mine"
    mine.mkdir()
    if key in FOLDERS:
        for folder in ("there", "led to"):
            (mine / folder).mkdir()
            (mine / folder / "notes.txt").write_bytes(b"mine")
        (mine / "file").write_bytes(b"mine")
        (mine / "link").symlink_to("led to")
        places = [mine / "there", mine / "file", mine / "link"]
    else:
        (mine / name).write_bytes(b"mine")
        (mine / f"led to {name}").write_bytes(b"mine")
        (mine / f"link {name}").symlink_to(f"led to {name}")
        (mine / f"folder {name}").mkdir()
        os.mkfifo(mine / f"pipe {name}")
        places = [mine / name, mine / f"link {name}", mine / f"pipe {name}"]
    if LOG[0] not in WRITES[key] or key[0] == "due":  # judging takes its time, and what writes is the same
        places += [mine / f"folder {name}"] if key not in FOLDERS else []
        places += [home / "ledger" / "new" / name, home / "run" / "run.json", home / "in" / "log.jsonl" / name]
    before = contents(mine), contents(home / "ledger"), contents(home / "run"), contents(home / "in")
    for place in places:
        outcome = gongkai(capsys, *called(home, key, place))
        assert outcome.status == 2, (place, outcome)
        assert "[" in outcome.err
    after = contents(mine), contents(home / "ledger"), contents(home / "run"), contents(home / "in")
    assert after == before
    assert not [one for one in home.rglob("*") if "gongkai-new" in one.name or "gongkai-work" in one.name]
    assert gongkai(capsys, *called(home, key, mine / f"new {name}")).status in {0, 1}
    if key != ("rules draft", "--out"):  # somebody may have finished it: nothing replaces it
        assert gongkai(capsys, *called(home, key, mine / f"new {name}")).status in {0, 1}, "our own is replaced"
    assert {one: text for one, text in contents(mine).items() if not one.startswith((f"new {name}", "."))} == before[0]
