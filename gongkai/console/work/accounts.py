"""Accounts: people with their roles, and the one-time links with which they start."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from gongkai.console.clock import now
from gongkai.console.models.people import ADMIN, OF_UNITS, ROLES
from gongkai.console.models.reminders import set_address
from gongkai.console.models.store import add_membership, links, make_person, memberships, people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongkai.console.models import Person

VALID = timedelta(days=14)
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _SIZE = 4, 5


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to get an account.

    Attributes:
        username: the name to sign in with.
        name: the name that pages show.
        roles: roles with the ids of their units; the unit of a county role is empty.
        mail: where the person is reminded, or nothing.
    """

    username: str
    name: str
    roles: tuple[tuple[str, str], ...]
    mail: str = ""


def new_person(username: str, name: str) -> Person:
    """Return a new account, without a password and without roles."""
    return make_person(username, name)


def hashed(token: str) -> str:
    """Return what the database keeps of a secret."""
    return sha256(token.strip().lower().encode()).hexdigest()


def new_code() -> str:
    """Return a code that people can type: four groups of five letters and digits, 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_SIZE)) for _ in range(_GROUPS))


def make_link(person: Person) -> str:
    """Return a new code with which somebody chooses a password once; earlier ones no longer hold."""
    code = new_code()
    with transaction.atomic():
        links().filter(person=person).delete()
        links().create(token=hashed(code), person=person, until=now() + VALID)
    return code


def person_of_code(code: str) -> Person | None:
    """Return whose code it is, None where it was used or is too old."""
    found = links().select_related("person").filter(token=hashed(code), until__gte=now()).first()
    return None if found is None or not found.person.is_active else found.person


def use_code(code: str, person: Person, password: str) -> bool:
    """Set a password with a code, which can be used no more; say whether it still could."""
    with transaction.atomic():
        count, _ = links().filter(token=hashed(code), person=person, until__gte=now()).delete()
        if not count:
            return False
        person.set_password(password)
        person.epoch += 1
        person.save()
    return True


def first_administrator() -> str | None:
    """Return a code for the first administrator, who is made; None where there are people who can sign in."""
    if (
        people()
        .filter(memberships__role=ADMIN, is_active=True)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exists()
    ):
        return None
    with transaction.atomic():
        person = people().filter(username="admin").first() or make_person("admin", "系统管理员")
        add_membership(person, ADMIN)
    return make_link(person)


def role_conflict(person: Person | None, role: str, unit: str) -> str:
    """Return why somebody cannot have a role, or nothing."""
    if role not in ROLES:
        return f"没有“{role}”这个角色"
    if role in OF_UNITS and not unit:
        return f"{ROLES[role]}要写明单位"
    has = set() if person is None else set(memberships().filter(person=person).values_list("role", flat=True))
    if (role == ADMIN and has - {ADMIN}) or (role != ADMIN and ADMIN in has):
        return "系统管理员不能兼任其他角色"
    return ""


def give_role(person: Person, role: str, unit: str) -> None:
    """Give somebody a role, which ends the person's sessions."""
    with transaction.atomic():
        add_membership(person, role, unit if role in OF_UNITS else "")
        person.end_sessions()


def take_role(person: Person, key: int) -> None:
    """Take a role from somebody, which ends the person's sessions."""
    with transaction.atomic():
        memberships().filter(person=person, pk=key).delete()
        person.end_sessions()


def add_people(new: Sequence[NewPerson]) -> list[tuple[NewPerson, str]]:
    """Make accounts, all or none, and return the code of each."""
    made = []
    with transaction.atomic():
        for one in new:
            person = people().filter(username=one.username).first() or make_person(one.username, one.name)
            for role, unit in one.roles:
                add_membership(person, role, unit)
            if one.mail:
                set_address(person, one.mail)
            made.append((one, make_link(person)))
    return made


def code_for(username: str) -> str | None:
    """Return a new code for somebody, by the name to sign in with; None where there is nobody of that name."""
    person = people().filter(username=username, is_active=True).first()
    return None if person is None else make_link(person)
