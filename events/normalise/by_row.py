"""Raw rows become events; whatever does not fit becomes a problem, and the next row is read."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from events import findings
from events.grid import ShownNumber
from events.mapping import IGNORE
from events.model import Event, Unread
from events.problem_list import ProblemList
from events.values import figure_findings, value_findings
from events.values.attributes import TASKS, read_figure, read_value, text_of
from events.values.dates import DateError, in_china, read_moment, zone_of
from events.values.numbers import ValueReadError
from events.values.text import TextError, clean_text, invisible
from events.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from events.mapping import TableMapping
    from events.model import AttributeValue
    from events.problems import Problem, Text, Where
    from events.rows import Fields, Places, RowSource, UnitNames
    from events.vocabulary import Attribute, Vocabulary

_TEXT_FIELDS = ("id", "subject", "corrects", "retracts")
_MISSING = object()
_ONE_DECIMAL = re.compile(r"\d{1,2}\.\d", re.ASCII)
DERIVED = "auto-"
"""How the id of a row begins that has none of its own."""
_HINTED = 500
"""For how many different names of a file the nearest known one is looked for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A problem that is one where a book has a task of another number.

    Attributes:
        problem: the error that it then is.
        task: the number of the other task.
    """

    problem: Problem
    task: str


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure as it is written, and its unit."""

    number: int | float
    unit: str

    def __str__(self) -> str:
        return f"{self.number:.15g}{self.unit}"


class Normaliser:
    """Turns the rows of one file into events.

    Attributes:
        problems: everything that is wrong with them.
        rejected: ids of rows that could not become events.
        unread: the rows that could not become events.
        rows: how many rows were read.
        doubts: cells that may say something else than they seem to.
    """

    def __init__(self, vocabulary: Vocabulary, names: UnitNames) -> None:
        """Start with nothing read."""
        self.problems = ProblemList()
        self.rejected: set[str] = set()
        self.unread: list[Unread] = []
        self.rows = 0
        self.doubts: list[Doubt] = []
        self._vocabulary = vocabulary
        self._names = names
        self._zone: ZoneInfo | None = None
        self._labels: Mapping[str, Mapping[str, str]] = {"type": {}, "unit": {}}
        self._unknown_types: dict[str, tuple[int, Where, tuple[str, ...]]] = {}
        self._types: dict[str, str | None] = {}
        self._units: dict[str, str | None] = {}
        self._moments: dict[str, tuple[datetime, bool]] = {}
        self._attributes: dict[str, str | None] = {}
        self._values: dict[tuple[str, str, str], AttributeValue | _Figure] = {}
        self._warned: set[tuple[str, ...]] = set()
        self._derived: dict[str, tuple[int, Where]] = {}

    def events(self, source: RowSource) -> Iterator[Event]:
        """Yield the events of the rows that fit."""
        constants = self._constants_of(source)
        labels = _labels(source.mapping)
        zone = zone_of(source.mapping.time_zone) if source.mapping is not None else None
        for number, fields in source.rows:
            self.rows += 1
            self._read_by(labels, zone)
            row = _Row(constants | fields if constants else fields, number, source.places)
            event = self._event(row, has_id=source.has_ids)
            if event is not None:
                yield event
                continue
            if row.id:
                self.rejected.add(row.id)
            if not row.ignored:
                self.unread.append(Unread(source.places.row(number), row.unit))

    def end(self) -> None:
        """Say which types there are not, each once with the number of its rows."""
        for text, (count, where, near) in self._unknown_types.items():
            self.problems.append(findings.unknown_type(where, text, near, count))
        self._unknown_types.clear()

    def _constants_of(self, source: RowSource) -> Fields:
        """Return the values where rows have none; a name that does not exist is told of the mapping, not of rows."""
        known = self._vocabulary
        pairs = ((key.strip(), value) for key, value in source.constants.items())
        return {key: value for key, value in pairs if key in known.fields or known.find_attribute(key)}

    def _read_by(self, labels: Mapping[str, Mapping[str, str]], zone: ZoneInfo | None) -> None:
        """Let names of types and units, and the zone of times, be those of a mapping."""
        if labels is not self._labels:
            self._labels = labels
            self._types.clear()
            self._units.clear()
            self._moments.clear()
            self._zone = zone

    def _event(self, row: _Row, *, has_id: bool) -> Event | None:
        """Return the event of a row, or None where something in it is wrong."""
        wrong = len(self.problems)
        texts = {name: self._text(row, name) for name in _TEXT_FIELDS if name in row.fields}
        row.id = texts.get("id")
        row.ignored = self._left_out(row)
        if row.ignored:
            return None
        kind, unit = self._type(row), self._unit(row)
        row.unit = unit
        occurred = self._moment(row, "occurred_at")
        recorded = self._moment(row, "recorded_at") if "recorded_at" in row.fields else occurred
        data = self._data(row, kind)
        if kind is not None and self._vocabulary.has(kind, "indicator") and ("value" in data) != ("indicator" in data):
            self.problems.extend(figure_findings.half_figure(row.place("data.value"), data, row.fields))
        if has_id and _lacks(texts, "id"):
            self._missing(row, "id")
        if kind is not None and _lacks(texts, "subject") and _lacks(texts, "retracts"):
            self._check_subject(row, kind)
        if errors_since(self.problems, wrong) or kind is None or unit is None or occurred is None or recorded is None:
            return None
        subject, where = texts.get("subject") or None, row.places.row(row.number)
        identity = texts.get("id") or self._derive((unit, kind, subject, *occurred, data), where)
        corrects, retracts = texts.get("corrects") or None, texts.get("retracts") or None
        return Event(identity, kind, unit, subject, *occurred, recorded[0], where, data, corrects, retracts)

    def _left_out(self, row: _Row) -> bool:
        """Say whether the mapping ignores the type or the unit of a row, and warn of it."""
        for name, labels in self._labels.items():
            text = row.fields.get(name)
            if labels and isinstance(text, str) and labels.get(fold(text)) == IGNORE:
                self.problems.append(findings.left_out(row.place(name), self._label(name), text))
                return True
        return False

    def _text(self, row: _Row, name: str) -> str | None:
        """Return a field that is plain text."""
        raw = row.fields[name]
        try:
            if isinstance(raw, str):
                unseen = invisible(raw)
                if unseen is not None:
                    self.problems.append(
                        value_findings.invisible_character(row.place(name), self._label(name), unseen, raw)
                    )
                return text_of(raw)
            if isinstance(raw, date):
                self.problems.append(value_findings.date_as_text(row.place(name), self._label(name), raw))
            return text_of(raw)
        except TextError as error:
            self.problems.append(value_findings.bad_text(row.place(name), self._label(name), error, raw))
        except ValueReadError as error:
            self.problems.append(value_findings.bad_field(row.place(name), self._label(name), raw, error.reason))
        return None

    def _type(self, row: _Row) -> str | None:
        """Return the event type that a row names."""
        text = self._named(row, "type")
        if text is None:
            return None
        if text not in self._types:
            self._types[text] = self._vocabulary.find_type(self._labels["type"].get(fold(text), text))
        found = self._types[text]
        if found is None:
            if text not in self._unknown_types:
                near = self._vocabulary.near_type(text) if len(self._types) <= _HINTED else ()
                self._unknown_types[text] = (0, row.place("type"), near)
            count, where, known = self._unknown_types[text]
            self._unknown_types[text] = (count + 1, where, known)
        return found

    def _unit(self, row: _Row) -> str | None:
        """Return the id of the unit that a row names."""
        text = self._named(row, "unit")
        if text is None:
            return None
        if text not in self._units:
            self._units[text] = self._names.find(self._labels["unit"].get(fold(text), text))
        found = self._units[text]
        if found is None:
            self.problems.append(findings.unknown_unit(row.place("unit"), text, self._near_unit(text)))
        return found

    def _near_unit(self, text: str) -> tuple[str, ...]:
        """Return the names of units most like a text; after many unknown ones nothing is looked for."""
        return self._names.near(text) if len(self._units) <= _HINTED else ()

    def _named(self, row: _Row, name: str) -> str | None:
        """Return the text of a field that every event has."""
        if name not in row.fields:
            self._missing(row, name)
            return None
        text = self._text(row, name)
        if text == "":
            self._missing(row, name)
        return text or None

    def _missing(self, row: _Row, name: str) -> None:
        self.problems.append(findings.missing(row.place(name), self._label(name)))

    def _moment(self, row: _Row, name: str) -> tuple[datetime, bool] | None:
        """Return the time that a field names, and whether it has a time of day."""
        raw = row.fields.get(name, _MISSING)
        if raw is _MISSING:
            self._missing(row, name)
            return None
        if isinstance(raw, str) and raw in self._moments:
            return self._moments[raw]
        try:
            moment = in_china(read_moment(raw), raw, self._zone)
        except DateError as error:
            self.problems.append(value_findings.bad_date(row.place(name), self._label(name), raw, error.reason))
            return None
        if isinstance(raw, str):
            self._moments[raw] = moment
        return moment

    def _data(self, row: _Row, kind: str | None) -> dict[str, AttributeValue]:
        """Return the attributes of a row."""
        data: dict[str, AttributeValue] = {}
        for name in row.fields:
            if name in self._vocabulary.fields:
                continue
            if name not in self._attributes:
                self._attributes[name] = self._vocabulary.find_attribute(name)
            attribute = self._attributes[name]
            if attribute is None:
                if (name,) not in self._warned:
                    near = self._vocabulary.near_attribute(name) if len(self._attributes) <= _HINTED else ()
                    self._warn(findings.unknown_attribute(row.place(name), name, near), name)
            elif kind is not None and not self._vocabulary.has(kind, attribute):
                known = self._vocabulary.types[kind]
                self._warn(
                    findings.unknown_attribute(row.place(name), attribute, (), known.label, known.attributes),
                    kind,
                    attribute,
                )
            else:
                self._put(data, row, name, attribute)
        return data

    def _put(self, data: dict[str, AttributeValue], row: _Row, name: str, attribute: str) -> None:
        """Add the value of an attribute, and of a figure its unit."""
        known, raw = self._vocabulary.attributes[attribute], row.fields[name]
        measure = known.measured_by
        stated = row.places.measures.get(name, "")
        if measure:
            said = row.fields.get(f"data.{measure}", row.fields.get(measure, ""))
            stated = clean_text(said) if isinstance(said, str) and said else stated
        value = self._value(row, name, attribute, raw, stated)
        if value is None:
            return
        if isinstance(value, _Figure):
            data[attribute] = value.number
            if value.unit:
                data[measure] = value.unit
        elif attribute not in data:
            data[attribute] = value

    def _value(self, row: _Row, name: str, attribute: str, raw: object, stated: str) -> AttributeValue | _Figure | None:
        """Return the value of an attribute."""
        key = (attribute, raw, stated) if isinstance(raw, str) else None
        if key is not None and key in self._values:
            return self._values[key]
        known = self._vocabulary.attributes[attribute]
        value: AttributeValue | _Figure
        try:
            if known.type in {"int", "number"}:
                number, unit = read_figure(known, raw, stated)
                value = _Figure(number, unit) if known.measured_by else number
            else:
                value = read_value(known, raw)
        except TextError as error:
            self.problems.append(value_findings.bad_text(row.place(name), known.label, error, raw))
            return None
        except DateError as error:
            self.problems.append(value_findings.bad_date(row.place(name), known.label, raw, error.reason))
            return None
        except ValueReadError as error:
            self.problems.append(value_findings.bad_value(row.place(name), known, raw, error, stated))
            return None
        if value == "":
            return None
        if (told := value_findings.worth_telling(row.place(name), known, raw, value)) is not None:
            self.problems.append(told)
        elif key is not None:
            self._values[key] = value
        self._doubt(row.place(name), known, raw)
        return value

    def _doubt(self, where: Where, attribute: Attribute, raw: object) -> None:
        """Keep that a number cell 3.1 of a column of tasks may be 3.10, whose nought a spreadsheet drops."""
        if attribute.name not in TASKS or not isinstance(raw, float) or isinstance(raw, ShownNumber):
            return
        text = repr(raw)
        if _ONE_DECIMAL.fullmatch(text):
            self.doubts.append(Doubt(value_findings.dropped_nought(where, attribute.label, text), f"{text}0"))

    def _check_subject(self, row: _Row, kind: str) -> None:
        """Add a problem where the type needs a subject and the row has none."""
        known = self._vocabulary.types[kind]
        if known.subject == "required":
            self.problems.append(findings.missing_subject(row.place("subject"), known.label, kind))

    def _warn(self, problem: Problem, *about: str) -> None:
        """Add a warning, once for each thing that it is about."""
        if about not in self._warned:
            self._warned.add(about)
            self.problems.append(problem)

    def _derive(self, content: tuple[Any, ...], where: Where) -> str:
        """Return an id made of what a row says; equal rows are numbered."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
        identity = f"{DERIVED}{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        count, first = self._derived.get(identity, (0, where))
        self._derived[identity] = (count + 1, first)
        if not count:
            return identity
        self.problems.append(findings.repeated_row(where, first))
        return f"{identity}-{count + 1}"

    def _label(self, name: str) -> Text:
        return findings.field_label(self._vocabulary, name)


def _labels(mapping: TableMapping | None) -> Mapping[str, Mapping[str, str]]:
    """Return what a mapping says that types and units are called, folded."""
    pairs = {"type": mapping.types, "unit": mapping.units} if mapping is not None else {"type": {}, "unit": {}}
    return {name: {fold(label): target for label, target in labels.items()} for name, labels in pairs.items()}


def _lacks(texts: Mapping[str, str | None], name: str) -> bool:
    """Say whether a row says nothing in a field; what it says wrongly (None) is another problem."""
    return texts.get(name, "") == ""


class _Row:
    """One row with its place."""

    __slots__ = ("fields", "id", "ignored", "number", "places", "unit")

    def __init__(self, fields: Fields, number: int, places: Places) -> None:
        self.fields = fields
        self.id: str | None = None
        self.unit: str | None = None
        self.ignored = False
        self.number = number
        self.places = places

    def place(self, name: str) -> Where:
        """Return the place of a field."""
        return self.places.cell(self.number, name)


def errors_since(problems: list[Problem], start: int) -> bool:
    """Say whether an error is among the problems from `start` on."""
    return any(problem.severity == "error" for problem in problems[start:])
