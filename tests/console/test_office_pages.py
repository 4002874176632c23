"""进度, 通知, 年度报告, 运行状况, 各县: what they show, and that other counties are only read."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from gongkai.console.folder import ConsoleSettings, use
from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import runs
from tests.console.office_routes import ROUTES
from tests.console.office_world import fill, published
from tests.console.world import A, B, World

if TYPE_CHECKING:
    from pathlib import Path


def test_progress_says_who_has_filed_and_reminds_the_others_once(world: World) -> None:
    world.entered("clerk-a", "reviewer-a", A)
    LIVE.refresh()
    evaluator = world.client("evaluator")
    page = evaluator.get("/county/", {"show": "unfiled"}).content.decode()
    assert f'href="/u/{A}/"' not in page
    assert f'href="/u/{B}/"' in page
    assert evaluator.post("/county/remind", {"units": [A, B]}).status_code == 303
    assert evaluator.post("/county/remind", {"units": [B]}).status_code == 303
    assert [one.unit for one in rows.notices()] == [B], "who has filed is not reminded, nobody twice"
    assert "1 待签收" in world.client("clerk-b").get(f"/u/{B}/").content.decode()
    assert "待签收" not in world.client("clerk-a").get(f"/u/{A}/").content.decode()


def test_a_notice_is_sent_by_another_and_signed_for(world: World) -> None:
    run = published(world, "county")
    evaluator, publisher, reviewer = (world.client(one) for one in ("evaluator", "publisher", "reviewer-a"))
    form = {"run": str(run.number), "what": "rectification", "units": A}
    assert evaluator.post("/county/notices/prepare", form).status_code == 303
    notice = rows.notices().get()
    assert reviewer.get(f"/notices/{notice.pk}/").status_code == 404
    assert publisher.post("/county/notices/send", {"notice": str(notice.pk)}).status_code == 303
    content = b"".join(reviewer.get(f"/notices/{notice.pk}/file"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "KANARIAownreason" in packed.read("word/document.xml").decode()
    assert b"".join(reviewer.get(f"/notices/{notice.pk}/list")).startswith(b"PK"), "its own list is with it"
    assert world.client("clerk-b").get(f"/notices/{notice.pk}/list").status_code == 404
    assert world.client("clerk-a").post(f"/notices/{notice.pk}/sign").status_code == 403
    assert reviewer.post(f"/notices/{notice.pk}/sign").status_code == 303
    assert reviewer.post(f"/notices/{notice.pk}/sign").status_code == 409
    assert "已签收" in publisher.get("/county/notices/", {"state": "signed"}).content.decode()


def test_the_annual_tables_are_live(world: World) -> None:
    world.entered("clerk-a", "reviewer-a", A)
    LIVE.refresh()
    page = world.client("clerk-a").get(f"/u/{A}/annual/2023/").content.decode()
    assert page.count("<table>") == 3
    assert world.client("auditor").get("/county/annual/2023/", {"file": "xlsx"}).content.startswith(b"PK")
    assert world.client("auditor").get("/county/annual/1999/").status_code == 404


def test_health_says_what_is_missing_and_verifies_the_ledger(world: World) -> None:
    from gongkai.console.work.backup import backup

    world.entered("clerk-a", "reviewer-a", A)
    admin = world.client("admin")
    page = admin.get("/admin/health").content.decode()
    assert "还没有备份" in page
    assert "还没有校验过" in page
    backup(world.folder, None)
    assert admin.post("/admin/health/verify").status_code == 303
    page = admin.get("/admin/health").content.decode()
    assert "该备份了" not in page
    assert "完好" in page.partition("账本校验")[2].partition("</div>")[0]
    ledger = world.folder.ledger / "entries.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"2023-08-01", b"2023-08-02"))
    admin.post("/admin/health/verify")
    assert "完好" not in admin.get("/admin/health").content.decode().partition("账本校验")[2].partition("</div>")[0]


def test_other_counties_are_read_and_never_written(world: World, tmp_path: Path) -> None:
    run = published(world, "county")
    other = tmp_path / "another"
    other.mkdir()
    (world.folder.root / "runs").rename(other / "runs")
    settings = ConsoleSettings(counties={"邻县": other, "远县": tmp_path / "nothing"})
    use(replace(world.folder, settings=settings))
    auditor = world.client("auditor")
    page = auditor.get("/city/").content.decode()
    assert "年中评估" in page
    assert "读不到" in page
    before = runs.manifest(other)
    assert auditor.get(f"/city/邻县/{run.number}/index.html").status_code == 200
    for name in ("../../gongkai.yaml", "nothing", "../1.published.json"):
        assert auditor.get(f"/city/邻县/{run.number}/{name}").status_code == 404
    assert runs.manifest(other) == before
    path = other / "runs" / str(run.number) / "index.html"
    path.write_text("anders", encoding="utf-8")
    assert auditor.get(f"/city/邻县/{run.number}/index.html").status_code == 404, "what was changed is not shown"
    assert world.client("clerk-a").get("/city/").status_code in {403, 404}


def test_what_was_open_before_is_told_and_orders_go_out_together(world: World) -> None:
    evaluator, publisher, clerk = (world.client(one) for one in ("evaluator", "publisher", "clerk-a"))
    first = published(world, "county")
    later = runs.make(world.people["evaluator"], runs.AskedRun("年度评估", "2023-09-10"))
    fill(later, sort="whole")
    runs.publish(world.people["publisher"], later, "county", date(2023, 9, 30))
    form = {"run": str(later.number), "due": "2023-10-10", "units": [A, B]}
    assert evaluator.post("/county/rectification/prepare", form).status_code == 303
    page = publisher.get("/county/rectification/", {"state": "long"}).content.decode()
    assert page.count("长期未整改</span>") == 2, "both were a problem in the earlier run"
    assert page.count('type="checkbox" name="one"') == 2
    assert 'name="one"' not in evaluator.get("/county/rectification/").content.decode(), "who prepared does not order"
    keys = [f"{one.unit}/{one.number}" for one in rows.rectifications().order_by("unit")]
    assert evaluator.post("/county/rectification/order", {"one": keys}).status_code == 403
    assert publisher.post("/county/rectification/order", {"one": keys}).status_code == 303
    assert {one.state for one in rows.rectifications()} == {"ordered"}
    assert publisher.post("/county/rectification/order", {"one": keys}).status_code == 409
    assert "长期未整改" in clerk.get(f"/u/{A}/rectification/").content.decode()
    assert "长期未整改" in clerk.get(f"/u/{A}/rectification/1/").content.decode()
    form["run"] = str(first.number)
    evaluator.post("/county/rectification/prepare", form)
    assert evaluator.get("/county/rectification/", {"state": "long"}).content.decode().count("长期未整改</span>") == 2


def test_the_lists_of_a_policy_lead_to_notices(world: World) -> None:
    run = published(world, "county")
    folder = runs.folder_of(run)
    units = [
        {"unit": A, "unit_name": "甲局", "praise": True, "interview": False},
        {"unit": B, "unit_name": "乙局", "praise": False, "interview": True},
    ]
    (folder / "scores.json").write_text(json.dumps({"policy": "本县的办法", "units": units}), encoding="utf-8")
    evaluator = world.client("evaluator")
    page = evaluator.get(f"/county/runs/{run.number}/").content.decode()
    assert "按“本县的办法”列出的名单" in page
    assert "约谈 1 个单位：乙局" in page
    assert f"?run={run.number}&amp;what=interview&amp;units={B}#prepare" in page or f"what=interview&units={B}" in page
    filled = evaluator.get(
        "/county/notices/", {"run": str(run.number), "what": "interview", "units": B}
    ).content.decode()
    assert f'name="units" value="{B}" checked' in filled
    assert f'name="units" value="{A}" checked' not in filled
    assert '<option value="interview" selected>' in filled
    assert "起草约谈通知" not in world.client("publisher").get(f"/county/runs/{run.number}/").content.decode()


def test_the_auditor_reads_acts_and_their_ends_in_words(world: World) -> None:
    evaluator, clerk = world.client("evaluator"), world.client("clerk-a")
    assert evaluator.post("/county/settings/new", {"kind": "readings", "content": "- a"}).status_code == 422
    assert clerk.post("/county/remind").status_code in {403, 404}
    auditor = world.client("auditor")
    page = auditor.get("/audit/").content.decode()
    assert "<td>提议设置</td>" in page
    assert "有错，没有做" in page
    found = auditor.get("/audit/", {"what": "催报"}).content.decode()
    assert "<td>催报</td>" in found
    assert "<td>提议设置</td>" not in found


def test_every_act_of_the_audit_log_has_a_name() -> None:
    from django.urls import get_resolver

    from gongkai.console.work.acts import act_names

    names = {str(getattr(one, "name", "")) for one in get_resolver().url_patterns}
    taken = {name for name in names if name in act_names()}
    posts = {name for name, pages in ROUTES.items() if any(one.post is not None for one in pages)}
    assert posts - taken == set()
    assert set(act_names()) - names == {"mail", "mail-reminder", "console-import"}


def test_how_much_of_the_ledger_counts_is_told(world: World) -> None:
    first = world.entered("clerk-a", "reviewer-a", A)
    world.entered(
        "clerk-a",
        "reviewer-a",
        A,
        {"type": "training.held", "occurred_at": "2023-08-02", "corrects": first.event_id(1)},
    )
    LIVE.refresh()
    assert (
        "账本有 2 条记录，算进来 1 条；被更正、撤回的 1 条不再算"
        in world.client("auditor").get("/county/").content.decode()
    )


def test_a_wrong_time_to_mend_is_told_before_the_run(world: World) -> None:
    form = {"title": "一次", "as_of": "2023-08-31", "rectify_within": "很快"}
    answer = world.client("evaluator").post("/county/runs/new", form)
    assert answer.status_code == 422
    assert "整改时限写成 10个工作日" in answer.content.decode()
    assert not rows.runs().exists()


def test_everybody_sees_what_waits_for_him(world: World) -> None:
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    assert "等您处理的" not in publisher.get("/").content.decode()
    run = published(world, "county")
    evaluator.post("/county/notices/prepare", {"run": str(run.number), "what": "rectification", "units": [A, B]})
    evaluator.post("/county/rectification/prepare", {"run": str(run.number), "due": "2023-10-10", "units": [A]})
    waiting = runs.make(world.people["evaluator"], runs.AskedRun("年度评估", "2023-09-10"))
    fill(waiting, sort="own")
    for address in ("/", "/county/"):
        page = publisher.get(address).content.decode()
        assert "<b>2</b>通知等您发出" in page
        assert "<b>1</b>整改等您下达" in page
        assert "<b>1</b>运行等您公布" in page
        assert "等您" not in evaluator.get(address).content.decode(), "what somebody prepared does not wait for himself"
        assert "等您" not in world.client("auditor").get(address).content.decode()
    for address in ("/county/requests/", "/county/submissions/"):
        assert 'aria-label="县里"' in publisher.get(address).content.decode(), "the menu is on every page of the office"
