"""Assessments: what an evaluator found, looked at by a second person before it goes into the ledger."""

from __future__ import annotations

from django.db import models

from gongkai.console.models.people import Person
from gongkai.console.models.submissions import Submission

A_WAITING, A_RETURNED, A_ENTERED = "waiting", "returned", "entered"
ASSESSMENT_STATES = {A_WAITING: "待复核", A_RETURNED: "退回", A_ENTERED: "已入账"}
INCOMPLETE = "incomplete"
RESULTS = {"pass": "合格", "fail": "不合格", INCOMPLETE: "需补充"}


class Assessment(models.Model):
    """What an evaluator found of one duty of one unit.

    Attributes:
        unit: id of the unit that is assessed.
        rule: id of the rule.
        book: its book.
        obligation: the obligation that waited for it.
        result: `RESULTS`.
        reason: why.
        day: the day of the judgement.
        state: how far it is (`ASSESSMENT_STATES`).
        author: who found it.
        approver: who approved or returned it.
        remark: why it was returned.
        submission: its way into the ledger.
        made_at: when it was written.
        decided_at: when it was approved or returned.
    """

    unit = models.CharField(max_length=64, db_index=True)
    rule = models.CharField(max_length=120)
    book = models.CharField(max_length=64)
    obligation = models.CharField(max_length=300, db_index=True)
    result = models.CharField(max_length=16, choices=list(RESULTS.items()))
    reason = models.TextField()
    day = models.DateField()
    state = models.CharField(max_length=16, choices=list(ASSESSMENT_STATES.items()), default=A_WAITING, db_index=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    remark = models.TextField(blank=True, default="")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Return unit and rule."""
        return f"{self.unit} {self.rule}"
