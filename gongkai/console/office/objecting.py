"""异议: filed on a published verdict, decided without interest; it changes no verdict, what follows from it may."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import transaction

from gongkai.console.clock import now
from gongkai.console.models import office_store as rows
from gongkai.console.models.objections import DECISIONS, O_DECIDED, O_DRAFT, O_SUBMITTED, OBJECTION_STATES
from gongkai.console.office import runs as official
from gongkai.console.web.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gongkai.console.models import CountyRun, Objection, Person, Submission
    from reports.run.folder import Row

GONE_ON = "这份异议的状态已经变了，请刷新页面再看。"
CLOSED = "这次评估的异议期已经过了。"
MOST = 2000


def is_open(run: CountyRun) -> bool:
    """Say whether units may object to a run now."""
    return run.published and (run.objections_until is None or now().date() <= run.objections_until)


def by_obligation(
    visible: Iterable[CountyRun], objections: Iterable[Objection], unit: str
) -> Mapping[str, tuple[str, str]]:
    """Return what a unit can do, or did, against the verdicts of the last published run.

    Args:
        visible: the runs that somebody may see, the latest first.
        objections: the objections that somebody may see, the latest first.
        unit: the unit.

    Returns:
        By obligation: the address of the form, or of the objection that there is, and its state in words or nothing.
    """
    run = next((one for one in visible if one.published), None)
    if run is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    if is_open(run):
        address = f"/u/{unit}/runs/{run.number}/objection?"
        found = {one: (address + urlencode({"about": one}), "") for one in official.obligations_of(run, unit)}
    filed = {one.obligation: one for one in reversed(list(objections)) if one.unit == unit and one.run_id == run.pk}
    for obligation, one in filed.items():
        words = DECISIONS.get(one.decision) or OBJECTION_STATES[one.state]
        found[obligation] = (f"/u/{unit}/objections/{one.number}/", words)
    return found


def draft(person: Person, run: CountyRun, row: Row, label: str, words: tuple[str, str]) -> Objection:
    """Return a new draft.

    Args:
        person: who writes it.
        run: the published run.
        row: the verdict row.
        label: clause and title.
        words: ground and statement.

    Raises:
        ConflictError: the time for objections is over.
    """
    if not is_open(run):
        raise ConflictError(CLOSED)
    with transaction.atomic():
        return rows.make_objection(
            row["unit"],
            run=run,
            obligation=row["obligation"],
            label=label[:300],
            status=row["status"],
            ground=words[0],
            statement=words[1][:MOST],
            author=person,
            made_at=now(),
        )


def change(objection: Objection, ground: str, statement: str, linked: Iterable[Submission]) -> None:
    """Change a draft, and say which submissions mend what was wrong."""
    with transaction.atomic():
        locked = _in(objection, O_DRAFT)
        locked.ground, locked.statement = ground, statement[:MOST]
        locked.save()
        locked.linked.set(linked)


def submit(person: Person, objection: Objection) -> None:
    """Hand a draft in for the unit.

    Raises:
        ConflictError: it is handed in, or the time for objections is over.
    """
    with transaction.atomic():
        locked = _in(objection, O_DRAFT)
        if not is_open(locked.run):
            raise ConflictError(CLOSED)
        locked.state, locked.submitter, locked.submitted_at = O_SUBMITTED, person, now()
        locked.save()


def give_opinion(person: Person, objection: Objection, text: str) -> None:
    """Keep what an evaluator thinks of an objection."""
    with transaction.atomic():
        locked = _in(objection, O_SUBMITTED)
        locked.opinion, locked.opinion_by = text[:MOST], person
        locked.save()


def decide(person: Person, objection: Objection, decision: str, follows: str, answer: str) -> None:
    """Decide an objection; the unit sees it at once."""
    with transaction.atomic():
        locked = _in(objection, O_SUBMITTED)
        locked.decision, locked.follows, locked.answer = decision, follows, answer[:MOST]
        locked.state, locked.decider, locked.decided_at = O_DECIDED, person, now()
        locked.save()


def _in(objection: Objection, state: str) -> Objection:
    locked = rows.lock_objection(objection.pk)
    if locked.state != state:
        raise ConflictError(GONE_ON)
    return locked
