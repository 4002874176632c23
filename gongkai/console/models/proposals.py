"""Settings of the county: proposed by one person, approved by another, every version kept."""

from __future__ import annotations

from django.db import models

from gongkai.console.models.people import Person

P_PROPOSED, P_APPROVED, P_REJECTED = "proposed", "approved", "rejected"
PROPOSAL_STATES = {P_PROPOSED: "待批准", P_APPROVED: "已批准", P_REJECTED: "不同意"}


class Proposal(models.Model):
    """One wished-for state of one setting.

    Attributes:
        kind: which setting (`office.proposing.KINDS`).
        content: its YAML.
        reason: why.
        state: how far it is (`PROPOSAL_STATES`).
        version: its version once approved, from 1 within its kind.
        author: who proposed it.
        approver: who decided.
        remark: what he said.
    """

    kind = models.CharField(max_length=16, db_index=True)
    content = models.TextField()
    reason = models.TextField()
    state = models.CharField(max_length=16, choices=list(PROPOSAL_STATES.items()), default=P_PROPOSED, db_index=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.kind} {self.pk}"

    @property
    def unit(self) -> str:
        """Nothing: a setting is the county's."""
        return ""
