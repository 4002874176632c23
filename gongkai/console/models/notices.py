"""Notices: what the office tells a unit, sent by one person and signed for by the unit's reviewer."""

from __future__ import annotations

from django.db import models

from gongkai.console.models.people import Person
from gongkai.console.models.runs import CountyRun

N_PREPARED, N_SENT, N_SIGNED = "prepared", "sent", "signed"
NOTICE_STATES = {N_PREPARED: "待发", N_SENT: "已发，待签收", N_SIGNED: "已签收"}
NOTICE_KINDS = {
    "rectification": "整改通知单",
    "interview": "约谈通知",
    "commendation": "表扬",
    "circular": "通报",
    "reminder": "催报",
    "supplement": "补充材料",
}


class CountyNotice(models.Model):
    """What the office tells one unit.

    Attributes:
        unit: id of the unit.
        kind: `NOTICE_KINDS`.
        run: the published run that it is about; None for a reminder, and for what an assessment lacks.
        title: a line.
        text: what it says, beside its file.
        file_name: the name of its file, or nothing.
        sha256: hash of the bytes of its file in `uploads/`, or nothing.
        list_sha256: the same of the unit's own list, which comes back filled in.
        state: how far it is (`NOTICE_STATES`).
        author: who prepared it.
        sender: who sent it.
        signer: who signed for it.
        mailed: how many people of the unit got it by mail.
        mail_trouble: why others did not, or nothing.
    """

    unit = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16, choices=list(NOTICE_KINDS.items()))
    run = models.ForeignKey(CountyRun, on_delete=models.PROTECT, related_name="notices", null=True, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    list_sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=16, choices=list(NOTICE_STATES.items()), default=N_PREPARED, db_index=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sender = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    mailed = models.PositiveIntegerField(default=0)
    mail_trouble = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        """Return the title."""
        return self.title
