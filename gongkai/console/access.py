"""Access: who may do what, and the one door through which pages get their objects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import yaml
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from gongkai.console.folder import current
from gongkai.console.models import RequestCase, Submission
from gongkai.console.models.people import ADMIN, OF_UNITS, Membership, Person
from gongkai.console.registry import unit_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

M = TypeVar("M", bound=Model)
TABLE = Path(__file__).with_name("access.yaml")

REASONS = {
    "other-hand": "这一份是您登记、起草或者修改的，须由另一个人来做",
    "no-interest": "这件事涉及您所在的单位，或者是您先前评定的，须由没有利害关系的人来做",
    "role": "您的角色不能做这一步",
}


class Owned(Protocol):
    """Whatever belongs to a unit."""

    @property
    def unit(self) -> str:
        """The id of the unit."""


@dataclass(frozen=True, slots=True)
class UnitObject:
    """A unit, as the object of an action.

    Attributes:
        unit: its id.
        name: its name.
    """

    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class EntryObject:
    """An entry of the ledger, as the object of an action."""

    unit: str
    id: str


@dataclass(frozen=True, slots=True)
class CountyObject:
    """The county, as the object of an action."""

    unit: str = ""


COUNTY = CountyObject()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may do something.

    Attributes:
        allowed: whether he may.
        hidden: whether he may not even know that the object exists.
        reason: why not.
    """

    allowed: bool
    hidden: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the table: a role may do it to some objects, on conditions."""

    role: str
    scope: str
    conditions: tuple[str, ...]
    states: frozenset[str] | None


@cache
def grants() -> Mapping[str, Sequence[Grant]]:
    """Return the table of `access.yaml`, by action."""
    found: dict[str, list[Grant]] = {}
    for name, cells in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items():
        action, _, states = name.partition("@")
        for role, words in cells.items():
            scope, *conditions = words.split()
            only = frozenset(states.split(",")) if states else None
            found.setdefault(action, []).append(Grant(role, scope, tuple(conditions), only))
    return found


def memberships(person: Person) -> tuple[Membership, ...]:
    """Return what a person may be; nothing where the account is closed."""
    if not person.is_active:
        return ()
    known: tuple[Membership, ...] | None = getattr(person, "_known_memberships", None)
    if known is None:
        known = tuple(Membership.objects.filter(person=person).order_by("role", "unit"))
        person._known_memberships = known  # type: ignore[attr-defined]  # noqa: SLF001 (kept for one request)
    return known


def units_of(person: Person) -> tuple[str, ...]:
    """Return the ids of the units in which a person has a role."""
    return tuple(dict.fromkeys(one.unit for one in memberships(person) if one.role in OF_UNITS))


def has_role(person: Person, *roles: str) -> bool:
    """Say whether a person has one of some roles anywhere."""
    return any(one.role in roles for one in memberships(person))


def allowed(person: Person, action: str, thing: Owned) -> Decision:
    """Return whether a person may do something to an object, and why not."""
    near = _fitting(person, action, thing, conditions=False)
    if any(_holds(person, grant, thing) for grant in near):
        return Decision(allowed=True)
    view = "unit.view" if isinstance(thing, UnitObject) else f"{action.partition('.')[0]}.view"
    hidden = not (near or (view != action and view in grants() and allowed(person, view, thing).allowed))
    return Decision(allowed=False, hidden=hidden, reason=REASONS[_failed(person, near, thing) or "role"])


def visible(person: Person, action: str, model: type[M]) -> QuerySet[M]:
    """Return the objects of a model to which a person may do something."""
    rows: QuerySet[M] = model._default_manager.all()  # noqa: SLF001 (Django's name for it)
    condition = Q(pk__in=[])
    for grant in grants().get(action, ()):
        units = [one.unit for one in memberships(person) if one.role == grant.role]
        if not units:
            continue
        part = _of_scope(grant.scope, units)
        if grant.states is not None:
            part &= Q(state__in=sorted(grant.states))
        if "other-hand" in grant.conditions:
            hands = {one.name for one in model._meta.get_fields()} & {"author", "editor"}  # noqa: SLF001 (Django's name)
            for hand in sorted(hands):
                part &= ~Q(**{hand: person})
        if "no-interest" in grant.conditions:
            part &= ~Q(unit__in=units_of(person))
        condition |= part
    return rows.filter(condition)


def _of_scope(scope: str, units: Sequence[str]) -> Q:
    if scope == "all":
        return Q(pk__isnull=False)  # an empty condition would be left out of the alternatives
    if scope == "county-review":
        return Q(unit__in=sorted(current().settings.review_by_county))
    return Q(unit__in=units)


def _fitting(person: Person, action: str, thing: Owned, *, conditions: bool) -> list[Grant]:
    """Return the grants that a person has for an action on an object, conditions aside."""
    state = getattr(thing, "state", None)
    found = []
    for grant in grants().get(action, ()):
        units = {one.unit for one in memberships(person) if one.role == grant.role}
        inside = (
            bool(units)
            if grant.scope == "all"
            else thing.unit in current().settings.review_by_county and bool(units)
            if grant.scope == "county-review"
            else thing.unit in units
        )
        if inside and (grant.states is None or state in grant.states) and (not conditions or grant.conditions):
            found.append(grant)
    return found


def _holds(person: Person, grant: Grant, thing: Owned) -> bool:
    """Say whether the conditions of a grant hold."""
    return not _failed(person, [grant], thing)


def _failed(person: Person, near: Sequence[Grant], thing: Owned) -> str:
    """Return the first condition of some grants that does not hold, or nothing."""
    conditions = {one for grant in near for one in grant.conditions}
    hands = (getattr(thing, "author_id", None), getattr(thing, "editor_id", None), *getattr(thing, "hands", ()))
    if "other-hand" in conditions and person.pk in hands:
        return "other-hand"
    involved = person.pk in getattr(thing, "involved", ()) or (thing.unit and thing.unit in units_of(person))
    return "no-interest" if "no-interest" in conditions and involved else ""


def who(request: HttpRequest) -> Person:
    """Return the person who is signed in.

    Raises:
        PermissionDenied: nobody is.
    """
    if not isinstance(request.user, Person):
        raise PermissionDenied(REASONS["role"])
    return request.user


def require(request: HttpRequest, action: str, thing: Owned) -> Person:
    """Return the person who is signed in and may do something.

    Raises:
        Http404: he may not know of the object.
        PermissionDenied: he may not do this to it.
    """
    person = who(request)
    decision = allowed(person, action, thing)
    if decision.hidden:
        raise Http404
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return person


def unit_of(request: HttpRequest, unit: str, action: str = "unit.view") -> UnitObject:
    """Return a unit on which the person who is signed in may do something.

    Raises:
        Http404: there is no such unit, or it is not his.
        PermissionDenied: he may not do this.
    """
    name = unit_names().get(unit)
    if name is None:
        raise Http404
    found = UnitObject(unit, name)
    if not allowed(who(request), "unit.view", found).allowed:
        raise Http404
    require(request, action, found)
    return found


def submission_of(request: HttpRequest, unit: str, number: int, action: str = "submission.view") -> Submission:
    """Return a submission to which the person who is signed in may do something.

    Raises:
        Http404: there is none, or he may not see it.
        PermissionDenied: he may not do this to it.
    """
    found = Submission.objects.select_related("author", "editor", "reviewer").filter(unit=unit, number=number).first()
    if found is None:
        raise Http404
    require(request, "submission.view", found)
    require(request, action, found)
    return found


def case_of(request: HttpRequest, unit: str, year: int, number: int, action: str = "request.view") -> RequestCase:
    """Return a request for information to which the person who is signed in may do something.

    Raises:
        Http404: there is none, or he may not see it.
        PermissionDenied: he may not do this to it.
    """
    found = RequestCase.objects.filter(unit=unit, year=year, number=number).first()
    if found is None:
        raise Http404
    require(request, "request.view", found)
    require(request, action, found)
    return found


def person_of(request: HttpRequest, key: int) -> Person:
    """Return an account, for the administrator.

    Raises:
        Http404: there is none.
        PermissionDenied: the one who asks is no administrator.
    """
    require(request, "people.manage", COUNTY)
    found = Person.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def is_admin(person: Person) -> bool:
    """Say whether a person is an administrator."""
    return has_role(person, ADMIN)


def person_of_feed(digest: str) -> Person | None:
    """Return whose calendar address it is, by the hash of its secret."""
    return Person.objects.filter(feed=digest, is_active=True).first() if digest else None


def everybody(request: HttpRequest) -> QuerySet[Person]:
    """Return all accounts with their roles, for the administrator.

    Raises:
        PermissionDenied: the one who asks is no administrator.
    """
    require(request, "people.manage", COUNTY)
    return Person.objects.prefetch_related("memberships").order_by("username")
