"""评定: what waits for a person's judgement, and the way of a judgement into the ledger."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from django.db import transaction

from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.console.clock import now
from gongkai.console.folder import current
from gongkai.console.live.judging import end_of_day
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Assessment
from gongkai.console.models import office_store as rows
from gongkai.console.models.assessments import A_ENTERED, A_RETURNED, A_WAITING, INCOMPLETE, RESULTS
from gongkai.console.models.turns import in_turn
from gongkai.console.office import ledger, noticing
from gongkai.console.registry import registry, unit_names
from gongkai.console.web.errors import ConflictError
from gongkai.evaluation.build import sources_of
from gongkai.options import Request
from gongkai.services.assess import assess_sheet
from reports.selfcheck.assess_sheet import at_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from gongkai.console.entry.content import Row
    from gongkai.console.live.snapshot import Snapshot
    from gongkai.console.models import Person, Submission

TYPE = "assessment.recorded"
GONE_ON = "这份评定已经复核过了，请刷新页面再看。"
MOST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty that waits for a judgement.

    Attributes:
        row: its verdict row.
        title: what the rule asks.
        quote: the clause's words.
        look_for: what to look for, or nothing.
    """

    row: Mapping[str, Any]
    title: str
    quote: str
    look_for: str


def queue(snapshot: Snapshot) -> list[Waiting]:
    """Return what waits for a judgement, by clause and then by unit."""
    table = snapshot.verdicts
    found = table.filter(pc.equal(table["status"], "unassessed")).to_pylist()
    rules = {(book.id, rule.id): rule for book in snapshot.inputs.books for rule in book.rules}
    waiting = []
    for row in found:
        rule: Any = rules.get((row["book"], row["rule"]))
        if rule is None or not rule.facets.by_person:
            continue
        look_for = rule.look_for.text().zh if getattr(rule, "look_for", None) is not None else ""
        waiting.append(Waiting(row, rule.title.text().zh, rule.quote, look_for))
    return sorted(waiting, key=lambda one: (one.row["book"], _clause_key(one.row["clause"]), one.row["obligation"]))


def _clause_key(clause: str) -> tuple[tuple[int, int, str], ...]:
    """Return what clauses are sorted by: 9.2 stands before 10.1."""
    return tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in clause.split("."))


def evidence(snapshot: Snapshot, waiting: Waiting) -> list[str]:
    """Return the unit's entries that an evaluator looks at first, a line each."""
    row = waiting.row
    text = at_hand((row["book"], row["rule"], row["clause"], row["unit"]), sources_of(snapshot.inputs, "zh"))
    return text.splitlines()


def evaluator_name(person: Person, unit: str) -> str | None:
    """Return an evaluator as the log names him: his unit, which evaluates, and himself; None where there is none.

    The unit is one that is not itself assessed: nobody's judgement of himself settles anything.
    """
    office = next((one for one in registry().units if one.evaluates and one.id != unit), None)
    return None if office is None else f"{office.name} {person.name}"


def row_of(person: Person, unit: str, rule: str, found: Mapping[str, Any]) -> Row:
    """Return the entry of a judgement."""
    return {
        "type": TYPE,
        "occurred_at": str(found["day"]),
        "data.clause": rule,
        "data.result": found["result"],
        "data.evaluator": evaluator_name(person, unit) or person.name,
        "data.note": found["reason"],
    }


def write(person: Person, waiting: Mapping[str, Any], result: str, reason: str, day: date) -> Assessment:
    """Return a new judgement, which another person has to look at.

    Args:
        person: the evaluator, who has no interest in the unit.
        waiting: the verdict row that waits for it.
        result: `RESULTS`.
        reason: why.
        day: its day.
    """
    with transaction.atomic():
        in_turn("assessment")
        waits = rows.assessments().filter(obligation=waiting["obligation"], state=A_WAITING)
        if waits.exists():
            message = "这一项已经有一份评定在等复核。"
            raise ConflictError(message)
        made = Assessment(
            unit=waiting["unit"],
            rule=waiting["rule"],
            book=waiting["book"],
            obligation=waiting["obligation"],
            result=result,
            reason=reason[:MOST_REASON],
            day=day,
            author=person,
            made_at=now(),
        )
        made.save()
    return made


def approve(person: Person, assessment: Assessment) -> tuple[Problem, ...]:
    """Enter a judgement that a second person agrees with; return what the ledger says against it."""
    with transaction.atomic():
        locked = _waiting(assessment)
        row = row_of(locked.author, locked.unit, locked.rule, {
            "day": locked.day, "result": locked.result, "reason": locked.reason,
        })  # fmt: skip
        title = f"{locked.rule} {RESULTS[locked.result]}"
        submission: Submission = ledger.approved((locked.author, person), locked.unit, "assess", row, title)
        locked.state, locked.approver, locked.decided_at, locked.submission = A_ENTERED, person, now(), submission
        locked.save()
    problems = ledger.entered(submission)
    if problems:
        locked.state, locked.remark = A_RETURNED, "；".join(one.line("zh") for one in problems)[:MOST_REASON]
        locked.save()
    elif locked.result == INCOMPLETE:
        noticing.ask_more((locked.author, person), locked.unit, _about(locked.rule), locked.reason)
    return problems


def _about(rule: str) -> str:
    """Return what people call a rule."""
    books = () if LIVE.snapshot is None else LIVE.snapshot.inputs.books
    found = (one for book in books for one in book.rules if one.id == rule)
    return next((f"{one.clause} {one.title.text().zh}" for one in found), rule)


def asked_more(unit: str | None = None) -> dict[str, date]:
    """Return the day on which more was last asked for, by obligation."""
    found = rows.assessments().filter(state=A_ENTERED, result=INCOMPLETE).order_by("decided_at")
    found = found if unit is None else found.filter(unit=unit)
    return {one.obligation: one.decided_at.date() for one in found if one.decided_at is not None}


def send_back(person: Person, assessment: Assessment, remark: str) -> None:
    """Return a judgement with a reason; the duty waits again."""
    with transaction.atomic():
        locked = _waiting(assessment)
        locked.state, locked.approver, locked.decided_at = A_RETURNED, person, now()
        locked.remark = remark[:MOST_REASON]
        locked.save()


def _waiting(assessment: Assessment) -> Assessment:
    locked = rows.lock_assessment(assessment.pk)
    if locked.state != A_WAITING:
        raise ConflictError(GONE_ON)
    return locked


def request_now() -> Request:
    """Return the request of the county's books and ledger, as of the end of today."""
    folder = current()
    settings = folder.settings
    return Request(
        as_of=end_of_day(now()),
        events=(folder.ledger,),
        books=folder.books,
        units=folder.beside(settings.units),
        readings=settings.readings,
        calendar=folder.beside(settings.calendar),
        waivers=folder.beside(settings.waivers),
    )


def sheet() -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the workbook of what waits for a judgement, and what is wrong."""
    content, _, problems = assess_sheet(request_now())
    return content, problems


def read_sheet(
    person: Person, content: bytes, waiting: Sequence[Waiting], may: Callable[[str], bool]
) -> tuple[int, tuple[Problem, ...]]:
    """Take the judgements of a workbook that was filled in, all or none, and return how many there were.

    Args:
        person: who fills it in: the evaluator that the ledger will name, whatever the sheet says.
        content: the workbook.
        waiting: what waits for a judgement.
        may: whether the person may assess a unit.
    """
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "评定.xlsx"
        path.write_bytes(content)
        log = read_events((path,), registry(), load_vocabulary())
    problems = [one for one in log.problems if one.severity == "error"]
    open_rows = {(one.row["unit"], one.row["rule"]): one.row for one in waiting}
    found = []
    for event in log.table.to_pylist() if not problems else ():
        row = open_rows.get((event["unit"], event["data.clause"]))
        problem = _sheet_problem(event, known=row is not None, allowed=may(event["unit"]))
        if problem is None and row is not None:
            day, reason = event["occurred_at"].date(), event["data.note"] or ""
            found.append((row, event["data.result"], reason, day))
            entry = row_of(person, row["unit"], row["rule"], {"day": day, "result": "pass", "reason": reason})
            problems += ledger.wrong(row["unit"], "assess", [entry])
        elif problem is not None:
            problems.append(problem)
    if has_errors(problems):
        return 0, sort_problems(problems)
    with transaction.atomic():
        for row, result, reason, day in found:
            write(person, row, result, reason, day)
    return len(found), ()


def _sheet_problem(event: Mapping[str, Any], *, known: bool, allowed: bool) -> Problem | None:
    """Return what is wrong with a row of the sheet."""
    where = Where(" ".join(filter(None, (Path(event["file"]).name, event["place"]))))
    name = unit_names().get(event["unit"], event["unit"])
    if event["type"] != TYPE:
        fact = Text("这一行不是评价记录", "this row is no assessment")
        return Problem("not-an-assessment", where, fact, Text("删去这一行", "Leave it out"))
    if not allowed:
        fact = Text(f"您是{name}的人，不能评定它", "this is a unit of your own")
        return Problem("own-unit", where, fact, Text("由没有利害关系的人评定", "Let somebody else assess it"))
    if not known:
        fact = Text(f"{name}的“{event['data.clause']}”没有在等评定", "this does not wait for a judgement")
        return Problem("not-waiting", where, fact, Text("重新下载表格再填", "Take a new sheet"))
    if event["data.result"] not in RESULTS or not event["data.note"]:
        fact = Text("要选评价结论，并在备注写理由", "result and reason are needed")
        return Problem("no-reason", where, fact, Text("填上再传", "Fill them in"))
    return None
