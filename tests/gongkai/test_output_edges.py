"""Output and the files of others: what no run of ours wrote is byte for byte there, whatever the command."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.events.reading import jsonl
from tests.gongkai.commands import decision, gongkai, write_log
from tests.ledger.ledgers import import_into, training
from tests.rules.small_book import BOOK, RULES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gongkai.commands import Outcome

    Capsys = pytest.CaptureFixture[str]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "book").mkdir()
    for name, text in (("book.yaml", BOOK), ("rules.yaml", RULES), ("source.txt", SOURCE)):
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    return write_log(tmp_path / "in" / "log.jsonl", decision("甲", "2023-03-01"))


def evaluate(capsys: Capsys, log: Path, out: Path | str, *more: str | Path) -> Outcome:
    """Evaluate by a book of one rule."""
    options = ("--as-of", "2023-12-31", "--book", log.parent.parent / "book", "--no-reports")
    return gongkai(capsys, "evaluate", "--events", log, "--out", out, *options, *more)


def refused(outcome: Outcome, *codes: str) -> None:
    assert outcome.status == 2, outcome.err
    assert any(f"[{code}]" in outcome.err for code in codes), outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("name", ["units/notes.txt", "run.json"])
def test_a_folder_without_a_receipt_is_refused_whatever_is_in_it(
    log: Path, tmp_path: Path, capsys: Capsys, name: str
) -> None:
    mine = tmp_path / "mine" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("{}", encoding="utf-8")
    manifest = tmp_path / "m.yaml"
    manifest.write_text(f"defaults: {{as_of: 2023-12-31, events: {log}}}\nruns: [{{name: 甲}}]\n", encoding="utf-8")
    run = tmp_path / "run"
    assert evaluate(capsys, log, run).status == 0
    for command in (
        ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "mine"),
        ("batch", manifest, "--out", tmp_path / "mine"),
        ("demo", tmp_path / "mine"),
        ("annual-report", "--events", log, "--year", "2023", "--out", tmp_path / "mine"),
        ("notices", run, "--out", tmp_path / "mine"),
    ):
        outcome = gongkai(capsys, *command)
        refused(outcome, "not-empty")
        assert "换一个" in outcome.err or "空文件夹" in outcome.err, outcome.err
        assert contents(tmp_path / "mine") == {name: b"{}"}, command


def test_only_what_the_receipt_lists_is_taken_away(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    out = tmp_path / "run"
    asked = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", out)
    assert gongkai(capsys, *asked).status == 0
    mine = {"units/notes.txt": b"1", "inputs/mine.parquet": b"2", "backfilled.txt": b"3", "scores.csv": b"4"}
    for name, content in mine.items():
        (out / name).write_bytes(content)
    assert gongkai(capsys, *asked, "--no-reports").status == 0
    assert not (out / "index.html").exists()
    for name, content in mine.items():
        assert (out / name).read_bytes() == content
    receipt = json.loads((out / "run.json").read_text(encoding="utf-8"))["written"]
    assert {*receipt, "run.json", *mine} == set(contents(out))


def test_a_file_of_somebody_in_the_place_of_ours_is_refused(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    out = tmp_path / "run"
    assert evaluate(capsys, log, out).status == 0
    for name in ("index.html", "units", "inputs"):
        (out / name).write_text("mine", encoding="utf-8")
        before = contents(out)
        refused(gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-06-30", "--out", out), "in-the-way")
        assert contents(out) == before
        (out / name).unlink()


def test_a_list_that_an_office_filled_in_stays_under_another_name(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    out = tmp_path / "run"
    assert evaluate(capsys, log, out).status == 0
    with (out / "violations.csv").open("ab") as file:
        file.write("整改完了\n".encode())
    filled = (out / "violations.csv").read_bytes()
    outcome = evaluate(capsys, log, out)
    assert (outcome.status, "edited-kept" in outcome.err) == (0, True)
    assert (out / "violations.edited-1.csv").read_bytes() == filled
    assert (out / "violations.csv").read_bytes() != filled
    assert evaluate(capsys, log, out).status == 0
    assert (out / "violations.edited-1.csv").read_bytes() == filled


def test_here_a_home_the_log_and_a_ledger_are_refused(
    log: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "here").mkdir(parents=True)
    ledger = tmp_path / "ledger"
    import_into(ledger, capsys, log)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home / "here")
    before = contents(tmp_path)
    for out in (".", "..", home, home / "here", log.parent, ledger, ledger / "run", ledger / "a" / "b", "/"):
        refused(evaluate(capsys, log, out), "unsafe-out")
    for command in (
        ("events", "convert", log, "--out", ledger / "out.csv"),
        ("events", "export", ledger, "--out", ledger / "out.jsonl"),
        ("events", "export", ledger, "--out", ledger / "entries.jsonl"),
        ("events", "template", "--out", ledger / "sub" / "a.xlsx"),
        ("due", "--events", log, "--as-of", "2023-12-31", "--within", "10 days", "--ics", ledger / "due.ics"),
        ("demo", ledger / "demo"),
    ):
        refused(gongkai(capsys, *command), "unsafe-out")
    assert contents(tmp_path) == before
    assert [one.name for one in ledger.iterdir() if one.is_dir()] == []


def test_a_link_is_written_through_and_stays(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)  # what it leads to is not there yet
    for _ in range(2):
        assert evaluate(capsys, log, link).status == 0
        assert link.is_symlink()
        assert (target / "run.json").is_file()
    file, named = tmp_path / "real.csv", tmp_path / "named.csv"
    named.symlink_to(file)
    assert gongkai(capsys, "events", "convert", log, "--out", named).status == 0
    assert named.is_symlink()
    assert file.is_file()
    (target / "units").symlink_to(tmp_path / "in")
    before = contents(tmp_path / "in")
    refused(gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-06-30", "--out", link), "in-the-way")
    assert contents(tmp_path / "in") == before


def test_mode_owner_and_setgid_of_the_folder_stay(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    out = tmp_path / "run"
    out.mkdir()
    if os.geteuid() == 0:
        os.chown(out, 12345, 23456)
    out.chmod(0o2770)
    before = out.stat()
    for _ in range(2):
        assert evaluate(capsys, log, out).status == 0
        now = out.stat()
        assert (now.st_mode, now.st_uid, now.st_gid, now.st_ino) == (
            before.st_mode,
            before.st_uid,
            before.st_gid,
            before.st_ino,
        )
    assert stat.S_IMODE(now.st_mode) == 0o2770


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that is a disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=64m", "gongkai-test", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["/usr/bin/umount", str(place)], check=True)


def test_a_mount_point_is_written(log: Path, mount: Path, capsys: Capsys) -> None:
    for _ in range(2):
        outcome = evaluate(capsys, log, mount)
        assert outcome.status == 0, outcome.err
    assert (mount / "run.json").is_file()
    assert [one.name for one in mount.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize(
    "command",
    [
        ("events", "convert", "LOG", "--out", "FILE.csv"),
        ("events", "convert", "LOG", "--out", "FILE.jsonl"),
        ("events", "template", "--out", "FILE.xlsx"),
        ("due", "--events", "LOG", "--as-of", "2023-12-31", "--within", "10 days", "--ics", "FILE.ics"),
        ("check", "--unit", "县民政局", "--events", "LOG", "--as-of", "2023-12-31", "--html", "FILE.html"),
        ("check", "--unit", "县民政局", "--events", "LOG", "--as-of", "2023-12-31", "--xlsx", "FILE.xlsx"),
        ("rules", "reference", "--out", "FILE.html"),
    ],
)
def test_a_single_file_replaces_ours_and_nobody_elses(
    log: Path, tmp_path: Path, capsys: Capsys, command: tuple[str, ...]
) -> None:
    name = command[-1]
    asked = [str(log) if one == "LOG" else str(tmp_path / one) if one == name else one for one in command]
    mine = tmp_path / name
    mine.write_bytes("我的".encode())
    refused(gongkai(capsys, *asked), "in-the-way")
    assert mine.read_bytes() == "我的".encode()
    mine.unlink()
    assert gongkai(capsys, *asked).status in {0, 1}
    assert gongkai(capsys, *asked).status in {0, 1}, "our own is replaced"
    mine.write_bytes(mine.read_bytes() + b" ")
    edited = mine.read_bytes()
    refused(gongkai(capsys, *asked), "in-the-way")
    assert mine.read_bytes() == edited


def test_a_rolled_back_or_rebuilt_ledger_is_said_wherever_an_earlier_run_is_at_hand(
    tmp_path: Path, capsys: Capsys
) -> None:
    ledger, run, other = tmp_path / "ledger", tmp_path / "run", tmp_path / "other"
    import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
    shutil.copytree(ledger, tmp_path / "backup")
    import_into(ledger, capsys, jsonl(tmp_path / "b.jsonl", training("2")))
    asked = ("evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out")
    first = gongkai(capsys, "evaluate", "--events", ledger, "--as-of", "2023-06-30", "--out", run)
    assert (first.status, "ledger-rolled-back" in first.err) == (0, False)
    shutil.rmtree(ledger)
    shutil.copytree(tmp_path / "backup", ledger)
    for more in (
        (other, "--previous", run),
        (tmp_path / "third", "--since", run),
    ):
        outcome = gongkai(capsys, *asked, *more)
        assert (outcome.status, "ledger-rolled-back" in outcome.err) == (0, True), outcome.err
    assert "ledger-rolled-back" in gongkai(capsys, "compare", run, other).err
    import_into(ledger, capsys, jsonl(tmp_path / "c.jsonl", training("3"), training("4"), training("5")))
    assert "ledger-rolled-back" in gongkai(capsys, *asked, run, "--incremental").err
    assert "ledger-rolled-back" not in gongkai(capsys, *asked, run).err, "the run that is there now is over this one"
    assert "ledger-rolled-back" not in gongkai(capsys, "compare", other, run).err


def test_a_run_whose_receipt_was_edited_is_not_built_on(tmp_path: Path, capsys: Capsys) -> None:
    from hashlib import sha256  # noqa: PLC0415

    import pyarrow.parquet as pq  # noqa: PLC0415

    ledger, run = tmp_path / "ledger", tmp_path / "run"
    import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("1")))
    asked = ("evaluate", "--events", ledger, "--as-of", "2023-12-31", "--out", run, "--incremental", "--no-reports")
    assert gongkai(capsys, *asked).status == 0
    assert "接着上次评估" in gongkai(capsys, *asked).out
    path = run / "verdicts.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    receipt = json.loads((run / "run.json").read_text(encoding="utf-8"))
    receipt["verdicts"]["sha256"] = receipt["written"]["verdicts.parquet"] = sha256(path.read_bytes()).hexdigest()
    (run / "run.json").write_text(json.dumps(receipt), encoding="utf-8")
    outcome = gongkai(capsys, *asked)
    assert (outcome.status, "全部重新评估" in outcome.out) == (0, True), outcome.err
