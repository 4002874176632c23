"""通知、通报、表扬、约谈、催报: prepared from a published run, sent by another person, signed for by the unit."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
from django.db import transaction

from events.problems import has_errors
from gongkai.console.clock import now
from gongkai.console.entry.attachments import store
from gongkai.console.models import CountyNotice
from gongkai.console.models import office_store as rows
from gongkai.console.models.notices import N_PREPARED, N_SENT, N_SIGNED, NOTICE_KINDS
from gongkai.console.office import runs as official
from gongkai.console.registry import registry, unit_names
from gongkai.console.web.errors import ConflictError
from gongkai.services.notices import Dates, write_notices
from gongkai.services.outgoing.recipients import Choice
from reports.output.texts import STATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongkai.console.models import CountyRun, Person
    from reports.run.folder import RunFolder

GONE_ON = "这份通知的状态已经变了，请刷新页面再看。"
FROM_SERVICE = {"rectification": "rectification", "interview": "interview"}
"""Kinds whose document the notices of the command line make."""
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
    found = official.read(run)
    if not run.published or found is None:
        message = "先公布这次运行，再起草通知。"
        raise ConflictError(message)
    made, left = [], []
    for unit in units:
        content, why = _document(run, found, kind, unit, text)
        if content is None:
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
                sha256=store(content),
                author=person,
                made_at=now(),
            )
        )
    with transaction.atomic():
        for one in made:
            one.save()
    return len(made), tuple(left)


def _document(run: CountyRun, found: RunFolder, kind: str, unit: str, text: str) -> tuple[bytes | None, str]:
    """Return the document of a unit, or why there is none."""
    if kind in FROM_SERVICE:
        with tempfile.TemporaryDirectory() as work:
            out = Path(work) / "out"
            files, problems = write_notices(
                official.folder_of(run),
                "interview" if kind == "interview" else "rectification",
                Choice(units=(unit,)),
                None,
                out,
                Dates(today=f"{now():%Y-%m-%d}"),
            )
            if not files:
                errors = [one.fact.zh for one in problems if one.severity == "error"] if has_errors(problems) else []
                return None, "；".join(errors) or "没有需要写进通知的问题"
            return files[0].read_bytes(), ""
    return _letter(run, found, kind, unit, text), ""


def _letter(run: CountyRun, found: RunFolder, kind: str, unit: str, text: str) -> bytes:
    """Return a 通报 or 表扬 as a Word document: what the run found, by unit, without names of staff."""
    made = docx.Document()
    made.core_properties.created = made.core_properties.modified = now()
    made.core_properties.author = registry().county
    made.add_heading(f"{registry().name}：{NOTICE_KINDS[kind]}", 0)
    made.add_paragraph(f"{run.title}，截至{run.as_of}。")
    if kind == "commendation":
        made.add_paragraph(unit_names().get(unit, unit))
    for line in text.splitlines():
        made.add_paragraph(line)
    wanted = [one for one in unit_names() if kind == "circular" or one == unit]
    shown = ("violated", "late", "met", "unassessed")
    table = made.add_table(rows=1, cols=1 + len(shown))
    for cell, label in zip(table.rows[0].cells, ("单位", *(STATUS[one].zh for one in shown)), strict=True):
        cell.text = label
    for one in wanted:
        own = [row["status"] for row in found.rows.values() if row["unit"] == one]
        if own:
            cells = table.add_row().cells
            cells[0].text = unit_names()[one]
            for cell, status in zip(cells[1:], shown, strict=True):
                cell.text = str(own.count(status))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def remind(person: Person, units: Sequence[str], text: str) -> int:
    """Remind units of what they have not filed; it is on their pages at once. Return how many."""
    waiting = set(rows.notices().filter(kind="reminder", state=N_SENT).values_list("unit", flat=True))
    fresh = [unit for unit in units if unit not in waiting]
    with transaction.atomic():
        for unit in fresh:
            moment = now()
            CountyNotice(
                unit=unit,
                kind="reminder",
                title=f"{NOTICE_KINDS['reminder']}：{moment:%Y-%m-%d}",
                text=text[:MOST],
                state=N_SENT,
                author=person,
                made_at=moment,
                sender=person,
                sent_at=moment,
            ).save()
    return len(fresh)


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
