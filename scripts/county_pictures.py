"""The pictures of the handbook's page on the county's year: the demo county walked in Chromium, one run after another.

Run it again where pages have changed: `python scripts/county_pictures.py`. It writes `docs/images/county-*.png`.
"""

from __future__ import annotations

import argparse
import io
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PASSWORD = "yanshi-2023-gongkai"  # noqa: S105 (the demo prints it)
WIDE, HIGH = 1100, 900
COLOURS = 64
MOST = 150_000
"""How many bytes a picture may have."""
UNIT = "renshe"


@dataclass
class Walk:
    """The browser, and who is signed in in which page.

    Attributes:
        browser: the browser.
        address: the console's.
        out: where pictures go.
        made: the names of the pictures that were made.
    """

    browser: Browser
    address: str
    out: Path
    made: list[str] = field(default_factory=list)
    _pages: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str, path: str) -> Page:
        """Return an address as somebody sees it; the page waits until what it shows has been judged."""
        page = self._pages.get(who) or self._signed_in(who)
        for _ in range(60):
            page.goto(f"{self.address}{path}")
            if "正在核算" not in page.locator("main").inner_text():
                break
            time.sleep(1)
        return page

    def _signed_in(self, who: str) -> Page:
        page = self.browser.new_page(viewport={"width": WIDE, "height": HIGH}, locale="zh-CN")
        page.set_default_timeout(60_000)
        page.goto(f"{self.address}/login")
        page.get_by_label("用户名").fill(who)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        self._pages[who] = page
        return page

    def shot(self, page: Page, name: str, *, high: int = HIGH, first: str = "header") -> None:
        """Keep what a page shows, from one of its parts on, with few colours."""
        page.set_viewport_size({"width": WIDE, "height": high})
        page.evaluate(
            "first => { document.activeElement.blur(); scrollTo(0, document.querySelector(first).offsetTop - 20) }",
            first,
        )
        picture = Image.open(io.BytesIO(page.screenshot()))
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self.out / f"county-{name}.png", optimize=True)
        self.made.append(name)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with _console(Path(work) / "data") as address:
            _year(Walk(chromium, address, out))
        chromium.close()
    large = [one.name for one in sorted(out.glob("county-*.png")) if one.stat().st_size > MOST]
    if large:
        sys.exit(f"over {MOST} bytes: {', '.join(large)}")


@contextmanager
def _console(root: Path) -> Iterator[str]:
    """Give the address of the demo's console while it runs."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "gongkai", "serve", str(root), "--demo", "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)
    try:
        for _ in range(120):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _year(walk: Walk) -> None:
    """Go through the year: progress, assessment, policy, runs, notices, rectification, objection, rulebook."""
    walk.shot(walk.at("pinggu", "/county/"), "progress", high=800)
    _assess(walk)
    _policy(walk)
    _run(walk, "2023年年中评估", "2023-06-30", "2023-07-10")
    _run(walk, "2023年8月复查", "2023-08-31", "2023-09-10", previous=True)
    walk.shot(walk.at("pinggu", "/county/runs/2/"), "run", high=860)
    _notices(walk)
    _mend(walk)
    _object(walk)
    _book(walk)
    walk.shot(walk.at("shenji", "/audit/"), "audit", high=700)


def _assess(walk: Walk) -> None:
    page = walk.at("pinggu", "/county/assess/?of=minzheng")  # who judges a duty decides no objection to it
    page.locator("table a").first.click()
    page.get_by_label("不合格").check()
    page.locator("#f-reason").fill("没有见到招聘会、培训班的公开材料")
    walk.shot(page, "assess")
    page.get_by_role("button", name="保存，看下一项").click()
    page = walk.at("fabu", "/county/assess/")
    page.locator(".duties a").first.click()
    page.get_by_role("button", name="同意，入账").click()


def _policy(walk: Walk) -> None:
    page = walk.at("pinggu", "/county/settings/new?kind=policy")
    page.locator("#f-reason").fill("县政府常务会议定")
    page.get_by_role("button", name="检查，试算").click()
    walk.shot(page, "policy", high=700, first="h2")
    page.get_by_role("button", name="提议", exact=True).click()
    address = page.url.removeprefix(walk.address)
    walk.at("fabu", address).get_by_role("button", name="批准").click()


def _run(walk: Walk, title: str, as_of: str, known_by: str, *, previous: bool = False) -> None:
    page = walk.at("pinggu", "/county/runs/new")
    page.locator("#f-title").fill(title)
    page.locator("#f-as_of").fill(as_of)
    page.locator("#f-known_by").fill(known_by)
    if previous:
        page.locator("input[name=previous]").first.check()
    page.get_by_role("button", name="开始运行").click()
    address = page.url.removeprefix(walk.address)
    for _ in range(300):
        page = walk.at("fabu", address)
        if page.locator("#f-audience").count():
            break
        time.sleep(1)
    page.locator("#f-audience").select_option("units")
    page.locator("#f-until").fill("2023-10-10")
    page.get_by_role("button", name="公布").click()


def _notices(walk: Walk) -> None:
    page = walk.at("pinggu", "/county/notices/?run=2&what=rectification")
    page.get_by_role("button", name="起草").click()
    page = walk.at("fabu", "/county/notices/?state=prepared")
    walk.shot(page, "notices", high=700)
    page.get_by_role("button", name="发出勾上的").click()


def _mend(walk: Walk) -> None:
    page = walk.at("pinggu", "/county/rectification/")
    page.locator("#f-run").select_option("2")
    page.locator("#f-due").fill("2023-10-20")
    page.get_by_role("button", name="起草").click()
    page = walk.at("fabu", "/county/rectification/?state=prepared")
    walk.shot(page, "rectification", high=760)
    page.get_by_role("button", name="下达勾上的").click()


def _object(walk: Walk) -> None:
    page = walk.at("dengji", f"/u/{UNIT}/runs/2/")
    page.get_by_role("link", name="提出").first.click()
    page.locator("[name=ground]").select_option(index=1)
    page.locator("[name=statement]").fill("七月的招聘会已经公开，登记时漏了。")
    page.get_by_role("button", name="保存").click()
    address = page.url.removeprefix(walk.address)
    walk.at("shenhe", address).get_by_role("button", name="提出").click()
    page = walk.at("fabu", address)
    page.locator("[name=decision]").select_option("partly")
    page.locator("[name=follows]").select_option("correction")
    page.locator("[name=answer]").fill("补登的算，其余维持")
    walk.shot(page, "objection", high=780)
    page.get_by_role("button", name="处理").click()


def _book(walk: Walk) -> None:
    page = walk.at("pinggu", "/county/books/")
    page.get_by_role("button", name="另起新版本").first.click()
    address = page.url.removeprefix(walk.address)
    page = walk.at("pinggu", f"{address}rules/N6.training")
    page.locator("[name='own.at_least']").fill("2")
    walk.shot(page, "rule", high=1250)
    page.get_by_role("button", name="保存", exact=True).last.click()
    page = walk.at("pinggu", f"{address}compare/jinxiang-2023")
    walk.shot(page, "versions", high=420)


if __name__ == "__main__":
    main()
