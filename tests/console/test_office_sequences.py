"""Whatever the county office and the units do in whatever order: who may, does, nobody else, and nothing of his own."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.console.as_check import assert_as_check_says
from tests.console.office_routes import CLERKS, EVALUATORS, OF, PUBLISHERS, REVIEWERS
from tests.console.office_world import INSIDERS, fill, obligation
from tests.console.world import A, B, World, new_world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.test import Client


TEMPLATE: list[Path] = []
COMPARED: list[bool] = []
LETTER = {A: "A", B: "B"}
EVALUATE, PUBLISH = EVALUATORS | {"two-hats"}, PUBLISHERS | {"two-hats"}
OFFICE = EVALUATE | PUBLISH | {"auditor"}
EVERYBODY = (
    *("clerk-a", "reviewer-a", "clerk-b", "reviewer-b", "both", "evaluator", "publisher", "auditor", "admin"),
    *("inside-evaluator", "inside-publisher", "two-hats"),
)
MOVES: dict[str, set[tuple[str, str]]] = {
    "run": {("", "queued"), ("queued", "failed"), ("done", "units"), ("done", "county")},
    "assessment": {("", "waiting"), ("waiting", "entered"), ("waiting", "returned")},
    "objection": {("", "draft"), ("draft", "draft"), ("draft", "submitted"), ("submitted", "submitted"),
                  ("submitted", "decided")},
    "rectification": {("", "prepared"), ("prepared", "ordered"), ("ordered", "ordered"), ("ordered", "filled"),
                      ("filled", "filled"), ("filled", "ordered"), ("filled", "reported"), ("reported", "reported"),
                      ("reported", "accepted"), ("reported", "back"), ("back", "back"), ("back", "filled")},
    "notice": {("", "prepared"), ("", "sent"), ("prepared", "sent"), ("sent", "signed")},
    "proposal": {("", "proposed"), ("proposed", "approved"), ("proposed", "rejected")},
}  # fmt: skip
"""From which state to which an object of each kind may go; nothing else changes of it."""
ACTS = (
    *("make-run", "cancel", "publish", "assess", "assess-approve", "assess-return", "object", "object-change"),
    *("object-submit", "object-opinion", "object-decide", "prepare", "order", "fill", "attach", "approve"),
    *("send-back", "opinion", "accept", "return", "extend", "notify", "send", "sign", "remind"),
    *("propose", "setting-approve", "setting-reject"),
)
FROM = {
    "cancel": ("queued",), "publish": ("done",), "assess-approve": ("waiting",), "assess-return": ("waiting",),
    "object-change": ("draft",), "object-submit": ("draft",), "object-opinion": ("submitted",),
    "object-decide": ("submitted",), "send": ("prepared",), "sign": ("sent",), "setting-approve": ("proposed",),
    "setting-reject": ("proposed",), "order": ("prepared",), "fill": ("ordered", "back"), "attach": ("filled",),
    "approve": ("filled",), "send-back": ("filled",), "opinion": ("reported",), "accept": ("reported",),
    "return": ("reported",), "extend": ("ordered", "reported"),
}  # fmt: skip
"""From which states an act leads on."""
MAKE = {"make-run": "run", "assess": "assessment", "object": "objection", "prepare": "rectification",
        "notify": "notice", "remind": "notice", "propose": "proposal"}  # fmt: skip
STEPS = frozenset(("order", "fill", "attach", "approve", "send-back", "opinion", "accept", "return", "extend"))


def _tables() -> dict[str, Any]:
    from gongkai.console.models import office_store as rows

    return {
        "run": rows.runs(), "assessment": rows.assessments(), "objection": rows.objections(),
        "rectification": rows.rectifications(), "notice": rows.notices(), "proposal": rows.proposals(),
    }  # fmt: skip


def _of(act: str) -> str:
    """Return which kind of object an act is done to; nothing where it makes one."""
    if act in STEPS:
        return "rectification"
    return {
        "cancel": "run", "publish": "run", "assess-approve": "assessment", "assess-return": "assessment",
        "object-change": "objection", "object-submit": "objection", "object-opinion": "objection",
        "object-decide": "objection", "send": "notice", "sign": "notice", "setting-approve": "proposal",
        "setting-reject": "proposal",
    }.get(act, "")  # fmt: skip


class County(RuleBasedStateMachine):
    """An office and two units at work; every act is tried by everybody."""

    @initialize()
    def begin(self) -> None:
        from gongkai.console.live.thread import LIVE
        from gongkai.console.models.store import add_membership, make_person
        from gongkai.console.office import assessing, rectifying, runs

        self.root = Path(tempfile.mkdtemp(prefix="gongkai-county-"))
        self.world: World = new_world(self.root / "data", TEMPLATE[0])
        for name, roles in {**INSIDERS, "two-hats": [("evaluator", ""), ("publisher", "")]}.items():
            self.world.people[name] = make_person(name, name)
            for role, unit in roles:
                add_membership(self.world.people[name], role, unit)
        self.clients: dict[str, Client] = {name: self.world.client(name) for name in EVERYBODY}
        self.names = {person.pk: name for name, person in self.world.people.items()}
        self.posts = 0
        for who in ("evaluator", "two-hats"):
            made = runs.make(self.world.people[who], runs.AskedRun("一次", "2023-08-31"))
            fill(made, sort="own")
        first = next(iter(_tables()["run"].order_by("number")))
        runs.publish(self.world.people["publisher"], first, "units", date(2023, 12, 31))
        first.refresh_from_db()
        for who, unit in (("evaluator", A), ("two-hats", B)):
            rectifying.prepare(self.world.people[who], first, {unit}, date(2023, 12, 1))
        self.waiting = {
            unit: [one.row["obligation"] for one in assessing.queue(LIVE.refresh()) if one.row["unit"] == unit][:3]
            for unit in (A, B)
        }
        self.published = dict(first.files)
        self.before = self.all()

    def teardown(self) -> None:
        from django.db import connections

        try:
            if hasattr(self, "before"):
                self.compare()
        finally:
            connections.close_all()
            shutil.rmtree(self.root, ignore_errors=True)

    def all(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Return every object of the office as it stands in the database."""
        return {(kind, row["id"]): row for kind, table in _tables().items() for row in table.order_by("pk").values()}

    # ---- what everybody tries
    @rule(
        act=st.sampled_from(ACTS), who=st.sampled_from(EVERYBODY), unit=st.sampled_from((A, B)), which=st.integers(0, 4)
    )
    def try_it(self, act: str, who: str, unit: str, which: int) -> None:
        kind = _of(act)
        found = [row for (sort, _), row in self.before.items() if sort == kind]
        if found or not kind:
            self.do(act, who, found[which % len(found)] if found else {"unit": unit}, which)

    @rule(number=st.integers(0, 999), unit=st.sampled_from((A, B)), which=st.integers(0, 4))
    def go_on(self, number: int, unit: str, which: int) -> None:
        """Somebody who may takes a step that leads on."""
        ways: list[tuple[str, Mapping[str, Any]]] = []
        for act in ACTS:
            kind = _of(act)
            ways += [
                (act, row)
                for (sort, _), row in self.before.items()
                if sort == kind and row["state"] in FROM.get(act, ()) and not (kind == "run" and row["number"] == 1)
            ]
            made = sum(sort == MAKE.get(act) for sort, _ in self.before)
            ways += [(act, {"unit": unit})] if act in MAKE and made < 4 else []
        act, thing = ways[number % len(ways)]
        able = [name for name in EVERYBODY if self.may(act, name, thing)]
        if able:
            self.do(act, able[which % len(able)], thing, which)

    def do(self, act: str, who: str, thing: Mapping[str, Any], which: int) -> None:
        """Send a form as somebody, and hold the answer to what he may."""
        address, form = self.form(act, thing, which)
        right = self.may(act, who, thing)
        self.posts += 1
        with mock.patch("gongkai.console.office.runner.start", lambda: None):
            status = self.clients[who].post(address, form).status_code
        assert status in ({303, 404, 409, 422} if right else {403, 404}), (act, who, status)
        self.moved(status)

    def form(self, act: str, thing: Mapping[str, Any], which: int) -> tuple[str, dict[str, Any]]:
        """Return where an act is sent, with a valid form."""
        unit = thing.get("unit") or A
        letter, number = LETTER.get(unit, "A"), thing.get("number", 0)
        text = f"KANARI{letter}{act.replace('-', '')}{self.posts}x"
        mine = f"/u/{unit}/rectification/{number}/"
        key = sha256(self.waiting.get(unit, [""])[which % 3].encode()).hexdigest()[:20]
        said = {"ground": "missing", "statement": text}
        done = {
            "order": {}, "approve": {}, "accept": {}, "attach": {"file": _file()},
            "fill": {"measure": "补办", "done_on": "2023-9-10"},
            "extend": {"due": f"2023-12-{2 + self.posts % 29:02d}"},
        }  # fmt: skip
        if act in STEPS:
            return f"{mine}{act}", {"text": "说明", **done.get(act, {})}
        return {
            "make-run": ("/county/runs/new", {"title": "又一次", "as_of": "2023-08-31"}),
            "cancel": (f"/county/runs/{number}/cancel", {}),
            "publish": (f"/county/runs/{number}/publish", {"audience": "county"}),
            "assess": (f"/county/assess/one/{key}", {"result": "pass", "reason": text, "day": "2023-09-15"}),
            "assess-approve": (f"/county/assess/{thing.get('id')}/approve", {}),
            "assess-return": (f"/county/assess/{thing.get('id')}/return", {"remark": "再看"}),
            "object": (f"/u/{unit}/runs/1/objection", {"about": obligation(letter), **said}),
            "object-change": (f"/u/{unit}/objections/{number}/change", said),
            "object-submit": (f"/u/{unit}/objections/{number}/submit", {}),
            "object-opinion": (f"/u/{unit}/objections/{number}/opinion", {"opinion": "有理"}),
            "object-decide": (
                f"/u/{unit}/objections/{number}/decide",
                {"decision": "upheld", "follows": "correction", "answer": "有理"},
            ),
            "prepare": (
                "/county/rectification/prepare", {"run": str(1 + which % 2), "units": unit, "due": "2023-12-1"}
            ),
            "notify": ("/county/notices/prepare", {"run": "1", "what": "rectification", "units": unit, "text": text}),
            "send": ("/county/notices/send", {"notice": str(thing.get("id"))}),
            "sign": (f"/notices/{thing.get('id')}/sign", {}),
            "remind": ("/county/remind", {"units": unit, "text": text}),
            "propose": ("/county/settings/new", {"kind": "readings", "content": "[]", "reason": "理由"}),
            "setting-approve": (f"/county/settings/{thing.get('id')}/approve", {}),
            "setting-reject": (f"/county/settings/{thing.get('id')}/reject", {"remark": "不必"}),
        }[act]  # fmt: skip

    # ---- who may, by hand
    def may(self, act: str, who: str, thing: Mapping[str, Any]) -> bool:
        """Say whether the table of roles lets somebody do an act, the state of the object aside."""
        letter = LETTER.get(thing.get("unit", ""), "")
        member = bool(letter) and who in OF[letter]
        own = self.names.get(thing.get("author_id", 0)) == who
        if act in {"make-run", "cancel", "prepare", "notify", "propose"}:
            return who in EVALUATE
        if act in {"publish", "send", "setting-approve", "setting-reject"}:
            return who in PUBLISH and not own
        if act in {"assess", "object-opinion", "opinion"}:
            return who in EVALUATE and not member
        if act in {"assess-approve", "assess-return", "order"}:
            return who in PUBLISH and not member and not own
        if act in {"object-decide", "accept", "return", "extend"}:
            return who in PUBLISH and not member and not self.involved(who, thing)
        if act in {"object", "object-change"}:
            return member
        if act in {"approve", "send-back"}:
            return who in REVIEWERS[letter] and who not in self.round(thing)
        if act == "remind":
            return who in EVALUATE | PUBLISH
        return who in (CLERKS if act in {"fill", "attach"} else REVIEWERS)[letter]

    def involved(self, who: str, thing: Mapping[str, Any]) -> bool:
        """Say whether somebody assessed what an objection is about."""
        mine = self.world.people[who].pk
        return any(
            mine in {row["author_id"], row["approver_id"]}
            for (kind, _), row in self.all().items()
            if kind == "assessment" and row["obligation"] == thing["obligation"]
        )

    def round(self, thing: Mapping[str, Any]) -> set[str]:
        """Return who filled in what waits for review now."""
        found: set[str] = set()
        one = _tables()["rectification"].get(pk=thing["id"])
        for step in one.steps.order_by("pk"):
            if step.step in {"order", "return", "send-back"}:
                found.clear()
            elif step.step in {"fill", "attach"}:
                found.add(self.names[step.person_id])
        return found

    # ---- what has to hold
    def moved(self, status: int) -> None:
        """Hold what changed to what may change; what was refused changed nothing."""
        after = self.all()
        changed = {key for key in {*self.before, *after} if self.before.get(key) != after.get(key)}
        assert status == 303 or not changed
        for kind, key in changed:
            was, now = self.before.get((kind, key), {}).get("state", ""), after[kind, key]["state"]
            assert (was, now) in MOVES[kind], (kind, was, now)
        self.before = after

    @invariant()
    def nobody_approved_his_own(self) -> None:
        if not hasattr(self, "before"):
            return
        for (kind, _), row in self.before.items():
            hands = {"assessment": "approver_id", "objection": "decider_id", "proposal": "approver_id",
                     "run": "publisher_id", "notice": "sender_id"}  # fmt: skip
            second = row.get(hands.get(kind, ""))
            if second is not None and row.get("kind") != "reminder":
                assert second != row["author_id"], (kind, row["state"])
            if second is not None and kind in {"assessment", "objection"}:
                assert self.names[second] not in OF[LETTER[row["unit"]]]

    @invariant()
    def every_act_is_in_the_audit_log(self) -> None:
        from gongkai.console import audit

        if hasattr(self, "before"):
            assert len(list(audit.lines(self.world.folder.audit))) == self.posts
            assert audit.first_break(self.world.folder.audit) is None

    @invariant()
    def what_is_published_stays(self) -> None:
        from gongkai.console.office import runs

        if hasattr(self, "before"):
            run = _tables()["run"].get(number=1)
            assert (run.state, run.files) == ("units", self.published)
            assert runs.manifest(runs.folder_of(run)) == self.published

    @rule(who=st.sampled_from(EVERYBODY), unit=st.sampled_from((A, B)))
    def look(self, who: str, unit: str) -> None:
        pages = [f"/u/{unit}/{one}/" for one in ("objections", "notices", "rectification", "submissions")]
        pages += [f"/county/{one}/" for one in ("objections", "notices", "assess", "rectification")]
        text = "".join(self.clients[who].get(page).content.decode() for page in pages)
        for letter, sort, number in set(
            re.findall(r"KANARI([AB])(object|objectchange|assess|notify|remind)(\d+)x", text)
        ):
            assert self.shown(who, letter, sort, f"KANARI{letter}{sort}{number}x"), (who, letter, sort)

    def shown(self, who: str, letter: str, sort: str, text: str) -> bool:
        """Say whether somebody may see a text, by the state of what it belongs to."""
        field = {"assess": "reason", "notify": "text", "remind": "text"}.get(sort, "statement")
        states = {row["state"] for row in self.before.values() if row.get(field) == text}
        member = who in OF[letter]
        if field == "statement":
            heard = states & ({"decided"} if who == "auditor" else {"submitted", "decided"})
            return member or (who in OFFICE and bool(heard))
        return who in OFFICE or (member and bool(states & {"entered", "sent", "signed"}))

    def compare(self) -> None:
        """Hold the ledger to the submissions, and what the console says of a unit to `gongkai check`."""
        from gongkai.console.live.thread import LIVE
        from gongkai.console.models.store import submissions

        snapshot = LIVE.refresh()
        entered = {one.event_id(1): one for one in submissions().filter(state="entered")}
        assert {one["id"] for unit in (A, B) for one in snapshot.entries(unit)} == set(entered)
        assert not submissions().exclude(state="entered").exists()
        for one in entered.values():
            assert one.reviewer_id != one.author_id
        if not COMPARED and self.posts > 5:  # once is enough: it judges everything anew, twice
            assert_as_check_says(snapshot)
            COMPARED.append(True)


def _file() -> Any:
    import io

    content = io.BytesIO(b"%PDF-1.4 x")
    content.name = "签到表.pdf"
    return content


def test_sequences_of_the_county(template: Path, pytestconfig: pytest.Config) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    TEMPLATE[:] = [template]
    COMPARED.clear()
    examples = int(pytestconfig.getoption("--sequences", "3"))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=40,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(County, settings=chosen)


def test_a_self_approval_that_is_let_through_is_found(template: Path) -> None:
    from gongkai.console import access

    TEMPLATE[:] = [template]
    county = County()
    county.begin()
    own = next(row for (kind, _), row in county.before.items() if kind == "run" and row["state"] == "done")
    county.do("publish", "two-hats", own, 0)
    with mock.patch.object(access, "_failed", lambda person, near, thing: ""), pytest.raises(AssertionError):
        county.do("publish", "two-hats", own, 0)
    county.teardown()
