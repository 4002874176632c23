"""Whatever order people do things in: what is entered is in the ledger, no one reviews himself, pages say what is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.console.county import canary
from tests.console.world import A, B, World, new_world

if TYPE_CHECKING:
    import pytest
    from django.test import Client

CLERKS = {A: ("clerk-a", "both"), B: ("clerk-b",)}
REVIEWERS = {A: ("reviewer-a",), B: ("reviewer-b", "both")}
LETTER = {A: "A", B: "B"}
EVERYBODY = ("clerk-a", "reviewer-a", "clerk-b", "reviewer-b", "both", "evaluator", "auditor", "admin")
SEES = {"clerk-a": "A", "reviewer-a": "A", "clerk-b": "B", "reviewer-b": "B", "both": "AB", "admin": ""}
TEMPLATE: list[Path] = []


class Office(RuleBasedStateMachine):
    """Two units at work."""

    numbers = Bundle("numbers")

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="gongkai-office-"))
        self.world: World = new_world(self.root / "data", TEMPLATE[0])
        self.clients: dict[str, Client] = {name: self.world.client(name) for name in EVERYBODY}
        self.posts = 0

    def teardown(self) -> None:
        from django.db import connections

        if hasattr(self, "world"):
            self.compare()
        connections.close_all()
        shutil.rmtree(self.root, ignore_errors=True)

    def post(self, name: str, address: str, form: dict[str, Any] | None = None) -> Any:
        """Send a form as somebody."""
        self.posts += 1
        return self.clients[name].post(address, form or {})

    @rule(target=numbers, unit=st.sampled_from((A, B)), who=st.integers(0, 1), day=st.integers(1, 19))
    def log(self, unit: str, who: int, day: int) -> tuple[str, int]:
        name = CLERKS[unit][who % len(CLERKS[unit])]
        form = {
            "subject": canary(LETTER[unit], "entry", f"subject{self.posts}"),
            "occurred_at": f"2023-09-{day:02d}",
            "data.title": canary(LETTER[unit], "entry", "title"),
        }
        answer = self.post(name, f"/u/{unit}/new/information.published", form)
        assert answer.status_code == 303
        return unit, int(answer["Location"].rstrip("/").rpartition("/")[2])

    @rule(
        thing=numbers,
        name=st.sampled_from(EVERYBODY),
        step=st.sampled_from(("submit", "recall", "discard", "return", "approve", "approve", "submit")),
    )
    def step(self, thing: tuple[str, int], name: str, step: str) -> None:
        unit, number = thing
        form = {"reason": "理由", "digest": self._digest(unit, number)}
        answer = self.post(name, f"/u/{unit}/submissions/{number}/{step}", form)
        assert answer.status_code in {303, 403, 404, 409, 422}

    @rule(thing=numbers, who=st.integers(0, 1))
    def edit(self, thing: tuple[str, int], who: int) -> None:
        unit, number = thing
        name = CLERKS[unit][who % len(CLERKS[unit])]
        form = {"subject": canary(LETTER[unit], "entry", f"other{self.posts}"), "occurred_at": "2023-09-02"}
        assert self.post(name, f"/u/{unit}/submissions/{number}/edit", form).status_code in {303, 409}

    @rule(unit=st.sampled_from((A, B)), name=st.sampled_from(EVERYBODY))
    def look(self, unit: str, name: str) -> None:
        from gongkai.console.live.thread import LIVE

        LIVE.refresh()
        for page in ("", "entries/", "submissions/"):
            text = self.clients[name].get(f"/u/{unit}/{page}").content.decode()
            for letter in "AB":
                if letter not in SEES.get(name, "AB"):
                    assert f"KANARI{letter}" not in text

    @invariant()
    def entered_is_in_the_ledger(self) -> None:
        if not hasattr(self, "world"):
            return
        from gongkai.console.models.store import submissions

        known = self._ledger()
        wanted = {one.event_id(1) for one in submissions().filter(state="entered")}
        assert set(known) == wanted
        for one in submissions().filter(state__in=["approved", "entered"]):
            assert one.reviewer_id not in {one.author_id, one.editor_id, None}

    @invariant()
    def a_line_of_the_audit_log_a_change(self) -> None:
        from gongkai.console import audit

        if hasattr(self, "world"):
            assert len(list(audit.lines(self.world.folder.audit))) == self.posts

    @rule()
    def judge(self) -> None:
        from gongkai.console.live.thread import LIVE

        LIVE.refresh()

    def compare(self) -> None:
        """Hold the last snapshot, that was built on all before it, to judging everything anew."""
        from gongkai.console.live.judging import judged_anew
        from gongkai.console.live.thread import LIVE

        snapshot = LIVE.refresh()
        assert snapshot.verdicts.equals(judged_anew(snapshot.made_at, snapshot.hour_inputs.as_of.moment))

    def _ledger(self) -> list[str]:
        from events.ledger.folder import is_ledger
        from events.ledger.load import load_ledger
        from events.vocabulary import load_vocabulary

        ledger = self.world.folder.ledger
        found: list[str] = load_ledger(ledger, load_vocabulary()).table["id"].to_pylist() if is_ledger(ledger) else []
        return found

    def _digest(self, unit: str, number: int) -> str:
        from gongkai.console.models.store import submissions

        return submissions().get(unit=unit, number=number).digest


def test_sequences(template: Path, pytestconfig: pytest.Config) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    TEMPLATE[:] = [template]
    examples = int(pytestconfig.getoption("--sequences", "3"))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Office, settings=chosen)
