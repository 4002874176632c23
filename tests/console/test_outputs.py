"""What leaves the console besides pages: calendar, printable page, workbooks; and the command that starts it."""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

import openpyxl
from icalendar import Calendar

from tests.console.world import A, B

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.console.world import World


def test_the_calendar_of_a_unit_is_read_without_signing_in(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.refresh()
    clerk = world.client("clerk-a")
    page = clerk.post(f"/u/{A}/calendar").content.decode()
    address = page.split("<code>")[1].split("</code>")[0].removeprefix("http://127.0.0.1")
    anybody = world.client(None)
    answer = anybody.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    days = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len(days) > 5
    assert anybody.get(address.replace(A, B)).status_code == 404
    clerk.post(f"/u/{A}/calendar")
    assert anybody.get(address).status_code == 404, "a new address ends the earlier one"


def test_the_printable_page_and_the_workbooks(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.refresh()
    clerk = world.client("clerk-a")
    printed = clerk.get(f"/u/{A}/print")
    assert "县人力资源和社会保障局" in printed.content.decode()
    assert "script-src" not in printed["Content-Security-Policy"]
    for name in ("fill-in.xlsx", "template.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"/u/{A}/{name}").content))
        assert book.sheetnames


def test_an_explanation_has_the_words_and_the_days(world: World) -> None:
    from gongkai.console.live.thread import LIVE
    from gongkai.console.screens.duties import duty_key

    decided = {"type": "decision.issued", "subject": "一项决策", "occurred_at": "2023-09-15", "data.consulted": "true"}
    world.entered("clerk-a", "reviewer-a", A, decided)
    snapshot = LIVE.refresh()
    row = next(one for one in snapshot.rows(A) if one["rule"] == "8.2.feedback" and one["subject"] == "一项决策")
    page = world.client("clerk-a").get(f"/u/{A}/duty/{duty_key(row)}").content.decode()
    assert "2023-09-20" in page
    assert "3个工作日" in page


def test_serving_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gongkai.cli import run

    assert run(["serve"]) == 2
    assert "数据文件夹" in capsys.readouterr().err
    assert run(["serve", str(tmp_path / "d"), "--listen", "0.0.0.0:8000"]) == 2
    assert "--behind" in capsys.readouterr().err
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "gongkai.yaml").write_text("bokks: [x]", encoding="utf-8")
    assert run(["serve", str(tmp_path / "bad")]) == 2
    assert "books" in capsys.readouterr().err
    assert run(["console", "verify", str(tmp_path / "nothing")]) == 2
    assert not (tmp_path / "nothing").exists()


def test_the_first_start_prints_a_link_for_the_administrator(tmp_path: Path) -> None:
    from tests.console.server import start

    root = tmp_path / "data"
    root.mkdir()
    server = start(root)
    try:
        end = time.monotonic() + 60
        while f"{server.address}/start/" not in (root / "server.log").read_text("utf-8"):  # it answers before it prints
            assert time.monotonic() < end
            time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2]))):
            pass
        assert oct((root / "secret").stat().st_mode)[-3:] == "600"
    finally:
        server.end()
