"""A console in a folder of its own, with people of every role, for tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gongkai.console.clock import start_at
from gongkai.console.folder import ConsoleSettings, DataFolder, open_folder, use
from gongkai.console.serve import set_up

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from gongkai.console.live.snapshot import Snapshot
    from gongkai.console.models import Person, Submission

NOW = datetime(2023, 9, 20, 10, 0, 0)
A, B, C = "renshe", "minzheng", "shuiwu"
PASSWORD = "correct horse battery"

PEOPLE = {
    "clerk-a": [("clerk", A)],
    "reviewer-a": [("reviewer", A)],
    "clerk-b": [("clerk", B)],
    "reviewer-b": [("reviewer", B)],
    "clerk-c": [("clerk", C)],
    "both": [("clerk", A), ("reviewer", B)],
    "evaluator": [("evaluator", "")],
    "publisher": [("publisher", "")],
    "auditor": [("auditor", "")],
    "admin": [("admin", "")],
    "nobody": [],
}
"""Everybody with an account: units A and B are ordinary, C is reviewed by the county."""


_EMPTY: list[Snapshot] = []


@dataclass
class World:
    """A console and its people."""

    folder: DataFolder
    people: dict[str, Person] = field(default_factory=dict)

    def client(self, name: str | None) -> Client:
        """Return a browser in which somebody is signed in, or nobody."""
        from django.test import Client

        client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        if name is not None:
            client.force_login(self.people[name])
        return client

    def draft(self, name: str, unit: str, row: dict[str, Any] | None = None, **fields: Any) -> Submission:
        """Return a new draft of somebody."""
        from gongkai.console.entry import states

        row = row or training()
        return states.begin(
            self.people[name], unit, fields.pop("kind", "entry"), [row], fields.pop("title", "培训"), **fields
        )

    def entered(self, clerk: str, reviewer: str, unit: str, row: dict[str, Any] | None = None) -> Submission:
        """Return a submission that went all the way."""
        from gongkai.console.entry import states
        from gongkai.console.entry.post import enter

        draft = self.draft(clerk, unit, row)
        states.take(self.people[clerk], draft, "submit")
        approved = states.take(self.people[reviewer], draft, "approve")
        assert enter(approved) == ()
        return approved


def training(subject: str = "培训一", day: str = "2023-08-01") -> dict[str, Any]:
    """Return the row of a training."""
    return {"type": "training.held", "subject": subject, "occurred_at": day}


def point_at(folder: DataFolder) -> None:
    """Let this process use a data folder, whatever it used before."""
    import os

    if os.environ.get("DJANGO_SETTINGS_MODULE") != "gongkai.console.settings":
        set_up(folder)
    use(folder)
    from django.conf import settings
    from django.db import connections

    from gongkai.console.live.thread import LIVE
    from gongkai.console.web.throttle import LOGINS

    LIVE.stop()
    LIVE.__init__()  # type: ignore[misc]
    LOGINS.clear()
    connections.close_all()
    wanted = folder.database()
    present = connections.settings["default"]
    for connection in connections.all(initialized_only=True):
        connection.close()
    for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        present[key] = wanted.get(key, {} if key == "OPTIONS" else "")
    if "init_command" in present["OPTIONS"]:  # as for files (`tests/conftest.py`): no test cuts the power
        pragmas = present["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        present["OPTIONS"] = {**present["OPTIONS"], "init_command": pragmas}
    if "default" in connections.settings and list(connections.all(initialized_only=True)):
        del connections["default"]
    settings.SECRET_KEY = folder.secret


def new_world(root: Path, template: Path, **changes: Any) -> World:
    """Return a console with everybody in it."""
    from gongkai.console.entry.post import forget_listeners, on_entry
    from gongkai.console.live.thread import LIVE

    start_at(NOW)
    folder, problems = open_folder(root)
    assert folder is not None, problems
    folder = replace(folder, settings=ConsoleSettings(**{"review-by-county": [C], **changes}))
    if folder.settings.database is None:
        shutil.copy(template, root / "console.sqlite3")
    point_at(folder)
    if folder.settings.database is not None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    forget_listeners()
    on_entry(LIVE.entered)
    if not changes.keys() - {"mail"}:
        know_nothing_yet()
    return World(folder, make_people())


def know_nothing_yet() -> None:
    """Let the snapshot be that of an empty ledger: judged once, not in each test, since all of them begin with it."""
    from events.ledger.importing.adding import adding
    from gongkai.console.folder import current
    from gongkai.console.live.thread import LIVE

    with adding(current().ledger, lambda: None):
        pass
    if _EMPTY:
        LIVE._snapshot = _EMPTY[0]
    else:
        _EMPTY.append(LIVE.refresh())


def make_people() -> dict[str, Person]:
    """Return everybody."""
    from gongkai.console.models.store import add_membership, make_person

    made = {}
    for name, roles in PEOPLE.items():
        made[name] = make_person(name, f"姓名{name}")
        for role, unit in roles:
            add_membership(made[name], role, unit)
    return made
