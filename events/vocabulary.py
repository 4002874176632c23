"""The vocabulary of the log: event types, their attributes, and the names that people give them."""

from __future__ import annotations

import hashlib
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from events.problems import Text, did_you_mean
from events.storage.compiled import keep, recall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VOCABULARY = Path(__file__).with_name("vocabulary.yaml")

AttributeType = Literal["bool", "int", "number", "text", "date", "list"]
SubjectNeed = Literal["required", "optional", "none"]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return a name as names are compared: without spaces, in half width and lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@dataclass(frozen=True, slots=True)
class Value:
    """One value that an attribute may have."""

    value: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A column that every event has.

    Attributes:
        name: its name in the contract.
        label: its name for people.
        synonyms: further headings of spreadsheets.
        fallback: headings that stand for it where no other column does.
    """

    name: str
    label: Text
    synonyms: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute, which has the same type in every event.

    Attributes:
        name: its name in the contract.
        type: what its values are.
        label: its name for people.
        meaning: what it says.
        values: the values that are known by name.
        closed: whether there are no other values.
        synonyms: further headings of spreadsheets.
        per: what a number is counted in where money is given as 1.3万元: nothing, 万 or 亿.
        measured_by: the attribute that keeps the unit in which a figure is written.
    """

    name: str
    type: AttributeType
    label: Text
    meaning: Text
    values: tuple[Value, ...] = ()
    closed: bool = False
    synonyms: tuple[str, ...] = ()
    per: str = ""
    measured_by: str = ""
    _by_name: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the values by every name they have."""
        for value in self.values:
            for name in (value.value, value.zh, value.en, *value.synonyms):
                self._by_name.setdefault(fold(name), value.value)

    def find_value(self, text: str) -> str | None:
        """Return the value of this name, or None."""
        return self._by_name.get(fold(text))


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event.

    Attributes:
        name: its name in the contract.
        label: its name for people.
        meaning: what happened.
        subject: whether it needs a subject.
        attributes: the attributes it has besides the common ones.
        synonyms: further names of it.
        entered_by: who enters it: `unit`, at which it happened, or `evaluator`, who judges it.
        follows: the types that an entry of the same subject is expected of before it: of an answer, the request.
    """

    name: str
    label: Text
    meaning: Text
    subject: SubjectNeed
    attributes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    entered_by: str = "unit"
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The words that a log may use.

    Attributes:
        fields: the columns that every event has, by name.
        attributes: the attributes by name, in the order of the columns of the event table.
        types: the event types by name.
        common: attributes that an event of any type may have.
        ignored: folded headings that say nothing, such as 序号.
    """

    fields: Mapping[str, Field]
    attributes: Mapping[str, Attribute]
    types: Mapping[str, EventType]
    common: tuple[str, ...]
    ignored: frozenset[str]

    @cached_property
    def sha256(self) -> str:
        """The hash of all its words."""
        words = (self.fields, self.attributes, self.types, self.common, sorted(self.ignored))
        return hashlib.sha256(repr(words).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _types_by_name(self) -> dict[str, str]:
        return _index(
            (kind.name, (kind.name, kind.label.zh, kind.label.en, *kind.synonyms)) for kind in self.types.values()
        )

    @cached_property
    def _attributes_by_name(self) -> dict[str, str]:
        return _index(
            (one.name, (one.name, one.label.zh, one.label.en, *one.synonyms)) for one in self.attributes.values()
        )

    def find_type(self, text: str) -> str | None:
        """Return the event type of this name, label or synonym, or None."""
        return self._types_by_name.get(fold(text))

    def label_of(self, type_name: str) -> Text:
        """Return the label of an event type; the name itself of one that only another vocabulary knows."""
        known = self.types.get(type_name)
        return known.label if known is not None else Text(type_name, type_name)

    def near_type(self, text: str) -> tuple[str, ...]:
        """Return the names of event types most like `text`, best first."""
        names = [name for kind in self.types.values() for name in (kind.name, kind.label.zh, *kind.synonyms)]
        return did_you_mean(text, names)

    def find_attribute(self, text: str) -> str | None:
        """Return the attribute of this name, label or synonym, or None; `data.` before it does not matter."""
        return self._attributes_by_name.get(fold(text).removeprefix("data."))

    def near_attribute(self, text: str) -> tuple[str, ...]:
        """Return the names of attributes, and without `data.` also of fields, most like `text`, best first."""
        names = [name for one in self.attributes.values() for name in (one.name, one.label.zh, *one.synonyms)]
        if not text.startswith("data."):
            names += self.fields
        return did_you_mean(text.removeprefix("data."), names)

    def has(self, type_name: str, attribute: str) -> bool:
        """Say whether events of this type have this attribute."""
        return attribute in self.common or attribute in self.types[type_name].attributes


def _index(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return what each name stands for; the first one keeps a name that two have."""
    index: dict[str, str] = {}
    for target, names in named:
        for name in names:
            index.setdefault(fold(name), target)
    return index


_IN_USE: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)


def load_vocabulary() -> Vocabulary:
    """Return the vocabulary in use: that of the product, with what the books and the county of the run add to it."""
    return _IN_USE.get() or product_vocabulary()


def use_vocabulary(vocabulary: Vocabulary) -> None:
    """Let a vocabulary be the one in use from here on, in this context (`contextvars`) and no other."""
    _IN_USE.set(vocabulary)


@contextmanager
def using(vocabulary: Vocabulary | None = None) -> Iterator[None]:
    """Let a vocabulary be in use for a while, and then again what was in use before.

    Args:
        vocabulary: the vocabulary; without it what is in use stays so, until something inside changes it.
    """
    before = _IN_USE.set(vocabulary or _IN_USE.get())
    try:
        yield
    finally:
        _IN_USE.reset(before)


@cache
def product_vocabulary() -> Vocabulary:
    """Return the vocabulary of the product."""
    content = _content(VOCABULARY.read_text(encoding="utf-8"))
    return Vocabulary(
        fields={name: _field(name, entry) for name, entry in content["fields"].items()},
        attributes={name: _attribute(name, entry) for name, entry in content["attributes"].items()},
        types={name: _type(name, entry) for name, entry in content["types"].items()},
        common=tuple(content["common"]),
        ignored=frozenset(fold(heading) for heading in content["ignored"]),
    )


def _content(text: str) -> dict[str, Any]:
    """Return what the vocabulary's file says, from what an earlier process kept where it did."""
    content = recall((__file__,), text)
    if not isinstance(content, dict):
        import yaml  # noqa: PLC0415 - it is not needed for what was kept

        loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(text, loader)  # noqa: S506 - both loaders are safe ones
        keep((__file__,), text, content)
    return content


def _field(name: str, entry: Mapping[str, Any]) -> Field:
    label = Text(entry["zh"], entry["en"])
    return Field(name, label, tuple(entry.get("synonyms", ())), tuple(entry.get("fallback", ())))


def _attribute(name: str, entry: Mapping[str, Any]) -> Attribute:
    values = tuple(
        Value(one["value"], one["zh"], one["en"], tuple(one.get("synonyms", ()))) for one in entry.get("values", ())
    )
    return Attribute(
        name,
        entry["type"],
        Text(entry["zh"], entry["en"]),
        Text(**entry["meaning"]),
        values,
        closed=entry.get("closed", False),
        per=entry.get("per", ""),
        measured_by=entry.get("measured_by", ""),
        synonyms=tuple(entry.get("synonyms", ())),
    )


def _type(name: str, entry: Mapping[str, Any]) -> EventType:
    return EventType(
        name,
        Text(entry["zh"], entry["en"]),
        Text(**entry["meaning"]),
        entry["subject"],
        tuple(entry["attributes"]),
        tuple(entry.get("synonyms", ())),
        entry.get("entered_by", "unit"),
        tuple(entry.get("follows", ())),
    )
