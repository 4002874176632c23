"""Axe on every page that there is an address for, in an empty console and in a full one, and on forms with mistakes.

The pages are asked for in this process; Chromium gets them as they are, with the styles that they load.
"""

from __future__ import annotations

import io
import re
import shutil
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import sync_playwright

from gongkai.console.live.thread import LIVE
from gongkai.console.urls import urlpatterns
from tests.axe import violations
from tests.console.county import LETTERS, County, new_county
from tests.console.unit_routes import ROUTES, Route
from tests.console.world import A

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase
    from django.test import Client
    from playwright.sync_api import Page

    from tests.console.world import World

pytestmark = pytest.mark.browser
PEOPLE = ("clerk-a", "reviewer-a", "publisher", "evaluator", "auditor", "admin")
PHONE = 420
METHOD_NOT_ALLOWED = 405
SITE = "http://console.test"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": PHONE, "height": 900})
        browser.close()


class Look:
    """Pages as a browser shows them, and what is wrong with each."""

    def __init__(self, page: Page, clients: dict[str, Client]) -> None:
        self.page, self.clients = page, clients
        self.seen: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.files: set[str] = set()
        self.posts: set[str] = set()
        self._body = b""
        page.unroute_all()
        page.route(f"{SITE}/**", lambda route: self._give(route.request.url, route.fulfill))

    def _give(self, url: str, fulfill: object) -> None:
        path = url.removeprefix(SITE)
        assert callable(fulfill)
        if path.startswith("/static/"):
            answer = self.clients["clerk-a"].get(path)
            fulfill(status=200, body=answer.content, content_type=answer.headers["Content-Type"])
        else:
            fulfill(status=200, body=self._body, content_type="text/html; charset=utf-8")

    def at(self, name: str, what: str, answer: HttpResponseBase) -> bool:
        """Look at an answer where it is a page of the console; say whether it was one."""
        if answer.status_code == METHOD_NOT_ALLOWED:
            self.posts.add(name)
            return False
        if answer.streaming:
            answer.close()
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            self.files.add(name)
            return False
        self._body = getattr(answer, "content", b"")
        self.page.goto(f"{SITE}/{len(self.seen)}")
        found = violations(self.page)
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
        if self.page.evaluate("document.documentElement.scrollWidth") > PHONE:
            wrong.append("wider than a phone")
        self.seen[what] = wrong
        self.names.add(name)
        return True

    def first(self, name: str, address: str, query: dict[str, str] | None = None, what: str = "") -> bool:
        """Look at an address as the first who gets it; say whether anybody does."""
        for person, client in self.clients.items():
            answer = client.get(address, query or {})
            if answer.status_code in {200, METHOD_NOT_ALLOWED}:
                self.at(name, what or f"{person} {address}", answer)
                return True
        return False

    def wrong(self) -> dict[str, list[str]]:
        """Return the pages with something wrong."""
        return {what: found for what, found in self.seen.items() if found}


def _address(name: str, route: Route, county: County, state: str) -> str | None:
    """Return an address of a route, None where there is no such object."""
    try:
        args = route.args(county, "A", state)
        for first in ((), (LETTERS["A"],), (county.world.people["clerk-b"].pk,)):
            try:
                return reverse(name, args=(*first, *args))
            except NoReverseMatch:
                continue
    except (KeyError, IndexError, AttributeError):
        return None
    return None


def _get_all(look: Look, county: County, states: tuple[str, ...]) -> None:
    """Look at every page that somebody gets, as the first who gets it."""
    for name, route in ROUTES.items():
        for state in states if route.of == "submission" else states[:1]:
            address = _address(name, route, county, state)
            if address is not None:
                look.first(name, address, what=f"{name} {state}")


def get_lists(look: Look) -> None:
    """Look at every page that needs no object, from the table of addresses itself."""
    for one in urlpatterns:
        for args in ((), (A,), (2023,), (A, 2023)):
            try:
                address = reverse(str(one.name), args=args)
            except NoReverseMatch:
                continue
            if one.name not in {"static", "logout"}:
                look.first(str(one.name), address)


def _post_nothing(look: Look, county: County) -> None:
    """Look at every form as it is shown again with everything that is missing in it."""
    for name, route in ROUTES.items():
        address = _address(name, route, county, "draft")
        if route.post is None or address is None or not route.get:
            continue
        for person in PEOPLE:
            answer = look.clients[person].post(address, {})
            if answer.status_code == 422:
                look.at(name, f"{name} with mistakes", answer)
                break


def test_no_page_of_an_empty_console_has_a_violation(world: World, page: Page) -> None:
    LIVE.refresh()
    look = Look(page, {name: world.client(name) for name in PEOPLE})
    get_lists(look)
    anonymous = world.client(None)
    for address in ("/login", "/start"):
        look.at("login", address, anonymous.get(address))
    look.at("missing", "/nothing", look.clients["clerk-a"].get("/nothing"))
    assert look.wrong() == {}
    assert {"unit", "new", "upload", "submissions", "entries", "requests", "people", "health"} <= look.names
    assert {"county", "runs", "assess", "rectifications", "objections", "notices", "settings", "books"} <= look.names
    assert {"unit-runs", "unit-rectifications", "unit-objections", "unit-notices", "unit-annual"} <= look.names


def _sheet() -> SimpleUploadedFile:
    """A sheet with a day that there is not and a type that there is not."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ("类型", "主题", "发生日期", "标题", "别的"))
    sheet.write_row(1, 0, ("政务信息公开", "一条信息", "2023-08-41", "一", "x"))
    sheet.write_row(2, 0, ("没有这种事", "又一条", "2023-08-02", "二", "y"))
    book.close()
    return SimpleUploadedFile("台账.xlsx", out.getvalue())


def test_no_page_of_a_full_console_has_a_violation(world: World, page: Page) -> None:
    county = new_county(world)
    look = Look(page, {name: county.clients[name] for name in PEOPLE})
    _get_all(look, county, ("draft", "waiting", "returned", "entered"))
    clerk = look.clients["clerk-a"]
    duties = re.findall(rf'href="(/u/{A}/duty/\w+)"', clerk.get(f"/u/{A}/").content.decode())
    assert duties
    look.at("duty", "duty", clerk.get(duties[0]))
    grid = clerk.post(f"/u/{A}/upload/", {"file": _sheet()})["Location"]
    look.at("grid", "grid with mistakes", clerk.get(grid))
    look.first("problems", f"{grid.removesuffix('grid')}problems.xlsx")
    look.first("ics", reverse("ics", args=(county.feed,)), {"unit": A})
    look.at("start", "start", world.client(None).get(f"/start/{county.code}"))
    _post_nothing(look, county)
    assert look.wrong() == {}
    assert {"logout", "static"} | look.names | look.files | look.posts >= set(ROUTES), "what was not looked at"
    assert look.files & look.names == set()
