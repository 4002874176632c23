"""The county office's work with something in every state, and a canary in every text of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.console.clock import now
from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.models.runs import DONE, TO_COUNTY, TO_UNITS
from gongkai.console.models.store import add_membership, make_person
from gongkai.console.office import assessing, noticing, objecting, proposing, rectifying, runs
from tests.console.county import LETTERS, PDF, County, canary, new_county

if TYPE_CHECKING:
    from gongkai.console.models import CountyRun
    from tests.console.world import World

BOOK = Path(__file__).parents[1] / "data" / "snapshots" / "book"
RECEIPT = {
    "as_of": "2023-08-31",
    "books": [{"id": "jinxiang-2023", "title": "任务清单", "document": "一号"}],
    "registry": {"county": "jinxiang", "name": "金乡县"},
    "list": {"due_on": None},
}
INSIDERS = {
    "inside-evaluator": [("evaluator", ""), ("clerk", LETTERS["A"])],
    "inside-publisher": [("publisher", ""), ("reviewer", LETTERS["A"])],
}
"""People of the county office who also belong to unit A."""


@dataclass
class Office:
    """What there is beside the units' own.

    Attributes:
        county: the units' own.
        runs: a run that is done, one published to each its own, one published whole.
        objects: whatever pages are about, by a name.
    """

    county: County
    runs: dict[str, CountyRun] = field(default_factory=dict)
    objects: dict[tuple[str, str], Any] = field(default_factory=dict)


def obligation(letter: str) -> str:
    """Return the obligation of a unit that a made-up run has."""
    return f"jinxiang-2023/N6.training/{LETTERS[letter]}/2023"


def published(world: World, to: str) -> CountyRun:
    """Return a made-up run that is published, to each unit its own (`units`) or whole (`county`)."""
    run = runs.make(world.people["evaluator"], runs.AskedRun("年中评估", "2023-08-31"))
    fill(run, sort="own")
    runs.publish(world.people["publisher"], run, to, date(2023, 9, 30))
    run.refresh_from_db()
    return run


def fill(run: CountyRun, *, sort: str) -> None:
    """Write a made-up folder of a run, with a canary of each unit in its rows."""
    folder = runs.folder_of(run)
    folder.mkdir(parents=True)
    lines: list[dict[str, Any]] = []
    for letter, unit in LETTERS.items():
        lines.append(
            {
                "obligation": obligation(letter), "book": "jinxiang-2023", "rule": "N6.training", "clause": "N6",
                "unit": unit, "unit_name": unit, "subject": canary(letter, sort, "subject"), "opened_on": "2023-01-01",
                "due_on": "2023-08-31", "met_on": None, "status": "violated", "evidence": [], "trigger": None,
                "waiver": None, "reason": canary(letter, sort, "reason"),
            }
        )  # fmt: skip
    (folder / "verdicts.jsonl").write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(RECEIPT), encoding="utf-8")
    (folder / "index.html").write_text(" ".join(canary(one, sort, "page") for one in LETTERS), encoding="utf-8")
    run.files, run.statuses = runs.manifest(folder), {"violated": len(LETTERS)}
    run.state = DONE
    run.save()


def new_office(world: World) -> Office:
    """Return the office's work."""
    for name, roles in INSIDERS.items():
        world.people[name] = make_person(name, f"姓名{name}")
        for role, unit in roles:
            add_membership(world.people[name], role, unit)
    office = Office(new_county(world))
    for name, sort in (("done", "runs"), (TO_UNITS, "own"), (TO_COUNTY, "whole")):
        asked = runs.AskedRun(canary("A", "runs", "title") if name == "done" else name, "2023-08-31")
        run = runs.make(world.people["evaluator"], asked)
        fill(run, sort=sort)
        if name != "done":
            runs.publish(world.people["publisher"], run, name, date(2023, 12, 31))
        run.refresh_from_db()
        office.runs[name] = run
    assert rows.runs().count() == len(office.runs)
    _assessments(office)
    _objections(office)
    _rectifications(office)
    _notices(office)
    for name in ("own", "own-v2"):
        shutil.copytree(BOOK, world.folder.root / "books" / name)
    for sort, kind in (("proposal", "readings"), ("other", "waivers")):
        person = world.people["evaluator"]
        office.objects[sort, "A"] = proposing.propose(person, kind, proposing.in_force(kind), "理由")
    assert now().year == 2023
    return office


def _assessments(office: Office) -> None:
    """Judgements that wait for a second person, one of each unit."""
    for letter, unit in LETTERS.items():
        row = {"unit": unit, "rule": "5.2.depth", "book": "jinxiang-2023", "obligation": f"made-up-{letter}"}
        reason = canary(letter, "assess", "reason")
        person = office.county.world.people["evaluator"]
        office.objects["assessment", letter] = assessing.write(person, row, "pass", reason, date(2023, 9, 1))
    snapshot = LIVE.snapshot
    assert snapshot is not None
    for letter, unit in LETTERS.items():
        found = next(one for one in assessing.queue(snapshot) if one.row["unit"] == unit)
        office.objects["waiting", letter] = sha256(found.row["obligation"].encode()).hexdigest()[:20]


def _objections(office: Office) -> None:
    """An objection of each unit in each state."""
    people = office.county.world.people
    for letter in LETTERS:
        for state in ("draft", "submitted", "decided"):
            sort = f"objection{state}"
            row = runs.row_of(office.runs[TO_UNITS], obligation(letter))
            assert row is not None
            words = ("missing", canary(letter, sort, "text"))
            one = objecting.draft(people[f"clerk-{letter.lower()}"], office.runs[TO_UNITS], row, "N6", words)
            objecting.change(one, *words, [office.county.submissions[letter, "draft"]])
            if state != "draft":
                objecting.submit(people[f"reviewer-{letter.lower()}" if letter != "C" else "both"], one)
            if state == "decided":
                objecting.decide(people["publisher"], one, "rejected", "none", canary(letter, sort, "reason"))
            one.refresh_from_db()
            office.objects[sort, letter] = one


def _rectifications(office: Office) -> None:
    """A problem of each unit: one that is prepared, one that is ordered, one that was reported."""
    people = office.county.world.people
    for state, name in (("prepared", "done"), ("ordered", TO_UNITS), ("filled", TO_COUNTY)):
        for letter, unit in LETTERS.items():
            sort = "prepared" if state == "prepared" else "mend"
            one = rows.make_rectification(
                unit,
                run=office.runs[name],
                obligation=obligation(letter),
                label="N6",
                problem=canary(letter, sort, "reason"),
                due=date(2023, 10, 10),
                author=people["evaluator"],
                changed_at=now(),
            )
            if state != "prepared":
                assert rectifying.order(people["publisher"], one) == ()
            if state == "filled":
                clerk = people[f"clerk-{letter.lower()}"]
                content = PDF + canary(letter, sort, "file").encode()
                rectifying.attach(clerk, one, canary(letter, sort, "file") + ".pdf", content)
                rectifying.fill(clerk, one, canary(letter, sort, "text"), date(2023, 9, 1))
                office.objects["file", letter] = one.files.get()
            one.refresh_from_db()
            office.objects[state, letter] = one


def _notices(office: Office) -> None:
    """A notice of each unit in each state, with a document."""
    people = office.county.world.people
    for state in ("made", "sent"):
        for letter, unit in LETTERS.items():
            sort = f"notice{state}"
            text = canary(letter, sort, "text")
            count, _ = noticing.prepare(people["evaluator"], office.runs[TO_UNITS], "rectification", [unit], text)
            assert count == 1
            one = rows.notices().order_by("-pk")[0]
            if state == "sent":
                noticing.send(people["publisher"], one)
            office.objects[sort, letter] = one
