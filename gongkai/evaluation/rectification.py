"""The settings of a violation list, and the earlier evaluations that its problems are followed up from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.time.asof import AsOf
from engine.time.durations import DurationError, due_day, parse_duration
from events.ordinary import parse_json, read_ordinary
from events.problems import Problem, Text, Where, did_you_mean, suggestion
from events.table import place_of
from reports.output.texts import BREACHES
from reports.run.kept_inputs import read_facts
from reports.violations.rectification import EarlierEvaluation, Rectification, follow_up, recorded_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import RunRequest
    from reports.run.evaluation import Evaluation
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
    earlier: tuple[EarlierEvaluation, ...]
    receipt: Mapping[str, object]


def read_settings(request: RunRequest, inputs: Inputs) -> tuple[ListSettings | None, tuple[Problem, ...]]:
    """Read the settings of the list and the earlier evaluations.

    Returns:
        The settings, None where one of them cannot be used, and what is wrong.
    """
    due, problems = _due(request.rectify_within, inputs)
    earlier: list[EarlierEvaluation] = []
    hashes: list[dict[str, str]] = []
    for folder in request.previous:
        one, digest, wrong = _earlier(folder)
        problems += wrong
        if one is not None:
            earlier.append(one)
            hashes.append({"as_of": one.as_of, "verdicts": digest})
            problems += _not_before(folder, one, inputs)
    if problems:
        return None, tuple(problems)
    receipt = {"within": request.rectify_within, "due_on": str(due) if due else None, "previous": hashes}
    return ListSettings(due, tuple(sorted(earlier, key=lambda one: (one.day, one.as_of))), receipt), ()


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


def _earlier(folder: Path) -> tuple[EarlierEvaluation | None, str, list[Problem]]:
    """Read the folder of an earlier evaluation; its hash is that of its verdicts."""
    try:
        raw = read_ordinary(folder / "verdicts.jsonl")
        rows: list[dict[str, Any]] = [json.loads(line) for line in raw.decode("utf-8").splitlines()]
        receipt = parse_json(read_ordinary(folder / "run.json"))
        due = receipt.get("list", {}).get("due_on")
        facts = read_facts(folder)
        titles = {key: rule["title"] for key, rule in facts.rules.items()} if facts is not None else {}
        found = {row["obligation"]: _dated(row) for row in rows if row["status"] in BREACHES}
        as_of = AsOf.parse(receipt["as_of"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        fact = Text(
            f"“{folder}”不是一次评估的完整结果（{error}）", f"{folder} is not the whole folder of a run ({error})"
        )
        cure = Text("给出 gongkai evaluate --out 写出的文件夹", "Give a folder that gongkai evaluate --out has written")
        return None, "", [Problem("not-a-run", Where("--previous"), fact, cure, str(folder))]
    limit = date.fromisoformat(due) if due else None
    return EarlierEvaluation(as_of.text, as_of.day, limit, found, titles), hashlib.sha256(raw).hexdigest(), []


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict row with its days as days."""
    days = ("opened_on", "due_on", "met_on")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in row.items()}


def _not_before(folder: Path, one: EarlierEvaluation, inputs: Inputs) -> list[Problem]:
    """Return the problem of an evaluation that is not an earlier one."""
    if AsOf.parse(one.as_of).moment < inputs.as_of.moment:
        return []
    fact = Text(
        f"“{folder}”截至{one.as_of}，不早于本次的{inputs.as_of.text}",
        f"{folder} is as of {one.as_of}, which is not before {inputs.as_of.text}",
    )
    cure = Text("只给出更早的评估", "Give earlier evaluations only")
    return [Problem("bad-option", Where("--previous"), fact, cure, str(folder))]


def build_rectification(
    request: RunRequest, settings: ListSettings, inputs: Inputs, evaluation: Evaluation
) -> tuple[Rectification, tuple[Problem, ...]]:
    """Return the state of rectification, and a warning for each record about an unknown problem."""
    notes = recorded_notes(inputs.table, inputs.as_of.moment)
    items = follow_up(evaluation, settings.earlier, notes)
    made = Rectification(items, settings.due, inputs.calendar, settings.earlier, request.sheets_per_unit)
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
