"""The pages of a whole county year, read in Chromium from the file system with the network cut."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from gongkai.cli import run as command
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
MOST_BYTES, MOST_BYTES_OF_A_UNIT = 350_000, 150_000
LEAST_MARGIN = 8
PAGES = ("index.html", "clauses.html", "requests.html", "backfilled.html", "units/zhengfuban.html")
OTHERS = (
    "annual/rectification.html",
    "batch/summary.html",
    "check.html",
    "compare.html",
    "draft/review.html",
    "published/index.html",
    "reference.html",
)
HANDBOOKS = ("reference.html",)
"""Pages that have a whole rulebook with each rule's fields, whatever its length."""

NOTICE = """关于做好2024年县政务公开工作的通知
金政办发〔2024〕5号
一、信息公开
（一）每季度至少召开1次新闻发布会。由县政府办公室牵头，各部门负责，2024年12月底前完成。
（二）加强平台建设，酌情开展其他工作；决策文件出台后5个工作日内公开意见采纳情况。
县政府办公室
2024年3月1日
"""


@pytest.fixture(scope="module")
def county(demo_year: Path, demo_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of the demo county, of over 70 units, beside its registers."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(demo_year, folder / "demo")
    return shutil.copytree(demo_run, folder / "report")


@pytest.fixture(scope="module")
def others(county: Path) -> Path:
    """Return a folder with the pages that other commands than `evaluate` make, and those of what follows a run."""
    home = county.parent
    logs = ["--events", str(home / "demo" / "县交通运输局.xlsx"), "--unit", "县交通运输局"]
    (home / "notice.txt").write_text(NOTICE, encoding="utf-8")
    runs = "".join(
        f"  - {{name: {name}, events: {file}, as_of: 2023-12-31}}\n"
        for name, file in (("demo", "demo/县交通运输局.xlsx"), ("none", "missing.csv"))
    )
    (home / "batch.yaml").write_text(f"runs:\n{runs}", encoding="utf-8")
    mid, annual = str(home / "mid"), str(home / "annual")
    for arguments in (
        ["evaluate", *logs, "--as-of", "2023-06-30", "--rectify-within", "10 working days", "--out", mid],
        ["evaluate", *logs, "--as-of", "2023-12-31", "--previous", mid, "--out", annual],
        ["compare", mid, annual, "--html", str(home / "compare.html")],
        ["check", *logs, "--as-of", "2023-06-30", "--html", str(home / "check.html")],
        ["publish", str(county), "--out", str(home / "published")],
        ["rules", "draft", str(home / "notice.txt"), "--out", str(home / "draft")],
        ["rules", "reference", "--book", "jinxiang-2023", "--out", str(home / "reference.html")],
        ["batch", str(home / "batch.yaml"), "--out", str(home / "batch")],
    ):
        assert command(arguments) in {0, 1, 2}
    return home


@pytest.fixture(scope="module")
def offline() -> Iterator[BrowserContext]:
    """Return a browser without a network; whatever a page asks for besides files is an error."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
        yield context
        chromium.close()


@pytest.fixture
def page(offline: BrowserContext) -> Iterator[Page]:
    opened = offline.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


def shown_rows(page: Page) -> list[str]:
    return page.locator(".matrix tbody tr:visible th").all_inner_texts()


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until what the selector names has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no Tab leads to {selector}")


def test_by_keyboard_alone_one_filters_reaches_a_unit_and_unfolds_a_derivation(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    assert 30 < len(shown_rows(page)) < 60, "institutions stand folded"
    tab_to(page, "input[name=unit]")
    page.keyboard.type("交通")
    assert shown_rows(page) == ["县交通运输局"]
    assert page.locator("output").inner_text().startswith("显示 1 / ")
    tab_to(page, ".matrix tbody th a", most=140)
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/jiaotong.html")
    assert page.locator("ol.steps:visible").count() == 0
    tab_to(page, "#violated details summary")
    page.keyboard.press("Enter")
    assert (
        "到期日" in page.locator("ol.steps:visible").inner_text()
        or "期限" in page.locator("ol.steps:visible").inner_text()
    )


def test_the_matrix_filters_by_status_and_clause_and_sorts(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    page.select_option("select[name=status]", "late")
    assert 0 < len(shown_rows(page)) < 10
    assert page.locator(".matrix tbody tr:visible td.late").count() >= len(shown_rows(page))
    page.click("button[type=reset]")
    page.fill("input[name=clause]", "8.2")
    assert page.locator(".matrix thead tr:nth-child(2) th:visible").all_inner_texts() == ["单位", "8.2"]
    page.click("button[type=reset]")
    page.select_option("select[name=sort]", "town")
    assert all(name.endswith("镇") for name in shown_rows(page))
    page.click("button[type=reset]")
    page.select_option("select[name=order]", "breaches")
    numbers = [
        int(row.get_attribute("data-breaches") or 0) for row in page.locator(".matrix").first.locator("tbody tr").all()
    ]
    assert numbers == sorted(numbers, reverse=True)


def test_a_cell_leads_to_the_duty_and_a_heading_to_the_words(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    page.locator(".matrix tbody tr", has_text="县交通运输局").locator("td.met a").first.click()
    assert page.locator(":target").is_visible()  # it stood folded
    page.goto((county / "index.html").as_uri())
    page.locator(".matrix thead a", has_text="8.2").click()
    assert "决策文件出台后的3个工作日内" in page.locator(":target blockquote").inner_text()
    assert page.locator(":target tbody tr").count() == 10


def test_everything_can_be_read_without_scripts(county: Path, offline: BrowserContext) -> None:
    assert offline.browser is not None
    context = offline.browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((county / "index.html").as_uri())
    page.locator("#institutions > summary").click()
    assert page.locator(".matrix tbody tr:visible").count() > 70
    assert not page.locator("form").is_visible()
    page.goto((county / "units" / "jiaotong.html").as_uri())
    page.locator("#violated summary").first.click()
    assert page.locator("ol.steps:visible").count() == 1
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(page: Page, county: Path, name: str) -> None:
    page.goto((county / name).as_uri())
    found = violations(page)
    assert [(one["id"], one["help"]) for one in found] == []


@pytest.mark.parametrize("name", OTHERS)
def test_axe_finds_no_fault_on_the_pages_beside_a_report(page: Page, others: Path, name: str) -> None:
    page.goto((others / name).as_uri())
    found = violations(page)
    assert [(one["id"], one["help"]) for one in found] == []
    assert name in HANDBOOKS or (others / name).stat().st_size < MOST_BYTES
    top, bottom = (page.locator(at).first.bounding_box() for at in ("main > :visible", "header"))
    assert top is not None
    assert bottom is not None
    assert top["y"] - bottom["y"] - bottom["height"] >= LEAST_MARGIN, "nothing sticks to the head of the page"


def test_the_pages_of_a_county_are_small_and_open_fast(
    page: Page, county: Path, record_property: Callable[[str, object], None]
) -> None:
    sizes = {path.name: path.stat().st_size for path in county.rglob("*.html")}
    assert len(sizes) > 72
    assert max(sizes.values()) < MOST_BYTES
    assert max(path.stat().st_size for path in (county / "units").iterdir()) < MOST_BYTES_OF_A_UNIT
    page.goto((county / "index.html").as_uri())
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    page.wait_for_function(f"{timing} > 0")
    seconds = page.evaluate(timing) / 1000
    record_property("seconds until the overview is loaded", seconds)
    assert seconds < 5  # about one on an idle machine; this one is shared


def test_a_printed_unit_leaves_out_what_stands_folded(page: Page, county: Path) -> None:
    page.goto((county / "units" / "jiaotong.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#violated article").first.is_visible()
    assert page.locator("#violated .do").first.is_visible()
    assert page.locator("ol.steps:visible").count() == 0
    assert page.get_by_text("推算过程不打印").first.is_visible()
    assert not page.locator("#met table").is_visible()
    pages = len(re.findall(rb"/Type */Page[^s]", page.pdf(prefer_css_page_size=True)))
    assert 1 <= pages <= 4


def test_a_printed_overview_has_the_problems_and_not_the_matrix(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".matrix:visible").count() == 0
    assert page.locator(".problems tbody tr").first.is_visible()


def test_an_item_has_the_number_and_the_cure_of_the_self_check(
    page: Page, county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("check", "--unit", "县交通运输局", "--events", str(county.parent / "demo"), "--as-of", "2023-12-31")
    capsys.readouterr()
    assert command([*asked]) == 1
    said = capsys.readouterr().out.splitlines()
    heads = {int(line[:4]): line[4:] for line in said if line[:3].strip().isdigit()}
    page.goto((county / "units" / "jiaotong.html").as_uri())
    shown = page.locator("article:has(.no)")
    assert shown.count() == len(heads)
    for item in shown.all():
        number = int(re.sub(r"\D", "", item.locator(".no").inner_text()))
        clause = item.locator("h3 a").inner_text()
        assert heads[number].split()[1] == clause
        assert item.locator(".do").inner_text().startswith("→")
        assert not item.locator(".id").is_visible(), "the id stands folded"
    assert page.locator("#unassessed .judged summary").inner_text().startswith("由县里评定、本单位不用办的")


def test_departments_come_first_and_columns_that_nothing_set_off_are_folded(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    sorts = [row.get_attribute("data-sort") for row in page.locator(".matrix").first.locator("tbody tr").all()]
    assert "institution" not in sorts
    assert {"department", "town"} <= set(sorts)
    columns = page.evaluate(
        "() => { const t = document.querySelector('.matrix'); const n = t.tHead.rows[1].cells.length;"
        " const idle = []; for (let i = 2; i < n; i++) { const seen = Array.from(t.tBodies[0].rows,"
        " r => r.cells[i].className).filter(c => c && c !== 'not_applicable'); if (!seen.length) idle.push(i); }"
        " return [n, idle]; }"
    )
    assert columns[0] > 60
    assert columns[1] == []
    row = page.locator(".matrix tbody tr", has_text="县交通运输局")
    assert row.locator("td").first.inner_text() == row.get_attribute("data-breaches")


def test_no_clause_counts_twice_in_the_table_by_lead_department(page: Page, county: Path) -> None:
    page.goto((county / "index.html").as_uri())
    rows = page.locator(".leads tbody tr").all()
    named = [one for row in rows for one in row.locator("td").first.locator("a").all_inner_texts()]
    assert len(named) == len(set(named))
    numbers = [[int(re.sub(r"\D", "", one) or 0) for one in row.locator("td").all_inner_texts()[1:]] for row in rows]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert sum(numbers[-1]) == len((county / "verdicts.jsonl").read_text(encoding="utf-8").splitlines())
