"""通知、通报、表扬、约谈、催报: prepared from a published run, sent by another person, signed for by the unit."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from gongkai.console.clock import now
from gongkai.console.entry.attachments import store
from gongkai.console.mail.reminding import mail_reminders
from gongkai.console.models import CountyNotice
from gongkai.console.models import office_store as rows
from gongkai.console.models.notices import N_PREPARED, N_SENT, N_SIGNED, NOTICE_KINDS
from gongkai.console.office import runs as official
from gongkai.console.registry import unit_names
from gongkai.console.web.errors import ConflictError
from gongkai.services.notices import Dates, write_notices
from gongkai.services.outgoing.recipients import Choice
from reports.notices import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongkai.console.models import CountyRun, Person

GONE_ON = "这份通知的状态已经变了，请刷新页面再看。"
FROM_SERVICE: Mapping[str, Kind] = {
    "rectification": "rectification",
    "interview": "interview",
    "commendation": "praise",
    "circular": "circular",
}
"""What the command line calls each kind."""
MOST = 2000


def prepare(person: Person, run: CountyRun, kind: str, units: Sequence[str], text: str) -> tuple[int, tuple[str, ...]]:
    """Prepare notices of a published run.

    Args:
        person: who prepares them.
        run: the run.
        kind: `NOTICE_KINDS`, but no reminder.
        units: who gets one.
        text: what stands beside the file.

    Returns:
        How many were prepared, and what was left out and why, a line each.

    Raises:
        ConflictError: the run is not published.
    """
    if not run.published:
        message = "先公布这次运行，再起草通知。"
        raise ConflictError(message)
    made, left = [], []
    for unit in units:
        files, why = _made(run, kind, unit)
        if files is None:
            left.append(f"{unit_names().get(unit, unit)}：{why}")
            continue
        title = f"{NOTICE_KINDS[kind]}：{run.title}"[:200]
        name = f"{NOTICE_KINDS[kind]}-{unit_names().get(unit, unit)}.docx"[:200]
        made.append(
            CountyNotice(
                unit=unit,
                kind=kind,
                run=run,
                title=title,
                text=text[:MOST],
                file_name=name,
                sha256=store(files.document),
                list_sha256="" if files.list is None else store(files.list),
                author=person,
                made_at=now(),
            )
        )
    with transaction.atomic():
        for one in made:
            one.save()
    return len(made), tuple(left)


@dataclass(frozen=True, slots=True)
class _Made:
    """The files of one notice: the document, and the unit's own list where there is one."""

    document: bytes
    list: bytes | None = None


def _made(run: CountyRun, kind: str, unit: str) -> tuple[_Made | None, str]:
    """Return the files of a unit's notice as the command line makes them, or why there are none."""
    choice = Choice(units=() if kind == "circular" else (unit,))
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "out"
        dates = Dates(today=f"{now():%Y-%m-%d}")
        files, problems = write_notices(official.folder_of(run), FROM_SERVICE[kind], choice, None, out, dates)
        errors = [one.fact.zh for one in problems if one.severity == "error"]
        if not files or errors:
            return None, "；".join(errors) or "没有需要写进通知的问题"
        found = {one.suffix: one.read_bytes() for one in files}
        return _Made(found[".docx"], found.get(".xlsx")), ""


def remind(person: Person, units: Sequence[str], text: str) -> tuple[int, int]:
    """Remind units of what they have not filed: on their pages at once, and by mail where a server is set.

    A unit that has not signed for the last reminder is not reminded again; where its mail failed,
    the mail is tried again.

    Returns:
        How many units were reminded, and how many mails were sent.
    """
    waiting = {one.unit: one for one in rows.notices().filter(kind="reminder", state=N_SENT)}
    fresh = []
    with transaction.atomic():
        for unit in dict.fromkeys(units):
            if unit in waiting:
                continue
            moment = now()
            made = CountyNotice(
                unit=unit,
                kind="reminder",
                title=f"{NOTICE_KINDS['reminder']}：{moment:%Y-%m-%d}",
                text=text[:MOST],
                state=N_SENT,
                author=person,
                made_at=moment,
                sender=person,
                sent_at=moment,
            )
            made.save()
            fresh.append(made)
    again = [one for unit, one in waiting.items() if unit in units and not one.mailed]
    return len(fresh), mail_reminders(person, [*fresh, *again])


def ask_more(people: tuple[Person, Person], unit: str, about: str, text: str) -> None:
    """Tell a unit what an assessment lacks; it is on the unit's page at once.

    Args:
        people: who assessed, and who agreed.
        unit: the unit.
        about: the duty.
        text: what is asked for.
    """
    moment = now()
    CountyNotice(
        unit=unit,
        kind="supplement",
        title=f"{NOTICE_KINDS['supplement']}：{about}"[:200],
        text=text[:MOST],
        state=N_SENT,
        author=people[0],
        made_at=moment,
        sender=people[1],
        sent_at=moment,
    ).save()


def send(person: Person, notice: CountyNotice) -> None:
    """Send what was prepared, by another person."""
    with transaction.atomic():
        locked = _in(notice, N_PREPARED)
        locked.state, locked.sender, locked.sent_at = N_SENT, person, now()
        locked.save()


def sign(person: Person, notice: CountyNotice) -> None:
    """Sign for a notice (签收)."""
    with transaction.atomic():
        locked = _in(notice, N_SENT)
        locked.state, locked.signer, locked.signed_at = N_SIGNED, person, now()
        locked.save()


def _in(notice: CountyNotice, state: str) -> CountyNotice:
    locked = rows.lock_notice(notice.pk)
    if locked.state != state:
        raise ConflictError(GONE_ON)
    return locked
