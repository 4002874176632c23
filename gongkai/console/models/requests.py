"""Requests for information: what must not be in the ledger, because a ledger cannot forget."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.console.models.people import Person
from gongkai.console.models.submissions import Submission


class RequestCase(models.Model):
    """A request, with the personal data of its applicant.

    Attributes:
        unit: id of the unit that got it.
        year: year of its number.
        number: its number within unit and year, from 1.
        channel: how it came (`events.vocabulary`, attribute `channel`).
        received_on: the day on which it counts as received.
        applicant: name of the person or organisation.
        contact: address, telephone, documents.
        wanted: what is asked for.
        note: remarks of the unit.
        purged_at: when personal data was removed.
        archived_at: when the file was closed.
    """

    unit = models.CharField(max_length=64, db_index=True)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=32)
    received_on = models.DateField()
    applicant = models.CharField(max_length=200, blank=True, default="")
    contact = models.TextField(blank=True, default="")
    wanted = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submissions = models.ManyToManyField(Submission, related_name="cases")
    archived_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Numbers count within unit and year."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="one_request_number")
        ]

    def __str__(self) -> str:
        """Return the number of the request."""
        return self.subject

    @property
    def subject(self) -> str:
        """The number of the request, which is its subject in the ledger."""
        return f"{self.year}-{self.unit}-{self.number}"


class RequestDocument(models.Model):
    """A file of a request, the application or the reply; its bytes are in `uploads/`."""

    case = models.ForeignKey(RequestCase, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.name
