"""The steps of a submission, as `transitions.yaml` has them, and the functions that take them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.db import transaction
from django.db.models import Max

from gongkai.console import access
from gongkai.console.clock import now
from gongkai.console.entry.content import content_digest
from gongkai.console.models.store import add_step, lock_submission, make_submission, submissions
from gongkai.console.models.turns import in_turn
from gongkai.console.web.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gongkai.console.entry.content import Row
    from gongkai.console.models import Person, Submission

TABLE = Path(__file__).parents[1] / "transitions.yaml"
CHANGED = "内容已改动，请重新核对。"
GONE_ON = "这份登记单的状态已经变了，请刷新页面再看。"


@dataclass(frozen=True, slots=True)
class StateStep:
    """One step of a submission.

    Attributes:
        name: its name.
        label: what its button says.
        before: states from which it leads.
        after: the state to which it leads.
        action: the action of `access.yaml` that allows it, or None for a step of the console's own.
    """

    name: str
    label: str
    before: frozenset[str]
    after: str
    action: str | None


@cache
def steps() -> Mapping[str, StateStep]:
    """Return the steps by name."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        name: StateStep(name, one["zh"], frozenset(one["from"]), one["to"], one.get("action"))
        for name, one in table.items()
    }


def permitted(person: Person, submission: Submission) -> tuple[StateStep, ...]:
    """Return exactly the steps that a person may take with a submission now."""
    return tuple(
        step
        for step in steps().values()
        if step.action is not None
        and submission.state in step.before
        and access.allowed(person, step.action, submission).allowed
    )


def digest_of(submission: Submission) -> str:
    """Return the hash of the content of a submission as it stands in the database."""
    return content_digest(submission.rows, attachment_digests(submission))


def attachment_digests(submission: Submission) -> list[str]:
    """Return the hashes of the attachments of a submission."""
    return sorted(submission.attachments.values_list("sha256", flat=True))


def begin(person: Person, unit: str, kind: str, rows: Sequence[Row], title: str, **fields: str | bool) -> Submission:
    """Return a new draft."""
    with transaction.atomic():
        in_turn(f"submission {unit}")
        last = submissions().filter(unit=unit).aggregate(last=Max("number"))["last"] or 0
        submission = make_submission(
            unit=unit,
            number=last + 1,
            kind=kind,
            rows=list(rows),
            title=title[:300],
            author=person,
            editor=person,
            changed_at=now(),
            **fields,
        )
        submission.digest = digest_of(submission)
        submission.save(update_fields=["digest"])
        add_step(submission, person, "begin", now())
    return submission


def change(
    person: Person, submission: Submission, rows: Sequence[Row], title: str, edits: Mapping[str, str] | None = None
) -> Submission:
    """Change the content of a draft; an approval that was asked for is asked for no longer.

    Raises:
        ConflictError: the submission is in another state by now.
    """
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        _check_state(locked, steps()["edit"])
        locked.rows, locked.title, locked.editor = list(rows), title[:300], person
        if edits is not None:
            locked.edits = dict(edits)
        return _moved(locked, steps()["edit"], person)


def take(
    person: Person | None, submission: Submission, name: str, *, reason: str = "", digest: str | None = None
) -> Submission:
    """Take a step of a submission, which the caller found allowed.

    Args:
        person: who takes it; None for the console itself.
        submission: the submission.
        name: the step.
        reason: why, where it is returned or refused.
        digest: the hash of the content that the page showed, where it has to be what is approved.

    Raises:
        ConflictError: the state or the content is another by now.
    """
    step = steps()[name]
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        _check_state(locked, step)
        if digest is not None and digest != digest_of(locked):
            raise ConflictError(CHANGED)
        if name in {"approve", "return"}:
            locked.reviewer, locked.reviewed_at = person, now()
        if name == "approve":
            locked.recorded_at = now()
        if name in {"return", "refuse", "put-away"}:
            locked.reason = reason
        return _moved(locked, step, person, reason)


def enter_at_once(person: Person, submission: Submission) -> Submission:
    """Approve a submission of a type that is entered first and reviewed afterwards.

    Raises:
        ConflictError: the state is another by now.
    """
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        _check_state(locked, steps()["submit"])
        locked.after_review, locked.recorded_at, locked.state = True, now(), "approved"
        locked.changed_at, locked.digest = now(), digest_of(locked)
        locked.save()
        add_step(locked, person, "at-once", now())
    return locked


def confirm(person: Person, submission: Submission) -> Submission:
    """Record that somebody looked at what was entered at once.

    Raises:
        ConflictError: somebody did already.
    """
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        if not locked.after_review or locked.reviewed_at is not None:
            raise ConflictError(GONE_ON)
        locked.reviewer, locked.reviewed_at = person, now()
        locked.save()
        add_step(locked, person, "confirm", now())
    return locked


def _check_state(submission: Submission, step: StateStep) -> None:
    if submission.state not in step.before:
        raise ConflictError(GONE_ON)


def _moved(submission: Submission, step: StateStep, person: Person | None, reason: str = "") -> Submission:
    """Save a submission after a step."""
    submission.state, submission.changed_at = step.after, now()
    submission.digest = digest_of(submission)
    submission.save()
    add_step(submission, person, step.name, now(), reason)
    return submission
