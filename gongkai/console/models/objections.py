"""Objections: what a unit says against a published verdict, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.console.models.assessments import Assessment
from gongkai.console.models.people import Person
from gongkai.console.models.runs import CountyRun
from gongkai.console.models.submissions import Submission

O_DRAFT, O_SUBMITTED, O_DECIDED = "draft", "submitted", "decided"
OBJECTION_STATES = {O_DRAFT: "草稿", O_SUBMITTED: "已提出", O_DECIDED: "已处理"}
GROUNDS = {
    "missing": "漏登",
    "wrong-entry": "登记有误",
    "not-ours": "不由本单位承担",
    "limit": "期限推算",
    "reading": "规则理解或读法",
    "assessment": "核定意见",
}
DECISIONS = {"upheld": "采纳", "partly": "部分采纳", "rejected": "不采纳"}
FOLLOWS = {
    "correction": "由单位更正或者补登记",
    "waiver": "豁免",
    "reading": "改用另一种读法",
    "assessment": "重新评定",
    "none": "不用再做什么",
}


class Objection(models.Model):
    """What a unit says against one verdict of a published run.

    Attributes:
        unit: id of the unit.
        number: its number within the unit, from 1.
        run: the run.
        obligation: the obligation.
        label: clause and title, as the page of the run had them.
        status: the status of the verdict that is objected to.
        ground: `GROUNDS`.
        statement: what the unit says.
        state: how far it is (`OBJECTION_STATES`).
        author: who wrote it.
        submitter: who handed it in for the unit.
        linked: submissions of the unit that mend what was wrong.
        opinion: what an evaluator thinks of it.
        opinion_by: who.
        decision: `DECISIONS`.
        follows: what follows (`FOLLOWS`).
        answer: why, in words for the unit.
        decider: who decided.
    """

    unit = models.CharField(max_length=64, db_index=True)
    number = models.PositiveIntegerField()
    run = models.ForeignKey(CountyRun, on_delete=models.PROTECT, related_name="objections")
    obligation = models.CharField(max_length=300)
    label = models.CharField(max_length=300)
    status = models.CharField(max_length=16)
    ground = models.CharField(max_length=16, choices=list(GROUNDS.items()))
    statement = models.TextField()
    state = models.CharField(max_length=16, choices=list(OBJECTION_STATES.items()), default=O_DRAFT, db_index=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    linked = models.ManyToManyField(Submission, related_name="objections")
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(blank=True, default="")
    opinion_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decision = models.CharField(max_length=16, choices=list(DECISIONS.items()), blank=True, default="")
    follows = models.CharField(max_length=16, choices=list(FOLLOWS.items()), blank=True, default="")
    answer = models.TextField(blank=True, default="")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Numbers count within a unit."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_objection_number")
        ]

    def __str__(self) -> str:
        """Return unit and number."""
        return f"{self.unit}-{self.number}"

    @property
    def involved(self) -> frozenset[int]:
        """Keys of the people who assessed the matter or object themselves, who decide nothing of it."""
        found = Assessment.objects.filter(obligation=self.obligation, unit=self.unit)
        keys = {*found.values_list("author_id", flat=True), *found.values_list("approver_id", flat=True)}
        return frozenset(one for one in (*keys, self.author_id, self.submitter_id) if one)
