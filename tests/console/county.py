"""A county with something of everything in it and a canary in every text, to prove that no unit sees another's."""

from __future__ import annotations

import io
import shutil
import zipfile
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connections

from gongkai.console.entry import requests as register
from gongkai.console.entry import states
from gongkai.console.entry.attachments import clean_name, keep_upload, store
from gongkai.console.entry.post import enter
from gongkai.console.live.thread import LIVE
from gongkai.console.models.store import add_document
from gongkai.console.work import accounts
from tests.console.world import A, B, C, World

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from gongkai.console.models import RequestCase, Submission

LETTERS = {"A": A, "B": B, "C": C}
CLERK = {"A": "clerk-a", "B": "clerk-b", "C": "clerk-c"}
REVIEWER = {"A": "reviewer-a", "B": "reviewer-b", "C": "publisher"}
PDF = b"%PDF-1.4 "


def packed(*names: str) -> bytes:
    """Return a packed file with parts of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@dataclass
class County:
    """What is in the county.

    Attributes:
        world: the console.
        submissions: by letter of the unit and state.
        cases: a request of each unit.
        files: key of an attachment of each submission.
        documents: key of a document of each request.
        clients: a browser of everybody, `None` for nobody.
    """

    world: World
    submissions: dict[tuple[str, str], Submission] = field(default_factory=dict)
    cases: dict[str, RequestCase] = field(default_factory=dict)
    files: dict[tuple[str, str], int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    feed: str = ""
    code: str = ""
    kept: tuple[object, ...] = ()
    _kept: Path | None = None
    _cookies: dict[str, Any] = field(default_factory=dict)

    def keep(self, place: Path) -> None:
        """Remember everything as it is."""
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = self.world.folder.root
        place.mkdir()
        shutil.copy(root / "console.sqlite3", place / "console.sqlite3")
        shutil.copytree(root / "ledger", place / "ledger")
        self._kept = place
        self.kept = self.state()
        self._cookies = {name: deepcopy(one.cookies) for name, one in self.clients.items()}

    def go_back(self) -> None:
        """Make everything as it was remembered."""
        assert self._kept is not None
        root = self.world.folder.root
        connections.close_all()
        for one in root.glob("console.sqlite3*"):
            one.unlink()
        shutil.copy(self._kept / "console.sqlite3", root / "console.sqlite3")
        shutil.rmtree(root / "ledger")
        shutil.copytree(self._kept / "ledger", root / "ledger")
        LIVE._own.clear()
        for name, client in self.clients.items():
            client.cookies = deepcopy(self._cookies[name])

    def mark(self) -> tuple[object, ...]:
        """Return what differs as soon as anything was written; the same mark means that nothing was.

        Everything in these tests goes through one connection, which counts the rows that it changed.
        """
        connection = connections["default"]
        connection.ensure_connection()
        root = self.world.folder.root
        files = ("ledger/head.json", "ledger/entries.jsonl")
        sizes = [(one.stat().st_mtime_ns, one.stat().st_size) for one in (root / name for name in files)]
        uploads = sorted((one.name, one.stat().st_mtime_ns) for one in (root / "uploads").iterdir())
        return id(connection.connection), connection.connection.total_changes, sizes, uploads

    def state(self) -> tuple[object, ...]:
        """Return what a denied request must not change."""
        root = self.world.folder.root
        with connections["default"].cursor() as cursor:
            tables = []
            for name in sorted(connections["default"].introspection.table_names(cursor)):
                if name != "django_session":
                    cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 (names of our own tables)
                    tables.append((name, hash(tuple(cursor.fetchall()))))
        ledger = tuple(sorted((one.name, one.read_bytes()) for one in (root / "ledger").iterdir() if one.is_file()))
        uploads = tuple(
            sorted(str(one) for folder in ("uploads", "runs", "approved") for one in (root / folder).rglob("*"))
        )
        return (*tables, hash(ledger), uploads)


def canary(letter: str, sort: str, field_name: str) -> str:
    """Return a text that stands nowhere else: of a unit, of what only some may see, of a field."""
    return f"KANARI{letter}{sort}{field_name}"


def row(letter: str, sort: str) -> dict[str, Any]:
    """Return a row with a canary in every text."""
    return {
        "type": "information.published",
        "subject": canary(letter, sort, "subject"),
        "occurred_at": "2023-08-01",
        "data.title": canary(letter, sort, "title"),
        "data.note": canary(letter, sort, "note"),
        "data.url": f"https://example.gov.cn/{canary(letter, sort, 'url')}",
    }


def new_county(world: World) -> County:
    """Return a county with submissions in every state, entries, files and requests of three units."""
    county = County(world)
    for letter in LETTERS:
        _submissions(county, letter)
        _case(county, letter)
    LIVE.refresh()
    person = world.people["clerk-a"]
    county.feed = "f" * 40
    person.feed = accounts.hashed(county.feed)
    person.save()
    county.code = accounts.make_link(world.people["nobody"])
    county.clients = {name: world.client(name) for name in world.people} | {"anonymous": world.client(None)}
    return county


def _submissions(county: County, letter: str) -> None:
    people, unit = county.world.people, LETTERS[letter]
    clerk, reviewer = people[CLERK[letter]], people[REVIEWER[letter]]
    for state in ("draft", "waiting", "returned", "discarded", "entered"):
        sort = {"draft": "draft", "returned": "draft", "discarded": "draft", "waiting": "filed", "entered": "entry"}[
            state
        ]
        content = row(letter, sort)
        content["subject"] += state
        one = states.begin(
            clerk, unit, "entry", [content], canary(letter, "draft" if sort == "draft" else "filed", "name")
        )
        file_sort = "draft" if sort == "draft" else "filed"
        text = PDF + canary(letter, file_sort, "content").encode() + state.encode()
        keep_upload(clerk, one, canary(letter, file_sort, "file") + ".pdf", text)
        if state not in {"draft", "discarded"}:
            states.take(clerk, one, "submit")
        if state == "returned":
            states.take(reviewer, one, "return", reason=canary(letter, "draft", "reason"))
        if state == "discarded":
            states.take(clerk, one, "discard")
        if state == "entered":
            assert enter(states.take(reviewer, one, "approve")) == ()
            county.entry[letter] = one.event_id(1)
        one.refresh_from_db()
        county.submissions[letter, state] = one
        county.files[letter, state] = one.attachments.get().pk


def _case(county: County, letter: str) -> None:
    from datetime import date

    case, submission = register.register(
        county.world.people[CLERK[letter]],
        LETTERS[letter],
        channel="post",
        received=date(2023, 9, 4),
        applicant=canary(letter, "case", "applicant"),
        contact=canary(letter, "case", "contact"),
        wanted=canary(letter, "case", "wanted"),
    )
    assert enter(states.enter_at_once(county.world.people[CLERK[letter]], submission)) == ()
    content = PDF + canary(letter, "case", "content").encode()
    name = clean_name(canary(letter, "case", "file") + ".pdf")
    county.documents[letter] = add_document(case, name, store(content), len(content), "pdf").pk
    county.cases[letter] = case
