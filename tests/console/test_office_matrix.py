"""Every address of the county office's work × everybody × every object × every method, against a table by hand."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.db import connections
from django.urls import reverse

from events.ledger.folder import read_head
from gongkai.console.folder import open_folder, use
from gongkai.console.live.thread import LIVE
from gongkai.console.office import runner
from gongkai.console.work.backup import backup, entered_and_missing, restore
from gongkai.console.work.health import verify
from tests.console import test_access_matrix as of_units
from tests.console.county import LETTERS
from tests.console.office_routes import CANARIES, ROUTES, Page
from tests.console.office_world import Office, new_office
from tests.console.test_access_matrix import text_of, unguarded
from tests.console.unit_routes import ROUTES as OF_UNITS
from tests.console.world import new_world, point_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from django.http.response import HttpResponseBase


class Kept:
    """What pages change beside database and ledger, to go back to."""

    def __init__(self, office: Office, place: Path) -> None:
        self.office = office
        self.place = place
        self.snapshot = LIVE.snapshot
        shutil.copytree(office.county.world.folder.root / "runs", place / "runs")

    def go_back(self) -> None:
        """Make everything as it was."""
        self.office.county.go_back()
        root = self.office.county.world.folder.root
        shutil.rmtree(root / "approved", ignore_errors=True)
        shutil.rmtree(root / "runs")
        shutil.copytree(self.place / "runs", root / "runs")
        use(self.office.county.world.folder)
        LIVE._snapshot = self.snapshot


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Kept]:
    root = tmp_path_factory.mktemp("office")
    world = new_world(root / "data", template)
    made = new_office(world)
    made.county.clients = {name: world.client(name) for name in world.people} | {"anonymous": world.client(None)}
    made.county.keep(root / "kept")
    yield Kept(made, root)
    LIVE.stop()
    connections.close_all()


@pytest.fixture
def office(kept: Kept) -> Iterator[Office]:
    yield kept.office
    kept.go_back()


@dataclass
class Found:
    wrong: list[str] = field(default_factory=list)
    requests: int = 0


def test_nobody_sees_or_does_what_is_not_his(kept: Kept, office: Office) -> None:
    with mock.patch.object(runner, "start", lambda: None):
        found = go_through(kept, list(ROUTES))
    assert office.runs
    assert not found.wrong, "\n".join(found.wrong[:40])
    assert found.requests > 300


def go_through(kept: Kept, names: list[str], *, posts: bool = True, personas: Collection[str] = ()) -> Found:
    """Ask for everything as everybody, and return what was answered otherwise than the table says."""
    found, office = Found(), kept.office
    for name in names:
        for page in ROUTES[name]:
            args = page.args(office)
            for persona in personas or office.county.clients:
                _ask(kept, (reverse(name, args=args), page), persona, found, posts=posts)
    return found


def _ask(kept: Kept, asked: tuple[str, Page], persona: str, found: Found, *, posts: bool) -> None:
    address, page = asked
    office = kept.office
    client = office.county.clients[persona]
    first = office.county.mark() if posts else ()
    for method in ("get", "head"):
        answer = getattr(client, method)(address, {"unit": LETTERS["B"], **page.query})
        _judge(found, f"{method} {address}", persona, answer, _get(page, persona))
    if not posts:
        return
    before = office.county.mark()
    if before != first and office.county.state() != office.county.kept:
        found.wrong.append(f"get {address} as {persona}: something changed")
    form = {"unit": LETTERS["B"], **{key: one(office) if callable(one) else one for key, one in page.form.items()}}
    answer = client.post(address, form)
    wanted = _post(page, persona)
    _judge(found, f"post {address}", persona, answer, wanted)
    changed = office.county.mark() != before and office.county.state() != office.county.kept
    if not wanted & {200, 303} and changed:
        found.wrong.append(f"post {address} as {persona}: {answer.status_code}, and something changed")
    if changed:
        kept.go_back()


def _refused(page: Page, persona: str) -> set[int]:
    """Return how somebody is turned away who may not."""
    if persona in page.see:
        return {403}
    return {404} if page.hidden else {404, 403}


def _get(page: Page, persona: str) -> set[int]:
    if persona == "anonymous":
        return {302} if page.may is not None else {302, 405}
    if page.may is None:
        return {405}
    return {200} if persona in page.may else _refused(page, persona)


def _post(page: Page, persona: str) -> set[int]:
    if persona == "anonymous":
        return {302} if page.post is not None else {302, 405}
    if page.post is None:
        return {405}
    return page.fine if persona in page.post else _refused(page, persona)


def _judge(found: Found, what: str, persona: str, answer: HttpResponseBase, wanted: set[int]) -> None:
    found.requests += 1
    found.wrong += [f"{what} as {persona}: no {one}" for one in unguarded(answer)]
    if answer.status_code not in wanted:
        found.wrong.append(f"{what} as {persona}: {answer.status_code}, not {sorted(wanted)}")
    text = "\n".join([text_of(answer), *(f"{key}: {value}" for key, value in answer.headers.items())])
    for letter, sort in sorted(
        set(
            re.findall(
                r"KANARI([ABC])([a-z]+?)(?:subject|reason|page|title|text|file|name|note|url|content|applicant|contact|wanted)",
                text,
            )
        )
    ):
        if persona not in CANARIES.get(sort, {}).get(letter, ()):
            found.wrong.append(f"{what} as {persona}: shows {sort} of {letter}")


def test_a_run_shown_too_early_is_found(kept: Kept, office: Office) -> None:
    from gongkai.console import access

    assert office.runs
    wide: Any = dict(access.grants())
    wide["run.view"] = [*wide["run.view"], access.Grant("clerk", "all", (), None)]
    with mock.patch.object(access, "grants", lambda: wide):
        assert go_through(kept, ["unit-runs"], posts=False, personas=("clerk-a",)).wrong == []
        assert go_through(kept, ["unit-run"], posts=False, personas=("clerk-a",)).wrong == []
    wide["run.whole"] = [*wide["run.whole"], access.Grant("clerk", "all", (), None)]
    with mock.patch.object(access, "grants", lambda: wide):
        assert go_through(kept, ["run-file"], posts=False, personas=("clerk-a",)).wrong


def _files(root: Path) -> dict[str, bytes]:
    """Return what people uploaded and what runs wrote, by path."""
    found = [one for name in ("uploads", "runs", "books") for one in (root / name).rglob("*") if one.is_file()]
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in found if not one.name.endswith(".part")}


@pytest.fixture
def restored(kept: Kept, tmp_path: Path) -> Iterator[Kept]:
    """The same county from a backup, in another folder, and sessions as they were."""
    county = kept.office.county
    own = county.world.folder
    before = (county.kept, county._kept)
    place = backup(own, tmp_path / "backups")
    assert restore(place, tmp_path / "elsewhere") == ()
    folder, problems = open_folder(tmp_path / "elsewhere")
    assert folder is not None, problems
    folder = replace(folder, settings=own.settings)
    snapshot = LIVE.snapshot
    point_at(folder)
    assert entered_and_missing() == ()
    LIVE.refresh()
    county.world.folder = folder
    county.keep(tmp_path / "kept")
    assert county.kept[:-2] == before[0][:-2], "the database is that of the backup"
    assert read_head(folder.ledger) == read_head(own.ledger)
    assert _files(folder.root) == _files(own.root)
    yield Kept(kept.office, tmp_path)
    county.world.folder = own
    county.kept, county._kept = before
    point_at(own)
    LIVE._snapshot = snapshot


def test_a_restored_backup_shows_and_refuses_the_same(restored: Kept) -> None:
    county = restored.office.county
    with mock.patch.object(runner, "start", lambda: None):
        sent = go_through(restored, list(ROUTES), personas=("clerk-b",))
        seen = go_through(restored, list(ROUTES), posts=False, personas=("inside-publisher", "auditor"))
        units = of_units.go_through(county, list(OF_UNITS), posts=False, personas=("clerk-b", "evaluator"))
        refused = of_units.denied_posts(county, "clerk-b", "A")
    wrong = [one for part in (sent, seen, units, refused) for one in part.wrong]
    assert not wrong, "\n".join(wrong[:40])
    assert sum(one.requests for one in (sent, seen, units, refused)) > 1200
    assert verify() == "完好"
