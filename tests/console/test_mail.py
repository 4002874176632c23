"""Reminders: on working days, one mail a person, nothing twice, no personal data, and nothing lost without a server."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from gongkai.console.clock import start_at
from tests.console.smtp import mail_server
from tests.console.world import A, B, C, World, new_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

DECIDED = {"type": "decision.issued", "subject": "一项决策", "occurred_at": "2023-09-19", "data.consulted": "true"}
"""Its feedback is owed within three working days: by 22 September."""

Post = tuple[World, "list[EmailMessage]"]


@pytest.fixture
def post(tmp_path: Path, template: Path) -> Iterator[Post]:
    """A console with a mail server, and the mails that it got."""
    from django.db import connections

    from gongkai.console.mail import sending
    from gongkai.console.models.reminders import set_address

    sending.forget()
    with mail_server() as (port, mails):
        mail = {"host": "127.0.0.1", "port": port, "from": "zwgk@example.gov.cn"}
        world = new_world(tmp_path / "data", template, mail=mail)
        for name in ("clerk-a", "reviewer-a", "both", "auditor", "nobody"):
            set_address(world.people[name], f"{name}@example.gov.cn")
        yield world, mails
    connections.close_all()


def _at(day: int, hour: int, minute: int) -> int:
    """Send what is to be sent at a moment of September 2023."""
    from gongkai.console.live.thread import LIVE
    from gongkai.console.mail.sending import remind

    start_at(datetime(2023, 9, day, hour, minute))
    LIVE.refresh()
    return remind()


def _to(mails: list[EmailMessage], name: str) -> list[EmailMessage]:
    return [one for one in mails if one["To"] == f"{name}@example.gov.cn"]


def test_a_digest_a_person_and_each_level_once(post: Post) -> None:
    world, mails = post
    world.entered("clerk-a", "reviewer-a", A, DECIDED)
    assert _at(20, 8, 0) == 0, "before the hour"
    assert _at(20, 8, 30) == 3
    assert [len(_to(mails, name)) for name in ("clerk-a", "reviewer-a", "both", "auditor", "nobody")] == [1, 1, 1, 0, 0]
    first = _to(mails, "clerk-a")[0].get_content()
    assert "8.2" in first
    assert "一项决策" in first
    assert "3个工作日内到期" in first
    assert "【县人力资源和社会保障局】" in first or "人社" in first
    assert f"/u/{B}/" not in first
    assert _at(20, 9, 0) == 0, "the same day"
    mails.clear()
    assert _at(21, 9, 0) == 0, "the same levels"
    assert _at(22, 9, 0) == 3
    assert "今天到期" in _to(mails, "clerk-a")[0].get_content()
    assert _at(23, 9, 0) == 0, "a Saturday"
    mails.clear()
    assert _at(25, 9, 0) == 3
    assert "其中已逾期" in _to(mails, "clerk-a")[0]["Subject"]


def test_after_a_restart_nobody_is_reminded_again(post: Post) -> None:
    from gongkai.console.mail import sending

    _, mails = post
    assert _at(20, 9, 0) == 3
    mails.clear()
    sending.forget()
    assert _at(20, 9, 5) == 0
    assert mails == []


def test_without_a_server_the_mail_is_sent_later(post: Post) -> None:
    from dataclasses import replace

    from gongkai.console.folder import current, use
    from gongkai.console.mail import sending

    _, mails = post
    folder = current()
    assert folder.settings.mail is not None
    dead = folder.settings.mail.model_copy(update={"port": 1})
    use(replace(folder, settings=folder.settings.model_copy(update={"mail": dead})))
    assert _at(20, 9, 0) == 0
    assert "没有发出" in sending.trouble()
    use(folder)
    assert _at(20, 9, 5) == 0, "not at once again"
    assert _at(20, 9, 11) == 3
    assert len(mails) == 3
    assert sending.trouble() == ""


def test_who_left_gets_nothing(post: Post) -> None:
    world, mails = post
    person = world.people["clerk-a"]
    person.is_active = False
    person.save()
    _at(20, 9, 0)
    assert _to(mails, "clerk-a") == []


def test_the_administrator_sets_the_address_and_tries_the_server(post: Post) -> None:
    from gongkai.console.mail.sending import send_test
    from gongkai.console.models.reminders import address_of

    world, mails = post
    person = world.people["clerk-b"]
    admin = world.client("admin")
    assert admin.post(f"/admin/people/{person.pk}/mail", {"mail": "kein\nBcc: x@y.cn"}).status_code == 422
    assert admin.post(f"/admin/people/{person.pk}/mail", {"mail": "li@example.gov.cn"}).status_code == 303
    assert address_of(person) == "li@example.gov.cn"
    assert "li@example.gov.cn" in admin.get(f"/admin/people/{person.pk}/").content.decode()
    assert admin.post(f"/admin/people/{person.pk}/mail", {"mail": ""}).status_code == 303
    assert address_of(person) == ""
    send_test("li@example.gov.cn")
    assert [one["To"] for one in mails] == ["li@example.gov.cn"]


def test_who_has_not_filed_is_reminded_by_mail_too(post: Post) -> None:
    from gongkai.console.live.thread import LIVE
    from gongkai.console.models import office_store as rows
    from gongkai.console.models.reminders import set_address

    world, mails = post
    world.entered("clerk-a", "reviewer-a", A)
    LIVE.refresh()
    set_address(world.people["clerk-b"], "gone@example.gov.cn")
    evaluator = world.client("evaluator")
    assert "同时收到邮件" in evaluator.get("/county/").content.decode()
    form = {"units": [A, B, C], "text": "请在三日内登记"}
    assert evaluator.post("/county/remind", form).status_code == 303
    assert [one["To"] for one in mails] == ["both@example.gov.cn"], "not who has filed"
    assert "县民政局" in mails[0]["Subject"]
    assert "请在三日内登记" in mails[0].get_content()
    said = {one.unit: (one.mailed, one.mail_trouble) for one in rows.notices()}
    assert said == {B: (1, "姓名clerk-b：邮件服务器不收这个邮箱"), C: (0, "没有人填了邮箱")}
    page = evaluator.get("/county/notices/", {"kind": "reminder"}).content.decode()
    assert "发出 1 封。姓名clerk-b：邮件服务器不收这个邮箱" in page
    notice = rows.notices().get(unit=B)
    assert "发出 1 封" in evaluator.get(f"/notices/{notice.pk}/").content.decode()
    assert "发出 1 封" not in world.client("clerk-b").get(f"/notices/{notice.pk}/").content.decode()
    log = world.folder.audit.read_text("utf-8")
    assert '"who":"evaluator","what":"mail-reminder","person":"both","units":1' in log
    assert '"who":"evaluator","what":"remind"' in log
    mails.clear()
    evaluator.post("/county/remind", {"units": [B]})
    assert mails == [], "a mail that arrived is not sent again"


def test_a_reminder_is_on_the_page_when_no_mail_can_be_sent(post: Post) -> None:
    from dataclasses import replace

    from gongkai.console.folder import current, use
    from gongkai.console.live.thread import LIVE
    from gongkai.console.models import office_store as rows

    world, mails = post
    LIVE.refresh()
    folder = current()
    assert folder.settings.mail is not None
    dead = folder.settings.mail.model_copy(update={"port": 1})
    use(replace(folder, settings=folder.settings.model_copy(update={"mail": dead})))
    evaluator = world.client("evaluator")
    assert evaluator.post("/county/remind", {"units": [A]}).status_code == 303
    notice = rows.notices().get()
    assert notice.mailed == 0
    assert "邮件服务器连不上" in notice.mail_trouble
    assert "邮件服务器连不上" in evaluator.get("/county/notices/").content.decode()
    assert "1 待签收" in world.client("clerk-a").get(f"/u/{A}/").content.decode()
    assert '"what":"mail-reminder","trouble"' in world.folder.audit.read_text("utf-8")
    use(folder)
    evaluator.post("/county/remind", {"units": [A]})
    assert len(_to(mails, "clerk-a")) == 1, "what failed is sent when it is asked for again"
    notice.refresh_from_db()
    assert (notice.mailed, notice.mail_trouble, rows.notices().count()) == (3, "", 1)


def test_no_mail_tells_of_another_unit_or_of_an_applicant(post: Post) -> None:
    import re

    from gongkai.console.models.reminders import set_address
    from tests.console.county import CLERK, LETTERS, REVIEWER, canary, new_county
    from tests.console.unit_routes import UNIT

    world, mails = post
    start_at(datetime(2023, 9, 20, 8, 0))
    new_county(world)
    for letter, unit in LETTERS.items():
        decided = {**DECIDED, "subject": canary(letter, "entry", "decision")}
        world.entered(CLERK[letter], REVIEWER[letter], unit, decided)
    for name in world.people:
        set_address(world.people[name], f"{name}@example.gov.cn")
    assert _at(20, 8, 30) == len(mails) > 3
    told = 0
    for one in mails:
        name = str(one["To"]).partition("@")[0]
        text = "\n".join([one.get_content(), *map(str, one.values())])
        for letter, sort in set(re.findall(r"KANARI([ABC])([a-z]+?)(?:decision|subject|name|wanted|applicant)", text)):
            assert letter in UNIT[name]
            assert sort == "entry"
            told += 1
    assert told > 3
