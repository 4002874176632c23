"""Notices, one a unit, from the folder of a run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from events.problems import Problem, Text, Where, has_errors
from events.values.dates import DateError, read_moment
from gongkai.services.recipients import chosen_units
from reports.notices import (
    Kind,
    Notice,
    NoticeProblem,
    file_names,
    fill_notice,
    read_template,
)
from reports.output.folder import write_folder
from reports.output.texts import BREACHES, SIGNS, STATUS
from reports.run.folder import open_run
from reports.run.kept_inputs import working_days_after
from reports.violations.texts import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gongkai.services.recipients import Choice
    from reports.run.folder import Row, RunFolder

MENDED = ("in_time", "late", "done", "reported")


def write_notices(
    folder: Path, kind: Kind, choice: Choice, template: Path | None, out: Path, rectify_by: str | None
) -> tuple[tuple[Path, ...] | None, tuple[Problem, ...]]:
    """Write a notice for each unit of a run that has problems, or for the units chosen.

    Args:
        folder: the folder of the run.
        kind: the kind of notice.
        choice: who gets one.
        template: a template of one's own, or None.
        out: where they go.
        rectify_by: the day to rectify by, as it was written, or None.

    Returns:
        What was written, none where no unit needs a notice, None where the input is not usable; and what is wrong.

    Raises:
        ProblemError: the template cannot be filled, or the folder not be written.
    """
    run, problems = open_run(folder)
    day, wrong = _day(rectify_by)
    problems = (*problems, *wrong)
    if run is None or has_errors(problems):
        return None, problems
    records = run.records
    rows = _rows(run, kind, records)
    chosen, wrong = chosen_units(run, kind, choice, rows)
    problems = (*problems, *wrong)
    if has_errors(wrong):
        return None, problems
    made = [_notice(run, rows[unit], records, day) for unit in chosen]
    if not made:
        return (), problems
    source = read_template(template, kind)
    label = str(template) if template is not None else f"{kind}.docx"
    names = file_names(kind, made)
    files = {name: fill_notice(source, notice, label) for name, notice in zip(names, made, strict=True)}
    told = write_folder(out, lambda target: _write(target, files), whole=False)
    return tuple(out / name for name in files), (*problems, *told)


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder."""
    for name, content in files.items():
        (target / name).write_bytes(content)


def _day(text: str | None) -> tuple[date | None, list[Problem]]:
    """Return the day asked for."""
    try:
        return (read_moment(text)[0].date() if text is not None else None), []
    except DateError:
        fact = Text(f"“{text}”不是日期", f"{text!r} is not a date")
        cure = Text("写作 2023-07-14", "Write 2023-07-14")
        return None, [Problem("bad-option", Where("--rectify-by"), fact, cure, text)]


def _rows(run: RunFolder, kind: Kind, records: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Row]]:
    """Return the verdict rows that a notice of this kind names, by unit.

    A notice to rectify names what is violated and not yet reported as rectified; one of an interview names what is
    violated or late.
    """
    found: dict[str, list[Row]] = {}
    for row in run.rows.values():
        mended = records.get(row["obligation"], {}).get("outcome") in MENDED
        wanted = row["status"] in BREACHES if kind == "interview" else row["status"] == "violated" and not mended
        if wanted:
            found.setdefault(row["unit"], []).append(row)
    return found


def _notice(run: RunFolder, rows: Sequence[Row], records: Mapping[str, Mapping[str, Any]], day: date | None) -> Notice:
    """Return what a unit's notice says."""
    due = day or run.rectify_by
    ordered = sorted(rows, key=lambda row: (row["book"], row["due_on"] or "", row["obligation"]))
    problems = tuple(_problem(run, n, row, records.get(row["obligation"], {}), due) for n, row in enumerate(ordered, 1))
    dues = {problem.rectify_by for problem in problems}
    books = run.receipt["books"]
    used = {row["book"] for row in rows}
    titles = [f"《{book.get('title', book['id'])}》（{book['document']}）" for book in books if book["id"] in used]
    return Notice(
        county=str(run.receipt["registry"].get("name", "")),
        unit=rows[0]["unit_name"],
        unit_id=rows[0]["unit"],
        as_of=_chinese(run.as_of.day),
        documents="、".join(titles),
        rectify_by=_chinese(date.fromisoformat(next(iter(dues)))) if len(dues) == 1 and "" not in dues else "",
        open_count=sum(row["status"] == "violated" for row in rows),
        late_count=sum(row["status"] == "late" for row in rows),
        long_count=sum(records.get(row["obligation"], {}).get("outcome") == "long" for row in rows),
        problems=problems,
    )


def _problem(run: RunFolder, number: int, row: Row, record: Mapping[str, Any], due: date | None) -> NoticeProblem:
    """Return one row of the table."""
    rule = run.kept.rules.get((row["book"], row["rule"])) if run.kept is not None else None
    own = next((book["document"] for book in run.receipt["books"] if book["id"] == row["book"]), "")
    document = row.get("document") or own
    earlier = record.get("due") or ""
    over = earlier <= str(run.as_of.day)
    set_by = str(due) if over and due is not None and row["status"] == "violated" else earlier
    return NoticeProblem(
        number=number,
        clause=row["clause"],
        task=run.title(row),
        quote=str(rule["quote"]) if rule is not None else "",
        subject=row["subject"] or "",
        reason=row["reason"],
        status=f"{SIGNS[row['status']]} {STATUS[row['status']].zh}",
        due=row["due_on"] or "",
        overdue=_overdue(run, row),
        rectify_by=set_by,
        outcome=OUTCOME[record["outcome"]].zh if record.get("outcome") in OUTCOME else "",
        document=document,
        obligation=row["obligation"],
    )


def _overdue(run: RunFolder, row: Row) -> str:
    """Return the working days by which a duty is or was overdue, by the calendar that the run kept."""
    if run.kept is None or not row["due_on"]:
        return ""
    end = date.fromisoformat(row["met_on"]) if row["met_on"] else run.as_of.day
    number = working_days_after(run.kept.working, date.fromisoformat(row["due_on"]), end)
    return "" if number is None else str(number)


def _chinese(day: date) -> str:
    """Return a day as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
