"""The main journeys in Chromium: with and without JavaScript, by keyboard, on phone and desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from playwright.sync_api import expect, sync_playwright

from gongkai.console.office import objecting, runs
from tests.console.office_world import fill, obligation
from tests.console.pages import CHROMIUM, PATIENCE, says
from tests.console.server import start
from tests.console.world import PASSWORD, A, World, new_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 420, "height": 900}, {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[tuple[str, World]]:
    """A running console with people who have passwords."""
    root = tmp_path_factory.mktemp("browser") / "data"
    world = new_world(root, template)
    for name in ("clerk-a", "reviewer-a", "clerk-b", "evaluator", "publisher", "auditor", "admin"):
        person = world.people[name]
        person.set_password(PASSWORD)
        person.save()
    _office(world)
    from django.db import connections

    connections.close_all()
    (root / "gongkai.yaml").write_text("clock: 2023-09-20T10:00:00\nreview-by-county: [shuiwu]\n", encoding="utf-8")
    server = start(root)
    yield server.address, world
    server.end()


def _office(world: World) -> None:
    """A run to publish, and an objection to one that is published."""
    for title in ("年中评估", "年度评估"):
        run = runs.make(world.people["evaluator"], runs.AskedRun(title, "2023-08-31"))
        fill(run, sort="own")
        if title == "年中评估":
            runs.publish(world.people["publisher"], run, "units", None)
            run.refresh_from_db()
            row = runs.row_of(run, obligation("A"))
            assert row is not None
            one = objecting.draft(world.people["clerk-a"], run, row, "N6", ("missing", "漏登"))
            objecting.submit(world.people["reviewer-a"], one)


@pytest.fixture(scope="module")
def chromium(site: tuple[str, World]) -> Iterator[Browser]:
    del site  # the browser comes after it
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def sign_in(chromium: Browser, site: tuple[str, World], name: str, *, script: bool, size: dict[str, int]) -> Page:
    """Return a page in which somebody is signed in."""
    viewport: Any = size
    page = chromium.new_context(viewport=viewport, java_script_enabled=script).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site[0]}/login")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


@pytest.mark.parametrize(("script", "size"), [(False, DESK), (True, PHONE)])
def test_a_policy_by_form_from_the_clerk_to_the_list(
    chromium: Browser,
    site: tuple[str, World],
    script: bool,
    size: dict[str, int],
) -> None:
    number = f"金人社发〔2023〕{'7' if script else '8'}号"
    clerk = sign_in(chromium, site, "clerk-a", script=script, size=size)
    clerk.get_by_role("link", name="登记一件事").first.click()
    clerk.get_by_role("link", name="印发政策文件").or_(clerk.get_by_role("link", name="政策印发")).or_(
        clerk.locator("a[href$='policy.issued']")
    ).first.click()
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("alert")).to_be_visible()
    expect(clerk.locator("[aria-invalid=true]").first).to_be_visible()
    clerk.locator("#f-subject").fill(number)
    clerk.locator("#f-occurred_at").fill("2023年9月18日")
    clerk.locator("#f-data-normative").select_option("true")
    clerk.get_by_role("button", name="保存").click()
    says(clerk, "试算")
    clerk.get_by_role("button", name="提交审核").click()
    says(clerk, "待审核")
    address = clerk.url
    reviewer = sign_in(chromium, site, "reviewer-a", script=script, size=size)
    reviewer.goto(address)
    reviewer.get_by_label("退回理由").fill("日期不对")
    reviewer.get_by_role("button", name="退回", exact=True).click()
    clerk.goto(address)
    says(clerk, "日期不对")
    clerk.get_by_role("link", name="修改", exact=True).click()
    clerk.locator("#f-occurred_at").fill("2023-9-19")
    clerk.get_by_role("button", name="保存").click()
    clerk.get_by_role("button", name="提交审核").click()
    reviewer.goto(address)
    reviewer.get_by_role("button", name="同意，入账").click()
    says(reviewer, "已入账")
    for _ in range(20):  # on a busy machine the page may say that it is still being judged
        clerk.goto(f"{site[0]}/u/{A}/")
        if "正在核算" not in clerk.locator("main").inner_text():
            break
    says(clerk, number)


def test_a_sheet_with_two_mistakes_is_mended_in_the_page(
    chromium: Browser, site: tuple[str, World], tmp_path: Path
) -> None:
    file = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("台账")
    rows = [
        ("类型", "主题", "发生日期", "标题"),
        ("政务信息公开", "一条信息", "2023-08-41", "一"),
        ("没有这种事", "又一条", "2023-08-02", "二"),
        ("业务培训", "", "2023-08-03", "三"),
    ]
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    book.close()
    clerk = sign_in(chromium, site, "clerk-a", script=False, size=DESK)
    clerk.goto(f"{site[0]}/u/{A}/upload/")
    clerk.get_by_label("台账文件").set_input_files(file)
    clerk.get_by_role("button", name="上传").click()
    expect(clerk.locator("[aria-invalid=true]").nth(1)).to_be_visible()
    clerk.locator("input[name='cell:台账!C2']").fill("2023-08-01")
    clerk.locator("input[name='cell:台账!A3']").fill("业务培训")
    if clerk.locator("input[name='cell:台账!A2']").count():
        clerk.locator("input[name='cell:台账!A2']").fill("业务培训")
    clerk.get_by_role("button", name="改好了").click()
    expect(clerk.locator("h1")).to_contain_text("登记单")
    assert clerk.locator("[aria-invalid=true]").count() == 0, clerk.locator("main").inner_text()
    clerk.get_by_role("button", name="提交审核").click()
    expect(clerk.locator("h1")).to_contain_text("待审核")


def test_the_journey_by_keyboard(chromium: Browser, site: tuple[str, World]) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"{site[0]}/login")
    page.locator("#f-username").focus()
    page.keyboard.type("clerk-a")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/u/{A}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.goto(f"{site[0]}/u/{A}/new/training.held")
    page.locator("#f-occurred_at").focus()
    page.keyboard.type("2023-9-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/*/")
    _tab_to(page, "提交审核")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="待审核").wait_for()
    address = page.url.removeprefix(site[0])
    reviewer = _sign_in_by_keyboard(chromium, site, "reviewer-a", f"**/u/{A}/")
    _tab_to(reviewer, "登记单")
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url("**/submissions/")
    _tab_to(reviewer, address)
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url("**/submissions/*/")
    _tab_to(reviewer, "同意，入账")
    reviewer.keyboard.press("Enter")
    reviewer.locator("h1", has_text="已入账").wait_for()


def _sign_in_by_keyboard(chromium: Browser, site: tuple[str, World], name: str, where: str) -> Page:
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site[0]}/login")
    _tab_to(page, "f-username")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(where)
    return page


def _go(page: Page, wanted: str, where: str) -> None:
    """Follow a link by keyboard; the first Tab of the page is the way past its menus."""
    _tab_to(page, wanted)
    page.keyboard.press("Enter")
    page.wait_for_url(where)


def test_the_county_assesses_publishes_and_decides_by_keyboard(chromium: Browser, site: tuple[str, World]) -> None:
    home = f"{site[0]}/"
    evaluator = _sign_in_by_keyboard(chromium, site, "evaluator", home)
    _go(evaluator, "全县", "**/county/")
    evaluator.keyboard.press("Tab")
    evaluator.keyboard.press("Enter")
    assert evaluator.evaluate("document.activeElement.id") == "main", "the first Tab leads past the menus"
    evaluator.goto(f"{site[0]}/county/")
    _go(evaluator, "评定", "**/county/assess/")
    for _ in range(20):  # the first verdicts take their time on a busy machine
        if evaluator.locator("a[href*='/assess/one/']").count():
            break
        evaluator.reload()
    _go(evaluator, evaluator.locator("a[href*='/assess/one/']").first.get_attribute("href") or "", "**/assess/one/*")
    _tab_to(evaluator, "pass")
    evaluator.keyboard.press("Space")
    _tab_to(evaluator, "f-reason")
    evaluator.keyboard.type("看过材料")
    _tab_to(evaluator, "f-day")
    evaluator.keyboard.press("Control+A")
    evaluator.keyboard.type("2023-9-19")
    before = evaluator.url
    evaluator.keyboard.press("Enter")
    evaluator.wait_for_url(lambda url: url != before)
    publisher = _sign_in_by_keyboard(chromium, site, "publisher", home)
    _go(publisher, "全县", "**/county/")
    _go(publisher, "评定", "**/county/assess/")
    _go(publisher, "/county/assess/1/", "**/county/assess/1/")
    _tab_to(publisher, "同意，入账")
    publisher.keyboard.press("Enter")
    publisher.wait_for_url("**/county/assess/")
    _go(publisher, "运行", "**/county/runs/")
    _go(publisher, "/county/runs/2/", "**/county/runs/2/")
    _tab_to(publisher, "f-audience")
    publisher.keyboard.press("ArrowDown")
    _tab_to(publisher, "f-until")
    publisher.keyboard.type("2023-10-20")
    publisher.keyboard.press("Enter")
    publisher.locator("h1", has_text="已公布").wait_for()
    _go(publisher, "异议", "**/county/objections/")
    _go(publisher, f"/u/{A}/objections/1/", "**/objections/1/")
    for field in ("f-decision", "f-follows"):
        _tab_to(publisher, field)
        publisher.keyboard.press("ArrowDown")
    _tab_to(publisher, "f-answer")
    publisher.keyboard.type("有理")
    _tab_to(publisher, "处理")
    publisher.keyboard.press("Enter")
    publisher.locator("h1", has_text="已处理").wait_for()


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what is wanted has the focus, by its text, id or address; the focus can be seen all the way."""
    for _ in range(80):
        page.keyboard.press("Tab")
        text, name, address, outline = page.evaluate(
            """() => { const one = document.activeElement; const style = getComputedStyle(one);
            const name = one.type === "radio" ? one.value : one.id;
            return [one.textContent.trim(), name, one.getAttribute("href") || "",
                    style.outlineStyle !== "none" && style.outlineWidth !== "0px"]; }"""
        )
        assert outline, f"{text or name} shows no focus"
        if wanted in {text, name, address}:
            return
    message = f"the keyboard does not reach {wanted}"
    raise AssertionError(message)
