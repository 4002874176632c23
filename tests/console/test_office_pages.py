"""进度, 通知, 年度报告, 运行状况, 各县: what they show, and that other counties are only read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from gongkai.console.folder import ConsoleSettings, use
from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import runs
from tests.console.office_world import fill
from tests.console.world import A, B, World

if TYPE_CHECKING:
    from pathlib import Path

    from gongkai.console.models import CountyRun


def _published(world: World) -> CountyRun:
    run = runs.make(world.people["evaluator"], runs.AskedRun("年中评估", "2023-08-31"))
    fill(run, sort="own")
    runs.publish(world.people["publisher"], run, "county", date(2023, 9, 30))
    run.refresh_from_db()
    return run


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
    run = _published(world)
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
    run = _published(world)
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
