"""Settings: proposed by one, checked with lines, tried on the ledger, approved by another, every version kept."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING
from unittest import mock

from gongkai.console.folder import current, open_folder, use
from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import runner, runs
from tests.console.world import A

if TYPE_CHECKING:
    from tests.console.world import World

WAIVER = """\
waivers:
  - unit: {unit}
    rule: N6.training
    reason: 机构改革
    approver: 县政府办公室
    from: 2023-01-01
    until: 2023-12-31
"""


def test_a_waiver_is_proposed_tried_approved_and_in_force(world: World) -> None:
    LIVE.refresh()
    evaluator, publisher, clerk = (world.client(one) for one in ("evaluator", "publisher", "clerk-a"))
    form = {"kind": "waivers", "content": WAIVER.format(unit="没有这个局"), "reason": "异议采纳"}
    answer = evaluator.post("/county/settings/new", form)
    assert answer.status_code == 422
    assert "豁免.yaml:2" in answer.content.decode(), "the line is named"
    form["content"] = WAIVER.format(unit=A)
    tried = evaluator.post("/county/settings/new", {**form, "try": "yes"}).content.decode()
    assert "有变化的 1 项" in tried
    assert not rows.proposals().exists()
    assert evaluator.post("/county/settings/new", form)["Location"] == "/county/settings/1/"
    assert clerk.get("/county/settings/1/").status_code == 200
    assert evaluator.post("/county/settings/1/approve").status_code == 403
    assert publisher.post("/county/settings/1/approve").status_code == 303
    assert publisher.post("/county/settings/1/approve").status_code == 409
    row = next(one for one in LIVE.refresh().rows(A) if one["rule"] == "N6.training")
    assert row["status"] == "waived"

    # a run names the version, and a later version leaves it as it is
    arguments = runs.make(world.people["evaluator"], runs.AskedRun("一次", "2023-08-31")).arguments
    assert "approved/waivers-1.yaml" in arguments
    assert evaluator.post("/county/settings/new", {**form, "content": "waivers: []\n"}).status_code == 303
    assert publisher.post("/county/settings/2/approve").status_code == 303
    place = world.folder.root / "approved"
    assert (place / "waivers-1.yaml").read_text("utf-8") == WAIVER.format(unit=A)
    assert json.loads((place / "in-force.json").read_text("utf-8")) == {"waivers": "waivers-2.yaml"}

    # the next start has it too
    again, problems = open_folder(world.folder.root)
    assert again is not None
    assert problems == ()
    assert str(again.settings.waivers) == "approved/waivers-2.yaml"

    # and so has another machine
    from gongkai.console.work.backup import backup, restore

    elsewhere = world.folder.root.with_name("elsewhere")
    assert restore(backup(world.folder, None), elsewhere) == ()
    there, problems = open_folder(elsewhere)
    assert there is not None
    assert (str(there.settings.waivers), problems) == ("approved/waivers-2.yaml", ())
    assert (elsewhere / "approved" / "waivers-1.yaml").is_file()


def test_a_reading_and_a_book_are_checked_before_they_are_approved(world: World) -> None:
    LIVE.refresh()
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    form = {"kind": "readings", "content": "- 8.4.attendance=nonsense\n", "reason": "试试"}
    assert evaluator.post("/county/settings/new", form).status_code == 422
    assert evaluator.post("/county/settings/new", {**form, "content": "- 8.4.attendance=county\n"}).status_code == 303
    assert publisher.post("/county/settings/1/reject", {"remark": ""}).status_code == 422
    assert publisher.post("/county/settings/1/reject", {"remark": "不必"}).status_code == 303
    assert current().settings.readings == ()
    page = evaluator.get("/county/settings/new", {"kind": "books"}).content.decode()
    assert 'name="book" value="jinxiang-2023" checked' in page
    ticked = {"kind": "books", "book": ["regulation-2019"], "reason": "只用条例"}
    assert evaluator.post("/county/settings/new", ticked).status_code == 303
    assert rows.proposals().order_by("-pk")[0].content == "- regulation-2019\n"
    assert "-- jinxiang-2023" in publisher.get("/county/settings/2/").content.decode(), "the line that goes"
    book = {"kind": "books", "content": "- no-such-book\n", "reason": "试试"}
    assert "可用" in evaluator.post("/county/settings/new", book).content.decode()
    use(world.folder)


def test_what_an_objection_leads_to_is_filled_in(world: World) -> None:
    LIVE.refresh()
    page = world.client("evaluator").get(
        "/county/settings/new", {"kind": "waivers", "unit": A, "rule": "N6.training", "reason": "异议采纳"}
    )
    text = page.content.decode()
    assert "rule: N6.training" in text
    assert "异议采纳" in text


POLICY = """\
title: {zh: 评分办法}
indicators:
  - id: organisation
    title: {zh: 组织保障}
    weight: 100
    rules: [%s]
    deduct: [{status: violated, points: 30}]
interview: {score_below: 90}
"""


def test_a_scoring_policy_is_approved_by_another_and_runs_use_its_version(world: World) -> None:
    world.entered("clerk-a", "reviewer-a", A)
    LIVE.refresh()
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    begun = evaluator.get("/county/settings/new", {"kind": "policy"}).content.decode()
    assert "下面的数字只说明写法" in begun
    form = {"kind": "policy", "content": POLICY % "N66", "reason": "常务会定的"}
    answer = evaluator.post("/county/settings/new", form)
    assert answer.status_code == 422
    assert "评分办法.yaml:6" in answer.content.decode(), "the line is named"
    form["content"] = POLICY % "N6, N7"
    tried = evaluator.post("/county/settings/new", {**form, "try": "yes"}).content.decode()
    assert "按这份办法，现在的得分" in tried
    assert "县人社局" in tried or "县人力资源和社会保障局" in tried
    assert not rows.proposals().exists()
    assert runs.policies() == {}
    assert evaluator.post("/county/settings/new", form).status_code == 303
    assert evaluator.post("/county/settings/1/approve").status_code == 403
    assert publisher.post("/county/settings/1/approve").status_code == 303

    # a run uses what is in force, and names the version; an earlier one keeps its own
    page = evaluator.get("/county/runs/new").content.decode()
    assert '<option value="approved/policy-1.yaml" selected>评分办法第1版（现行）' in page
    asked = {"title": "一次", "as_of": "2023-08-31", "policy": "approved/policy-1.yaml"}
    with mock.patch.object(runner, "start", lambda: None):
        assert evaluator.post("/county/runs/new", {**asked, "policy": "policies/own.yaml"}).status_code == 422
        assert evaluator.post("/county/runs/new", asked).status_code == 303
    evaluator.post("/county/settings/new", {**form, "content": POLICY % "N6"})
    publisher.post("/county/settings/2/approve")
    assert list(runs.policies()) == ["approved/policy-2.yaml", "approved/policy-1.yaml"]
    assert runner.work_off() == 1
    run = rows.runs().get()
    assert run.state == "done", run.progress
    assert "--policy approved/policy-1.yaml" in runs.command(run)
    receipt = json.loads((runs.folder_of(run) / "run.json").read_text("utf-8"))
    kept = world.folder.root / "approved" / "policy-1.yaml"
    assert receipt["policy"] == {"file": "policy-1.yaml", "sha256": sha256(kept.read_bytes()).hexdigest()}
    assert (runs.folder_of(run) / "scores.json").is_file()
