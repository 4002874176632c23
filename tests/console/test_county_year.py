"""A county's year in Chromium: filed, assessed, evaluated, objected to, mended, evaluated again, published."""

from __future__ import annotations

import shlex
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from gongkai.cli import command_tree
from gongkai.console.clock import start_at
from gongkai.console.office.runs import manifest
from tests.console.pages import CHROMIUM, PATIENCE, says
from tests.console.server import start
from tests.console.world import PASSWORD, A, B, C, World, new_world, training

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PEOPLE = ("clerk-a", "reviewer-a", "evaluator", "publisher")


@pytest.fixture
def desks(tmp_path: Path, template: Path) -> Iterator[Desks]:
    """A running console in January, over what three units filed during the year; the other units filed nothing."""
    root = tmp_path / "data"
    world = new_world(root, template)
    for name in PEOPLE:
        world.people[name].set_password(PASSWORD)
        world.people[name].save()
    for day, clerk, reviewer, unit in (
        (datetime(2023, 5, 8, 9, 0), "clerk-a", "reviewer-a", A),
        (datetime(2023, 6, 5, 9, 0), "clerk-b", "reviewer-b", B),
        (datetime(2023, 6, 6, 9, 0), "clerk-c", "publisher", C),
    ):
        start_at(day)
        world.entered(clerk, reviewer, unit, training(day=f"{day:%Y-%m}-03"))
    from django.db import connections

    connections.close_all()
    (root / "gongkai.yaml").write_text("clock: 2024-01-05T09:00:00\nreview-by-county: [shuiwu]\n", encoding="utf-8")
    server = start(root)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Desks(browser, server.address, world)
        browser.close()
    server.end()


class Desks:
    """Everybody at a desk of his own, without JavaScript."""

    def __init__(self, browser: Browser, address: str, world: World) -> None:
        self.address = address
        self.world = world
        self._browser = browser
        self._pages: dict[str, Page] = {}

    def at(self, who: str, path: str) -> Page:
        """Return the page of somebody, at an address."""
        page = self._pages.get(who)
        if page is None:
            page = self._pages[who] = self._browser.new_context(java_script_enabled=False).new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{self.address}/login")
            page.get_by_label("用户名").fill(who)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
        page.goto(f"{self.address}{path}")
        return page

    def run(self, title: str, *, previous: bool = False, **fields: str) -> int:
        """Let the evaluator make a run, wait for its end, and return its number."""
        page = self.at("evaluator", fields.pop("address", "/county/runs/new"))
        page.get_by_label("名称").fill(title)
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        if previous:
            for box in page.locator("input[name=previous]").all():
                box.check()
        page.get_by_role("button", name="开始运行").click()
        end = time.monotonic() + 120
        while "已完成" not in page.locator("h1").inner_text():
            assert time.monotonic() < end, page.locator("main").inner_text()
            assert "没有完成" not in page.locator("main").inner_text()
            time.sleep(0.5)
            page.reload()
        return int(page.url.rstrip("/").rpartition("/")[2])

    def publish(self, number: int) -> None:
        """Let the publisher publish a run to each unit."""
        page = self.at("publisher", f"/county/runs/{number}/")
        page.locator("[name=audience]").select_option("units")
        page.get_by_label("异议到哪天").fill("2024-01-15")
        page.get_by_role("button", name="公布").click()
        expect(page.locator("h1")).to_contain_text("已公布")


def test_a_countys_year(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    _progress(desks)
    _assess(desks)
    first = desks.run("年中评估", as_of="2023-06-30", known_by="2023-12-31")
    desks.publish(first)
    _notice(desks)
    _object(desks, first)
    _mend(desks)
    revised = desks.run("年中评估（修订）", address=f"/county/runs/new?revises={first}", known_by="2024-01-06")
    page = desks.at("evaluator", f"/county/runs/{revised}/compare/{first}")
    row = page.get_by_role("row").filter(has_text="补登")
    assert "按期完成" in row.first.inner_text(), page.locator("main").inner_text()
    desks.publish(revised)
    year = desks.run("年度评估", previous=True, as_of="2023-12-31", known_by="2024-01-06")
    desks.publish(year)
    page = desks.at("clerk-a", f"/u/{A}/runs/{year}/")
    says(page, "年度评估")

    # what was published is what the printed command writes
    page = desks.at("publisher", f"/county/runs/{year}/")
    words = shlex.split(page.locator("code").first.inner_text())
    root = desks.world.folder.root
    monkeypatch.chdir(root)
    command_tree()([*words[1:-1], "again"], standalone_mode=False)
    assert manifest(root / "again") == manifest(root / "runs" / str(year))


def _progress(desks: Desks) -> None:
    """Who has not filed is reminded, once."""
    page = desks.at("evaluator", "/county/?show=unfiled")
    for _ in range(20):  # the first verdicts take their time on a busy machine
        if "催报" in page.locator("main").inner_text():
            break
        time.sleep(0.5)
        page.reload()
    names = page.get_by_role("rowheader").all_inner_texts()
    assert not {"县人社局", "县民政局", "县水务局"} & set(names)
    assert len(names) > 30
    page.get_by_role("button", name="催报").click()
    says(page, "已发，待签收")


def _assess(desks: Desks) -> None:
    page = desks.at("evaluator", f"/county/assess/?of={A}")
    page.locator("table a").first.click()
    page.get_by_label("不合格").check()
    page.locator("#f-reason").fill("没有见到材料")
    page.get_by_label("评定日期").fill("2023-12-20")
    page.get_by_role("button", name="保存，看下一项").click()
    page = desks.at("publisher", "/county/assess/")
    page.locator(".duties a").first.click()
    page.get_by_role("button", name="同意，入账").click()
    says(page, "已入账")


def _notice(desks: Desks) -> None:
    page = desks.at("evaluator", "/county/notices/")
    form: Any = page.locator("form[action$=prepare]")
    form.locator("[name=run]").select_option(index=1)
    form.locator("[name=what]").select_option("rectification")
    form.locator("summary").click()
    form.locator(f"input[value={A}]").check()
    form.get_by_role("button", name="起草").click()
    page = desks.at("publisher", "/county/notices/?state=prepared")
    page.get_by_role("button", name="发出勾上的").click()
    page = desks.at("reviewer-a", f"/u/{A}/notices/")
    page.get_by_role("link", name="整改通知单").first.click()
    page.get_by_role("button", name="签收").click()
    says(page, "已签收")


def _object(desks: Desks, number: int) -> None:
    """What the unit had not logged is logged now; the objection names it, and is partly upheld."""
    page = desks.at("clerk-a", f"/u/{A}/new/annual_report.published")
    page.locator("#f-occurred_at").fill("2023-01-20")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="提交审核").click()
    address = page.url.removeprefix(desks.address)
    page = desks.at("reviewer-a", address)
    page.get_by_role("button", name="同意，入账").click()
    page = desks.at("clerk-a", f"/u/{A}/runs/{number}/")
    page.get_by_role("row").filter(has_text="第四十九条").get_by_role("link").first.click()
    page.locator("[name=ground]").select_option("missing")
    page.locator("[name=statement]").fill("年报一月二十日已经公布，漏登了")
    page.get_by_role("button", name="保存").click()
    page.locator("input[name=linked]").first.check()
    page.get_by_role("button", name="保存").click()
    page = desks.at("reviewer-a", f"/u/{A}/objections/1/")
    page.get_by_role("button", name="提出").click()
    page = desks.at("publisher", f"/u/{A}/objections/1/")
    page.locator("[name=decision]").select_option("partly")
    page.locator("[name=follows]").select_option("correction")
    page.locator("[name=answer]").fill("补登的算，其余维持")
    page.get_by_role("button", name="处理").click()
    says(desks.at("clerk-a", f"/u/{A}/objections/1/"), "部分采纳")


def _mend(desks: Desks) -> None:
    """A problem is ordered, filled in, returned once, filled in again and accepted."""
    page = desks.at("evaluator", "/county/rectification/")
    form = page.locator("form[action$=prepare]")
    form.locator("[name=run]").select_option(index=1)
    form.locator("[name=due]").fill("2024-02-01")
    form.locator("summary").click()
    form.locator(f"input[value={A}]").check()
    form.get_by_role("button", name="起草").click()
    mine = f"/u/{A}/rectification/1/"
    desks.at("publisher", mine).get_by_role("button", name="下达").click()
    for measure in ("补报了", "补报了，附回执"):
        page = desks.at("clerk-a", mine)
        page.locator("[name=measure]").fill(measure)
        page.locator("[name=done_on]").fill("2024-01-04")
        page.get_by_role("button", name="保存，交本单位审核").click()
        desks.at("reviewer-a", mine).get_by_role("button", name="同意，报县里").click()
        page = desks.at("publisher", mine)
        if measure == "补报了":
            page.locator("#f-return").fill("缺回执")
            page.get_by_role("button", name="退回，继续整改").click()
    page.get_by_role("button", name="销号").click()
    expect(page.locator("h1")).to_contain_text("已销号")
