"""Files that people send: known by what is in them, told where they are not taken, gone with what they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.console.entry import attachments
from gongkai.console.entry import requests as register
from gongkai.console.entry.post import recover
from gongkai.console.models.store import cases, submissions
from tests.console.county import PDF, packed
from tests.console.world import A, B, World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n... trailer << /Size 9 /Encrypt 7 0 R /Root 1 0 R >>",
        b"%PDF-1.7\n... << /Type /XRef /Encrypt << /Filter /Standard >> >>",
        packed("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        packed("xl/workbook.xml", "xl/vbaProject.bin"),
    ],
)
def test_locked_files_and_those_with_macros_are_not_taken(content: bytes) -> None:
    with pytest.raises(attachments.AttachmentError):
        attachments.kind_of(content)


def test_a_pdf_that_speaks_of_encryption_is_taken() -> None:
    assert attachments.kind_of(b"%PDF-1.7\n(the word /Encrypted and /EncryptMetadata true)") == "pdf"


def test_a_file_that_is_too_large_is_told_so(world: World) -> None:
    draft = world.draft("clerk-a", A)
    client, address = world.client("clerk-a"), f"/u/{A}/submissions/{draft.number}/attach"
    for size, status in ((attachments.MOST_BYTES, 303), (attachments.MOST_BYTES + (1 << 20), 422), (25 << 20, 413)):
        answer = client.post(address, {"file": SimpleUploadedFile("a.pdf", PDF.ljust(size, b"x"))})
        assert answer.status_code == status
    assert "超过 20 MiB" in _too_large(world, address)
    assert draft.attachments.count() == 1


def _too_large(world: World, address: str) -> str:
    form = {"file": SimpleUploadedFile("a.pdf", PDF.ljust(attachments.MOST_BYTES + 1, b"x"))}
    return world.client("clerk-a").post(address, form).content.decode()


@pytest.mark.parametrize("digest", ["../../secret", "ab", "A" * 64, "/" * 64, "0" * 63 + "."])
def test_no_text_of_people_becomes_a_path(world: World, digest: str) -> None:
    assert world.folder.root.is_dir()
    with pytest.raises(ValueError, match="not a hash"):
        attachments.path_of(digest)


def test_what_is_purged_leaves_no_bytes_but_those_that_others_need(world: World) -> None:
    clerk = world.client("clerk-a")
    own, shared = PDF + b"KANARI of this applicant alone", PDF + b"KANARI in two files"
    for name in ("甲", "乙"):
        form = {"channel": "post", "received": "2023-09-05", "applicant": f"KANARI{name}", "wanted": "一份文件"}
        assert clerk.post(f"/u/{A}/requests/new", form).status_code == 303
    for number, content in ((1, own), (1, shared), (2, shared)):
        form2 = {"file": SimpleUploadedFile("材料.pdf", content)}
        assert clerk.post(f"/u/{A}/requests/2023-{number}/document", form2).status_code == 303
    cases().filter(number=1).update(archived_at=datetime(2023, 9, 19, 9, 0))
    assert register.purge(datetime(2023, 9, 20, 9, 0)) == 1
    kept = [one.read_bytes() for one in world.folder.uploads.rglob("*") if one.is_file()]
    assert own not in kept
    assert shared in kept
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database = (world.folder.root / "console.sqlite3").read_bytes()
    assert "KANARI甲".encode() not in database
    assert "KANARI乙".encode() in database
    assert clerk.get(f"/u/{A}/requests/2023-1/").status_code == 200


def test_a_file_name_with_somebodys_number_does_not_get_into_the_ledger(world: World) -> None:
    for name in ("名单13812345678.xlsx", "八月台账.xlsx"):
        row = {"type": "training.held", "subject": name[:2], "occurred_at": "2023-08-01"}
        draft = world.draft("clerk-a", A, row, kind="workbook", file_name=name, file_digest="0" * 64)
        submissions().filter(pk=draft.pk).update(
            state="approved",
            reviewer=world.people["reviewer-a"],
            recorded_at=datetime(2023, 9, 1),
            reviewed_at=datetime(2023, 9, 1),
        )
    assert recover() == 2
    text = "".join(one.read_text("utf-8") for one in world.folder.ledger.iterdir() if one.is_file())
    assert "13812345678" not in text
    assert "八月台账.xlsx" in text


def test_a_folder_with_personal_data_is_for_its_own_user(world: World, tmp_path: Path) -> None:
    from gongkai.console.folder import open_folder
    from gongkai.console.work.backup import backup, restore

    world.entered("clerk-b", "reviewer-b", B)
    place = backup(world.folder, tmp_path / "elsewhere")
    made = tmp_path / "deep" / "restored"
    assert restore(place, made) == ()
    new = tmp_path / "new"
    assert open_folder(new)[0] is not None
    assert [one.stat().st_mode & 0o777 for one in (place, made, new)] == [0o700] * 3
