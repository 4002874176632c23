"""The console on PostgreSQL: entry, pages, backup and restore."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.console.postgres import cluster, fresh_database
from tests.console.world import A, new_world, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


def test_entry_backup_and_restore(postgresql: str, tmp_path: Path, template: Path) -> None:
    from django.db import connection, connections

    from gongkai.console.folder import open_folder
    from gongkai.console.live.thread import LIVE
    from gongkai.console.models.store import submissions
    from gongkai.console.work.backup import backup, entered_and_missing, restore

    first, second = fresh_database(postgresql), fresh_database(postgresql)
    root = tmp_path / "data"
    root.mkdir()
    (root / "gongkai.yaml").write_text(f"database: {first}\n", encoding="utf-8")
    world = new_world(root, template, database=first)
    assert connection.vendor == "postgresql"
    LIVE.refresh()
    clerk, reviewer = world.client("clerk-a"), world.client("reviewer-a")
    assert clerk.post(f"/u/{A}/new/training.held", {"occurred_at": "2023-08-01"}).status_code == 303
    assert clerk.post(f"/u/{A}/submissions/1/submit").status_code == 303
    digest = submissions().get().digest
    assert reviewer.post(f"/u/{A}/submissions/1/approve", {"digest": digest}).status_code == 303
    LIVE.refresh()
    assert f"w-{A}-1-1" in clerk.get(f"/u/{A}/entries/").content.decode()
    place = backup(world.folder, tmp_path / "backups")
    connections.close_all()
    settings = place / "gongkai.yaml"
    kept = settings.read_text("utf-8")
    new = tmp_path / "new"
    settings.write_text(kept.replace(first, second), encoding="utf-8")
    assert [one.code for one in restore(place, new)] == ["backup-changed"], "the settings are part of the manifest"
    settings.write_text(kept, encoding="utf-8")
    assert [one.code for one in restore(place, new)] == ["bad-database"], "a database with tables is not written over"
    with connections["default"].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connections.close_all()
    assert restore(place, tmp_path / "third") == ()
    folder, problems = open_folder(tmp_path / "third")
    assert folder is not None, problems
    point_at(folder)
    assert [(one.unit, one.state) for one in submissions()] == [(A, "entered")]
    assert entered_and_missing() == ()
    connections.close_all()


def test_nobody_sees_or_changes_what_is_not_his_on_postgresql(postgresql: str, tmp_path: Path, template: Path) -> None:
    from django.db import connections

    from tests.console.county import new_county
    from tests.console.test_access_matrix import FEW, denied_posts, go_through
    from tests.console.unit_routes import ROUTES

    county = new_county(new_world(tmp_path / "data", template, database=fresh_database(postgresql)))
    found = go_through(county, list(ROUTES), posts=False, personas=FEW)
    assert found.wrong == []
    before = county.state()
    refused = denied_posts(county, "clerk-b", "A")
    assert refused.wrong == []
    assert refused.requests > 20
    assert county.state() == before
    connections.close_all()


def test_the_office_walks_the_same_on_both(postgresql: str, tmp_path: Path, template: Path) -> None:
    from django.db import connection, connections

    from gongkai.console import audit
    from tests.console.office_walk import walk

    walks = {}
    for name, changes in (("sqlite", {}), ("postgresql", {"database": fresh_database(postgresql)})):
        world = new_world(tmp_path / name, template, **changes)
        walks[name] = walk(world)
        assert connection.vendor == name
        assert len(list(audit.lines(world.folder.audit))) == len(walks[name].steps), "a line a form"
        assert audit.first_break(world.folder.audit) is None
        connections.close_all()
    assert walks["sqlite"].steps == walks["postgresql"].steps
    assert walks["sqlite"].pages == walks["postgresql"].pages


def test_numbers_that_are_asked_for_at_once_differ(postgresql: str, tmp_path: Path, template: Path) -> None:
    """Eight people at one moment, for each sort of object that counts."""
    from datetime import date

    from django.db import connections

    from gongkai.console.entry import requests as register
    from gongkai.console.models import office_store as rows
    from gongkai.console.models.store import cases, submissions
    from gongkai.console.office import runs
    from tests.console.world import training

    world = new_world(tmp_path / "data", template, database=fresh_database(postgresql))
    clerk, evaluator = world.people["clerk-a"], world.people["evaluator"]
    together = threading.Barrier(8)
    wrong: list[BaseException] = []

    def ask() -> None:
        try:
            together.wait(30)
            world.draft("clerk-a", A, training())
            runs.make(evaluator, runs.AskedRun("一次", "2023-08-31"))
            said = {"channel": "post", "received": date(2023, 9, 4), "applicant": "某人", "contact": "", "wanted": "一"}
            register.register(clerk, A, **said)  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001 (whatever it is, the test is to say it)
            wrong.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=ask) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    assert wrong == []
    assert sorted(rows.runs().values_list("number", flat=True)) == list(range(1, 9))
    assert sorted(cases().values_list("number", flat=True)) == list(range(1, 9))
    assert sorted(submissions().filter(unit=A).values_list("number", flat=True)) == list(range(1, 17))
    connections.close_all()
