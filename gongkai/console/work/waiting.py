"""等您处理的: what waits in the county office for one person, by what he may do and has no part in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from gongkai.console import access
from gongkai.console.models import (
    Assessment,
    CountyNotice,
    CountyRun,
    Objection,
    Proposal,
    Rectification,
    Submission,
)
from gongkai.console.models.assessments import A_WAITING
from gongkai.console.models.notices import N_PREPARED
from gongkai.console.models.objections import O_SUBMITTED
from gongkai.console.models.proposals import P_PROPOSED
from gongkai.console.models.rectification import R_PREPARED, R_REPORTED
from gongkai.console.models.runs import DONE
from gongkai.console.models.submissions import WAITING

if TYPE_CHECKING:
    from django.db.models import Model

    from gongkai.console.models import Person

_STEPS: tuple[tuple[str, type[Model], str, str, str, str], ...] = (
    ("submission.approve", Submission, WAITING, "登记单等县里审核", "county-submissions", ""),
    ("assessment.approve", Assessment, A_WAITING, "评定等您复核", "assess", ""),
    ("run.publish", CountyRun, DONE, "运行等您公布", "runs", ""),
    ("notice.send", CountyNotice, N_PREPARED, "通知等您发出", "notices", "state=prepared"),
    ("rectification.order", Rectification, R_PREPARED, "整改等您下达", "rectifications", "state=prepared"),
    ("rectification.decide", Rectification, R_REPORTED, "整改等您销号或者退回", "rectifications", "state=reported"),
    ("objection.decide", Objection, O_SUBMITTED, "异议等您处理", "objections", "state=submitted"),
    ("setting.approve", Proposal, P_PROPOSED, "设置等您批准", "settings", ""),
)
"""Action, model, state, what it is called, and where it is done."""


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """What waits: how many, of what, and where it is done."""

    count: int
    label: str
    address: str


def waiting_for(person: Person) -> tuple[WaitingWork, ...]:
    """Return what waits for somebody, in the order of the year; nothing where nothing does."""
    if not access.allowed(person, "county.view", access.COUNTY).allowed:
        return ()
    found = []
    for action, model, state, label, route, query in _STEPS:
        count = access.visible(person, action, model).filter(state=state).count()
        if count:
            found.append(WaitingWork(count, label, reverse(route) + (f"?{query}" if query else "")))
    return tuple(found)
