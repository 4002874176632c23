"""Rows that entry and the console's own work read and write; pages get theirs from `access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from gongkai.console.models.notices import CountyNotice
from gongkai.console.models.people import Membership, OneTimeLink, Person
from gongkai.console.models.rectification import RectificationFile
from gongkai.console.models.requests import RequestCase, RequestDocument
from gongkai.console.models.submissions import Attachment, Submission, SubmissionStep, UnitMapping

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def submissions() -> QuerySet[Submission]:
    """Return all submissions."""
    return Submission.objects.all()


def lock_submission(key: int) -> Submission:
    """Return a submission that nobody else changes until the transaction ends."""
    return Submission.objects.select_for_update().get(pk=key)


def make_submission(**fields: Any) -> Submission:  # noqa: ANN401 (fields of the model)
    """Return a new submission."""
    return Submission.objects.create(**fields)


def add_step(submission: Submission, person: Person | None, step: str, at: datetime, reason: str = "") -> None:
    """Record a change of a submission's state."""
    SubmissionStep.objects.create(submission=submission, at=at, person=person, step=step, reason=reason)


def add_attachment(submission: Submission, name: str, sha256: str, size: int, kind: str) -> Attachment:
    """Add a file to a submission."""
    return Attachment.objects.create(submission=submission, name=name, sha256=sha256, size=size, kind=kind)


def mapping_of(unit: str) -> dict[str, str]:
    """Return which field each heading of a unit's sheet stands for, as it was chosen before."""
    found = UnitMapping.objects.filter(unit=unit).first()
    return {} if found is None else dict(found.columns)


def keep_mapping(unit: str, columns: dict[str, str]) -> None:
    """Keep which field each heading of a unit's sheet stands for."""
    UnitMapping.objects.update_or_create(unit=unit, defaults={"columns": columns})


def people() -> QuerySet[Person]:
    """Return all accounts."""
    return Person.objects.all()


def make_person(username: str, name: str) -> Person:
    """Return a new account, without a password."""
    person = Person(username=username, name=name)
    person.set_unusable_password()
    person.save()
    return person


def memberships() -> QuerySet[Membership]:
    """Return all memberships."""
    return Membership.objects.all()


def add_membership(person: Person, role: str, unit: str = "") -> None:
    """Let somebody have a role."""
    Membership.objects.get_or_create(person=person, role=role, unit=unit)


def links() -> QuerySet[OneTimeLink]:
    """Return all one-time links."""
    return OneTimeLink.objects.all()


def cases() -> QuerySet[RequestCase]:
    """Return all requests for information."""
    return RequestCase.objects.all()


def make_case(**fields: Any) -> RequestCase:  # noqa: ANN401 (fields of the model)
    """Return a new request."""
    return RequestCase.objects.create(**fields)


def is_kept(digest: str) -> bool:
    """Say whether anything still needs the file whose bytes have a hash."""
    found = (
        Attachment.objects.filter(sha256=digest),
        RequestDocument.objects.filter(sha256=digest),
        RectificationFile.objects.filter(sha256=digest),
        Submission.objects.filter(file_digest=digest),
        CountyNotice.objects.filter(Q(sha256=digest) | Q(list_sha256=digest)),
    )
    return any(one.exists() for one in found)


def kept_digests() -> dict[str, str]:
    """Return the hash of every file that something needs, with the name that pages show."""
    found: dict[str, str] = {}
    for model in (Attachment, RequestDocument, RectificationFile):
        found |= dict(model.objects.values_list("sha256", "name"))
    found |= dict(Submission.objects.filter(kind="workbook").values_list("file_digest", "file_name"))
    for name in ("sha256", "list_sha256"):
        found |= dict(CountyNotice.objects.values_list(name, "file_name"))
    return {digest: name for digest, name in found.items() if digest}


def add_document(case: RequestCase, name: str, sha256: str, size: int, kind: str) -> RequestDocument:
    """Add a file to a request."""
    return RequestDocument.objects.create(case=case, name=name, sha256=sha256, size=size, kind=kind)
