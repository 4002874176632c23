"""The units' addresses with who may open and post each, written by hand: what the matrix is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.console.county import County

# ---- who may what, by hand: the letters of the units
EVERY = "ABC"
UNIT = {"clerk-a": "A", "reviewer-a": "A", "clerk-b": "B", "reviewer-b": "B", "clerk-c": "C", "both": "AB"}
UNIT_VIEW = UNIT | {"evaluator": EVERY, "publisher": EVERY, "auditor": EVERY}
ENTER = {"clerk-a": "A", "clerk-b": "B", "clerk-c": "C", "both": "A"}
FILED = UNIT | {"evaluator": EVERY, "publisher": EVERY}
REVIEW = {"reviewer-a": "A", "reviewer-b": "B", "both": "B", "publisher": "C"}
COUNTY = ("evaluator", "publisher", "auditor")
ADMIN = ("admin",)
SEES = {"draft": UNIT, "filed": FILED, "entry": UNIT_VIEW, "case": UNIT}
"""Whose canaries somebody may see: those of drafts, of what was handed in, of the ledger, of requests."""
DRAFT_STATES = ("draft", "returned", "discarded")

Who = dict[str, str]


@dataclass(frozen=True)
class Route:
    """One address.

    Attributes:
        of: unit, submission, case, county, admin, public or own.
        may: who may GET it, by letters; `ENTER` and the like.
        post: who may POST; None where it takes no POST.
        form: a valid form.
        states: states of submissions in which a POST does something; others answer 409.
        get: whether it answers GET.
        args: what stands in the address besides.
    """

    of: str
    may: Who = field(default_factory=dict)
    post: Who | None = None
    form: dict[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    get: bool = True
    args: Callable[[County, str, str], tuple[Any, ...]] = lambda county, letter, state: ()


ENTRY_FORM = {"subject": "一件事", "occurred_at": "2023-08-02"}


def _number(county: County, letter: str, state: str) -> tuple[Any, ...]:
    return (county.submissions[letter, state].number,)


def _case(county: County, letter: str, _state: str) -> tuple[Any, ...]:
    return (county.cases[letter].year, county.cases[letter].number)


ROUTES: dict[str, Route] = {
    "home": Route("own"),
    "login": Route("public"),
    "logout": Route("own", post={}, get=False),
    "start-code": Route("public"),
    "start": Route("public", args=lambda county, letter, state: (county.code,)),
    "password": Route("own", post={}, form={"present": "x", "password": "y", "again": "z"}),
    "static": Route("public", args=lambda county, letter, state: ("console.css",)),
    "alive": Route("public"),
    "unit": Route("unit", UNIT_VIEW),
    "duty": Route("unit-missing", UNIT_VIEW, args=lambda county, letter, state: ("nothing",)),
    "print": Route("unit", UNIT_VIEW),
    "fill-in": Route("unit", ENTER),
    "template": Route("unit", ENTER),
    "feed": Route("unit", UNIT_VIEW, UNIT_VIEW),
    "ics": Route("feed"),
    "new": Route("unit", ENTER),
    "new-entry": Route("unit", ENTER, ENTER, ENTRY_FORM, args=lambda county, letter, state: ("information.published",)),
    "entries": Route("unit", UNIT_VIEW),
    "correct": Route("unit", ENTER, ENTER, ENTRY_FORM, args=lambda county, letter, state: (county.entry[letter],)),
    "withdraw": Route(
        "unit", ENTER, ENTER, {"reason": "重复"}, args=lambda county, letter, state: (county.entry[letter],)
    ),
    "upload": Route("unit", ENTER, ENTER),
    "submissions": Route("unit", UNIT_VIEW),
    "submission": Route("submission", FILED, args=_number),
    "edit": Route("submission", ENTER, ENTER, ENTRY_FORM, ("draft", "returned"), args=_number),
    "grid": Route("workbook", ENTER, ENTER, args=_number),
    "problems": Route("workbook", FILED, args=_number),
    "attach": Route("submission", {}, ENTER, {}, EVERY, get=False, args=_number),  # type: ignore[arg-type]
    "attachment": Route(
        "submission",
        FILED,
        args=lambda county, letter, state: (*_number(county, letter, state), county.files[letter, state]),
    ),
    "submit": Route("submission", {}, ENTER, {}, ("draft", "returned"), get=False, args=_number),
    "recall": Route("submission", {}, ENTER, {}, ("waiting",), get=False, args=_number),
    "discard": Route("submission", {}, ENTER, {}, ("draft", "returned"), get=False, args=_number),
    "return": Route("submission", {}, REVIEW, {"reason": "理由"}, ("waiting",), get=False, args=_number),
    "approve": Route("submission", {}, REVIEW, {"digest": "?"}, ("waiting",), get=False, args=_number),
    "requests": Route("unit", UNIT_VIEW),
    "request-new": Route(
        "unit", ENTER, ENTER, {"channel": "post", "received": "2023-09-05", "applicant": "某人", "wanted": "一份文件"}
    ),
    "request-analysis": Route("unit", UNIT_VIEW),
    "request": Route("case", UNIT, args=_case),
    "request-step": Route(
        "case",
        ENTER,
        ENTER,
        {"occurred_at": "2023-09-06"},
        args=lambda c, x, s: (*_case(c, x, s), "request.third_party_asked"),
    ),
    "request-document": Route("case", {}, ENTER, get=False, args=_case),
    "request-file": Route("case", UNIT, args=lambda c, x, s: (*_case(c, x, s), c.documents[x])),
    "request-zip": Route("case", UNIT, args=_case),
    "county": Route("county"),
    "county-submissions": Route("county"),
    "county-requests": Route("county"),
    "people": Route("admin"),
    "person-new": Route("admin", post={}, form={"username": "neu", "name": "新人"}),
    "person": Route("person"),
    "person-role": Route("person", post={}, form={"role": "auditor"}, get=False),
    "person-mail": Route("person", post={}, form={"mail": "a@example.gov.cn"}, get=False),
    "person-link": Route("person", post={}, get=False),
    "person-active": Route("person", post={}, form={"active": "yes"}, get=False),
    "health": Route("health"),
    "audit": Route("own"),
}
