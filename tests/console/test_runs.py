"""Official runs: made by one, published by another; what is published is what the printed command writes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from unittest import mock

from gongkai.cli import app
from gongkai.console.models import office_store as rows
from gongkai.console.office import runner, runs
from tests.console.world import A, B, World, training

if TYPE_CHECKING:
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
    app(words[1:], standalone_mode=False)
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
