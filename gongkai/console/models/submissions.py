"""Submissions (登记单): what a unit wants entered, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.console.models.people import Person

DRAFT, WAITING, RETURNED, APPROVED, ENTERED, DISCARDED = (
    "draft",
    "waiting",
    "returned",
    "approved",
    "entered",
    "discarded",
)
STATES = {
    DRAFT: "草稿",
    WAITING: "待审核",
    RETURNED: "退回",
    APPROVED: "已审核",
    ENTERED: "已入账",
    DISCARDED: "作废",
}
OFFICE_KINDS = {"assess": "评定", "order": "责令整改", "rectify": "整改填报"}
"""How submissions come about that the county office's pages make: they are approved when they are made."""
KINDS = {"entry": "登记", "workbook": "台账", "correct": "更正", "retract": "撤回", "request": "依申请", **OFFICE_KINDS}


class Submission(models.Model):
    """What a unit wants entered: one or more rows, all or none.

    Attributes:
        unit: id of the unit.
        number: its number within the unit, from 1.
        kind: how it came about (`KINDS`).
        state: how far it is (`STATES`).
        title: a line that says what it is.
        rows: raw fields of each row, as the reader of logs takes them.
        digest: hash of what a reviewer approves: rows and attachments.
        author: who began it.
        editor: who changed it last.
        reviewer: who approved or returned it.
        reason: why it was returned.
        recorded_at: the moment of entry, fixed when it is approved.
        head: hash of the ledger after its entry.
        file_name: the workbook that it came from.
        file_digest: hash of the bytes of that workbook.
        edits: cells of the workbook that were mended in the page.
        after_review: whether it was entered first, and is reviewed afterwards.
        reviewed_at: when it was approved.
        changed_at: when it changed last.
    """

    unit = models.CharField(max_length=64, db_index=True)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=list(KINDS.items()), default="entry")
    state = models.CharField(max_length=16, choices=list(STATES.items()), default=DRAFT, db_index=True)
    title = models.CharField(max_length=300, blank=True, default="")
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True, default="")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField(null=True, blank=True)
    head = models.CharField(max_length=64, blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    file_digest = models.CharField(max_length=64, blank=True, default="")
    edits = models.JSONField(default=dict)
    after_review = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        """Numbers count within a unit."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_number")
        ]

    def __str__(self) -> str:
        """Return unit and number."""
        return f"{self.unit}-{self.number}"

    def event_id(self, row: int) -> str:
        """Return the id of the event of a row, from 1."""
        return f"w-{self.unit}-{self.number}-{row}"


class SubmissionStep(models.Model):
    """One change of a submission's state."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    step = models.CharField(max_length=16)
    reason = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        """Return what was done."""
        return self.step


class Attachment(models.Model):
    """A file that goes with a submission as evidence; its bytes are in `uploads/`."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.name


class UnitMapping(models.Model):
    """Which field each heading of a unit's own sheet stands for."""

    unit = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=dict)

    def __str__(self) -> str:
        """Return the unit."""
        return self.unit
