"""Posting: approved submissions go into the ledger; one that was broken off goes there on the next start."""

from __future__ import annotations

import threading
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from events.ledger.damage import DamageError
from events.ledger.importing.imports import Checks, Provenance, import_stage
from events.ledger.importing.known import Known
from events.ledger.importing.stage import Stage
from events.problems import has_errors
from gongkai.console.clock import now
from gongkai.console.entry.content import file_label, understand
from gongkai.console.entry.personal import personal_data
from gongkai.console.entry.states import attachment_digests, steps, take
from gongkai.console.folder import current
from gongkai.console.models.store import add_step, lock_submission, submissions
from gongkai.console.models.submissions import APPROVED, OFFICE_KINDS
from gongkai.console.registry import registry
from gongkai.evaluation.receipt import product_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from events.ledger.chain import Head
    from events.ledger.importing.imports import Imported
    from events.problems import Problem
    from gongkai.console.models import Submission

_WRITER = threading.Lock()
_KNOWN: dict[Path, Known] = {}
_LISTENERS: list[Callable[[str, Head], None]] = []


def on_entry(listener: Callable[[str, Head], None]) -> None:
    """Call somebody with the unit and the new state of the ledger after each entry."""
    _LISTENERS.append(listener)


def forget_listeners() -> None:
    """Call nobody any more."""
    _LISTENERS.clear()


def enter(submission: Submission) -> tuple[Problem, ...]:
    """Append an approved submission to the ledger, all rows or none, and say what kept it out.

    What was entered before a crash is known to the ledger and is not entered again.

    Raises:
        DamageError: the ledger cannot be used; the submission stays approved, and is tried again on the next start.
    """
    with _WRITER:
        submission.refresh_from_db()
        if submission.state != APPROVED:
            return ()
        imported, found = _append(submission)
        problems = tuple(found)
        if imported is None:
            reason = "；".join(problem.line("zh") for problem in problems)[:2000]
            # what the office wrote is nothing that the unit's clerk could take up and change
            take(None, submission, "put-away" if submission.kind in OFFICE_KINDS else "refuse", reason=reason)
            submission.refresh_from_db()
            return problems
        _entered(submission, imported.head)
    for listener in _LISTENERS:
        listener(submission.unit, imported.head)
    return ()


def _append(submission: Submission) -> tuple[Imported | None, Sequence[Problem]]:
    """Append the rows, or say what is wrong with them."""
    recorded = submission.recorded_at or now()
    understood = understand(submission, recorded, attachment_digests(submission))
    if not understood.usable or understood.table.num_rows != len(submission.rows):
        return None, [one for one in understood.problems if one.severity == "error"]
    label = file_label(submission)
    digest = submission.file_digest or sha256(submission.digest.encode()).hexdigest()
    with Stage() as stage:
        stage.add(understood.table, label)
        stage.end(_source_name(submission), digest, understood.table.num_rows)
        provenance = Provenance(recorded.isoformat(), _hands(submission), product_version(), registry().sha256)
        imported, problems = import_stage(
            current().ledger, stage, provenance, Checks((), registry().evaluates, _known(current().ledger))
        )
    return (None if has_errors(problems) else imported), problems


def _known(ledger: Path) -> Known:
    """Return what this process remembers of a ledger: an entry then costs what is new, not what is there."""
    return _KNOWN.setdefault(ledger, Known())


def _source_name(submission: Submission) -> str:
    label = file_label(submission)
    plain = submission.file_name and personal_data(submission.file_name) is None  # a ledger cannot forget
    return f"{label} {submission.file_name}" if plain else label


def _hands(submission: Submission) -> str:
    """Return who logged and who reviewed."""
    logged = f"登记 {submission.author.username}"
    if submission.editor_id != submission.author_id:
        logged += f"、{submission.editor.username}"
    return logged if submission.reviewer is None else f"{logged}；审核 {submission.reviewer.username}"


def _entered(submission: Submission, head: Head) -> None:
    """Record that the ledger has it."""
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        if locked.state == APPROVED:
            locked.state, locked.head, locked.changed_at = steps()["enter"].after, head.hash, now()
            locked.save(update_fields=["state", "head", "changed_at"])
            add_step(locked, None, "enter", now())
    submission.refresh_from_db()


def recover() -> int:
    """Enter every submission that was approved and not entered, and return how many there were."""
    waiting = list(submissions().filter(state=APPROVED).order_by("reviewed_at", "pk"))
    for submission in waiting:
        try:
            enter(submission)
        except DamageError:
            break
    return len(waiting)
