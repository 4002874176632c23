"""Requests for information: the register gives numbers, each step is a submission, the ledger has no names."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from gongkai.console.clock import now
from gongkai.console.entry import states
from gongkai.console.entry.attachments import path_of
from gongkai.console.folder import current
from gongkai.console.models.store import cases, is_kept, make_case
from gongkai.console.models.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from gongkai.console.models import Person, RequestCase, Submission

NEEDS_CONFIRMATION = frozenset(("internet", "fax", "ordinary_mail"))
"""Channels on which the day of receipt is that of the confirmation (Regulation, art. 31)."""

STAGES = ("登记", "审核", "办理", "答复", "归档")
"""The stages that a file has to show (Regulation, art. 45)."""


@dataclass(frozen=True, slots=True)
class RequestStep:
    """A step of a request.

    Attributes:
        name: the event type.
        after: event types of which the request has to have one.
        unless: event types after which it is not possible.
    """

    name: str
    after: frozenset[str]
    unless: frozenset[str]


_RECEIVED, _ANSWERED, _ARCHIVED = "request.received", "request.answered", "request.archived"
_OPEN = frozenset((_ANSWERED, _ARCHIVED))
STEPS = (
    RequestStep("request.confirmed", frozenset((_RECEIVED,)), frozenset((*_OPEN, "request.confirmed"))),
    RequestStep("request.correction_asked", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.corrected", frozenset(("request.correction_asked",)), _OPEN),
    RequestStep("request.third_party_asked", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.third_party_answered", frozenset(("request.third_party_asked",)), _OPEN),
    RequestStep("request.organ_asked", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.organ_answered", frozenset(("request.organ_asked",)), _OPEN),
    RequestStep("request.extended", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.deferred", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.fee_asked", frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.fee_paid", frozenset(("request.fee_asked",)), _OPEN),
    RequestStep(_ANSWERED, frozenset((_RECEIVED,)), _OPEN),
    RequestStep("request.disclosure_reviewed", frozenset((_ANSWERED,)), frozenset((_ARCHIVED,))),
    RequestStep(_ARCHIVED, frozenset((_ANSWERED,)), frozenset((_ARCHIVED,))),
)


def possible_steps(events: Sequence[Mapping[str, object]]) -> tuple[RequestStep, ...]:
    """Return the steps that a request permits now, by what the ledger has of it."""
    had = {str(one["type"]) for one in events}
    return tuple(step for step in STEPS if had & step.after and not had & step.unless)


def register(
    person: Person,
    unit: str,
    *,
    channel: str,
    received: date,
    applicant: str,
    contact: str,
    wanted: str,
    sort: str = "",
) -> tuple[RequestCase, Submission]:
    """Give a request its number, and return its case with the submission of its receipt, which is approved at once.

    Of the applicant the ledger gets the sort alone, which is a column of table three of the annual report.
    """
    with transaction.atomic():
        year = received.year
        in_turn(f"request {unit}")
        last = cases().filter(unit=unit, year=year).aggregate(last=Max("number"))["last"] or 0
        case = make_case(
            unit=unit,
            year=year,
            number=last + 1,
            channel=channel,
            received_on=received,
            applicant=applicant,
            contact=contact,
            wanted=wanted,
            author=person,
        )
        row = {
            "type": _RECEIVED,
            "subject": case.subject,
            "occurred_at": received.isoformat(),
            "data.channel": channel,
            **({"data.applicant": sort} if sort else {}),
        }
        submission = states.begin(person, unit, "request", [row], f"收到申请 {case.subject}")
        case.submissions.add(submission)
    return case, submission


def steps_under_way(case: RequestCase) -> Iterator[Submission]:
    """Yield the submissions of a request that are not entered yet."""
    yield from case.submissions.exclude(state__in=["entered", "discarded"]).order_by("number")


def file_of(case: RequestCase, lines: Sequence[str]) -> bytes:
    """Return the file of a request as a ZIP: what happened, and its documents, named by their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        head = [
            f"申请编号：{case.subject}",
            f"申请人：{case.applicant}",
            f"联系方式：{case.contact}",
            f"申请内容：{case.wanted}",
            "",
        ]
        packed.writestr("办理经过.txt", "\r\n".join([*head, *lines]).encode("utf-8-sig"))
        for number, one in enumerate(case.documents.order_by("pk"), 1):
            packed.writestr(f"材料/{number:02d}.{one.kind}", path_of(one.sha256).read_bytes())
    return out.getvalue()


def purge_old() -> int:
    """Remove the personal data of requests that were archived longer ago than the settings keep it."""
    return purge(now() - timedelta(days=366 * current().settings.keep_applicants))


def purge(before: datetime) -> int:
    """Remove the personal data of requests that were archived before a moment, and return how many there were."""
    count = 0
    for case in cases().filter(archived_at__lt=before, purged_at=None):
        if not _is_archived(case):
            continue
        digests = set(case.documents.values_list("sha256", flat=True))
        with transaction.atomic():
            case.applicant = case.contact = case.wanted = case.note = ""
            case.purged_at = now()
            case.save()
            case.documents.all().delete()
        for digest in digests:
            if not is_kept(digest):
                path_of(digest).unlink(missing_ok=True)
        count += 1
    return count


def _is_archived(case: RequestCase) -> bool:
    """Say whether the archiving of a request got into the ledger, where it was handed in as a step."""
    archives = [one for one in case.submissions.all() if any(row.get("type") == _ARCHIVED for row in one.rows)]
    return not archives or any(one.state == "entered" for one in archives)
