"""Official runs: made by one, published by another; what is published is what the printed command writes."""

from __future__ import annotations

import shlex
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from django.db import connections

from gongkai.cli import command_tree
from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import runner, runs
from tests.console.server import Visitor, start
from tests.console.world import A, B, World, training

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

FORM = {"title": "年中评估", "as_of": "2023-08-31", "known_by": "2023-09-20T23:59", "rectify_within": "10 working days"}


def test_a_run_is_made_published_and_revised(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator, publisher, clerk = (world.client(name) for name in ("evaluator", "publisher", "clerk-a"))
    world.entered("clerk-b", "reviewer-b", B)
    with mock.patch.object(runner, "start", lambda: None):
        assert evaluator.post("/county/runs/new", FORM)["Location"] == "/county/runs/1/"
    assert "排队" in evaluator.get("/county/runs/1/").content.decode()
    assert publisher.post("/county/runs/1/publish", {"audience": "units"}).status_code == 409
    assert runner.work_off() == 1
    run = rows.runs().get()
    assert run.state == "done", run.progress
    assert "写出报告" in run.progress, "the process told what it was doing"

    # the printed command writes the same folder, byte for byte
    words = shlex.split(runs.command(run, "again"))
    monkeypatch.chdir(world.folder.root)
    assert words[0] == "gongkai"
    command_tree()(words[1:], standalone_mode=False)
    assert runs.manifest(world.folder.root / "again") == run.files

    # nobody sees it before it is published, and not by its maker
    assert clerk.get(f"/u/{A}/runs/1/").status_code == 404
    assert evaluator.post("/county/runs/1/publish", {"audience": "units"}).status_code == 403
    assert publisher.post("/county/runs/1/publish", {"audience": "units", "until": "2023-09-01"}).status_code == 422
    assert publisher.post("/county/runs/1/publish", {"audience": "units", "until": "2023-9-30"}).status_code == 303
    page = clerk.get(f"/u/{A}/runs/1/").content.decode()
    assert "未完成" in page or "未落实" in page or "✗" in page
    assert clerk.get("/county/runs/1/files/index.html").status_code == 403
    assert (world.folder.root / "runs" / "1.published.json").is_file()

    public = evaluator.get("/county/runs/1/public/index.html")
    assert public.status_code == 200
    assert b"w-minzheng" not in public.content, "ids of entries are left out"
    assert clerk.get("/county/runs/1/public/index.html").status_code in {403, 404}
    _revised(world)


def _revised(world: World) -> None:
    """A revised run asks of the same day, with what was recorded later, and names the causes."""
    from datetime import datetime

    from gongkai.console.clock import start_at

    evaluator = world.client("evaluator")
    start_at(datetime(2023, 9, 25, 9, 0))
    world.entered("clerk-a", "reviewer-a", A, training(day="2023-08-15"))
    shown = evaluator.get("/county/runs/new", {"revises": "1"}).content.decode()
    assert 'value="2023-08-31"' in shown
    assert 'value="2023-09-25"' in shown
    form = {**FORM, "title": "修订", "revises": "1"}
    assert "登记截止要晚于" in evaluator.post("/county/runs/new", form).content.decode()
    assert (
        "截至日要和原来的一样" in evaluator.post("/county/runs/new", {**form, "as_of": "2023-07-31"}).content.decode()
    )
    later = {**form, "known_by": "2023-09-25"}
    assert "不早于这一次" in evaluator.post("/county/runs/new", {**later, "previous": "1"}).content.decode()
    with mock.patch.object(runner, "start", lambda: None):
        assert evaluator.post("/county/runs/new", later).status_code == 303
    runner.work_off()
    text = evaluator.get("/county/runs/2/compare/1").content.decode()
    assert "已整改" in text or "已按期完成" in text
    assert "补登" in text or "后补进台账" in text, "the cause is named"


def test_a_run_that_was_touched_is_not_published(world: World) -> None:
    from tests.console.office_world import fill

    run = runs.make(world.people["evaluator"], runs.AskedRun("一次", "2023-08-31"))
    fill(run, sort="runs")
    path = runs.folder_of(run) / "verdicts.jsonl"
    path.write_text(path.read_text("utf-8").replace("violated", "met"), encoding="utf-8")
    answer = world.client("publisher").post("/county/runs/1/publish", {"audience": "county"})
    assert answer.status_code == 409
    assert "改动过" in answer.content.decode()


def test_a_run_that_was_broken_off_is_run_again_and_one_that_cannot_run_says_why(world: World) -> None:
    asked = runs.AskedRun("一次", "2023-08-31", readings=("8.4.attendance=nonsense",))
    run = runs.make(world.people["evaluator"], asked)
    rows.runs().update(state="running")
    with mock.patch.object(runner, "start", lambda: None):
        runner.recover()
    run.refresh_from_db()
    assert run.state == "queued"
    runner.work_off()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "nonsense" in world.client("evaluator").get("/county/runs/1/").content.decode()
    assert not runs.folder_of(run).exists()


def test_a_second_run_waits_and_can_be_taken_out_of_the_queue(world: World) -> None:
    evaluator, publisher, clerk = (world.client(name) for name in ("evaluator", "publisher", "clerk-a"))
    started: list[str] = []
    with mock.patch.object(runner, "start", lambda: started.append("")):
        for title in ("第一次", "第二次"):
            assert evaluator.post("/county/runs/new", {**FORM, "title": title}).status_code == 303
    assert [one.state for one in rows.runs().order_by("number")] == ["queued", "queued"]
    assert "取消这次运行" in evaluator.get("/county/runs/2/").content.decode()
    assert publisher.post("/county/runs/2/cancel").status_code == 403
    assert clerk.post("/county/runs/2/cancel").status_code in {403, 404}
    assert evaluator.post("/county/runs/2/cancel").status_code == 303
    assert "取消了这次运行" in publisher.get("/county/runs/2/").content.decode()
    assert evaluator.post("/county/runs/2/cancel").status_code == 409
    with mock.patch.object(runner, "_evaluated", return_value=1) as evaluated:
        assert runner.work_off() == 1
    assert [one.args[0].number for one in evaluated.call_args_list] == [1]
    assert len(started) == 2


def test_a_run_that_breaks_does_not_hold_up_the_next_one(world: World) -> None:
    for _ in range(2):
        runs.make(world.people["evaluator"], runs.AskedRun("一次", "2023-08-31"))
    with mock.patch("gongkai.console.office.runner.subprocess.Popen", side_effect=OSError("no more processes")):
        assert runner.work_off() == 2
    assert [one.state for one in rows.runs().order_by("number")] == ["failed", "failed"]
    assert "编号" in rows.runs().order_by("number")[0].progress


def test_a_run_under_way_is_ended_and_pages_go_on(world: World) -> None:
    """The process stands still here; the server's threads do not."""
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    run = runs.make(world.people["evaluator"], runs.AskedRun("一次", "2023-08-31"))
    LIVE.refresh()
    with mock.patch.object(runner, "_CHILD", "tests.console.slow_child"):
        at_work = threading.Thread(target=_work_off)
        at_work.start()
        _wait(lambda: "正在算" in publisher.get("/county/runs/1/").content.decode())
        assert world.client("clerk-a").get(f"/u/{A}/").status_code == 200
        form = {"occurred_at": "2023-08-01"}
        assert world.client("clerk-a").post(f"/u/{A}/new/training.held", form).status_code == 303
        assert evaluator.post("/county/runs/1/cancel").status_code == 303
        at_work.join(20)
    assert not at_work.is_alive()
    run.refresh_from_db()
    assert (run.state, run.progress) == ("failed", "姓名evaluator取消了这次运行。")
    assert not list((world.folder.root / "runs").glob("**/*work*")), "nothing half written stays"


def _work_off() -> None:
    try:
        runner.work_off()
    finally:
        connections.close_all()


def _wait(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_server_that_is_killed_in_the_middle_of_a_run_runs_it_again(world: World) -> None:
    root = world.folder.root
    (root / "gongkai.yaml").write_text("clock: 2023-09-20T10:00:00\nbooks: [regulation-2019]\n", encoding="utf-8")
    session = world.client("evaluator").cookies["gongkai-session"]
    connections.close_all()
    server = start(root)
    visitor = Visitor(server, (session.key, session.value))
    form = {"title": "一次", "as_of": "2023-08-31"}
    for _ in range(2):
        assert visitor.post("/county/runs/new", form, "/county/runs/new")[0] == 303
    _wait(lambda: "运行中" in visitor.get("/county/runs/1/")[1])
    assert "排队" in visitor.get("/county/runs/2/")[1]
    assert visitor.get("/county/assess/")[0] == 200, "pages are there while it runs"
    child = _children(server.process.pid)
    server.kill()
    assert child
    _wait(lambda: not any(_lives(one) for one in child), 20)
    server = start(root)
    visitor.server = server
    try:
        _wait(lambda: "已完成" in visitor.get("/county/runs/1/")[1], 120)
        assert visitor.post("/county/runs/2/cancel", {}, "/county/runs/2/")[0] in {303, 409}
    finally:
        server.end()
    run = rows.runs().get(number=1)
    assert runs.manifest(root / "runs" / "1") == run.files
    assert {one.name for one in (root / "runs").iterdir() if one.name.startswith(".") and one.is_dir()} == set()


def _children(parent: int) -> list[int]:
    """Return the processes that a process began, whichever of its threads did."""
    found = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(one) for path in found for one in path.read_text("ascii").split()]


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
