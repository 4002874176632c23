"""The way of the office's entries into the ledger: a submission that is approved when it is made, and entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.problems import has_errors
from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.content import understand
from gongkai.console.entry.post import enter
from gongkai.console.models import Submission
from gongkai.console.models.store import add_step
from gongkai.console.models.submissions import APPROVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.problems import Problem
    from gongkai.console.entry.content import Row
    from gongkai.console.models import Person


def wrong(unit: str, kind: str, rows: Sequence[Row]) -> tuple[Problem, ...]:
    """Return what the ledger would say against entries of the office, personal data among it."""
    trial = Submission(unit=unit, number=0, kind=kind, rows=list(rows))
    found = understand(trial, now()).problems
    return tuple(one for one in found if one.severity == "error") if has_errors(found) else ()


def approved(hands: tuple[Person, Person], unit: str, kind: str, row: Row, title: str) -> Submission:
    """Return a submission that one person wrote and another approved; the caller holds the transaction.

    After a crash before it is entered, the next start enters it like any other.
    """
    author, reviewer = hands
    with transaction.atomic():
        made = states.begin(author, unit, kind, [row], title)
        # what one person decides alone (延期) was reviewed by nobody, and the ledger does not say that it was
        made.reviewer = None if reviewer == author else reviewer
        made.state, made.reviewed_at, made.recorded_at = APPROVED, now(), now()
        made.changed_at = now()
        made.save()
        add_step(made, reviewer, "approve", now())
    return made


def entered(submission: Submission) -> tuple[Problem, ...]:
    """Enter it; what the ledger refuses is put away, and is nothing that its unit could change.

    Raises:
        DamageError: the ledger cannot be used; the submission is entered on the next occasion.
    """
    return enter(submission)
