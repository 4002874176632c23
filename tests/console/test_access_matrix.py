"""Every address × everybody × every object × every method, held against a table that is written here by hand."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from django.db import connections
from django.urls import reverse

from gongkai.console.live.thread import LIVE
from gongkai.console.web.throttle import LOGINS
from tests.console.county import LETTERS, County, new_county
from tests.console.office_routes import ROUTES as OFFICE_ROUTES
from tests.console.unit_routes import ADMIN, COUNTY, DRAFT_STATES, FILED, ROUTES, SEES, UNIT, UNIT_VIEW, Route
from tests.console.world import new_world

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from django.http.response import HttpResponseBase


@dataclass
class Found:
    """What the matrix went through."""

    wrong: list[str] = field(default_factory=list)
    requests: int = 0


@pytest.fixture(scope="module")
def _county(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[County]:
    root = tmp_path_factory.mktemp("county")
    made = new_county(new_world(root / "data", template))
    made.keep(root / "kept")
    yield made
    LIVE.stop()
    connections.close_all()


@pytest.fixture
def county(_county: County) -> Iterator[County]:
    yield _county
    _county.go_back()


def test_the_table_has_every_address() -> None:
    from gongkai.console.urls import urlpatterns

    assert {one.name for one in urlpatterns} == set(ROUTES) | set(OFFICE_ROUTES)


def test_nobody_sees_or_changes_what_is_not_his(county: County) -> None:
    found = go_through(county, list(ROUTES))
    assert found.wrong == []
    assert found.requests > 4000


def go_through(
    county: County, names: list[str], *, posts: bool = True, personas: Collection[str] | None = None
) -> Found:
    """Ask for everything as everybody, and return what was answered otherwise than the table says."""
    found = Found()
    for name in names:
        route = ROUTES[name]
        for letter, state in _objects(route):
            for persona in personas or county.clients:
                _ask(county, name, route, (letter, state), persona, found, posts=posts)
    return found


def _objects(route: Route) -> Iterator[tuple[str, str]]:
    if route.of in {"submission", "workbook"}:
        for state in ("draft", "waiting", "returned", "discarded", "entered"):
            yield "A", state
        yield from (("B", "draft"), ("B", "waiting"), ("C", "waiting"), ("C", "entered"))
    elif route.of in {"unit", "unit-missing", "case"}:
        yield from ((letter, "") for letter in LETTERS)
    else:
        yield "A", ""


def _ask(
    county: County, name: str, route: Route, thing: tuple[str, str], persona: str, found: Found, *, posts: bool
) -> None:
    LOGINS.clear()
    letter, state = thing
    args = route.args(county, letter, state)
    if route.of in {"unit", "unit-missing", "submission", "workbook", "case"}:
        args = (LETTERS[letter], *args)
    if route.of == "person":
        args = (county.world.people["clerk-b"].pk,)
    if route.of == "feed":
        args = (county.feed,)
    address = reverse(name, args=args)
    client = county.clients[persona]
    others = {
        "unit": LETTERS["B" if letter == "A" else "A"],
        "q": "KANARI" if name == "entries" else "",
        "next": "/u/minzheng/",
    }
    asked = county.mark() if posts else ()
    for method in ("get", "head"):
        answer = getattr(client, method)(address, others if name != "ics" else {"unit": LETTERS[letter]})
        _judge(found, f"{method} {address}", persona, answer, _get_status(route, letter, state, persona))
    if not posts:
        return
    before = county.mark()
    if before != asked and county.state() != county.kept:
        found.wrong.append(f"get {address} as {persona}: something changed")
    form = dict(route.form)
    if form.get("digest"):
        form["digest"] = county.submissions[letter, state].digest
    answer = client.post(address, {**others, **form})
    wanted = _post_status(route, letter, state, persona)
    _judge(found, f"post {address} [{state}]", persona, answer, wanted)
    changed = county.mark() != before and county.state() != county.kept
    if not wanted & {200, 303} and changed:
        found.wrong.append(f"post {address} as {persona}: {answer.status_code}, and something changed")
    if changed or name in {"logout", "login"}:
        county.go_back()


def _get_status(route: Route, letter: str, state: str, persona: str) -> set[int]:
    """Return what a GET may answer."""
    if route.of == "public":
        return {200}
    if route.of == "feed":
        return {200}
    if persona == "anonymous":
        return {302, 405} if not route.get else {302}
    if not route.get:
        return {405, 404, 403}
    if route.of == "own":
        return {200, 302}
    if route.of == "county":
        return {200} if persona in COUNTY else {404, 403}
    if route.of in {"admin", "person", "health"}:
        shown = persona in ADMIN or (route.of == "health" and persona == "auditor")
        return {200} if shown else {404, 403}
    if not _seen(route, letter, state, persona):
        return {404}
    if letter not in route.may.get(persona, ""):
        return {403}
    return {404} if route.of in {"unit-missing", "workbook"} else {200}


def _seen(route: Route, letter: str, state: str, persona: str) -> bool:
    """Say whether somebody may know that the object exists."""
    if route.of in {"submission", "workbook"}:
        return letter in (UNIT if state in DRAFT_STATES else FILED).get(persona, "")
    if route.of == "case":
        return letter in UNIT.get(persona, "")
    return letter in UNIT_VIEW.get(persona, "")


def _post_status(route: Route, letter: str, state: str, persona: str) -> set[int]:
    """Return what a POST with a valid form may answer."""
    if route.of == "public":
        return {200, 303, 404, 405, 422}
    if persona == "anonymous":
        return {302, 405}
    if route.of == "feed" or route.post is None:
        return {405, 404, 403}
    if route.of == "own":
        return {303, 422}
    if route.of in {"admin", "person", "health"}:
        return {200, 303} if persona in ADMIN else {404, 403}
    if not _seen(route, letter, state, persona):
        return {404}
    if letter not in route.post.get(persona, ""):
        return {403}
    if route.of == "workbook":
        return {404}
    if route.of == "submission" and route.states and state not in route.states:
        return {409, 403, 422}
    return {200, 303, 422}


def unguarded(answer: HttpResponseBase) -> list[str]:
    """Return what an answer lacks of the headers that every one has."""
    policy = answer.headers.get("Content-Security-Policy", "")
    safe = "default-src 'none'" in policy and ("script-src 'unsafe-inline'" not in policy or "sandbox" in policy)
    kept = answer.headers.get("Cache-Control") == "no-store" or "/static/" in answer.wsgi_request.path  # type: ignore[attr-defined]
    sniffed = answer.headers.get("X-Content-Type-Options") != "nosniff"
    return [name for name, wrong in (("policy", not safe), ("cache", not kept), ("nosniff", sniffed)) if wrong]


def _judge(found: Found, what: str, persona: str, answer: HttpResponseBase, wanted: set[int]) -> None:
    """Compare an answer with the table, and look for canaries in it."""
    found.requests += 1
    found.wrong += [f"{what} as {persona}: no {one}" for one in unguarded(answer)]
    if answer.status_code not in wanted:
        found.wrong.append(f"{what} as {persona}: {answer.status_code}, not {sorted(wanted)}")
    text = "\n".join([text_of(answer), *(f"{key}: {value}" for key, value in answer.headers.items())])
    for letter, sort in set(re.findall(r"KANARI([ABC])(draft|filed|entry|case)", text)):
        if letter not in SEES[sort].get(persona, "") and not what.startswith(("get /ics", "head /ics")):
            found.wrong.append(f"{what} as {persona}: shows {sort} of {letter}")


def text_of(answer: HttpResponseBase) -> str:
    """Return everything that an answer says, packed files unpacked."""
    body = b"".join(answer) if answer.streaming else getattr(answer, "content", b"")
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body += b"".join(packed.read(one) for one in packed.namelist())
            body += "".join(packed.namelist()).encode()
    return body.decode("utf-8", "replace")


def denied_posts(county: County, persona: str, letter: str) -> Found:
    """Send every form about a unit's objects as somebody of another unit, and return what was not refused."""
    found = Found()
    for name, route in ROUTES.items():
        if (
            route.post is None
            or letter in route.post.get(persona, "")
            or route.of not in {"unit", "submission", "case"}
        ):
            continue
        for state in ("draft", "waiting") if route.of == "submission" else ("",):
            address = reverse(name, args=(LETTERS[letter], *route.args(county, letter, state)))
            form = {**route.form, "digest": county.submissions[letter, state or "draft"].digest}
            answer = county.clients[persona].post(address, form)
            _judge(found, f"post {address} [{state}]", persona, answer, {403, 404})
    return found


# ---- seeded faults: each must be found
FEW = ("clerk-b", "evaluator", "auditor")
"""Who is asked for where a fault was put in: it would take everybody too long."""


def test_a_filter_that_is_dropped_is_found(county: County) -> None:
    from gongkai.console import access

    with mock.patch.object(access, "visible", lambda person, action, model: model._default_manager.all()):
        assert go_through(county, ["submissions", "requests"], posts=False, personas=FEW).wrong


def test_a_check_that_is_skipped_is_found(county: County) -> None:
    from gongkai.console import access

    yes = access.Decision(allowed=True)
    with mock.patch.object(access, "allowed", lambda person, action, thing: yes):
        assert go_through(county, ["unit", "attachment", "request"], posts=False, personas=FEW).wrong


def test_a_role_that_is_widened_is_found(county: County) -> None:
    from gongkai.console import access

    wide = dict(access.grants())
    wide["submission.view"] = [*wide["submission.view"], access.Grant("auditor", "all", (), None)]
    with mock.patch.object(access, "grants", lambda: wide):
        assert go_through(county, ["attachment"], posts=False, personas=FEW).wrong


def test_a_self_review_that_is_let_through_is_found(county: County) -> None:
    from gongkai.console import access
    from gongkai.console.models.store import add_membership

    add_membership(county.world.people["clerk-a"], "reviewer", LETTERS["A"])
    client = county.clients["clerk-a"]
    one = county.submissions["A", "waiting"]
    address = f"/u/{one.unit}/submissions/{one.number}/approve"
    assert client.post(address, {"digest": one.digest}).status_code == 403
    with mock.patch.object(access, "_holds", lambda person, grant, thing: True):
        assert client.post(address, {"digest": one.digest}).status_code == 303


def test_views_get_objects_only_from_the_one_door() -> None:
    import ast
    from pathlib import Path

    import gongkai.console

    root = Path(gongkai.console.__path__[0])
    allowed = {root / "access.py", *(root / "models").glob("*.py"), *(root / "migrations").glob("*.py")}
    for path in sorted(root.rglob("*.py")):
        if path in allowed:
            continue
        names = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        assert not names & {"objects", "_default_manager", "is_superuser", "is_staff", "raw"}, path
        if path.parent.name == "screens":
            text = path.read_text("utf-8")
            assert not re.search(r"models\.store import .*\b(submissions|cases|people|memberships|links)\b", text), path
