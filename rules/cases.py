"""Case files: what a rule must say of a few events, written for people to read.

Reading and checking the files is here; running them belongs to the layers above, which can evaluate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from events.problems import Problem, Text, did_you_mean, sort_problems, suggestion
from rules.loading.names import check_event_data
from rules.loading.vocabulary import words_of
from rules.model import Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from pathlib import Path

    from events.problems import Where
    from events.vocabulary import Vocabulary
    from rules.units import Registry
    from rules.yaml.nodes import Node

Status = Literal["met", "late", "violated", "pending", "not_applicable", "not_taken", "waived", "unassessed"]
Value = bool | int | float | str | tuple[str, ...]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$")]

Span = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Field(pattern=r"^\d{4}(-(H[12]|Q[1-4]|\d\d)|-\d\d-\d\d/\d{4}-\d\d-\d\d)?$"),
]


class CaseEvent(Model):
    """One logged event of a case."""

    id: str | None = Field(default=None, description="e1, e2, … in their order unless given")
    type: Word
    unit: Word
    subject: str | None = None
    occurred_at: Moment
    recorded_at: Moment | None = None
    data: dict[str, Value] = Field(default_factory=dict)
    corrects: str | None = None
    retracts: str | None = None

    def record(self) -> dict[str, Any]:
        """Return the event as a line of an event log has it."""
        record = self.model_dump(exclude_none=True)
        data = {key: list(value) if isinstance(value, tuple) else value for key, value in self.data.items()}
        return {**record, "data": data} if data else {key: value for key, value in record.items() if key != "data"}


class Expected(Model):
    """What one verdict of the rule must be; fields that are not given may be anything.

    The verdict is one of its unit and subject; where several share them, one that fits.
    """

    unit: Word
    subject: str | None = None
    status: Status
    due_on: date | None = None
    limit_at: datetime | None = Field(default=None, description="the moment at which a limit in hours ends")
    met_on: date | None = None
    measured: float | None = None
    required: float | None = None
    evidence: tuple[str, ...] | None = None
    trigger: str | None = Field(default=None, description="id of the event that opened it")
    provisional: bool | None = None
    opened_on: date | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields to compare, unit and subject left out."""
        return self.model_dump(exclude_none=True, exclude={"unit", "subject"})


class Case(Model):
    """A few events, a moment, and the verdicts that must follow for the units named in `expect`."""

    name: Word
    as_of: Moment
    units: tuple[Word, ...] | None = Field(default=None, description="look at the verdicts of these units only")
    period: Span | None = Field(
        default=None, description="list the obligations of these days only, such as 2023; all days without"
    )
    reading: Word | None = Field(default=None, description="a reading other than the default")
    events: tuple[CaseEvent, ...] = ()
    expect: tuple[Expected, ...] = Field(min_length=1)

    def records(self) -> list[dict[str, Any]]:
        """Return the events as lines of an event log, with their ids filled in."""
        return [{"id": f"e{number}", **event.record()} for number, event in enumerate(self.events, 1)]


class CaseFile(Model):
    """The cases of one rule."""

    rule: Word
    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class RuleCases:
    """A case file that has been read.

    Attributes:
        rule: the rule's id.
        path: the file.
        cases: its cases.
        places: where each case starts.
    """

    rule: str
    path: Path
    cases: tuple[Case, ...]
    places: tuple[Where, ...]


def load_cases(
    folder: Path, *, vocabulary: Vocabulary | None = None, registry: Registry | None = None
) -> tuple[tuple[RuleCases, ...], tuple[Problem, ...]]:
    """Read the case files of a rulebook.

    Args:
        folder: the rulebook's folder; the files are `cases/<rule id>.yaml`.
        vocabulary: the event types that cases may name, to check them.
        registry: the units that cases may name, to check them.

    Returns:
        The usable files by name of the rule, and everything that is wrong with any of them.
    """
    found: list[RuleCases] = []
    problems: list[Problem] = []
    if vocabulary is not None:
        vocabulary, _ = words_of(vocabulary, [folder])
    for path in sorted((folder / "cases").glob("*.yaml")):
        node, wrong = read_yaml(path)
        problems += wrong
        file, wrong = validate(CaseFile, node) if node is not None else (None, ())
        problems += wrong
        if file is None or node is None:
            continue
        problems += _check_file(file, node, path, vocabulary, registry)
        places = tuple(case.where for case in node.items("cases"))
        found.append(RuleCases(file.rule, path, file.cases, places))
    return tuple(found), sort_problems(problems)


def _check_file(
    file: CaseFile, node: Node, path: Path, vocabulary: Vocabulary | None, registry: Registry | None
) -> list[Problem]:
    """Return what is wrong with a file that has the right shape."""
    problems: list[Problem] = []
    if path.stem != file.rule:
        fact = Text(f"文件名与规则“{file.rule}”不一致", f"the file is not named after its rule {file.rule!r}")
        cure = Text(f"请改名为 {file.rule}.yaml", f"Rename it to {file.rule}.yaml")
        problems.append(Problem("misnamed-file", node.children["rule"].where, fact, cure, path.name))
    seen: set[str] = set()
    for case, entry in zip(file.cases, node.items("cases"), strict=True):
        if case.name in seen:
            fact = Text(f"用例“{case.name}”重复", f"the case {case.name!r} is there already")
            cure = Text("请换一个名称", "Choose another name")
            problems.append(Problem("duplicate-name", entry.children["name"].where, fact, cure, case.name))
        seen.add(case.name)
        problems += _check_ids(case, entry)
        problems += _check_units(entry, registry) if registry is not None else ()
        for event, place in zip(case.events, entry.items("events"), strict=True):
            problems += check_event_data(event.type, event.data, place, vocabulary) if vocabulary is not None else ()
    return problems


def _check_ids(case: Case, entry: Node) -> list[Problem]:
    """Return a problem for every event id that a case gives twice, and for every one it expects but does not have."""
    problems: list[Problem] = []
    ids: set[str] = set()
    for record, place in zip(case.records(), entry.items("events"), strict=True):
        if record["id"] in ids:
            fact = Text(f"事件编号“{record['id']}”重复", f"the event id {record['id']!r} is used twice")
            cure = Text("请换一个编号", "Give one of them another id")
            problems.append(Problem("duplicate-id", place.place_of(record["id"]), fact, cure, record["id"]))
        ids.add(record["id"])
    for expected, place in zip(case.expect, entry.items("expect"), strict=True):
        for name in (*(expected.evidence or ()), *([expected.trigger] if expected.trigger else [])):
            if name not in ids:
                fact = Text(f"用例没有事件“{name}”", f"the case has no event {name!r}")
                cure = suggestion(did_you_mean(name, ids), Text("请核对事件编号", "Check the event's id"))
                problems.append(Problem("unknown-event-id", place.place_of(name), fact, cure, name))
    return problems


def _check_units(entry: Node, registry: Registry) -> list[Problem]:
    """Return a problem for every unit of a case that the registry does not have."""
    places = [*entry.items("units")]
    places += [child.children["unit"] for part in ("events", "expect") for child in entry.items(part)]
    problems: list[Problem] = []
    for place in places:
        name = str(place.scalar)
        if registry.find(name) is None:
            fact = Text(f"名录中没有单位“{name}”", f"the registry has no unit {name!r}")
            cure = suggestion(registry.near(name), Text("请核对单位名称", "Check the unit's name"))
            problems.append(Problem("unknown-unit", place.where, fact, cure, name))
    return problems
