from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.world import World, new_world, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them."""
    from gongkai.console.folder import open_folder

    root = tmp_path_factory.mktemp("template")
    folder, _ = open_folder(root)
    assert folder is not None
    point_at(folder)
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    return root / "console.sqlite3"


@pytest.fixture
def world(tmp_path: Path, template: Path) -> Iterator[World]:
    """A console of this test alone."""
    made = new_world(tmp_path / "data", template)
    yield made
    from django.db import connections

    from gongkai.console.live.thread import LIVE

    LIVE.stop()
    connections.close_all()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", default="20", help="how often the test of kills kills")
    parser.addoption("--sequences", default="3", help="how many sequences of steps are tried")
