"""Axe on the pages of the county office's work, with something in each, on a phone's width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.console.office_routes import ROUTES
from tests.console.office_world import new_office
from tests.console.test_accessible import Look, page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.world import World

__all__ = ["page"]
pytestmark = pytest.mark.browser
FILES = {"run-file", "run-public", "assess-sheet", "rectification-file", "notice-file", "notice-list", "city-file"}
PEOPLE = ("evaluator", "clerk-a", "publisher")


def test_no_page_of_the_office_has_a_violation(world: World, page: Page) -> None:
    office = new_office(world)
    clients = {name: world.client(name) for name in PEOPLE}
    look = Look(page, clients)
    for name, pages in ROUTES.items():
        for one in pages[:1] if name not in FILES else ():
            for who in PEOPLE:
                if one.may and who in one.may:
                    address = reverse(name, args=one.args(office))
                    look.at(name, f"{who} {address}", clients[who].get(address, one.query))
                    break
    assert look.wrong() == {}
    assert len(look.names) > 25
