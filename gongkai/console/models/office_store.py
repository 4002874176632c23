"""Rows of the county office's work; pages get theirs through `office.door`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max

from gongkai.console.models.assessments import Assessment
from gongkai.console.models.notices import N_SENT, CountyNotice
from gongkai.console.models.objections import Objection
from gongkai.console.models.proposals import Proposal
from gongkai.console.models.rectification import Rectification, RectificationFile, RectificationStep
from gongkai.console.models.runs import CountyRun
from gongkai.console.models.turns import in_turn

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gongkai.console.models.people import Person


def runs() -> QuerySet[CountyRun]:
    """Return all runs."""
    return CountyRun.objects.all()


def make_run(**fields: Any) -> CountyRun:  # noqa: ANN401 (fields of the model)
    """Return a new run with the next number; the caller holds a transaction."""
    in_turn("runs")
    last = CountyRun.objects.aggregate(last=Max("number"))["last"] or 0
    return CountyRun.objects.create(number=last + 1, **fields)


def lock_run(key: int) -> CountyRun:
    """Return a run that nobody else changes until the transaction ends."""
    return CountyRun.objects.select_for_update().get(pk=key)


def assessments() -> QuerySet[Assessment]:
    """Return all assessments."""
    return Assessment.objects.all()


def lock_assessment(key: int) -> Assessment:
    """Return an assessment that nobody else changes until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=key)


def objections() -> QuerySet[Objection]:
    """Return all objections."""
    return Objection.objects.all()


def lock_objection(key: int) -> Objection:
    """Return an objection that nobody else changes until the transaction ends."""
    return Objection.objects.select_for_update().get(pk=key)


def make_objection(unit: str, **fields: Any) -> Objection:  # noqa: ANN401 (fields of the model)
    """Return a new objection with the next number of its unit; the caller holds a transaction."""
    in_turn(f"objection {unit}")
    last = Objection.objects.filter(unit=unit).aggregate(last=Max("number"))["last"] or 0
    return Objection.objects.create(unit=unit, number=last + 1, **fields)


def rectifications() -> QuerySet[Rectification]:
    """Return all rectifications."""
    return Rectification.objects.all()


def lock_rectification(key: int) -> Rectification:
    """Return a rectification that nobody else changes until the transaction ends."""
    return Rectification.objects.select_for_update().get(pk=key)


def make_rectification(unit: str, **fields: Any) -> Rectification:  # noqa: ANN401 (fields of the model)
    """Return a new rectification with the next number of its unit; the caller holds a transaction."""
    in_turn("rectification")
    last = Rectification.objects.filter(unit=unit).aggregate(last=Max("number"))["last"] or 0
    return Rectification.objects.create(unit=unit, number=last + 1, **fields)


def add_rectification_step(one: Rectification, person: Person, step: str, at: datetime, text: str = "") -> None:
    """Record what happened to a rectification."""
    RectificationStep.objects.create(rectification=one, person=person, step=step, at=at, text=text)


def add_rectification_file(one: Rectification, name: str, sha256: str, size: int, kind: str) -> RectificationFile:
    """Add a file to a rectification."""
    return RectificationFile.objects.create(rectification=one, name=name, sha256=sha256, size=size, kind=kind)


def notices() -> QuerySet[CountyNotice]:
    """Return all notices."""
    return CountyNotice.objects.all()


def lock_notice(key: int) -> CountyNotice:
    """Return a notice that nobody else changes until the transaction ends."""
    return CountyNotice.objects.select_for_update().get(pk=key)


def unsigned(unit: str) -> int:
    """Return how many notices wait for a unit's signature."""
    return CountyNotice.objects.filter(unit=unit, state=N_SENT).count()


def proposals() -> QuerySet[Proposal]:
    """Return all proposals."""
    return Proposal.objects.all()


def lock_proposal(key: int) -> Proposal:
    """Return a proposal that nobody else changes until the transaction ends."""
    return Proposal.objects.select_for_update().get(pk=key)


def last_version(kind: str) -> int:
    """Return the last version of a setting, 0 where none was approved; the caller holds a transaction."""
    in_turn(f"setting {kind}")
    return Proposal.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
