"""A template of a rule: what it asks, and the rule and cases that follow from the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.vocabulary import Vocabulary

FOLDER: Final = Path(__file__).parent
_PLACE: Final = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that a template asks.

    Attributes:
        name: its name.
        question: what is asked.
        value: the answer where none is given.
    """

    name: str
    question: Text
    value: Any


@dataclass(frozen=True, slots=True)
class Template:
    """The form of a duty.

    Attributes:
        name: its name, such as `times-a-quarter`.
        title: what the duty is.
        words: in which words documents say it.
        slots: what it asks.
        rule: the rule, its places marked `$name`.
        cases: cases, their places marked alike; `times: 3` of an event or a verdict stands for three.
    """

    name: str
    title: Text
    words: str
    slots: tuple[Slot, ...]
    rule: Mapping[str, Any]
    cases: tuple[Mapping[str, Any], ...]

    def made(self, answers: Mapping[str, Any], unit: str, year: int) -> Made:
        """Return the rule and the cases for some answers.

        Args:
            answers: by slot; a slot that is not answered has its own value.
            unit: the unit that the cases are about.
            year: the year of the book.
        """
        given: dict[str, Any] = {"unit": unit, "year": year, "before": year - 1}
        slots = {slot.name: _filled(slot.value, given) for slot in self.slots}
        given |= slots | {name: _plain(value) for name, value in answers.items()}
        return Made(_filled(self.rule, given), [_case(_filled(one, given)) for one in self.cases])


@dataclass(frozen=True, slots=True)
class Made:
    """A rule without its head (id, clause, quote, owners), and its cases."""

    rule: dict[str, Any]
    cases: list[dict[str, Any]]


@cache
def templates() -> tuple[Template, ...]:
    """Return the templates that come with the product, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def _read(path: Path) -> Template:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    slots = tuple(Slot(name, Text(one["zh"], one["en"]), one["value"]) for name, one in content["slots"].items())
    title = Text(content["title"]["zh"], content["title"]["en"])
    return Template(path.stem, title, content["words"], slots, content["rule"], tuple(content["cases"]))


def _filled(value: object, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any part of a YAML file
    """Return a part of a template with its places filled in; a place alone has the value as it is."""
    if isinstance(value, dict):
        return {_filled(key, given): _filled(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, given) for one in value]
    if not isinstance(value, str):
        return value
    whole = _PLACE.fullmatch(value)
    if whole is not None:
        return given[whole[1]]
    return _PLACE.sub(lambda found: str(given[found[1]]), value)


def _plain(value: object) -> object:
    """Return an answer as YAML files have it: a date as its text."""
    return value.isoformat() if isinstance(value, date) else value


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case with what is to be repeated written out."""
    events = [each for one in case["events"] for each in _repeated(one)]
    expect = [each for one in case["expect"] for each in _repeated(one)]
    return {**case, "events": events, "expect": expect}


def _repeated(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return an event or a verdict as often as it says, events a day apart and each on a subject of its own."""
    times, spread = entry.get("times"), entry.get("spread", 1)
    plain = {key: value for key, value in entry.items() if key not in ("times", "spread")}
    if not isinstance(times, int) or "occurred_at" not in plain:
        return [plain] * (times if isinstance(times, int) else 1)
    first = date.fromisoformat(plain["occurred_at"])
    return [
        {**plain, "subject": f"{plain['subject']}{number + 1}", "occurred_at": str(first + timedelta(number * spread))}
        for number in range(times)
    ]


def without_subjects(cases: list[dict[str, Any]], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return cases whose events have a subject only where their type may have one."""
    none = {name for name, kind in vocabulary.types.items() if kind.subject == "none"}
    return [
        {
            **case,
            "events": [
                {key: value for key, value in event.items() if key != "subject" or event["type"] not in none}
                for event in case["events"]
            ],
        }
        for case in cases
    ]
