"""The tables of the database: people, submissions, requests. The ledger alone has the truth of events."""

from gongkai.console.models.assessments import Assessment
from gongkai.console.models.notices import CountyNotice
from gongkai.console.models.objections import Objection
from gongkai.console.models.people import Membership, OneTimeLink, Person
from gongkai.console.models.proposals import Proposal
from gongkai.console.models.rectification import Rectification, RectificationFile, RectificationStep
from gongkai.console.models.requests import RequestCase, RequestDocument
from gongkai.console.models.runs import CountyRun
from gongkai.console.models.submissions import Attachment, Submission, SubmissionStep, UnitMapping

__all__ = [
    "Assessment",
    "Attachment",
    "CountyNotice",
    "CountyRun",
    "Membership",
    "Objection",
    "OneTimeLink",
    "Person",
    "Proposal",
    "Rectification",
    "RectificationFile",
    "RectificationStep",
    "RequestCase",
    "RequestDocument",
    "Submission",
    "SubmissionStep",
    "UnitMapping",
]
