"""The settings of a violation list, and the earlier evaluations that its problems are followed up from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.time.durations import DurationError, due_day, parse_duration
from events.problems import Problem, Text, Where, did_you_mean, suggestion
from events.table import place_of
from reports.violations.rectification import RectificationState, follow_up, recorded_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import RunRequest
    from reports.run.evaluation import Evaluation
    from reports.run.folder import RunFolder
    from reports.violations.rectification import Item, Notes


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What was asked of the list, read and checked.

    Attributes:
        due: the day by which the list asks for rectification, or None.
        earlier: the earlier evaluations, oldest first.
        receipt: what `run.json` says of both.
    """

    due: date | None
    earlier: tuple[RunFolder, ...]
    receipt: Mapping[str, object]


def read_settings(
    request: RunRequest, inputs: Inputs, previous: Sequence[RunFolder]
) -> tuple[ListSettings | None, tuple[Problem, ...]]:
    """Read the settings of the list.

    Args:
        request: what is asked for.
        inputs: what is judged.
        previous: the earlier evaluations, in the order given.

    Returns:
        The settings, None where one of them cannot be used, and what is wrong.
    """
    due, problems = _due(request.rectify_within, inputs)
    problems += [problem for run in previous for problem in _not_before(run, inputs)]
    if problems:
        return None, tuple(problems)
    hashes = [{"as_of": run.as_of.text, "verdicts": run.rows_digest} for run in previous]
    receipt = {"within": request.rectify_within, "due_on": str(due) if due else None, "previous": hashes}
    return ListSettings(due, tuple(sorted(previous, key=lambda run: (run.as_of.day, run.as_of.text))), receipt), ()


def _due(within: str | None, inputs: Inputs) -> tuple[date | None, list[Problem]]:
    """Return the day by which the list asks for rectification."""
    if within is None:
        return None, []
    where = Where("--rectify-within")
    try:
        due = due_day(inputs.as_of.day, parse_duration(within), inputs.calendar)
    except DurationError as error:
        return None, [Problem("bad-option", where, error.fact, error.cure, within)]
    except (ValueError, OverflowError):
        due = None
    if due is None or due <= inputs.as_of.day:
        last = inputs.calendar.last
        fact = Text(f"“{within}”推算不出截至日期之后、{last}之前的一天", f"{within!r} gives no day up to {last}")
        cure = Text("写一段时间，例如 10 working days", "Give a time such as 10 working days")
        return None, [Problem("bad-option", where, fact, cure, within)]
    return due, []


def _not_before(run: RunFolder, inputs: Inputs) -> list[Problem]:
    """Return the problem of an evaluation that is not an earlier one."""
    if run.as_of.moment < inputs.as_of.moment:
        return []
    fact = Text(
        f"“{run.path}”截至{run.as_of.text}，不早于本次的{inputs.as_of.text}",
        f"{run.path} is as of {run.as_of.text}, which is not before {inputs.as_of.text}",
    )
    cure = Text("只给出更早的评估", "Give earlier evaluations only")
    return [Problem("bad-option", Where("--previous"), fact, cure, str(run.path))]


def build_rectification(
    request: RunRequest, settings: ListSettings, inputs: Inputs, evaluation: Evaluation
) -> tuple[RectificationState, tuple[Problem, ...]]:
    """Return the state of rectification, and a warning for each record about an unknown problem."""
    notes = recorded_notes(inputs.table, inputs.as_of.moment, inputs.registry)
    items = follow_up(evaluation, settings.earlier, notes)
    made = RectificationState(items, settings.due, inputs.calendar, settings.earlier, request.sheets_per_unit)
    return made, tuple(_unknown(notes, items, evaluation, judged_all=inputs.only is None))


def _unknown(
    notes: Mapping[str, Notes], items: Sequence[Item], evaluation: Evaluation, *, judged_all: bool
) -> list[Problem]:
    """Return a warning for each record about something that is no obligation of this evaluation or an earlier one."""
    known = {verdict.row["obligation"] for verdict in evaluation.verdicts}
    known |= {item.obligation for item in items}
    if not judged_all:
        return []
    books = {book.id for book in evaluation.books}
    found = []
    for name, note in sorted(notes.items()):
        if name in known or name.split("/")[0] not in books:
            continue
        fact = Text(
            f"没有“{name}”这项义务，整改情况没有用上", f"there is no obligation {name!r}; the record is not used"
        )
        near = [one for one in known if one.split("/")[1:3] == name.split("/")[1:3]]
        cure = suggestion(did_you_mean(name, near, most=1), Text("核对义务编号", "Check the obligation"))
        found.append(Problem("unknown-obligation", place_of(*note.place), fact, cure, name, "warning"))
    return found
