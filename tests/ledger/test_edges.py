"""The edges of a ledger: older files put back, links, forged exports, odd names, units of last year."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.events.reading import csv_file, jsonl, xlsx
from tests.gongkai.commands import gongkai
from tests.ledger.ledgers import (
    events_of,
    hash_by_hand,
    head_of,
    import_into,
    lines,
    records_of,
    state,
    training,
    verified,
)
from tests.rules.small_book import BOOK, RULES, SOURCE

if TYPE_CHECKING:
    from tests.gongkai.commands import Outcome

    Capsys = pytest.CaptureFixture[str]

ROOT = Path(__file__).parents[2]
FORGE = ROOT / "tests" / "data" / "loss" / "forge_export.py"


@pytest.fixture
def ledger(tmp_path: Path, capsys: Capsys) -> Path:
    """Return a ledger of two imports of one event each; `older.json` is its state between them."""
    folder = tmp_path / "ledger"
    import_into(folder, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
    shutil.copy(folder / "head.json", tmp_path / "older.json")
    import_into(folder, capsys, jsonl(tmp_path / "b.jsonl", training("2")))
    return folder


def commands(ledger: Path, home: Path) -> dict[str, tuple[str | Path, ...]]:
    """Return every command that reads or writes a ledger."""
    book = home / "book"
    book.mkdir(exist_ok=True)
    for name, text in (("book.yaml", BOOK), ("rules.yaml", RULES), ("source.txt", SOURCE)):
        (book / name).write_text(text, encoding="utf-8")
    asked = ("--events", ledger, "--as-of", "2023-12-31", "--book", book)
    log = jsonl(home / "c.jsonl", training("3"))
    return {
        "import": ("events", "import", log, "--ledger", ledger),
        "export": ("events", "export", ledger, "--out", home / "out.jsonl"),
        "events check": ("events", "check", ledger),
        "convert": ("events", "convert", ledger, "--out", home / "out.csv"),
        "evaluate": ("evaluate", *asked, "--out", home / "run"),
        "check": ("check", "--unit", "县民政局", *asked),
        "due": ("due", *asked, "--within", "10 days"),
        "explain": ("explain", "N6.training", *asked),
    }


def refused_by_all(ledger: Path, home: Path, capsys: Capsys, *said: str) -> None:
    """Check that every command refuses a ledger, says why, and writes nothing."""
    before = state(ledger)
    for name, command in commands(ledger, home).items():
        outcome = gongkai(capsys, *command)
        assert (name, outcome.status) == (name, 2), outcome.err
        assert all(one in outcome.err for one in said), (name, outcome.err)
        assert state(ledger) == before, name
    assert not any((home / name).exists() for name in ("out.jsonl", "out.csv", "run"))


def test_an_older_state_put_back_is_refused_by_every_command_and_nothing_is_lost(
    ledger: Path, tmp_path: Path, capsys: Capsys
) -> None:
    newest = head_of(ledger)
    shutil.copy(tmp_path / "older.json", ledger / "head.json")
    refused_by_all(ledger, tmp_path, capsys, "[ledger-damaged]", "2条完整的记录", newest)
    outcome = gongkai(capsys, "events", "verify", ledger)
    assert outcome.status == 1
    assert "events import" in outcome.err, "the cure keeps every entry"
    again = import_into(tmp_path / "new", capsys, ledger / "entries.jsonl")
    assert (again.status, head_of(tmp_path / "new")) == (0, newest)


def test_an_older_state_beside_a_broken_off_import_of_later_is_refused_too(
    ledger: Path, tmp_path: Path, capsys: Capsys
) -> None:
    (ledger / "unfinished").write_bytes((ledger / "head.json").read_bytes())  # begun from the newer one
    shutil.copy(tmp_path / "older.json", ledger / "head.json")
    refused_by_all(ledger, tmp_path, capsys, "[ledger-damaged]")


def test_bytes_that_are_no_entries_are_not_taken_away_by_an_import(
    ledger: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with (ledger / "entries.jsonl").open("ab") as file:
        file.write("不知道哪里来的\n".encode())
    refused_by_all(ledger, tmp_path, capsys, "[ledger-damaged]")


def test_an_import_that_was_broken_off_is_told_by_every_reader(ledger: Path, tmp_path: Path, capsys: Capsys) -> None:
    (ledger / "unfinished").touch()
    with (ledger / "entries.jsonl").open("ab") as file:
        file.write(b'{"prev":"')
    asked = commands(ledger, tmp_path)
    importing = asked.pop("import")
    for name, command in asked.items():
        assert "import-unfinished" in gongkai(capsys, *command).err, name
    assert "import-put-aside" in gongkai(capsys, *importing).err
    assert [one.read_bytes() for one in ledger.glob("entries.rest-*")] == [b'{"prev":"']
    assert "import-" not in gongkai(capsys, "events", "check", ledger).err


@pytest.mark.parametrize("name", ["entries.jsonl", "head.json"])
@pytest.mark.parametrize("sort", ["link", "pipe"])
def test_links_and_pipes_in_a_ledger_are_refused_and_not_written_through(
    ledger: Path, tmp_path: Path, capsys: Capsys, name: str, sort: str
) -> None:
    mine = tmp_path / "mine"
    (ledger / name).rename(mine)
    before = mine.read_bytes()
    if sort == "link":
        (ledger / name).symlink_to(mine)
    else:
        os.mkfifo(ledger / name)
    for command in (*commands(ledger, tmp_path).values(), ("events", "verify", ledger)):
        outcome = gongkai(capsys, *command)
        assert (outcome.status in {1, 2}, "ledger-link" in outcome.err) == (True, True), (command, outcome.err)
    assert mine.read_bytes() == before


@pytest.mark.parametrize("name", ["lock", "unfinished", "head.json.new", "entries.rest-0123"])
def test_an_import_writes_nothing_through_a_link(ledger: Path, tmp_path: Path, capsys: Capsys, name: str) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_bytes("我的".encode())
    (ledger / name).unlink(missing_ok=True)
    (ledger / name).symlink_to(mine)
    import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3")))
    assert mine.read_bytes() == "我的".encode()
    assert len(events_of(ledger)) in {2, 3}


def test_entries_that_have_another_name_are_not_written(ledger: Path, tmp_path: Path, capsys: Capsys) -> None:
    os.link(ledger / "entries.jsonl", tmp_path / "backup.jsonl")
    before = (tmp_path / "backup.jsonl").read_bytes()
    outcome = import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3")))
    assert (outcome.status, "ledger-link" in outcome.err) == (2, True)
    assert (tmp_path / "backup.jsonl").read_bytes() == before


def test_control_characters_of_sheets_files_and_people_are_escaped(tmp_path: Path, capsys: Capsys) -> None:
    cells = [("编号", "类型", "单位", "日期"), ("1", "培训", "县民政局", "2023-07-14")]
    book = xlsx(tmp_path / "a.xlsx", cells)
    odd = csv_file(tmp_path / "台账\n\x1b[31m\x7f\u2028.csv", [cells[0], ("2", "培训", "县民政局", "2023-07-15")])
    _rename_sheet(book, "一月&#10;二月&#9;")
    ledger = tmp_path / "ledger"
    outcome = gongkai(
        capsys, "events", "import", book, odd, "--ledger", ledger, "--by", "张\n三\udcff\u0085", "--at", "2024-01-01"
    )
    assert outcome.status == 0, outcome.err
    assert [one["id"] for one in events_of(ledger)] == ["1", "2"]
    assert len((ledger / "entries.jsonl").read_text(encoding="utf-8").splitlines()) == 4, "one entry a line for anybody"
    assert not set((ledger / "entries.jsonl").read_bytes()) & {*range(10), *range(11, 32), 127}
    assert verified(ledger).problems == ()
    assert gongkai(capsys, "events", "check", ledger).out.startswith("读到2条事件")


def _rename_sheet(book: Path, name: str) -> None:
    """Give the only sheet of a workbook another name."""
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(book) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    found = parts["xl/workbook.xml"].decode()
    start = found.index('<sheet name="') + len('<sheet name="')
    parts["xl/workbook.xml"] = (found[:start] + name + found[found.index('"', start) :]).encode()
    with zipfile.ZipFile(book, "w") as new:
        for part, content in parts.items():
            new.writestr(part, content)


def test_an_entry_longer_than_the_limit_is_refused_with_its_place(tmp_path: Path, capsys: Capsys) -> None:
    long = [f"{number}" + "长" * 3000 for number in range(200)]
    log = jsonl(tmp_path / "a.jsonl", training("0"), training("1", data={"covers": long}))
    outcome = import_into(tmp_path / "ledger", capsys, log)
    if "entry-too-long" not in outcome.err:  # where the attribute takes no such list, the record of the import is long
        outcome = import_into(
            tmp_path / "ledger", capsys, jsonl(tmp_path / "b.jsonl", training("0")), by="长" * 400_000
        )
    assert outcome.status == 2
    assert "entry-too-long" in outcome.err
    assert "1048576" in outcome.err


def forged(path: Path) -> Path:
    """Write a file in the form of an export with a chain of its own."""
    subprocess.run([sys.executable, FORGE, path], check=True)
    return path


def test_a_file_in_the_form_of_an_export_passes_every_check(tmp_path: Path, capsys: Capsys) -> None:
    path = forged(tmp_path / "forged.jsonl")
    wanted = ("unknown-unit", "unknown-type", "forged.jsonl:2", "forged.jsonl:3", "forged.jsonl:5")
    for name, command in {
        **commands(path, tmp_path),
        "import": ("events", "import", path, "--ledger", tmp_path / "ledger"),
    }.items():
        if name == "export":
            continue
        outcome = gongkai(capsys, *command)
        assert (name, outcome.status) == (name, 2)
        assert all(one in outcome.err for one in wanted), (name, outcome.err)
    assert not (tmp_path / "ledger").exists() or events_of(tmp_path / "ledger") == []


def test_a_valid_file_in_the_form_of_an_export_is_placed_in_itself(tmp_path: Path, capsys: Capsys) -> None:
    first = tmp_path / "first"
    import_into(
        first,
        capsys,
        xlsx(tmp_path / "官方.xlsx", [("编号", "类型", "单位", "日期"), ("1", "培训", "县民政局", "2023-07-14")]),
    )
    out = tmp_path / "out.jsonl"
    gongkai(capsys, "events", "export", first, "--out", out)
    assert gongkai(capsys, "evaluate", "--events", out, "--as-of", "2023-12-31", "--out", tmp_path / "run").status == 0
    receipt = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert (receipt["ledgers"], receipt["events"][0]["sha256"]) == ([], hash_by_hand(out.read_bytes()))


def test_an_entry_written_otherwise_than_a_ledger_writes_it_is_imported_as_an_event(
    tmp_path: Path, capsys: Capsys
) -> None:
    first, ledger = tmp_path / "first", tmp_path / "ledger"
    import_into(first, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
    entries = lines(first)
    entries[1] = entries[1].replace(b'"unit":"minzheng"', '"unit":"县民政局"'.encode())
    path = tmp_path / "odd.jsonl"
    path.write_bytes(b"".join(one + b"\n" for one in entries))
    assert import_into(ledger, capsys, path).status == 0
    assert [one["unit"] for one in events_of(ledger)] == ["minzheng"]
    assert records_of(ledger)[0]["file"] == "odd.jsonl"


def test_an_export_that_the_ledger_was_in_is_known_whatever_the_registry_says_today(
    ledger: Path, tmp_path: Path, capsys: Capsys
) -> None:
    out = tmp_path / "out.jsonl"
    gongkai(capsys, "events", "export", ledger, "--out", out)
    units = reorganised(tmp_path)
    outcome = gongkai(capsys, "events", "import", out, "--ledger", ledger, "--units", units)
    assert (outcome.status, "新增0条，已有2条" in outcome.out) == (0, True), outcome.err
    outcome = gongkai(capsys, "events", "import", out, "--ledger", tmp_path / "other", "--units", units)
    assert (outcome.status, "unknown-unit" in outcome.err) == (2, True)


def reorganised(home: Path, *aliases: str) -> Path:
    """Write a registry in which 县民政局 was merged into 县社会局."""
    units = home / "units.yaml"
    content = {
        "county": {"id": "xinxian", "name": "新县"},
        "units": [{"id": "shehui", "name": "县社会局", "sort": "department", "aliases": list(aliases)}],
    }
    units.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return units


def test_units_that_the_registry_no_longer_has_are_told_with_a_way_to_name_the_successor(
    ledger: Path, tmp_path: Path, capsys: Capsys
) -> None:
    def check(*more: str | Path) -> Outcome:
        return gongkai(capsys, "events", "check", ledger, "--units", reorganised(tmp_path), *more)

    told = check()
    assert told.err.count("[unknown-unit]") == 1, "once a unit, not once an entry"
    assert "2条" in told.err
    assert "承接单位" in told.err
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("units: {minzheng: 县社会局}\n", encoding="utf-8")
    assert "unknown-unit" not in check("--mapping", mapping).err
    asked = ("--events", ledger, "--as-of", "2023-12-31", "--units", tmp_path / "units.yaml", "--mapping", mapping)
    assert gongkai(capsys, "evaluate", *asked, "--out", tmp_path / "run").status == 0
    assert (
        "unknown-unit"
        not in gongkai(capsys, "events", "check", ledger, "--units", reorganised(tmp_path, "minzheng")).err
    )


def test_time_that_runs_backwards_is_told(ledger: Path, tmp_path: Path, capsys: Capsys) -> None:
    outcome = import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3")), at="2023-01-01T00:00")
    assert (outcome.status, "import-backwards" in outcome.err) == (0, True)
    outcome = gongkai(capsys, "events", "verify", ledger)
    assert (outcome.status, "import-backwards" in outcome.err) == (0, True)


def test_entries_are_read_back_before_they_count(
    ledger: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(ledger)
    sync = os.fsync

    def rotten(descriptor: int) -> None:
        """Let a bit of what was written turn on the disk."""
        sync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.name == "entries.jsonl":
            content = path.read_bytes()
            path.write_bytes(content[:-20] + b"?" + content[-19:])

    monkeypatch.setattr(os, "fsync", rotten)
    outcome = import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3")))
    monkeypatch.undo()
    assert outcome.status == 2
    assert state(ledger) == before


def test_a_file_system_without_locks_is_told(
    ledger: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(ledger)

    def without(*_: object) -> bool:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("filelock._unix.lock_fd_nonblocking", without)
    outcome = import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3")))
    assert (outcome.status, "no-locks" in outcome.err) == (2, True)
    assert state(ledger) == before


def test_every_command_of_the_ledger_works_without_fcntl(ledger: Path, tmp_path: Path) -> None:
    program = """
import json, os, sys
sys.modules["fcntl"] = None
for name in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"):
    delattr(os, name)
real = os.open
def windows(path, flags, *rest, **more):
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied")
    return real(path, flags, *rest, **more)
os.open = windows
from gongkai.__main__ import spread
from gongkai.cli import run
print(json.dumps([run(spread(one)) for one in json.loads(sys.argv[1])]), file=sys.__stderr__)
"""
    asked = {**commands(ledger, tmp_path), "verify": ("events", "verify", ledger)}
    line = json.dumps([[str(one) for one in command] for command in asked.values()])
    done = subprocess.run(
        [sys.executable, "-c", program, line], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert "Traceback" not in done.stderr
    statuses = dict(zip(asked, json.loads(done.stderr.splitlines()[-1]), strict=True))
    assert statuses == {name: {"explain": 2}.get(name, 0) for name in asked}
    assert len(events_of(ledger)) == 3
