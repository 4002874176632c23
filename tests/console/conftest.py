from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gongkai.console.folder import open_folder
from gongkai.console.serve import set_up
from tests.console.world import World, new_world, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker


# models can be imported only when Django knows its folder; each test then gets one of its own
_FIRST, _ = open_folder(Path(tempfile.mkdtemp(prefix="gongkai-tests-")))
assert _FIRST is not None
# a browser driven in the same thread has an event loop; Django would refuse its database there
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
set_up(_FIRST)
atexit.register(shutil.rmtree, _FIRST.root, ignore_errors=True)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker | None) -> Path:
    """A database with all tables and nothing in them."""
    if django_db_blocker is not None:
        django_db_blocker.unblock()
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
