"""Rectification: one problem of a run that a unit has to mend, and its history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.console.models.people import Person
from gongkai.console.models.runs import CountyRun
from gongkai.console.models.submissions import Submission

R_PREPARED, R_ORDERED, R_FILLED, R_REPORTED, R_RETURNED, R_ACCEPTED = (
    "prepared",
    "ordered",
    "filled",
    "reported",
    "back",
    "accepted",
)
RECTIFICATION_STATES = {
    R_PREPARED: "待下达",
    R_ORDERED: "待整改",
    R_FILLED: "待单位审核",
    R_REPORTED: "待县里销号",
    R_RETURNED: "退回，继续整改",
    R_ACCEPTED: "已销号",
}
_FILLING, _ROUNDS = frozenset(("fill", "attach")), frozenset(("order", "send-back", "return"))
"""The steps by which a unit fills it in, and those with which that begins anew."""
OPEN_STATES = frozenset((R_ORDERED, R_FILLED, R_REPORTED, R_RETURNED))


class Rectification(models.Model):
    """A problem that a unit has to mend.

    Attributes:
        unit: id of the unit.
        number: its number within the unit, from 1.
        run: the run that found it.
        obligation: the obligation, the subject of its entries in the ledger.
        label: clause and title.
        problem: the reason of the verdict.
        state: how far it is (`RECTIFICATION_STATES`).
        due: the day by which it has to be mended.
        author: who prepared the order.
        editor: who filled in the measure last.
        measure: what the unit did.
        done_on: the day on which it was done.
        opinion: what an evaluator thinks of it.
        changed_at: when it changed last.
    """

    unit = models.CharField(max_length=64, db_index=True)
    number = models.PositiveIntegerField()
    run = models.ForeignKey(CountyRun, on_delete=models.PROTECT, related_name="rectifications")
    obligation = models.CharField(max_length=300, db_index=True)
    label = models.CharField(max_length=300)
    problem = models.TextField()
    state = models.CharField(
        max_length=16, choices=list(RECTIFICATION_STATES.items()), default=R_PREPARED, db_index=True
    )
    due = models.DateField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    measure = models.TextField(blank=True, default="")
    done_on = models.DateField(null=True, blank=True)
    opinion = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()
    submissions = models.ManyToManyField(Submission, related_name="rectifications")

    class Meta:
        """Numbers count within a unit; one obligation of one run is ordered once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_rectification_number"),
            models.UniqueConstraint(fields=["run", "obligation"], name="one_rectification"),
        ]

    def __str__(self) -> str:
        """Return unit and number."""
        return f"{self.unit}-{self.number}"

    @property
    def hands(self) -> frozenset[int]:
        """Keys of the people who filled in, or added files to, what waits for review now."""
        found = set()
        for one in self.steps.order_by("-pk"):
            if one.step in _ROUNDS:
                break
            if one.step in _FILLING:
                found.add(one.person_id)
        return frozenset(found)

    @property
    def involved(self) -> frozenset[int]:
        """Keys of the people who ever filled it in for the unit, who decide nothing of it."""
        return frozenset(self.steps.filter(step__in=sorted(_FILLING)).values_list("person_id", flat=True))


class RectificationStep(models.Model):
    """One thing that happened to it."""

    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=16)
    text = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        """Return what happened."""
        return self.step


class RectificationFile(models.Model):
    """A file that shows what was done; its bytes are in `uploads/`."""

    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.name
