"""Nobody approves or decides what is his own, by whatever way it became his."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from gongkai.console import access
from gongkai.console.models import office_store as rows
from gongkai.console.models.store import add_membership, memberships, submissions
from gongkai.console.office import objecting, rectifying, runs
from tests.console.office_world import obligation, published
from tests.console.world import A, World

if TYPE_CHECKING:
    from gongkai.console.models import Rectification


@pytest.fixture
def ordered(world: World) -> Rectification:
    """A problem of unit A that it has to mend."""
    run = published(world, "units")
    assert rectifying.prepare(world.people["evaluator"], run, {A}, date(2023, 10, 10)) == 1
    one = rows.rectifications().get()
    assert rectifying.order(world.people["publisher"], one) == ()
    return one


def _moved(world: World, name: str, *roles: tuple[str, str]) -> None:
    """Give somebody other roles than before."""
    person = world.people[name]
    memberships().filter(person=person).delete()
    for role, unit in roles:
        add_membership(person, role, unit)
    person.end_sessions()


def _step(world: World, name: str, step: str, **form: Any) -> int:
    return world.client(name).post(f"/u/{A}/rectification/1/{step}", form).status_code


def test_a_file_of_somebody_else_does_not_let_one_review_what_one_filled_in(
    world: World, ordered: Rectification
) -> None:
    add_membership(world.people["reviewer-a"], "clerk", A)
    assert _step(world, "reviewer-a", "fill", measure="补了", done_on="2023-09-10") == 303
    rectifying.attach(world.people["clerk-a"], ordered, "签到表.pdf", b"%PDF-1.4 ")
    assert _step(world, "reviewer-a", "approve") == 403
    assert _step(world, "reviewer-a", "send-back", text="不全") == 403
    add_membership(world.people["both"], "reviewer", A)
    assert _step(world, "both", "send-back", text="不全") == 303
    # a new round: the clerk fills it in alone, and the reviewer is a second person again
    assert _step(world, "clerk-a", "fill", measure="补全了", done_on="2023-09-11") == 303
    assert _step(world, "reviewer-a", "approve") == 303


def test_who_filled_it_in_for_the_unit_does_not_accept_it_for_the_county(world: World, ordered: Rectification) -> None:
    assert _step(world, "clerk-a", "fill", measure="补了", done_on="2023-09-10") == 303
    assert _step(world, "reviewer-a", "approve") == 303
    _moved(world, "clerk-a", ("publisher", ""))
    assert _step(world, "clerk-a", "accept") == 403
    assert _step(world, "publisher", "accept") == 303
    assert access.REASONS["no-interest"]
    assert ordered.pk


def test_who_objected_for_the_unit_does_not_decide_for_the_county(world: World, ordered: Rectification) -> None:
    row = runs.row_of(ordered.run, obligation("A"))
    assert row is not None
    one = objecting.draft(world.people["clerk-a"], ordered.run, row, "N6", ("missing", "漏登"))
    objecting.submit(world.people["reviewer-a"], one)
    decision = {"decision": "rejected", "follows": "none", "answer": "维持"}
    for name in ("clerk-a", "reviewer-a"):
        _moved(world, name, ("publisher", ""))
        assert world.client(name).post(f"/u/{A}/objections/1/decide", decision).status_code == 403
    assert world.client("publisher").post(f"/u/{A}/objections/1/decide", decision).status_code == 303


def test_what_one_person_decides_alone_is_not_said_to_be_reviewed(world: World, ordered: Rectification) -> None:
    assert _step(world, "publisher", "extend", due="2023-11-10", text="等材料") == 303
    assert ordered.pk
    made = submissions().filter(kind="order").order_by("-pk")[0]
    assert (made.state, made.author.username, made.reviewer) == ("entered", "publisher", None)
    text = (world.folder.ledger / "entries.jsonl").read_text("utf-8")
    assert "登记 evaluator；审核 publisher" in text
    assert "登记 publisher；审核" not in text


def test_what_the_office_wrote_and_the_ledger_refuses_is_nobodys_draft(world: World) -> None:
    from django.db import transaction

    from gongkai.console.entry.post import recover
    from gongkai.console.office import ledger

    later = {"type": "assessment.recorded", "occurred_at": "2024-08-01", "data.clause": "5.2.depth"}
    with transaction.atomic():
        made = ledger.approved((world.people["evaluator"], world.people["publisher"]), A, "assess", later, "评定")
    assert recover() == 1
    made.refresh_from_db()
    assert made.state == "discarded"
    assert made.reason
    clerk = world.client("clerk-a")
    for step in ("edit", "submit"):
        assert clerk.post(f"/u/{A}/submissions/{made.number}/{step}", later).status_code in {403, 404, 409, 422}
    made.refresh_from_db()
    assert made.state == "discarded"
