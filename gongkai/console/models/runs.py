"""Runs: an official evaluation of the county, made by one person and published by another."""

from __future__ import annotations

from django.db import models

from gongkai.console.models.people import Person

QUEUED, RUNNING, FAILED, DONE, TO_UNITS, TO_COUNTY = "queued", "running", "failed", "done", "units", "county"
RUN_STATES = {
    QUEUED: "排队",
    RUNNING: "运行中",
    FAILED: "没有完成",
    DONE: "已完成，未公布",
    TO_UNITS: "已公布，各单位看本单位",
    TO_COUNTY: "已公布，各单位可看全县",
}
PUBLISHED = frozenset((TO_UNITS, TO_COUNTY))
UNDER_WAY = frozenset((QUEUED, RUNNING))


class CountyRun(models.Model):
    """A run and what became of it; the folder `runs/<number>` is what `evaluate` wrote.

    Attributes:
        number: from 1; the name of its folder.
        state: how far it is (`RUN_STATES`).
        title: what pages call it.
        arguments: the arguments of `gongkai evaluate`, without `--out`.
        as_of: the as-of moment as it was put.
        known_by: the moment up to which recordings count, as it was put, or nothing.
        head: hash of the ledger that was read.
        revises: the published run of which it is a revision.
        author: who made it.
        made_at: when.
        ended_at: when its process ended.
        progress: what its process was last doing, or why it failed.
        statuses: the number of verdicts by status.
        files: hash of each file of its folder.
        publisher: who published it.
        published_at: when.
        objections_until: the last day on which units may object.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=list(RUN_STATES.items()), default=QUEUED, db_index=True)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=list)
    as_of = models.CharField(max_length=32)
    known_by = models.CharField(max_length=32, blank=True, default="")
    head = models.CharField(max_length=64, blank=True, default="")
    revises = models.ForeignKey("self", on_delete=models.PROTECT, related_name="revisions", null=True, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    progress = models.TextField(blank=True, default="")
    statuses = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    publisher = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    objections_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"

    @property
    def unit(self) -> str:
        """Nothing: a run is the county's."""
        return ""

    @property
    def published(self) -> bool:
        """Whether units see it."""
        return self.state in PUBLISHED
