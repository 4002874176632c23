"""Sessions, cookies, passwords, codes, and the audit log beside another process."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import threading
import time
import zipfile
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from events.storage.locks import locked
from gongkai.console import audit, clock
from gongkai.console.entry.personal import personal_data
from gongkai.console.folder import use
from gongkai.console.live import thread
from gongkai.console.live.thread import LIVE
from gongkai.console.web import throttle
from gongkai.console.work import accounts
from tests.console.world import PASSWORD, A, World, training

if TYPE_CHECKING:
    from django.test import Client

FORMULA = '=HYPERLINK("http://evil.example","KANARI")'


def _signed_in(world: World, name: str) -> Client:
    client = world.client(None)
    assert client.post("/login", {"username": name, "password": PASSWORD}).status_code == 303
    return client


def _with_password(world: World, name: str) -> None:
    world.people[name].set_password(PASSWORD)
    world.people[name].save()


def _settings(world: World, behind: str | None) -> Any:
    """Return the settings of a console behind an address."""
    use(replace(world.folder, behind=behind))
    spec = importlib.util.find_spec("gongkai.console.settings")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    use(world.folder)
    return made


def test_cookies_are_for_this_host_over_tls_alone(world: World) -> None:
    made = _settings(world, "https://zwgk.example.gov.cn")
    for sort in ("SESSION", "CSRF"):
        assert getattr(made, f"{sort}_COOKIE_NAME").startswith("__Host-")
        assert getattr(made, f"{sort}_COOKIE_SECURE")
        assert getattr(made, f"{sort}_COOKIE_HTTPONLY")
        assert getattr(made, f"{sort}_COOKIE_SAMESITE") in {"Lax", "Strict"}
    assert made.ALLOWED_HOSTS[0] == "zwgk.example.gov.cn"
    assert made.CSRF_TRUSTED_ORIGINS == ["https://zwgk.example.gov.cn"]
    assert not made.DEBUG
    cookie = world.client("clerk-a").get("/").client.cookies["gongkai-session"]
    assert cookie["httponly"]


def test_a_session_ends_after_twelve_hours_however_it_is_used(world: World) -> None:
    client = world.client("clerk-a")
    start = time.time()
    for minutes in range(0, 12 * 60, 29):
        with mock.patch("gongkai.console.web.sessions.time.time", return_value=start + minutes * 60):
            assert client.get("/audit/").status_code == 200
    with mock.patch("gongkai.console.web.sessions.time.time", return_value=start + 12 * 3600 + 61):
        assert client.get("/audit/").status_code == 302


def test_another_password_and_a_closed_account_end_the_other_sessions(world: World) -> None:
    _with_password(world, "clerk-a")
    here, there = _signed_in(world, "clerk-a"), _signed_in(world, "clerk-a")
    form = {"present": PASSWORD, "password": "another horse battery", "again": "another horse battery"}
    assert here.post("/password", form).status_code == 303
    assert here.get("/audit/").status_code == 200
    assert there.get("/audit/").status_code == 302
    key = world.people["clerk-a"].pk
    assert world.client("admin").post(f"/admin/people/{key}/active", {"active": ""}).status_code == 303
    assert here.get("/audit/").status_code == 302


def test_the_password_of_an_open_session_is_not_guessed_quickly(world: World) -> None:
    _with_password(world, "clerk-a")
    client = _signed_in(world, "clerk-a")
    new = {"password": "another horse battery", "again": "another horse battery"}
    for number in range(throttle.FREE):
        assert client.post("/password", {"present": f"no {number}", **new}).status_code == 422
    assert client.post("/password", {"present": PASSWORD, **new}).status_code == 422, "it has to wait"
    later = time.monotonic() + throttle.LONGEST + 1
    with mock.patch("gongkai.console.web.throttle.time.monotonic", return_value=later):
        assert client.post("/password", {"present": PASSWORD, **new}).status_code == 303


def test_a_code_ends_with_a_later_one_and_with_its_days(world: World) -> None:
    first = accounts.make_link(world.people["clerk-a"])
    second = accounts.make_link(world.people["clerk-a"])
    nobody = world.client(None)
    assert nobody.get(f"/start/{first}").status_code == 404
    assert nobody.get(f"/start/{second}").status_code == 200
    clock.start_at(clock.now() + accounts.VALID + timedelta(minutes=1))
    form = {"password": PASSWORD, "again": PASSWORD}
    assert nobody.post(f"/start/{second}", form).status_code == 404
    assert nobody.post("/start", {"code": second}).status_code == 422


def test_a_code_that_two_use_at_once_is_used_once(world: World) -> None:
    person = world.people["clerk-a"]
    code = accounts.make_link(person)
    assert accounts.person_of_code(code) == person
    assert [accounts.use_code(code, person, word) for word in (PASSWORD, "another horse battery")] == [True, False]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_host_that_is_not_ours_gets_the_headers_too(world: World) -> None:
    answer = world.client(None).get("/login", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "evil.example" not in answer.content.decode()


def test_two_processes_do_not_write_over_each_others_lines(world: World) -> None:
    """Another process, that is, whoever else holds the lock, adds a line while this one wants to."""
    audit.record("a", "first")
    path = world.folder.audit
    held, done = threading.Event(), threading.Event()

    def other() -> None:
        with locked(path.with_name(audit.LOCK)):
            held.set()
            done.wait(0.5)
            last = path.read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
            line = {"prev": sha256(last).hexdigest(), "at": "x", "who": "import", "what": "second"}
            with path.open("ab") as file:
                file.write(json.dumps(line).encode() + b"\n")

    beside = threading.Thread(target=other)
    beside.start()
    assert held.wait(10)
    audit.record("a", "third")
    beside.join(10)
    assert [one["what"] for one in audit.lines(path)] == ["first", "second", "third"]
    assert audit.first_break(path) is None
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    [
        "0086 13812345678",
        "008613812345678",
        "138\u200b1234\u200b5678",
        "138\u20131234\u20135678",
        "１３８１２３４５６７８",
    ],
)
def test_a_mobile_number_is_known_however_it_is_written(text: str) -> None:
    assert personal_data(f"联系 {text}。") == "mobile"


@pytest.mark.parametrize("text", ["20230911123456", "文号〔2023〕1381号", "2023-09-11 13:45", "139件20230911"])
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert personal_data(text) is None


def test_verdicts_by_settings_that_were_forgotten_are_not_published(world: World) -> None:
    """Judging is under way when a setting is approved: what comes out of it was made by the earlier one."""
    LIVE.refresh()
    world.entered("clerk-a", "reviewer-a", A)
    real = thread.next_snapshot
    calls: list[Any] = []

    def slow(before: Any, moment: Any) -> Any:
        made = real(before, moment)
        if not calls:
            changed = replace(
                world.folder, settings=world.folder.settings.model_copy(update={"books": ("jinxiang-2023",)})
            )
            use(changed)
            LIVE.forget()
        calls.append(before)
        return made

    with mock.patch.object(thread, "next_snapshot", slow):
        LIVE.refresh()
    assert LIVE.snapshot is not None
    assert {book.id for book in LIVE.snapshot.inputs.books} == {"jinxiang-2023"}
    assert calls[1:] == [None]


def test_what_people_write_is_no_formula_in_any_workbook(world: World) -> None:
    policy = {"type": "policy.issued", "subject": FORMULA, "occurred_at": "2023-08-01", "data.title": "@SUM(1)"}
    world.entered("clerk-a", "reviewer-a", A, {**policy, "data.normative": "true", "data.affects_rights": "true"})
    world.entered("clerk-a", "reviewer-a", A, training(FORMULA))
    LIVE.refresh()
    clerk, evaluator = world.client("clerk-a"), world.client("evaluator")
    found = 0
    for client, address in (
        (clerk, f"/u/{A}/fill-in.xlsx"),
        (clerk, f"/u/{A}/template.xlsx"),
        (evaluator, "/county/assess/sheet.xlsx"),
    ):
        content = client.get(address).content
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {name: packed.read(name).decode("utf-8", "replace") for name in packed.namelist()}
        found += sum("KANARI" in text for text in parts.values())
        sheets = "".join(text for name, text in parts.items() if name.startswith("xl/worksheets/"))
        for formula in re.findall(r"<f[ >].*?</f>|<hyperlink [^>]*>", sheets):
            assert "KANARI" not in formula
            assert "evil" not in formula
        assert "evil.example" not in "".join(text for name, text in parts.items() if name.endswith(".rels"))
    assert found


def test_a_line_that_is_taken_away_at_the_end_shows_in_the_next_one(world: World) -> None:
    path = world.folder.audit
    for what in ("first", "second", "third"):
        audit.record("a", what)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert audit.first_break(path) is None, "a chain alone does not show its missing end"
    audit.record("a", "fourth")
    assert audit.first_break(path) == 3
