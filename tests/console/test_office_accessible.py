"""Axe on the pages of the county office's work on a phone's width: with something in each, and with mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from gongkai.console.live.thread import LIVE
from gongkai.console.urls import urlpatterns
from tests.console.office_routes import ROUTES
from tests.console.office_world import new_office
from tests.console.test_accessible import Look, page
from tests.console.unit_routes import ROUTES as OF_UNITS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.world import World

__all__ = ["page"]
pytestmark = pytest.mark.browser
PEOPLE = ("evaluator", "clerk-a", "publisher", "reviewer-a", "auditor", "admin")
NOT_OURS = {"run-file", "city-file", "run-public"}
"""Files of runs: pages of reports, which tests/reports holds to axe."""


def test_no_page_of_the_office_has_a_violation(world: World, page: Page) -> None:
    office = new_office(world)
    LIVE.refresh()
    look = Look(page, {name: world.client(name) for name in PEOPLE})
    for name in ROUTES.keys() - NOT_OURS:
        seen: set[str] = set()
        for one in ROUTES[name]:
            address = reverse(name, args=one.args(office))
            shape = "".join(letter for letter in address if not letter.isdigit())
            if "minzheng" not in address and "shuiwu" not in address and (shape not in seen or one.may):
                look.first(name, address, one.query)
                seen.add(shape)
    for name in ROUTES.keys() - NOT_OURS:
        for one in ROUTES[name][:1] if one_is_shown(name, look) else ():
            for who, client in look.clients.items():
                answer = client.post(reverse(name, args=one.args(office)), one.query)
                if answer.status_code == 422:
                    look.at(name, f"{name} with mistakes as {who}", answer)
                    break
    assert look.wrong() == {}
    assert look.names | look.files | look.posts >= ROUTES.keys() - NOT_OURS, "what was not looked at"
    assert {one.name for one in urlpatterns} == set(ROUTES) | set(OF_UNITS), "the tables have every address"


def one_is_shown(name: str, look: Look) -> bool:
    """Say whether a form may be sent to a page."""
    return name in look.names | look.posts
