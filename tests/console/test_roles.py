"""The table of roles in the handbook is the one that is checked."""

from __future__ import annotations

from pathlib import Path

from gongkai.console.access import grants
from gongkai.console.work.roles import ACTIONS, OBJECTS, role_table

PAGE = Path(__file__).parents[2] / "docs" / "console-county-year.md"


def test_the_handbook_has_the_table_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert text.partition("<!-- roles -->\n")[2].partition("<!-- end -->")[0] == role_table()


def test_every_action_has_a_name_that_people_read() -> None:
    parts = [action.partition(".") for action in grants()]
    assert {thing for thing, _, _ in parts} <= set(OBJECTS)
    assert {verb for _, _, verb in parts} <= set(ACTIONS)
