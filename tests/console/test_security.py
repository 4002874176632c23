from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.console.county import packed
from tests.console.world import PASSWORD, A

if TYPE_CHECKING:
    from tests.console.world import World


def _with_password(world: World, name: str) -> None:
    person = world.people[name]
    person.set_password(PASSWORD)
    person.save()


def test_every_answer_has_the_headers(world: World) -> None:
    for address in ("/login", "/", "/nothing", f"/u/{A}/new/", "/static/console.css"):
        answer = world.client("clerk-a").get(address)
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        if not address.startswith("/static"):
            assert answer["Cache-Control"] == "no-store"


def test_pages_have_no_script_and_no_style_of_their_own(world: World) -> None:
    page = world.client("clerk-a").get(f"/u/{A}/new/policy.issued").content.decode()
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page)


def test_a_host_that_is_not_ours_is_refused(world: World) -> None:
    assert Client(SERVER_NAME="evil.example").get("/login").status_code == 400
    assert world.client(None).get("/login").status_code == 200


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    client.force_login(world.people["clerk-a"])
    assert client.post(f"/u/{A}/new/training.held", {"occurred_at": "2023-08-01"}).status_code == 403
    page = client.get(f"/u/{A}/new/training.held").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"occurred_at": "2023-08-01", "csrfmiddlewaretoken": token}
    assert client.post(f"/u/{A}/new/training.held", form, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.post(f"/u/{A}/new/training.held", form).status_code == 303


def test_guessing_is_slowed_down_and_nobody_is_locked_out(world: World) -> None:
    from gongkai.console.web import throttle

    _with_password(world, "clerk-a")
    client = world.client(None)
    answers = [client.post("/login", {"username": "clerk-a", "password": f"no {n}"}).status_code for n in range(7)]
    assert answers[:5] == [422] * 5
    assert answers[5:] == [429] * 2
    later = time.monotonic() + throttle.LONGEST + 1
    with mock.patch("gongkai.console.web.throttle.time.monotonic", return_value=later):
        answer = client.post("/login", {"username": "clerk-a", "password": PASSWORD})
    assert answer.status_code == 303


def test_a_role_that_changes_ends_the_session(world: World) -> None:
    client = world.client("clerk-a")
    assert client.get(f"/u/{A}/").status_code == 200
    admin = world.client("admin")
    assert admin.post(f"/admin/people/{world.people['clerk-a'].pk}/role", {"role": "auditor"}).status_code == 303
    assert client.get(f"/u/{A}/").status_code == 302


def test_an_unused_session_ends(world: World) -> None:
    client = world.client("clerk-a")
    client.get("/audit/")
    with mock.patch("gongkai.console.web.sessions.time.time", return_value=time.time() + 31 * 60):
        assert client.get("/audit/").status_code == 302


def test_an_administrator_has_no_other_role(world: World) -> None:
    admin = world.client("admin")
    answer = admin.post(f"/admin/people/{world.people['admin'].pk}/role", {"role": "clerk", "unit": A})
    assert answer.status_code == 422
    answer = admin.post(f"/admin/people/{world.people['clerk-a'].pk}/role", {"role": "admin"})
    assert answer.status_code == 422


@pytest.mark.parametrize("password", ["short", "123456789012", "password1234", "clerk-a12345"])
def test_weak_passwords_are_refused(world: World, password: str) -> None:
    from gongkai.console.work.accounts import make_link

    code = make_link(world.people["clerk-a"])
    answer = world.client(None).post(f"/start/{code}", {"password": password, "again": password})
    assert answer.status_code == 422


def test_a_code_is_good_once_and_is_in_no_log(world: World) -> None:
    from gongkai.console.work.accounts import make_link

    code = make_link(world.people["clerk-a"])
    form = {"password": PASSWORD, "again": PASSWORD}
    assert world.client(None).post(f"/start/{code}", form).status_code == 303
    assert world.client(None).post(f"/start/{code}", form).status_code == 404
    assert code not in world.folder.audit.read_text("utf-8")
    answer = world.client(None).post("/login", {"username": "clerk-a", "password": PASSWORD})
    assert answer.status_code == 303


def test_passwords_are_argon2id_with_the_stated_cost(world: World) -> None:
    _with_password(world, "clerk-a")
    assert world.people["clerk-a"].password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("a.pdf", b"%PDF-1.7 x", True),
        ("a.exe", b"MZ\x90\x00", False),
        ("a.pdf", b"<html><script>alert(1)</script>", False),
        ("a.docx", packed("word/document.xml"), True),
        ("a.docm", packed("word/document.xml", "word/vbaProject.bin"), False),
        ("a.xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin"), False),
        ("a.zip", packed("whatever.txt"), False),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        ("../../../etc/passwd", b"%PDF-1.7 y", True),
    ],
)
def test_attachments_are_known_by_what_is_in_them(world: World, name: str, content: bytes, taken: bool) -> None:
    draft = world.draft("clerk-a", A)
    address = f"/u/{A}/submissions/{draft.number}/attach"
    before = draft.digest
    answer = world.client("clerk-a").post(address, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == (303 if taken else 422)
    files = [one for one in world.folder.root.rglob("*") if one.is_file() and one.read_bytes() == content]
    assert [one.parent.parent.name for one in files] == (["uploads"] if taken else [])
    draft.refresh_from_db()
    assert (draft.digest != before) == taken


def test_what_the_scanner_refuses_is_not_kept(world: World) -> None:
    from gongkai.console.entry.attachments import AttachmentError, store
    from gongkai.console.folder import ConsoleSettings, use

    settings = ConsoleSettings(scanner=("/bin/false",))
    use(type(world.folder)(world.folder.root, settings))
    with pytest.raises(AttachmentError):
        store(b"%PDF-1.7 bad")
    assert not [one for one in world.folder.uploads.rglob("*") if one.is_file()]


def test_the_audit_log_has_a_line_a_change_and_shows_what_was_changed_in_it(world: World) -> None:
    from gongkai.console import audit

    client = world.client("clerk-a")
    client.get(f"/u/{A}/")
    client.post(f"/u/{A}/new/training.held", {"occurred_at": "2023-08-01"})
    client.post(f"/u/{A}/submissions/1/submit")
    lines = list(audit.lines(world.folder.audit))
    assert [(one["who"], one["what"], one["status"]) for one in lines] == [
        ("clerk-a", "new-entry", 303),
        ("clerk-a", "submit", 303),
    ]
    assert audit.first_break(world.folder.audit) is None
    text = world.folder.audit.read_text("utf-8")
    world.folder.audit.write_text(text.replace('"submit"', '"nothing"', 1), encoding="utf-8")
    client.post(f"/u/{A}/submissions/1/recall")
    assert audit.first_break(world.folder.audit) == 3


def test_a_fault_gives_a_number_and_no_traceback(world: World) -> None:
    with mock.patch("gongkai.console.screens.duties.render", side_effect=RuntimeError("KANARI inside")):
        answer = world.client("clerk-a").get(f"/u/{A}/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert re.search(r"编号 \d{8}-[0-9a-f]{6}", page)
    assert "KANARI" not in page
    assert "Traceback" not in page


def test_signing_in_leads_nowhere_else(world: World) -> None:
    _with_password(world, "clerk-a")
    form = {"username": "clerk-a", "password": PASSWORD, "next": "https://evil.example/"}
    assert world.client(None).post("/login", form)["Location"] == "/"
    form["next"] = "//evil.example/"
    assert world.client(None).post("/login", form)["Location"] == "/"


def test_nothing_but_the_console_needs_django() -> None:
    import subprocess
    import sys

    program = "import sys, gongkai.cli, gongkai.services.evaluate; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.strip().lower()) is False
