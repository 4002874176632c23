from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from reports.output.texts import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    Run = Callable[..., Path]

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture
def run(looked_at: Run) -> Run:
    """Evaluate, once for all that ask alike."""
    return looked_at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_the_overview_shows_every_unit_and_leads_to_its_page(browser: Browser, run: Run) -> None:
    page = browser.new_page()
    page.goto((run() / "index.html").as_uri())
    assert "金乡县政务公开落实情况评估" in page.title()
    assert page.locator(".matrix thead tr:nth-child(2) th").all_inner_texts()[:4] == ["单位", "N1", "N2", "N3"]
    row = page.locator(".matrix tbody tr", has_text="县民政局")
    row.locator("th a").click()
    assert page.url.endswith("/units/minzheng.html")
    assert "县民政局" in page.locator("h1").inner_text()
    page.close()


def test_a_cell_of_the_matrix_has_a_sign_as_well_as_a_colour(browser: Browser, run: Run) -> None:
    page = browser.new_page()
    page.goto((run() / "index.html").as_uri())
    cells = page.locator(".matrix").first.locator("td[class]")
    signs = {text[0] for text in cells.all_inner_texts()}
    assert signs <= set(SIGNS.values())
    assert len(signs) > 1
    page.close()


def test_a_verdict_shows_its_quote_and_unfolds_its_derivation(browser: Browser, run: Run) -> None:
    page = browser.new_page()
    page.goto((run() / "units" / "minzheng.html").as_uri())
    item = page.locator("#pending article", has_text="金民发〔2023〕12号")
    assert "决策文件出台后的3个工作日内" in item.locator("blockquote").inner_text()
    assert not item.locator("ol").is_visible()
    item.locator("summary").click()
    assert "2024-01-04 第3个工作日" in item.locator("ol").inner_text()
    assert "2024-01-01 不计" in item.locator("ol").inner_text()
    page.close()


def test_pages_fetch_nothing_and_run_nothing_that_a_log_says(browser: Browser, run: Run) -> None:
    folder = run()
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "clauses.html", "units/minzheng.html"):
        page.goto((folder / name).as_uri())
        assert page.title() != "taken"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert "<script>document.title" not in (folder / "units" / "minzheng.html").read_text(encoding="utf-8")
    page.close()


def test_a_page_is_not_wider_than_a_narrow_screen(browser: Browser, run: Run) -> None:
    page = browser.new_page(viewport={"width": 420, "height": 800})
    for name in ("index.html", "clauses.html", "units/minzheng.html"):
        page.goto((run() / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 420
    page.close()
