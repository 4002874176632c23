"""Rules and the like as text and back: the same values, without their validators, and nothing else."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from events.storage.values import KeptValues

VALIDATED: list[date] = []


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    word: str
    number: float | int | bool = 0


class Outer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    start: date = Field(alias="from")
    inner: tuple[Inner, ...] = ()
    groups: tuple[dict[str, Inner], ...] = ()
    anything: dict[str, Any] = Field(default_factory=dict)
    none: str | None = None

    @field_validator("start")
    @classmethod
    def _seen(cls, value: date) -> date:
        VALIDATED.append(value)
        return value


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    several: tuple[tuple[str, ...], ...] = ()
    index: dict[str, str] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        self.index[self.name] = "found"


class Hidden(BaseModel):
    word: str = ""
    _inside: int = PrivateAttr(1)


class More(BaseModel):
    model_config = ConfigDict(extra="allow")


VALUES = KeptValues((Inner, Outer, Record, Hidden, More))
OUTER = Outer.model_validate(
    {
        "from": "2023-07-14",
        "inner": [{"word": "\ud800规则", "number": True}, {"word": "b", "number": 1.0}, {"word": "b", "number": 1}],
        "groups": [{"": {"word": "x"}, "value": {"word": "y"}}],
        "anything": {"list": [1, [2.5, None]], "date": {"": "date"}},
    }
)


@pytest.mark.parametrize(
    "value",
    [
        OUTER,
        (),
        ((),),
        (OUTER, OUTER),
        Record("a", (("b",), ())),
        {"a": (1, date(2024, 2, 29))},
        {1: "a"},
        None,
        "text",
    ],
)
def test_values_come_back_as_they_were(value: object) -> None:
    back = VALUES.value(VALUES.text(value))
    assert back == value
    assert VALUES.text(back) == VALUES.text(value)


def test_a_model_comes_back_as_a_validated_one_without_being_validated() -> None:
    text = VALUES.text(OUTER)
    VALIDATED.clear()
    back = VALUES.value(text)
    assert not VALIDATED
    assert [one.number.__class__ for one in back.inner] == [bool, float, int]
    assert back.anything["list"][1].__class__ is list
    assert back.model_fields_set == OUTER.model_fields_set == {"start", "inner", "groups", "anything"}
    assert list(back.__dict__) == list(OUTER.__dict__)
    assert back.model_copy(update={"none": "a"}) == OUTER.model_copy(update={"none": "a"})
    assert back.model_dump() == OUTER.model_dump()
    assert hash(back.inner[0]) == hash(OUTER.inner[0])
    assert pickle.loads(pickle.dumps(back)) == OUTER  # noqa: S301 - made here
    with pytest.raises(ValidationError):
        back.start = date(2024, 1, 1)


def test_defaults_are_not_shared() -> None:
    one, other = VALUES.value(VALUES.text((Outer(start=date(2023, 1, 1)),) * 2))
    one.anything["a"] = 1
    assert other.anything == {}


def test_a_record_is_indexed_anew() -> None:
    assert VALUES.value(VALUES.text(Record("a"))).index == {"a": "found"}


@pytest.mark.parametrize(
    "value",
    [
        [1],
        {"a": {1}},
        (b"",),
        datetime(2023, 1, 1),
        Hidden(),
        More.model_validate({"a": 1}),
        float("nan"),
        VALUES,
        Record,
        type("Inner", (Inner,), {})(word="of another class"),
    ],
)
def test_what_would_not_come_back_the_same_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        VALUES.text(value)


@pytest.mark.parametrize(
    "said",
    [
        {"": "os.system", "value": "exit 3"},
        {"": "builtins.eval", "value": "1/0"},
        {"": "pathlib.Path", "value": "x"},
        {"": "events.problems.Text", "zh": "a", "en": "b"},
        {"": [], "value": 1},
        {"value": 1},
        {},
        {"": "date", "value": "yesterday"},
        {"": "date", "value": 3},
        {"": "plain", "value": "{"},
        {"": "mapping", "keys": ["a"], "values": []},
        {"": f"{__name__}.Inner"},
        {"": f"{__name__}.Inner", "word": "a", "__class__": "b"},
        {"": f"{__name__}.Record", "name": "a", "index": 1},
        {"": f"{__name__}.Record", "name": ["no", "key"], "several": {"": f"{__name__}.Record"}},
    ],
)
def test_what_says_no_value_is_refused_and_nothing_is_run(said: object) -> None:
    for text in (json.dumps(said), json.dumps([[said]])):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong
            VALUES.value(text)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x80\x04."])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong
        VALUES.value(text)
