"""The tables of the database: people, submissions, requests. The ledger alone has the truth of events."""

from gongkai.console.models.people import Membership, OneTimeLink, Person
from gongkai.console.models.requests import RequestCase, RequestDocument
from gongkai.console.models.submissions import Attachment, Submission, SubmissionStep, UnitMapping

__all__ = [
    "Attachment",
    "Membership",
    "OneTimeLink",
    "Person",
    "RequestCase",
    "RequestDocument",
    "Submission",
    "SubmissionStep",
    "UnitMapping",
]
