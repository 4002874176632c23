"""The pages of a whole county year, read in Chromium from the file system with the network cut."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from gongkai.cli import run as command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
MOST_BYTES = 3_000_000
PAGES = ("index.html", "clauses.html", "requests.html", "backfilled.html", "units/zhengfuban.html")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of the demo county, of over 70 units."""
    folder = tmp_path_factory.mktemp("county")
    assert command(["demo", str(folder / "demo")]) == 0
    arguments = ["--events", str(folder / "demo"), "--as-of", "2023-12-31", "--out", str(folder / "report")]
    assert command(["evaluate", *arguments]) == 0
    return folder / "report"


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
    assert len(shown_rows(page)) > 70
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
    numbers = [int(row.get_attribute("data-breaches") or 0) for row in page.locator(".matrix tbody tr").all()]
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
    assert page.locator(".matrix tbody tr:visible").count() > 70
    assert not page.locator("form").is_visible()
    page.goto((county / "units" / "jiaotong.html").as_uri())
    page.locator("#violated summary").first.click()
    assert page.locator("ol.steps:visible").count() == 1
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_fault(page: Page, county: Path, name: str) -> None:
    page.goto((county / name).as_uri())
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["help"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_the_pages_of_a_county_are_small_and_open_fast(
    page: Page, county: Path, record_property: Callable[[str, object], None]
) -> None:
    sizes = {path.name: path.stat().st_size for path in county.rglob("*.html")}
    assert len(sizes) > 72
    assert max(sizes.values()) < MOST_BYTES
    page.goto((county / "index.html").as_uri())
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    page.wait_for_function(f"{timing} > 0")
    seconds = page.evaluate(timing) / 1000
    record_property("seconds until the overview is loaded", seconds)
    assert seconds < 5  # about one on an idle machine; this one is shared


def test_a_printed_unit_shows_what_stands_folded(page: Page, county: Path) -> None:
    page.goto((county / "units" / "jiaotong.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#violated ol.steps").first.is_visible()
    assert page.get_by_text("推算过程不打印").first.is_visible()
