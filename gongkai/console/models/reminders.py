"""Mail addresses of people, and which reminders they got, so that nobody is reminded twice of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from gongkai.console.models.people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class MailAddress(models.Model):
    """The address of somebody who wants reminders by mail."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(max_length=200)

    class Meta:
        """The application of its own."""

        app_label = "mail"

    def __str__(self) -> str:
        """Return the address."""
        return self.address


class SentReminder(models.Model):
    """A reminder that somebody got.

    Attributes:
        person: who.
        duty: hash of the obligation and of what set it off.
        due_on: its due date then, as text; a date that moved is reminded of again.
        level: how near it was (`gongkai.console.mail.digest.LEVELS`).
        sent_at: when.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    duty = models.CharField(max_length=20)
    due_on = models.CharField(max_length=10, blank=True, default="")
    level = models.CharField(max_length=8)
    sent_at = models.DateTimeField()

    class Meta:
        """Once for each person, duty, due date and level."""

        app_label = "mail"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "duty", "due_on", "level"], name="one_reminder")
        ]

    def __str__(self) -> str:
        """Return what was reminded of."""
        return f"{self.duty} {self.level}"


Key = tuple[str, str, str]
"""Duty, due date and level of a reminder."""


def address_of(person: Person) -> str:
    """Return the address of a person, or nothing."""
    found = MailAddress.objects.filter(person=person).first()
    return "" if found is None else found.address


def set_address(person: Person, address: str) -> None:
    """Let a person get reminders at an address; none without one."""
    if address:
        MailAddress.objects.update_or_create(person=person, defaults={"address": address})
    else:
        MailAddress.objects.filter(person=person).delete()


def readers() -> list[tuple[Person, str]]:
    """Return everybody who can sign in and has an address."""
    found = MailAddress.objects.select_related("person").filter(person__is_active=True).order_by("person__username")
    return [(one.person, one.address) for one in found]


def sent_to(person: Person) -> set[Key]:
    """Return what a person was reminded of."""
    return set(SentReminder.objects.filter(person=person).values_list("duty", "due_on", "level"))


def keep_sent(person: Person, keys: Iterable[Key], at: datetime) -> None:
    """Record what a person is reminded of."""
    SentReminder.objects.bulk_create(
        SentReminder(person=person, duty=duty, due_on=due, level=level, sent_at=at) for duty, due, level in keys
    )
