from __future__ import annotations

import io
import json
import stat
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from docx import Document

from tests.console.world import A, B, point_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.console.world import World


def test_a_backup_is_restored_with_everything_that_was_entered(world: World, tmp_path: Path) -> None:
    from gongkai.console.folder import open_folder
    from gongkai.console.models.store import submissions
    from gongkai.console.work.backup import backup, entered_and_missing, restore

    world.entered("clerk-a", "reviewer-a", A)
    place = backup(world.folder, tmp_path / "backups")
    world.entered("clerk-b", "reviewer-b", B)
    assert restore(place, tmp_path / "new") == ()
    folder, problems = open_folder(tmp_path / "new")
    assert folder is not None, problems
    point_at(folder)
    assert [one.unit for one in submissions()] == [A]
    assert entered_and_missing() == ()
    assert stat.S_IMODE((folder.root / "secret").stat().st_mode) == 0o600


def test_a_backup_that_was_changed_is_not_restored(world: World, tmp_path: Path) -> None:
    from gongkai.console.work.backup import backup, restore

    world.entered("clerk-a", "reviewer-a", A)
    place = backup(world.folder, tmp_path / "backups")
    entries = place / "ledger" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"2023-08-01", b"2023-08-02"))
    assert [one.code for one in restore(place, tmp_path / "new")] == ["backup-changed"]
    assert not (tmp_path / "new").exists()


def test_an_entry_that_the_ledger_lacks_is_found(world: World) -> None:
    from gongkai.console.work.backup import entered_and_missing

    world.entered("clerk-a", "reviewer-a", A)
    assert entered_and_missing() == ()
    for one in world.folder.ledger.iterdir():
        one.unlink()
    world.entered("clerk-b", "reviewer-b", B)
    assert [one.code for one in entered_and_missing()] == ["entry-missing"]


def _list(path: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, cells in enumerate([("用户名", "姓名", "角色", "单位"), *rows]):
        sheet.write_row(number, 0, cells)
    book.close()
    return path


def test_accounts_come_from_a_list_with_a_slip_each(world: World, tmp_path: Path) -> None:
    from gongkai.console.work.people import import_people

    rows = [
        ("zhang", "张三", "登记员", "县民政局"),
        ("zhang", "张三", "审核员", "县水务局"),
        ("li", "李四", "审计员", ""),
    ]
    slips = tmp_path / "slips.docx"
    assert import_people(_list(tmp_path / "list.xlsx", rows), slips, "http://10.0.0.1") == (2, ())
    text = "\n".join(one.text for one in Document(io.BytesIO(slips.read_bytes())).paragraphs)
    assert "张三（县民政局登记员、县水务局审核员）" in text
    code = text.split("一次性口令 ")[1].split("\n")[0]
    form = {"password": "a long enough phrase", "again": "a long enough phrase"}
    client = world.client(None)
    assert client.post(f"/start/{code}", form).status_code == 303
    assert client.post("/login", {"username": "zhang", "password": form["password"]}).status_code == 303
    assert client.get(f"/u/{B}/").status_code == 200


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("张三", "张三", "登记员", "县民政局"), "bad-username"),
        (("zhang", "张三", "局长", "县民政局"), "unknown-role"),
        (("zhang", "张三", "登记员", "县民政"), "unknown-unit"),
    ],
)
def test_a_list_with_a_mistake_makes_nobody(world: World, tmp_path: Path, row: tuple[str, ...], code: str) -> None:
    from gongkai.console.models.store import people
    from gongkai.console.work.people import import_people

    before = people().count()
    rows = [("li", "李四", "审计员", ""), row]
    count, problems = import_people(_list(tmp_path / "list.xlsx", rows), tmp_path / "slips.docx", "x")
    assert (count, [one.code for one in problems]) == (0, [code])
    assert people().count() == before
    assert not (tmp_path / "slips.docx").exists()
    assert world.folder.root.exists()


@pytest.mark.parametrize(
    ("listen", "behind", "usable"),
    [
        ("127.0.0.1:8000", None, True),
        ("0.0.0.0:8000", None, False),
        ("0.0.0.0:8000", "https://zwgk.example.gov.cn", True),
        ("somewhere", None, False),
        ("127.0.0.1:99999", None, False),
        ("0.0.0.0:8000", "zwgk.example.gov.cn", False),
        ("[::1]:8000", None, True),
        ("127.0.0.1:²", None, False),
        ("127.0.0.1:８０００", None, False),
        ("127.0.0.1:80:80", None, False),
        ("127.0.0.1:8000", "http://", False),
        ("127.0.0.1:8000", "https://a.gov.cn/\nExecStartPre=/bin/sh", False),
        ("127.0.0.1:8000", "https://a.gov.cn/%00", False),
        ("127.0.0.1:8000", "http://10.1.2.3:8080/zwgk/", True),
    ],
)
def test_it_listens_beyond_the_machine_only_behind_a_proxy(listen: str, behind: str | None, usable: bool) -> None:
    from gongkai.console.serve import listening

    where, problems = listening(listen, behind, ())
    assert (where is not None) == usable
    assert bool(problems) != usable


@pytest.mark.parametrize(
    ("proxies", "usable"),
    [(("10.0.0.2",), True), (("*",), False), (("999",), False), (("",), False), (("10.0.0.2", "10.0.0.3"), False)],
)
def test_one_proxy_is_believed_and_named_by_its_address(proxies: tuple[str, ...], *, usable: bool) -> None:
    """`*` would believe anybody, and a second one was passed over."""
    from gongkai.console.serve import listening

    where, problems = listening("127.0.0.1:8000", None, proxies)
    assert (where is not None, bool(problems)) == (usable, not usable)


@pytest.mark.parametrize("text", ["bokks: [x]", "books: 3", "- a", "a: [", "clock: gestern", "waivers: [1]"])
def test_settings_that_make_no_sense_are_told(tmp_path: Path, text: str) -> None:
    from gongkai.console.folder import open_folder

    (tmp_path / "gongkai.yaml").write_text(text, encoding="utf-8")
    folder, problems = open_folder(tmp_path)
    assert folder is None
    assert {one.code for one in problems} == {"bad-settings"}
    assert str(tmp_path / "gongkai.yaml") in str(problems[0].where)


def test_the_printed_services_name_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gongkai.cli import run

    assert run(["console", "service", str(tmp_path), "--behind", "https://a.example"]) == 0
    printed = capsys.readouterr().out
    assert 'ExecStart="' in printed
    assert str(tmp_path) in printed
    assert "schtasks /Create" in printed


def test_an_import_of_old_years_is_in_the_ledger_and_in_the_audit_log(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gongkai.console import audit
    from gongkai.console.live.thread import LIVE
    from gongkai.console.work.importing import import_old

    event = {"id": "alt-1", "type": "training.held", "unit": "renshe", "occurred_at": "2022-07-01"}
    old = tmp_path / "2022.jsonl"
    old.write_text(json.dumps({**event, "recorded_at": "2022-07-03"}), encoding="utf-8")
    assert LIVE.snapshot is not None
    done, problems = import_old(world.folder, [old])
    assert done is not None, problems
    assert [(added, known) for _, added, known in done.files] == [(1, 0)]
    assert [str(one["recorded_at"].date()) for one in LIVE.refresh().entries("renshe")] == ["2022-07-03"]
    assert [one["what"] for one in audit.lines(world.folder.audit)] == ["console-import"]
    again, _ = import_old(world.folder, [old])
    assert again is not None
    assert [(added, known) for _, added, known in again.files] == [(0, 1)]
    assert capsys.readouterr().out == ""


def test_an_import_with_the_number_of_a_person_is_refused(world: World, tmp_path: Path) -> None:
    from gongkai.console.work.importing import import_old

    event = {"id": "alt-2", "type": "training.held", "unit": "renshe", "occurred_at": "2022-07-01"}
    old = tmp_path / "2022.jsonl"
    old.write_text(json.dumps({**event, "data": {"note": "电话13812345678"}}), encoding="utf-8")
    done, problems = import_old(world.folder, [old])
    assert done is None
    assert "personal-data" in {one.code for one in problems}
    assert (
        not (world.folder.ledger / "entries.jsonl").exists() or not (world.folder.ledger / "entries.jsonl").read_bytes()
    )


def test_verify_finds_a_changed_ledger_and_a_changed_or_missing_file(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from gongkai.cli import run
    from gongkai.console.entry import states
    from gongkai.console.entry.attachments import keep_upload, path_of
    from gongkai.console.entry.post import enter

    clerk, reviewer = world.people["clerk-a"], world.people["reviewer-a"]
    draft = world.draft("clerk-a", A)
    for name in ("签到表", "照片"):
        keep_upload(clerk, draft, f"{name}.pdf", b"%PDF-1.4 " + name.encode())
    states.take(clerk, draft, "submit")
    assert enter(states.take(reviewer, draft, "approve")) == ()
    words = ["console", "verify", str(world.folder.root)]
    assert run(words) == 0
    first, second = [path_of(one.sha256) for one in draft.attachments.order_by("pk")]
    first.write_bytes(b"%PDF-1.4 another")
    second.unlink()
    entries = world.folder.ledger / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"2023-08-01", b"2023-08-02"))
    capsys.readouterr()
    assert run(words) == 1
    said = "".join(capsys.readouterr())
    assert "签到表" in said
    assert "照片" in said
    assert "entries.jsonl" in said
