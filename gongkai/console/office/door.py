"""The door through which pages get the objects of the county office's work."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.http import Http404

from gongkai.console import access
from gongkai.console.models import office_store as rows

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from gongkai.console.models import Assessment, CountyNotice, CountyRun, Objection, Proposal, Rectification

M = TypeVar("M", bound="Model")


def _checked(request: HttpRequest, found: M | None, kind: str, action: str) -> M:
    """Return an object to which the person who is signed in may do something.

    Raises:
        Http404: there is none, or he may not see it.
        PermissionDenied: he may not do this to it.
    """
    if found is None:
        raise Http404
    access.require(request, f"{kind}.view", found)  # type: ignore[arg-type]
    access.require(request, action, found)  # type: ignore[arg-type]
    return found


def run_of(request: HttpRequest, number: int, action: str = "run.view") -> CountyRun:
    """Return a run, for an action; raises as `_checked` does."""
    found = rows.runs().select_related("author", "publisher", "revises").filter(number=number).first()
    return _checked(request, found, "run", action)


def visible_runs(request: HttpRequest) -> QuerySet[CountyRun]:
    """Return the runs that the person who is signed in may see, the latest first."""
    model = rows.runs().model
    return (
        access.visible(access.who(request), "run.view", model).select_related("author", "revises").order_by("-number")
    )


def assessment_of(request: HttpRequest, key: int, action: str = "assessment.view") -> Assessment:
    """Return an assessment, for an action; raises as `_checked` does."""
    found = rows.assessments().select_related("author", "approver", "submission").filter(pk=key).first()
    return _checked(request, found, "assessment", action)


def visible_assessments(request: HttpRequest) -> QuerySet[Assessment]:
    """Return the assessments that the person who is signed in may see, the latest first."""
    model = rows.assessments().model
    found = access.visible(access.who(request), "assessment.view", model)
    return found.select_related("author", "approver", "submission").order_by("-pk")


def objection_of(request: HttpRequest, unit: str, number: int, action: str = "objection.view") -> Objection:
    """Return an objection, for an action; raises as `_checked` does."""
    found = rows.objections().select_related("run", "author", "submitter", "decider", "opinion_by")
    return _checked(request, found.filter(unit=unit, number=number).first(), "objection", action)


def visible_objections(request: HttpRequest) -> QuerySet[Objection]:
    """Return the objections that the person who is signed in may see, the latest first."""
    found = access.visible(access.who(request), "objection.view", rows.objections().model)
    return found.select_related("run", "author").order_by("-pk")


def rectification_of(request: HttpRequest, unit: str, number: int, action: str = "rectification.view") -> Rectification:
    """Return a rectification, for an action; raises as `_checked` does."""
    found = rows.rectifications().select_related("run", "author", "editor")
    return _checked(request, found.filter(unit=unit, number=number).first(), "rectification", action)


def visible_rectifications(request: HttpRequest) -> QuerySet[Rectification]:
    """Return the rectifications that the person who is signed in may see, those that are due first."""
    found = access.visible(access.who(request), "rectification.view", rows.rectifications().model)
    return found.select_related("run", "author").order_by("due", "unit", "number")


def notice_of(request: HttpRequest, key: int, action: str = "notice.view") -> CountyNotice:
    """Return a notice, for an action; raises as `_checked` does."""
    found = rows.notices().select_related("run", "author", "sender", "signer").filter(pk=key).first()
    return _checked(request, found, "notice", action)


def visible_notices(request: HttpRequest) -> QuerySet[CountyNotice]:
    """Return the notices that the person who is signed in may see, the latest first."""
    found = access.visible(access.who(request), "notice.view", rows.notices().model)
    return found.select_related("run", "author", "sender", "signer").order_by("-pk")


def proposal_of(request: HttpRequest, key: int, action: str = "setting.view") -> Proposal:
    """Return a proposal, for an action; raises as `_checked` does."""
    found = rows.proposals().select_related("author", "approver").filter(pk=key).first()
    return _checked(request, found, "setting", action)


def visible_proposals(request: HttpRequest) -> QuerySet[Proposal]:
    """Return the proposals that the person who is signed in may see, the latest first."""
    found = access.visible(access.who(request), "setting.view", rows.proposals().model)
    return found.select_related("author", "approver").order_by("-pk")
