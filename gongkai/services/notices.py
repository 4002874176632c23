"""Notices, one a unit, and circulars of the county, from the folder of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from events.problems import Problem, Text, Where, has_errors
from events.values.dates import DateError, read_moment
from gongkai.services.outgoing.circulars import county_circular
from gongkai.services.outgoing.recipients import chosen_units
from reports.notice_templates import lacking
from reports.notices import (
    FILE_NAMES,
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
from reports.violations.overdue import moment_text
from reports.violations.texts import OUTCOME
from reports.violations.unit_list import UnitProblem, overdue, unit_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gongkai.services.outgoing.recipients import Choice
    from reports.run.folder import Row, RunFolder

    Records = Mapping[str, Mapping[str, Any]]
    Written = tuple[tuple[Path, ...] | None, tuple[Problem, ...]]

MENDED = ("in_time", "late", "done", "reported")
MARK = "※"
COUNTY = ("praise", "circular")
"""The kinds that are one document of the county, not one a unit."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a set of notices, as they were written.

    Attributes:
        rectify_by: the day to rectify by, or None.
        today: the day on which the notices are issued; the as-of day of the run where it is None.
    """

    rectify_by: str | None = None
    today: str | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """The day asked for, where there is one, and the first day that can be asked for."""

    due: date | None
    first: date


def write_notices(folder: Path, kind: Kind, choice: Choice, template: Path | None, out: Path, dates: Dates) -> Written:
    """Write a notice for each unit of a run that has problems, or for the units chosen; or a circular of the county.

    Beside each notice goes the unit's own violation list as a workbook, which comes back filled in.

    Args:
        folder: the folder of the run.
        kind: the kind of notice.
        choice: who gets one, or who is praised.
        template: a template of one's own, or None.
        out: where they go.
        dates: the days asked for.

    Returns:
        What was written, none where no unit needs a notice, None where the input is not usable; and what is wrong.

    Raises:
        ProblemError: the template cannot be filled, or the folder not be written.
    """
    run, problems = open_run(folder)
    if run is None or has_errors(problems):
        return None, problems
    limits, wrong = _limits(run, dates)
    problems = (*problems, *wrong)
    if has_errors(problems):
        return None, problems
    made = _of_county if kind in COUNTY else _of_units
    files, told = made(run, kind, choice, template, limits)
    problems = (*problems, *told)
    if files is None or has_errors(problems):
        return None, problems
    if not files:
        return (), problems
    renamed = write_folder(out, lambda target: _write(target, files), whole=False)
    return tuple(out / name for name in files), (*problems, *renamed)


def _of_county(
    run: RunFolder, kind: Kind, choice: Choice, template: Path | None, limits: _Limits
) -> tuple[dict[str, bytes] | None, tuple[Problem, ...]]:
    """Return the file of a circular."""
    del limits
    circular, problems = county_circular(run, choice, praise=kind == "praise")
    if circular is None:
        return None, problems
    source, label = read_template(template, kind), str(template) if template is not None else f"{kind}.docx"
    told = (*problems, *lacking(source, kind, label))
    return {f"{FILE_NAMES[kind]}.docx": fill_notice(source, circular, label)}, told


def _of_units(
    run: RunFolder, kind: Kind, choice: Choice, template: Path | None, limits: _Limits
) -> tuple[dict[str, bytes] | None, tuple[Problem, ...]]:
    """Return the files of the notices, a notice and a list for each unit."""
    records = run.records
    rows = _rows(run, kind, records)
    chosen, wrong = chosen_units(run, kind, choice, rows)
    if has_errors(wrong):
        return None, tuple(wrong)
    lists = [[_unit_problem(run, row, records, limits) for row in _ordered(rows[unit])] for unit in chosen]
    made = [_notice(run, found) for found in lists]
    if not made:
        return {}, tuple(wrong)
    source, label = read_template(template, kind), str(template) if template is not None else f"{kind}.docx"
    files: dict[str, bytes] = {}
    for (letter, sheet), notice, found in zip(file_names(kind, made), made, lists, strict=True):
        files[letter] = fill_notice(source, notice, label)
        files[sheet] = unit_list(run, found)
    return files, (*wrong, *lacking(source, kind, label), *_over(limits), *_incomplete(run, chosen))


def _incomplete(run: RunFolder, units: Sequence[str]) -> list[Problem]:
    """Return a warning for each unit of whose log the run could not read everything: its notice may ask too much."""
    left = [str(one.get("unit_name", "")) for one in run.receipt.get("left_out", ()) if one.get("unit") in units]
    cure = Text(
        "先更正台账再评估一次，或者核对后再发", "Mend the log and evaluate again, or look at it before it is sent"
    )
    return [
        Problem(
            "log-incomplete",
            Where(str(run.path)),
            Text(
                f"{name}的台账有{left.count(name)}处没有读取",
                f"{left.count(name)} places of {name}'s log were not read",
            ),
            cure,
            name,
            "warning",
        )
        for name in dict.fromkeys(left)
    ]


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder."""
    for name, content in files.items():
        (target / name).write_bytes(content)


def _limits(run: RunFolder, dates: Dates) -> tuple[_Limits, list[Problem]]:
    """Return the day asked for and the first that can be asked for: the day of issue, or the next working day."""
    issued, problems = _day(dates.today, "--today")
    asked, wrong = _day(dates.rectify_by, "--rectify-by")
    first = _working(run, issued or run.as_of.day)
    problems += wrong
    if asked is not None and asked < first:
        fact = Text(
            f"整改期限 {asked} 早于 {first}（发出通知之日或者其后第一个工作日）",
            f"{asked} is before {first}, the day of issue or the first working day after it",
        )
        cure = Text("写一个以后的日期", "Give a later day")
        problems.append(Problem("rectify-by-over", Where("--rectify-by"), fact, cure, str(asked)))
    return _Limits(asked or run.rectify_by, first), problems


def _working(run: RunFolder, day: date) -> date:
    """Return a day or the first working day after it, by the calendar that the run kept; the day where it kept none."""
    if run.kept is None:
        return day
    return min((one for one, works in run.kept.working.items() if works and one >= day), default=day)


def _over(limits: _Limits) -> list[Problem]:
    """Return the warning that the day which the run's list asked for is over."""
    if limits.due is None or limits.due >= limits.first:
        return []
    fact = Text(
        f"评估时定的整改期限 {limits.due} 已过，通知里留空", f"{limits.due}, the day that the list asks for, is over"
    )
    cure = Text("用 --rectify-by 另定一天", "Give another one with --rectify-by")
    return [Problem("rectify-by-over", Where("--rectify-by"), fact, cure, str(limits.due), "warning")]


def _day(text: str | None, option: str) -> tuple[date | None, list[Problem]]:
    """Return the day that an option says."""
    try:
        return (read_moment(text)[0].date() if text is not None else None), []
    except DateError:
        fact = Text(f"“{text}”不是日期", f"{text!r} is not a date")
        cure = Text("写作 2023-07-14", "Write 2023-07-14")
        return None, [Problem("bad-option", Where(option), fact, cure, text)]


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


def _ordered(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a unit in the order of its notice."""
    return sorted(rows, key=lambda row: (row["book"], row["due_on"] or "", row["obligation"]))


def _unit_problem(run: RunFolder, row: Row, records: Records, limits: _Limits) -> UnitProblem:
    """Return a problem with the day by which it is to be rectified: none where it cannot be made good."""
    record = records.get(row["obligation"], {})
    if row["status"] != "violated" or not run.mendable(row):
        return UnitProblem(row, record, None)
    earlier = date.fromisoformat(record["due"]) if record.get("due") else None
    asked = [day for day in (earlier, limits.due) if day is not None and day >= limits.first]
    return UnitProblem(row, record, asked[0] if asked else None)


def _notice(run: RunFolder, found: Sequence[UnitProblem]) -> Notice:
    """Return what a unit's notice says."""
    rows = [one.row for one in found]
    problems = tuple(_problem(run, number, one) for number, one in enumerate(found, 1))
    dues = {one.rectify_by for one in problems if one.mendable}
    used = {row["book"] for row in rows}
    books = [book for book in run.receipt["books"] if book["id"] in used]
    open_ = [row for row in rows if row["status"] == "violated"]
    return Notice(
        county=str(run.receipt["registry"].get("name", "")),
        unit=rows[0]["unit_name"],
        unit_id=rows[0]["unit"],
        as_of=_chinese(run.as_of.day),
        documents="、".join(_titled(book) for book in books),
        rectify_by=_chinese(date.fromisoformat(next(iter(dues)))) if len(dues) == 1 and "" not in dues else "",
        open_count=len(open_),
        late_count=sum(row["status"] == "late" for row in rows),
        long_count=sum(one.record.get("outcome") == "long" for one in found),
        mend_count=sum(run.mendable(row) for row in open_),
        past_count=sum(not run.mendable(row) for row in open_),
        before_count=sum(one.mark != "" for one in problems),
        problems=problems,
    )


def _problem(run: RunFolder, number: int, one: UnitProblem) -> NoticeProblem:
    """Return one row of the table."""
    row, outcome = one.row, one.record.get("outcome")
    days = overdue(run, row)
    return NoticeProblem(
        number=number,
        clause=run.cited(row),
        task=run.title(row),
        quote=run.quote(row),
        subject=row["subject"] or "",
        reason=row["reason"],
        status=f"{SIGNS[row['status']]} {STATUS[row['status']].zh}",
        due=moment_text(row) or row["due_on"] or "",
        overdue="" if days is None else str(days),
        rectify_by=str(one.rectify_by or ""),
        mendable=run.mendable(row),
        limit_source=run.limit_source(row),
        reading=run.reading(row),
        mark=MARK if row.get("before_issue") else "",
        outcome=OUTCOME[outcome].zh if outcome in OUTCOME else "",
        document=run.document(row),
        obligation=row["obligation"],
    )


def _titled(book: Mapping[str, Any]) -> str:
    """Return a document's title and number, with its day of issue where the run kept it."""
    issued = f"，{_chinese(date.fromisoformat(book['issued_on']))}印发" if book.get("issued_on") else ""
    return f"《{book.get('title', book['id'])}》（{book['document']}{issued}）"


def _chinese(day: date) -> str:
    """Return a day as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
