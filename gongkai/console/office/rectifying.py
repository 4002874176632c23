"""整改: ordered by the office, filled in and reviewed by the unit, accepted, returned or extended by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gongkai.console.clock import now
from gongkai.console.entry.attachments import MOST_FILES, AttachmentError, clean_name, kind_of, store
from gongkai.console.models import office_store as rows
from gongkai.console.models.rectification import (
    OPEN_STATES,
    R_ACCEPTED,
    R_FILLED,
    R_ORDERED,
    R_PREPARED,
    R_REPORTED,
    R_RETURNED,
)
from gongkai.console.models.turns import in_turn
from gongkai.console.office import ledger
from gongkai.console.office import runs as official
from gongkai.console.web.errors import ConflictError
from reports.output.texts import BREACHES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from events.problems import Problem
    from gongkai.console.entry.content import Row
    from gongkai.console.models import CountyRun, Person, Rectification, Submission

GONE_ON = "这个问题的状态已经变了，请刷新页面再看。"
MOST = 2000
STEPS = {
    "prepare": "起草整改要求",
    "order": "责令整改",
    "fill": "填报整改情况",
    "attach": "加附件",
    "approve": "单位审核",
    "send-back": "单位审核退回",
    "opinion": "评估员意见",
    "accept": "销号",
    "return": "退回",
    "extend": "延期",
}
Problems = tuple["Problem", ...]


def prepare(person: Person, run: CountyRun, units: Collection[str], due: date) -> int:
    """Prepare orders for the problems of some units in a published run, and return how many are new.

    Raises:
        ConflictError: the run is not published.
    """
    found = official.read(run)
    if not run.published or found is None:
        message = "先公布这次运行，再下达整改。"
        raise ConflictError(message)
    count = 0
    with transaction.atomic():
        in_turn("rectification")
        known = set(rows.rectifications().filter(run=run).values_list("obligation", flat=True))
        for row in found.rows.values():
            if row["unit"] in units and row["status"] in BREACHES and row["obligation"] not in known:
                label = f"{row['clause']} {found.title(row)}"[:300]
                made = rows.make_rectification(
                    row["unit"],
                    run=run,
                    obligation=row["obligation"],
                    label=label,
                    problem=row["reason"],
                    due=due,
                    author=person,
                    changed_at=now(),
                )
                rows.add_rectification_step(made, person, "prepare", now(), f"限{due}")
                count += 1
    return count


def _ordered_row(one: Rectification, due: date) -> Row:
    return {
        "type": "rectification.ordered",
        "subject": one.obligation,
        "occurred_at": str(now().date()),
        "data.rectify_by": str(due),
    }


def _reported_row(one: Rectification) -> Row:
    return {
        "type": "rectification.reported",
        "subject": one.obligation,
        "occurred_at": str(one.done_on),
        "data.rectification": one.measure,
    }


def order(person: Person, one: Rectification) -> Problems:
    """Order what was prepared, by another person; it goes into the ledger."""
    with transaction.atomic():
        locked = _in(one, {R_PREPARED})
        row = _ordered_row(locked, locked.due)
        submission = ledger.approved((locked.author, person), locked.unit, "order", row, f"整改 {locked.label}")
        _moved(locked, person, "order", R_ORDERED, f"限{locked.due}", submission)
    return ledger.entered(submission)


def wrong_measure(one: Rectification, measure: str, done_on: date) -> Problems:
    """Return what the ledger would say against a measure."""
    row = {**_reported_row(one), "occurred_at": str(done_on), "data.rectification": measure}
    return ledger.wrong(one.unit, "rectify", [row])


def fill(person: Person, one: Rectification, measure: str, done_on: date) -> None:
    """Fill in what the unit did; somebody else of the unit reviews it."""
    with transaction.atomic():
        locked = _in(one, {R_ORDERED, R_RETURNED, R_FILLED})
        locked.measure, locked.done_on, locked.editor = measure[:MOST], done_on, person
        _moved(locked, person, "fill", R_FILLED, f"{done_on}：{measure[:MOST]}")


def attach(person: Person, one: Rectification, name: str, content: bytes) -> None:
    """Add a file that shows what was done.

    Raises:
        AttachmentError: it is not taken.
        ConflictError: the unit has nothing to fill in now.
    """
    kind = kind_of(content)
    digest = store(content)
    with transaction.atomic():
        locked = _in(one, {R_ORDERED, R_RETURNED, R_FILLED})
        if locked.files.count() >= MOST_FILES:
            message = f"一个问题最多{MOST_FILES}个附件。"
            raise AttachmentError(message)
        rows.add_rectification_file(locked, clean_name(name), digest, len(content), kind)
        locked.editor = person
        _moved(locked, person, "attach", locked.state, clean_name(name))


def approve(person: Person, one: Rectification) -> Problems:
    """Approve what was filled in, for the unit; it goes into the ledger."""
    with transaction.atomic():
        locked = _in(one, {R_FILLED})
        author = locked.editor or locked.author
        submission = ledger.approved(
            (author, person), locked.unit, "rectify", _reported_row(locked), f"整改 {locked.label}"
        )
        _moved(locked, person, "approve", R_REPORTED, "", submission)
    return ledger.entered(submission)


def send_back(person: Person, one: Rectification, text: str) -> None:
    """Return to the clerk what was filled in."""
    with transaction.atomic():
        _moved(_in(one, {R_FILLED}), person, "send-back", R_ORDERED, text)


def give_opinion(person: Person, one: Rectification, text: str) -> None:
    """Keep what an evaluator thinks of it."""
    with transaction.atomic():
        locked = _in(one, {R_REPORTED})
        locked.opinion = text[:MOST]
        _moved(locked, person, "opinion", locked.state, text)


def accept(person: Person, one: Rectification) -> None:
    """Strike it off the list (销号)."""
    with transaction.atomic():
        _moved(_in(one, {R_REPORTED}), person, "accept", R_ACCEPTED)


def give_back(person: Person, one: Rectification, text: str) -> None:
    """Return it to the unit, which goes on mending (退回)."""
    with transaction.atomic():
        _moved(_in(one, {R_REPORTED}), person, "return", R_RETURNED, text)


def extend(person: Person, one: Rectification, due: date, text: str) -> Problems:
    """Set a later day (延期); it goes into the ledger.

    Raises:
        ConflictError: it is closed, or the day is not later.
    """
    with transaction.atomic():
        locked = _in(one, {R_ORDERED, R_RETURNED, R_FILLED, R_REPORTED})
        if due <= locked.due:
            message = f"延期要晚于现在的期限{locked.due}。"
            raise ConflictError(message)
        row = _ordered_row(locked, due)
        submission = ledger.approved((person, person), locked.unit, "order", row, f"延期 {locked.label}")
        locked.due = due
        _moved(locked, person, "extend", locked.state, f"延到{due}：{text}", submission)
    return ledger.entered(submission)


def long_open(run: CountyRun, unit: str | None = None) -> frozenset[str]:
    """Return the obligations that an earlier published run had as a problem too (长期未整改)."""
    earlier = [one for one in official.finished() if one.published and one.as_of < run.as_of]
    found: set[str] = set()
    for one in earlier:
        read = official.read(one)
        for row in read.rows.values() if read is not None else ():
            if row["status"] == "violated" and unit in {None, row["unit"]}:
                found.add(row["obligation"])
    return frozenset(found)


def long_among(found: Sequence[Rectification]) -> set[int]:
    """Return the keys of those problems that an earlier published run had too, and that are not struck off."""
    waiting = [one for one in found if one.state in OPEN_STATES or one.state == R_PREPARED]
    earlier = {run.pk: long_open(run) for run in {one.run for one in waiting}}
    return {one.pk for one in waiting if one.obligation in earlier[one.run_id]}


def _in(one: Rectification, before: Collection[str]) -> Rectification:
    locked = rows.lock_rectification(one.pk)
    if locked.state not in before:
        raise ConflictError(GONE_ON)
    return locked


def _moved(
    one: Rectification, person: Person, step: str, state: str, text: str = "", submission: Submission | None = None
) -> None:
    """Save it after a step."""
    one.state, one.changed_at = state, now()
    one.save()
    rows.add_rectification_step(one, person, step, now(), text[:MOST])
    if submission is not None:
        one.submissions.add(submission)
