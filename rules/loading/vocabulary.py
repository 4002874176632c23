"""Vocabularies that grow: the words that a rulebook (`vocabulary.yaml`) or a county's own file adds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import Field

from events.problems import Problem, Text, did_you_mean, has_errors, suggestion
from events.storage.ordinary import read_ordinary
from events.vocabulary import Attribute, AttributeType, EventType, SubjectNeed, Value, fold
from rules.loading.packaged import find_book
from rules.model import Bilingual, Model, Word
from rules.yaml.nodes import MAX_BYTES, read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from events.problems import Where
    from events.vocabulary import Vocabulary
    from rules.yaml.nodes import Node

FILE = "vocabulary.yaml"
"""How the file is called that stands beside `book.yaml`."""

_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")
Words = tuple[str, ...]


class ValueEntry(Model):
    """A value that an attribute may have."""

    value: Word = Field(description="the value in the log, such as `hearing`")
    zh: Word
    en: Word | None = None
    synonyms: tuple[Word, ...] = ()


class AttributeEntry(Model):
    """A new attribute, or what is added to one that there is: values and synonyms."""

    type: AttributeType | None = Field(None, description="needed of a new attribute; it is the same in every event")
    zh: Word | None = Field(None, description="its label; needed of a new attribute")
    en: Word | None = None
    meaning: Bilingual | None = None
    values: tuple[ValueEntry, ...] = ()
    closed: bool | None = Field(None, description="whether there are no other values")
    synonyms: tuple[Word, ...] = ()
    per: str | None = Field(None, description="what a number of money is counted in: nothing, 万 or 亿")


class TypeEntry(Model):
    """A new event type, or what is added to one that there is: attributes and synonyms."""

    zh: Word | None = Field(None, description="its label; needed of a new type")
    en: Word | None = None
    meaning: Bilingual | None = None
    subject: SubjectNeed | None = Field(None, description="whether it needs a subject; optional without")
    attributes: tuple[Word, ...] = ()
    synonyms: tuple[Word, ...] = ()
    entered_by: Word | None = Field(None, description="who enters it: unit (the one it happened at) or evaluator")


class FieldEntry(Model):
    """Further headings of a column that every event has."""

    synonyms: tuple[Word, ...]


class VocabularyFile(Model):
    """Words that a rulebook or a county adds; nothing that there is changes its meaning."""

    fields: dict[str, FieldEntry] = Field(default_factory=dict)
    attributes: dict[str, AttributeEntry] = Field(default_factory=dict)
    types: dict[str, TypeEntry] = Field(default_factory=dict)
    ignored: tuple[Word, ...] = Field((), description="headings that say nothing, such as 序号")


def words_of(
    vocabulary: Vocabulary, books: Sequence[str | Path] = (), files: Sequence[Path] = ()
) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """Return a vocabulary with the words that rulebooks and files add.

    Args:
        vocabulary: the words that there are.
        books: names or folders of rulebooks; one that cannot be found adds nothing.
        files: further files.

    Returns:
        The vocabulary, and everything that is wrong with what is added; what is wrong is not added.
    """
    problems: list[Problem] = []
    paths = [path for book in books for path in _files_of(book)]
    for path in dict.fromkeys([*paths, *files]):
        vocabulary, wrong = _grown(vocabulary, path)
        problems += wrong
    return vocabulary, tuple(problems)


def _files_of(book: str | Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """Return the vocabulary files of a book, that of the book that it builds on first."""
    folder, _ = find_book(book)
    if folder is None or folder.resolve() in above:
        return []
    base, found = _base(folder / "book.yaml"), []
    if base:
        beside = folder / base
        found = _files_of(beside if (beside / "book.yaml").is_file() else base, (*above, folder.resolve()))
    return [*found, *([folder / FILE] if (folder / FILE).is_file() else [])]


def _base(path: Path) -> str | None:
    """Return the book that a book says it builds on; most say none, and are not read for it."""
    try:
        raw = read_ordinary(path, MAX_BYTES)
    except (OSError, ValueError):
        return None
    if b"extends" not in raw and b"\\" not in raw:  # a key is written as it is, or with escapes
        return None
    root, _ = read_yaml(path, kept=True)
    return root.text("extends") if root is not None else None


def _grown(vocabulary: Vocabulary, path: Path) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """Return a vocabulary with the words of a file."""
    root, problems = read_yaml(path, kept=True)
    if root is None:
        return vocabulary, problems
    file, wrong = validate(VocabularyFile, root)
    problems += wrong
    if file is None:
        return vocabulary, problems
    growth = _Growth(vocabulary, root)
    grown = growth.add(file)
    problems += tuple(growth.problems)
    return (vocabulary if has_errors(growth.problems) else grown), problems


class _Growth:
    """A vocabulary as a file adds to it."""

    def __init__(self, vocabulary: Vocabulary, root: Node) -> None:
        self.problems: list[Problem] = []
        self._known = vocabulary
        self._root = root

    def add(self, file: VocabularyFile) -> Vocabulary:
        """Return the vocabulary with what the file adds."""
        attributes = dict(self._known.attributes)
        for name, entry in file.attributes.items():
            found = self._attribute(name, entry)
            attributes[name] = found if found is not None else attributes.get(name, _PLAIN)
        attributes = {name: one for name, one in attributes.items() if one is not _PLAIN}
        types = dict(self._known.types)
        for name, one in file.types.items():
            kind = self._type(name, one, attributes)
            if kind is not None:
                types[name] = kind
        fields = dict(self._known.fields)
        for name, more in file.fields.items():
            if name not in fields:
                self._unknown("fields", name, fields, Text("字段", "field"))
                continue
            taken = {fold(word) for word in (name, fields[name].label.zh, *fields[name].synonyms)}
            self._words("fields", name, more.synonyms, taken, self._field_words())
            fields[name] = replace(fields[name], synonyms=_joined(fields[name].synonyms, more.synonyms))
        ignored = self._known.ignored | {fold(one) for one in file.ignored}
        return replace(self._known, attributes=attributes, types=types, fields=fields, ignored=ignored)

    def _attribute(self, name: str, entry: AttributeEntry) -> Attribute | None:
        known = self._known.attributes.get(name)
        others = {word: one for word, one in self._heading_words().items() if one != f"data.{name}"}
        self._words("attributes", name, (entry.zh or "", *entry.synonyms), set(), others)
        values = tuple(Value(one.value, one.zh, one.en or one.zh, one.synonyms) for one in entry.values)
        if known is None:
            if _ATTRIBUTE.fullmatch(name) is None:
                self._bad_name("attributes", name, "hearing_place")
            if entry.type is None or entry.zh is None:
                self._incomplete("attributes", name, "type、zh", "{type: text, zh: 听证地点}")
                return None
            label = Text(entry.zh, entry.en or entry.zh)
            meaning = entry.meaning.text() if entry.meaning is not None else label
            closed, per = bool(entry.closed), entry.per or ""
            return Attribute(name, entry.type, label, meaning, values, closed, entry.synonyms, per)
        self._unchanged("attributes", name, {"type": known.type, "zh": known.label.zh, "closed": known.closed}, entry)
        return replace(
            known, values=self._values(name, known, values), synonyms=_joined(known.synonyms, entry.synonyms)
        )

    def _values(self, name: str, known: Attribute, more: Sequence[Value]) -> tuple[Value, ...]:
        """Return the values of an attribute with more of them; more words of one that there is are joined to it."""
        values = {one.value: one for one in known.values}
        for one in more:
            for word in (one.value, one.zh, *one.synonyms):
                meant = known.find_value(word)
                if meant is not None and meant != one.value:
                    self._taken("attributes", name, word, meant)
            old = values.get(one.value)
            words = one.synonyms if old is None else tuple(w for w in (one.zh, *one.synonyms) if w != old.zh)
            values[one.value] = one if old is None else replace(old, synonyms=_joined(old.synonyms, words))
        return tuple(values.values())

    def _type(self, name: str, entry: TypeEntry, attributes: Mapping[str, Attribute]) -> EventType | None:
        known = self._known.types.get(name)
        others = {fold(word): kind.name for kind in self._known.types.values() for word in _type_words(kind)}
        others = {word: one for word, one in others.items() if one != name}
        self._words("types", name, (entry.zh or "", *entry.synonyms), set(), others)
        for one in entry.attributes:
            if one not in attributes:
                self._unknown("types", one, attributes, Text("属性", "attribute"), within=name)
        if known is None:
            if _TYPE.fullmatch(name) is None:
                self._bad_name("types", name, "hearing.held")
            if entry.zh is None:
                self._incomplete("types", name, "zh", "{zh: 听证会, subject: required}")
                return None
            label = Text(entry.zh, entry.en or entry.zh)
            meaning = entry.meaning.text() if entry.meaning is not None else label
            subject, by = entry.subject or "optional", entry.entered_by or "unit"
            return EventType(name, label, meaning, subject, entry.attributes, entry.synonyms, by)
        self._unchanged("types", name, {"zh": known.label.zh, "subject": known.subject}, entry)
        more = _joined(known.attributes, entry.attributes)
        return replace(known, attributes=more, synonyms=_joined(known.synonyms, entry.synonyms))

    def _field_words(self) -> dict[str, str]:
        fields = self._known.fields.values()
        return {fold(word): one.name for one in fields for word in (one.name, one.label.zh, *one.synonyms)}

    def _heading_words(self) -> dict[str, str]:
        """Return what every heading of the log stands for."""
        attributes = self._known.attributes.values()
        words = {fold(word): f"data.{one.name}" for one in attributes for word in (one.label.zh, *one.synonyms)}
        return words | self._field_words()

    def _words(self, part: str, name: str, words: Iterable[str], own: set[str], others: Mapping[str, str]) -> None:
        """Tell of words that stand for something else already: the one that was there first would win, silently."""
        for word in words:
            meant = others.get(fold(word))
            if word and meant is not None and meant != name and fold(word) not in own:
                self._taken(part, name, word, meant)

    def _taken(self, part: str, name: str, word: str, meant: str) -> None:
        fact = Text(f"“{word}”已经是 {meant} 的名称", f"{word!r} is a name of {meant} already")
        cure = Text("请换一个名称，或者直接使用它", "Choose another, or use that one")
        self.problems.append(Problem("word-taken", self._place(part, name), fact, cure, word))

    def _unchanged(self, part: str, name: str, known: Mapping[str, object], entry: AttributeEntry | TypeEntry) -> None:
        """Tell of what the file would change of something that there is."""
        for key, old in known.items():
            new = getattr(entry, key)
            if new is not None and new != old:
                fact = Text(
                    f"{name} 已经有了，它的 {key} 是“{old}”，不能改成“{new}”",
                    f"{name} is there already; its {key} is {old!r} and cannot become {new!r}",
                )
                cure = Text(
                    "只能增加同义词、取值和属性；另一件事请另取名称",
                    "Add synonyms, values and attributes, or take a new name",
                )
                self.problems.append(Problem("vocabulary-conflict", self._place(part, name), fact, cure, str(new)))

    def _unknown(self, part: str, word: str, known: Iterable[str], what: Text, within: str | None = None) -> None:
        fact = Text(f"没有{what.zh}“{word}”", f"there is no {what.en} {word!r}")
        cure = suggestion(did_you_mean(word, known), Text("请先在 attributes 中登记", "Add it under attributes"))
        self.problems.append(Problem("unknown-attribute", self._place(part, within or word), fact, cure, word))

    def _incomplete(self, part: str, name: str, keys: str, example: str) -> None:
        fact = Text(f"{name} 是新的，缺少 {keys}", f"{name} is new and lacks {keys.replace('、', ', ')}")
        cure = Text(f"例如 {example}", f"For example {example}")
        self.problems.append(Problem("missing-key", self._place(part, name), fact, cure, name))

    def _bad_name(self, part: str, name: str, example: str) -> None:
        fact = Text(f"“{name}”不能作名称", f"{name!r} cannot be a name")
        cure = Text(f"用小写英文字母、数字和下划线，例如 {example}", f"Write small letters, digits and _, as {example}")
        self.problems.append(Problem("bad-value", self._place(part, name), fact, cure, name))

    def _place(self, part: str, name: str) -> Where:
        """Return the place of an entry."""
        table = self._root.get(part)
        child = table.get(name) if table is not None else None
        return child.key if child is not None else self._root.where


_PLAIN = Attribute("", "text", Text("", ""), Text("", ""))


def _type_words(kind: EventType) -> Words:
    return (kind.name, kind.label.zh, *kind.synonyms)


def _joined(one: Words, other: Iterable[str]) -> Words:
    """Return words, each once."""
    return tuple(dict.fromkeys([*one, *other]))
