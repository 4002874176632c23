"""The table of the county office's addresses, written by hand: who may see, who may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gongkai.console.models.runs import TO_COUNTY, TO_UNITS
from tests.console.county import LETTERS
from tests.console.office_world import obligation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.console.office_world import Office

EVALUATORS = {"evaluator", "inside-evaluator"}
PUBLISHERS = {"publisher", "inside-publisher"}
OFFICE = EVALUATORS | PUBLISHERS | {"auditor"}
CLERKS = {"A": {"clerk-a", "both", "inside-evaluator"}, "B": {"clerk-b"}, "C": {"clerk-c"}}
REVIEWERS = {"A": {"reviewer-a", "inside-publisher"}, "B": {"reviewer-b", "both"}, "C": set[str]()}
OF = {letter: CLERKS[letter] | REVIEWERS[letter] for letter in LETTERS}
UNITS = OF["A"] | OF["B"] | OF["C"]
VIEW = {letter: OF[letter] | OFFICE for letter in LETTERS}
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Page:
    """One address with one object.

    Attributes:
        args: what stands in the address.
        may: who may GET it; None where it answers no GET.
        see: who may know of the object.
        post: who may POST it; None where it takes none.
        form: a valid form.
        fine: what an allowed POST answers.
        query: what a GET has behind the question mark.
        hidden: whether whoever may not see the object is told that there is none.
    """

    args: Callable[[Office], tuple[Any, ...]] = lambda office: ()
    may: Collection[str] | None = NONE
    see: Collection[str] = NONE
    post: Collection[str] | None = None
    form: dict[str, Any] = field(default_factory=dict)
    fine: set[int] = field(default_factory=lambda: {303})
    query: dict[str, str] = field(default_factory=dict)
    hidden: bool = False


def _run(name: str, *more: Any) -> Callable[[Office], tuple[Any, ...]]:
    return lambda office: (office.runs[name].number, *more)


def _unit(letter: str, *more: Any) -> Callable[[Office], tuple[Any, ...]]:
    return lambda office: (LETTERS[letter], *more)


def _object(kind: str, letter: str) -> Callable[[Office], tuple[Any, ...]]:
    def args(office: Office) -> tuple[Any, ...]:
        found = office.objects[kind, letter]
        return (found if isinstance(found, str) else found.pk,)

    return args


def _of(state: str, letter: str, *more: str) -> Callable[[Office], tuple[Any, ...]]:
    return lambda office: (LETTERS[letter], office.objects[state, letter].number, *more)


def _file(letter: str) -> Callable[[Office], tuple[Any, ...]]:
    return lambda office: (*_of("filled", letter)(office), office.objects["file", letter].pk)


OBJECT = {letter: OF[letter] | EVALUATORS | PUBLISHERS for letter in LETTERS}
INSIDE = {"inside-evaluator", "inside-publisher", "clerk-a", "reviewer-a", "both"}
MENDED = ("ordered", "filled")
SAID = {"ground": "limit", "statement": "期限不对"}
DECIDED = {"decision": "upheld", "follows": "correction", "answer": "有理"}
FILLED = {"measure": "补了", "done_on": "2023-09-10"}
LATER = {"due": "2023-11-10", "text": "等材料"}
ASSESS_FORM = {"result": "pass", "reason": "看过", "day": "2023-09-01"}
RULE = "X2.training"
RUN_FORM = {"title": "一次", "as_of": "2023-08-31"}
ROUTES: dict[str, list[Page]] = {
    "runs": [Page(may=OFFICE)],
    "run-new": [Page(may=EVALUATORS, see=OFFICE, post=EVALUATORS, form=RUN_FORM)],
    "run": [Page(_run(name), may=OFFICE, see=OFFICE) for name in ("done", TO_UNITS, TO_COUNTY)],
    "run-publish": [
        Page(_run("done"), None, OFFICE, PUBLISHERS, {"audience": "units"}, hidden=True),
        Page(_run(TO_UNITS), None, OFFICE | UNITS, PUBLISHERS, {"audience": "county"}, {409}, hidden=True),
    ],
    "run-cancel": [
        Page(_run("done"), None, OFFICE, EVALUATORS, {}, {409}, hidden=True),
        Page(_run(TO_UNITS), None, OFFICE | UNITS, EVALUATORS, {}, {409}, hidden=True),
    ],
    "run-file": [
        Page(_run("done", "index.html"), may=OFFICE, see=OFFICE, hidden=True),
        Page(_run(TO_UNITS, "index.html"), may=OFFICE, see=OFFICE | UNITS, hidden=True),
        Page(_run(TO_COUNTY, "index.html"), may=OFFICE | UNITS, see=OFFICE | UNITS, hidden=True),
        Page(_run("done", "../../gongkai.yaml"), hidden=True),
    ],
    "run-compare": [Page(lambda office: (office.runs[TO_UNITS].number, office.runs["done"].number), may=OFFICE)],
    "unit-runs": [Page(_unit(letter), may=VIEW[letter], see=VIEW[letter], hidden=True) for letter in LETTERS],
    "unit-run": [
        *(
            Page(
                lambda office, letter=letter: (LETTERS[letter], office.runs[TO_UNITS].number),  # type: ignore[misc]
                may=VIEW[letter],
                see=VIEW[letter],
                hidden=True,
            )
            for letter in LETTERS
        ),
        Page(lambda office: (LETTERS["A"], office.runs["done"].number), hidden=True),
    ],
    "assess": [Page(may=OFFICE)],
    "assess-sheet": [Page(may=EVALUATORS, see=OFFICE)],
    "assess-upload": [Page(may=None, see=OFFICE, post=EVALUATORS, fine={422})],
    "assess-one": [
        Page(_object("waiting", "A"), OFFICE, OFFICE, {"evaluator"}, ASSESS_FORM),
        Page(_object("waiting", "B"), OFFICE, OFFICE, EVALUATORS, ASSESS_FORM),
        Page(lambda office: ("nothing",), post=()),
    ],
    "assessment": [Page(_object("assessment", letter), OFFICE, OFFICE) for letter in "AB"],
    "assessment-approve": [
        Page(_object("assessment", "A"), None, OFFICE, {"publisher"}, hidden=True),
        Page(_object("assessment", "B"), None, OFFICE, PUBLISHERS, hidden=True),
    ],
    "assessment-return": [
        Page(_object("assessment", "A"), None, OFFICE, {"publisher"}, {"remark": "理由"}, hidden=True),
        Page(_object("assessment", "B"), None, OFFICE, PUBLISHERS, {"remark": "理由"}, hidden=True),
    ],
    "objection-new": [
        Page(
            lambda office: (LETTERS["A"], office.runs[TO_UNITS].number),
            OF["A"],
            VIEW["A"],
            OF["A"],
            {"about": obligation("A"), "ground": "missing", "statement": "漏登"},
            query={"about": obligation("A")},
            hidden=True,
        ),
        Page(
            lambda office: (LETTERS["A"], office.runs[TO_UNITS].number),
            (),
            OFFICE - INSIDE,
            OF["A"],
            {"about": obligation("B"), "ground": "missing", "statement": "漏登"},
            {404},
            query={"about": obligation("B")},
            hidden=True,
        ),
        Page(
            lambda office: (LETTERS["A"], office.runs["done"].number),
            (),
            OFFICE - INSIDE,
            INSIDE,
            {"about": obligation("A")},
            {404},
            query={"about": obligation("A")},
            hidden=True,
        ),
    ],
    "unit-objections": [Page(_unit(letter), VIEW[letter], VIEW[letter], hidden=True) for letter in LETTERS],
    "objections": [Page(may=OFFICE)],
    "objection": [
        Page(_of("objectiondraft", "A"), OF["A"], OF["A"], hidden=True),
        Page(_of("objectionsubmitted", "A"), OBJECT["A"], OBJECT["A"], hidden=True),
        Page(_of("objectiondecided", "A"), VIEW["A"], VIEW["A"], hidden=True),
        Page(_of("objectionsubmitted", "B"), OBJECT["B"], OBJECT["B"], hidden=True),
    ],
    "objection-change": [
        Page(_of("objectiondraft", "A"), None, OF["A"], OF["A"], SAID, hidden=True),
        Page(_of("objectionsubmitted", "A"), None, OBJECT["A"], OF["A"], SAID, {409}, hidden=True),
    ],
    "objection-submit": [
        Page(_of("objectiondraft", "A"), None, OF["A"], REVIEWERS["A"], hidden=True),
        Page(_of("objectiondecided", "A"), None, VIEW["A"], REVIEWERS["A"], {}, {409}, hidden=True),
    ],
    "objection-opinion": [
        Page(_of("objectionsubmitted", "A"), None, OBJECT["A"], {"evaluator"}, {"opinion": "有理"}, hidden=True),
        Page(_of("objectionsubmitted", "B"), None, OBJECT["B"], EVALUATORS, {"opinion": "有理"}, hidden=True),
    ],
    "objection-decide": [
        Page(_of("objectionsubmitted", "A"), None, OBJECT["A"], {"publisher"}, DECIDED, hidden=True),
        Page(_of("objectionsubmitted", "B"), None, OBJECT["B"], PUBLISHERS, DECIDED, hidden=True),
        Page(_of("objectiondecided", "B"), None, VIEW["B"], PUBLISHERS, DECIDED, {409}, hidden=True),
    ],
    "rectifications": [Page(may=OFFICE)],
    "rectification-prepare": [
        Page(
            may=None,
            see=OFFICE,
            post=EVALUATORS,
            form={"run": lambda office: str(office.runs[TO_UNITS].number), "due": "2023-12-01"},
        )
    ],
    "unit-rectifications": [Page(_unit(letter), VIEW[letter], VIEW[letter], hidden=True) for letter in LETTERS],
    "rectification": [
        Page(_of("prepared", "A"), OFFICE, OFFICE, hidden=True),
        *(Page(_of(state, letter), VIEW[letter], VIEW[letter], hidden=True) for state in MENDED for letter in LETTERS),
    ],
    "rectification-file": [
        Page(_file("A"), VIEW["A"], VIEW["A"], hidden=True),
        Page(_file("B"), VIEW["B"], VIEW["B"], hidden=True),
        Page(lambda office: (*_file("A")(office)[:2], office.objects["file", "B"].pk), (), (), hidden=True),
    ],
    "rectification-order": [
        Page(
            may=None,
            see=OFFICE,
            post={"publisher"},
            form={"one": lambda office: f"{LETTERS['A']}/{office.objects['prepared', 'A'].number}"},
        ),
    ],
    "rectification-step": [
        Page(_of("prepared", "A", "order"), None, OFFICE, {"publisher"}, hidden=True),
        Page(_of("prepared", "B", "order"), None, OFFICE, PUBLISHERS, hidden=True),
        Page(_of("ordered", "A", "order"), None, VIEW["A"], {"publisher"}, {}, {409}, hidden=True),
        Page(_of("ordered", "A", "fill"), None, VIEW["A"], CLERKS["A"], FILLED, hidden=True),
        Page(_of("ordered", "A", "attach"), None, VIEW["A"], CLERKS["A"], {}, {422}, hidden=True),
        Page(_of("ordered", "B", "extend"), None, VIEW["B"], PUBLISHERS, LATER, hidden=True),
        Page(_of("ordered", "A", "extend"), None, VIEW["A"], {"publisher"}, LATER, hidden=True),
        Page(_of("filled", "A", "approve"), None, VIEW["A"], REVIEWERS["A"], hidden=True),
        Page(_of("filled", "C", "approve"), None, VIEW["C"], PUBLISHERS, hidden=True),
        Page(_of("filled", "B", "send-back"), None, VIEW["B"], REVIEWERS["B"], {"text": "不全"}, hidden=True),
        Page(_of("filled", "B", "accept"), None, VIEW["B"], PUBLISHERS, {}, {409}, hidden=True),
        Page(_of("filled", "A", "return"), None, VIEW["A"], {"publisher"}, {"text": "不全"}, {409}, hidden=True),
        Page(_of("filled", "A", "opinion"), None, VIEW["A"], {"evaluator"}, {"text": "可以"}, {409}, hidden=True),
    ],
    "county": [Page(may=OFFICE)],
    "remind": [Page(may=None, see=OFFICE, post=EVALUATORS | PUBLISHERS)],
    "notices": [Page(may=OFFICE)],
    "notices-prepare": [
        Page(
            may=None,
            see=OFFICE,
            post=EVALUATORS,
            form={
                "run": lambda office: str(office.runs[TO_UNITS].number),
                "what": "rectification",
                "units": LETTERS["A"],
            },
        )
    ],
    "notices-send": [
        Page(
            may=None,
            see=OFFICE,
            post=PUBLISHERS,
            form={"notice": lambda office: str(office.objects["noticemade", "A"].pk)},
        )
    ],
    "unit-notices": [Page(_unit(letter), VIEW[letter], VIEW[letter], hidden=True) for letter in LETTERS],
    "notice": [
        Page(_object("noticemade", "A"), OFFICE, OFFICE, hidden=True),
        *(Page(_object("noticesent", letter), VIEW[letter], VIEW[letter], hidden=True) for letter in LETTERS),
    ],
    "notice-file": [
        Page(_object("noticemade", "A"), OFFICE, OFFICE, hidden=True),
        *(Page(_object("noticesent", letter), VIEW[letter], VIEW[letter], hidden=True) for letter in LETTERS),
    ],
    "notice-list": [
        Page(_object("noticemade", "A"), OFFICE, OFFICE, hidden=True),
        Page(_object("noticesent", "B"), VIEW["B"], VIEW["B"], hidden=True),
    ],
    "run-public": [Page(_run("done", "index.html")), Page(_run(TO_UNITS, "nothing"))],
    "notice-sign": [
        Page(_object("noticesent", "A"), None, VIEW["A"], REVIEWERS["A"], hidden=True),
        Page(_object("noticesent", "B"), None, VIEW["B"], REVIEWERS["B"], hidden=True),
        Page(_object("noticemade", "A"), None, OFFICE, {"inside-publisher"}, {}, {409}, hidden=True),
    ],
    "settings": [Page(may=OFFICE | UNITS)],
    "setting-new": [
        Page(
            may=EVALUATORS,
            see=OFFICE | UNITS,
            post=EVALUATORS,
            form={"kind": "readings", "content": "[]", "reason": "理由"},
            query={"kind": "readings"},
        )
    ],
    "setting": [Page(_object("proposal", "A"), OFFICE | UNITS, OFFICE | UNITS)],
    "setting-approve": [Page(_object("proposal", "A"), None, OFFICE | UNITS, PUBLISHERS)],
    "setting-reject": [Page(_object("other", "A"), None, OFFICE | UNITS, PUBLISHERS, {"remark": "不必"})],
    "unit-annual": [Page(_unit("A", 2023), VIEW["A"], VIEW["A"], hidden=True), Page(_unit("A", 1999), hidden=True)],
    "county-annual": [Page(lambda office: (2023,), may=OFFICE)],
    "cities": [Page(may=OFFICE)],
    "city-file": [Page(lambda office: ("没有的县", 1, "index.html"))],
    "health-verify": [Page(may=None, see={"auditor"}, post={"admin"})],
    "books": [Page(may=OFFICE | UNITS, see=OFFICE | UNITS, post=EVALUATORS, fine={422})],
    "book": [
        Page(lambda office: ("own",), OFFICE | UNITS, OFFICE | UNITS),
        Page(lambda office: ("jinxiang-2023",)),
    ],
    "book-save": [
        Page(
            lambda office: ("own",),
            None,
            OFFICE | UNITS,
            EVALUATORS,
            {"file": "rules.yaml", "text": "rules: 1"},
            {422},
        )
    ],
    "book-accept": [Page(lambda office: ("own",), None, OFFICE | UNITS, EVALUATORS, {"rule": "nothing"}, {422})],
    "book-version": [Page(lambda office: ("own",), None, OFFICE | UNITS, EVALUATORS, {}, {409})],
    "book-compare": [
        Page(lambda office: ("own-v2", "own"), OFFICE | UNITS, OFFICE | UNITS),
        Page(lambda office: ("own", "jinxiang-2023")),
    ],
    "book-rule-new": [
        Page(
            lambda office: ("own",),
            EVALUATORS,
            OFFICE | UNITS,
            EVALUATORS,
            {"clause": "X2", "template": "times-a-year", "owed_by": "没有这个局"},
            {422},
            {"clause": "X2", "template": "times-a-year"},
        )
    ],
    "book-rule": [
        Page(
            lambda office: ("own", RULE),
            OFFICE | UNITS,
            OFFICE | UNITS,
            EVALUATORS,
            {"kind": "count", "title": "一"},
            {422},
        ),
        Page(lambda office: ("own", "nothing"), post=NONE),
    ],
    "book-lines": [Page(lambda office: ("own", RULE), None, OFFICE | UNITS, EVALUATORS, {"text": "- id: 1"}, {422})],
    "book-cases": [Page(lambda office: ("own", RULE), None, OFFICE | UNITS, EVALUATORS, {"text": "rule: 1"}, {422})],
}

CANARIES: dict[str, dict[str, set[str]]] = {
    "runs": dict.fromkeys(LETTERS, OFFICE),
    "own": VIEW,
    "entry": VIEW,
    "filed": OBJECT,
    "draft": OF,
    "case": OF,
    "assess": dict.fromkeys(LETTERS, OFFICE),
    "objectiondraft": OF,
    "objectionsubmitted": OBJECT,
    "objectiondecided": VIEW,
    "prepared": dict.fromkeys(LETTERS, OFFICE),
    "mend": VIEW,
    "noticemade": dict.fromkeys(LETTERS, OFFICE),
    "noticesent": VIEW,
    "whole": dict.fromkeys(LETTERS, OFFICE | UNITS),
}
"""Who may see which canaries: of what, of which unit."""
