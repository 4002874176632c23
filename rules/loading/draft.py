"""A rulebook's folder as it was written: YAML values with their places, before the rules are made of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from events.problems import Problem, Text, Where
from events.storage.ordinary import read_ordinary, read_ordinary_text
from rules.book import Clause
from rules.loading.extend import ChangeEntry, DropEntry, inherited, joined_clauses
from rules.loading.packaged import find_book
from rules.model import Bilingual, Model, Period, Word
from rules.yaml.nodes import Node, read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ClauseEntry(Model):
    """One clause as `book.yaml` says it."""

    id: Word = Field(description="the clause's name, such as 8.2, N6, art33")
    section: Word = Field(description="the heading that it stands under")
    text: Word = Field(description="its words, exactly")
    lead: tuple[Word, ...] = Field(default=(), description="who leads, as the document names them")
    responsible: tuple[Word, ...] = Field(default=(), description="who is responsible, as the document names them")
    deadline: Word | None = Field(default=None, description="the column 完成时限")
    note: Bilingual | None = Field(default=None, description="why no rule can check it, or what of it")
    document: Word | None = Field(
        default=None, description="number of the document whose words it is, where that is not the book's own"
    )
    cited: Bilingual | None = Field(
        default=None, description="how people cite it, where its id is no number of a row and no article (art33)"
    )
    numbers: dict[Word, Bilingual] = Field(
        default_factory=dict, description="numbers in its words that are no value of a rule, each with the reason"
    )


class BookEntry(Model):
    """`book.yaml`: the document, and its clauses in its own order."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Bilingual
    document: Word = Field(description="the document's number")
    issued_on: date
    in_force: Period = Field(description="the days that the rules hold on, unless a rule says otherwise")
    source: str | None = Field(
        default=None, pattern=r"^[^/\\]+\.txt$", description="file of the document's text, in the same folder"
    )
    restates: bool = Field(
        default=True,
        description="of a book that extends another: whether its document says the inherited clauses again",
    )
    extends: Word | None = Field(default=None, description="the book that this one builds on: its name, or a folder")
    shift_years: int = Field(default=0, ge=-20, le=20, description="years by which dates of inherited rules move")
    changes: tuple[ChangeEntry, ...] = Field(default=(), description="inherited rules with other values")
    drops: tuple[DropEntry, ...] = Field(default=(), description="inherited rules that no longer hold")
    reviewed: bool = Field(
        default=False, description="whether every rule must say its basis, and quote enough to show its duty"
    )
    complete: bool = Field(default=False, description="whether every clause must have a rule or a note")
    clauses: tuple[ClauseEntry, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> BookEntry:
        """Refuse a book that builds on none and has no clauses or no document."""
        if self.extends is None and (not self.clauses or self.source is None):
            msg = "a book that extends no other needs clauses and a source"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class BookDraft:
    """What a rulebook's folder holds.

    Attributes:
        folder: the folder.
        entry: the validated `book.yaml`.
        node: the same with its places.
        rules: the rules of all rule files, in the order of file name and place.
        source: text of the document.
        sha256: hash of the files.
        own_source: text of the book's own document, where it builds on another.
        inherited: the clauses that it takes over, as it has them.
    """

    folder: Path
    entry: BookEntry
    node: Node
    rules: tuple[Node, ...]
    source: str
    sha256: str
    own_source: str = ""
    inherited: tuple[ClauseEntry, ...] = ()

    def clauses(self) -> tuple[Clause, ...]:
        """Return the clauses in the document's order."""
        inherited = {clause.id for clause in self.inherited}
        return tuple(
            Clause(
                c.id,
                c.section,
                c.text,
                c.lead,
                c.responsible,
                c.deadline,
                c.note.text() if c.note else None,
                c.document or "",
                c.cited.text() if c.cited else None,
                c.id in inherited,
            )
            for c in self.entry.clauses
        )

    def clause_node(self, position: int) -> Node:
        """Return where the clause at this position stands."""
        return self.node.items("clauses")[position]


def read_draft(folder: Path, above: tuple[Path, ...] = ()) -> tuple[BookDraft | None, tuple[Problem, ...]]:
    """Read the files of a rulebook, and of the book that it builds on.

    Args:
        folder: the rulebook's folder.
        above: the folders of the books that build on this one.

    Returns:
        What it holds, None where `book.yaml` or its source is unusable, and everything that is wrong.
    """
    node, problems = read_yaml(folder / "book.yaml", kept=True)
    if node is None:
        return None, problems
    entry, wrong = validate(BookEntry, node)
    rule_files = sorted(path for path in folder.glob("*.yaml") if path.name not in {"book.yaml", "vocabulary.yaml"})
    rules, rule_problems = _read_rules(rule_files)
    problems += wrong + rule_problems
    if entry is None:
        return None, problems
    problems += _repeated(node.items("clauses"), Text("条款编号", "the clause id"))
    source, source_problems = _read_source(folder / entry.source, node) if entry.source else ("", ())
    problems += source_problems
    if source is None:
        return None, problems
    beside = [one for one in (entry.source, "vocabulary.yaml") if one and (folder / one).is_file()]
    digest = _digest([folder / "book.yaml", *(folder / one for one in beside), *rule_files])
    draft = BookDraft(folder, entry, node, rules, source, digest)
    if entry.extends is None:
        return draft, problems
    extended, wrong = _extended(draft, entry.extends, (*above, folder.resolve()))
    return extended, problems + wrong


def _extended(draft: BookDraft, name: str, above: tuple[Path, ...]) -> tuple[BookDraft | None, tuple[Problem, ...]]:
    """Return a book together with what it takes over from the book that it builds on."""
    beside = draft.folder / name
    folder, problems = find_book(beside if (beside / "book.yaml").is_file() else name)
    where = draft.node.children["extends"].where
    if folder is None:
        return None, tuple(Problem(one.code, where, one.fact, one.cure, one.value) for one in problems)
    if folder.resolve() in above:
        fact = Text(f"“{name}”又以这个规则集为基础", f"{name!r} builds on this book in turn")
        return None, (Problem("book-cycle", where, fact, Text("请去掉其中一处 extends", "Take one extends out"), name),)
    base, problems = read_draft(folder, above)
    if base is None:
        return None, problems
    rules, wrong = inherited(draft.node, base.rules, draft.rules, draft.entry.shift_years)
    node = joined_clauses(draft.node, base.node)
    taken = [
        clause.model_copy(update={"document": clause.document or base.entry.document}) for clause in base.entry.clauses
    ]
    clauses = {clause.id: clause for clause in (*taken, *draft.entry.clauses)}
    entry = draft.entry.model_copy(update={"clauses": tuple(clauses.values())})
    source = f"{draft.source}\n{base.source}"
    digest = hashlib.sha256(f"{draft.sha256}{base.sha256}".encode()).hexdigest()
    own = {clause.id for clause in draft.entry.clauses}
    kept = tuple(clause for clause in taken if clause.id not in own)
    whole = BookDraft(draft.folder, entry, node, (*rules, *draft.rules), source, digest, draft.source, kept)
    return whole, problems + wrong


def _read_rules(paths: Iterable[Path]) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """Return the entries of `rules:` in the files."""
    rules: list[Node] = []
    problems: tuple[Problem, ...] = ()
    for path in paths:
        node, wrong = read_yaml(path, kept=True)
        problems += wrong
        if node is None:
            continue
        listed = node.get("rules")
        if listed is None or listed.shape != "list":
            fact = Text("规则文件里没有 rules 列表", "there is no list of rules in the file")
            cure = Text("请写 rules: 和以 - 开头的规则", "Write rules: and under it entries that start with -")
            problems += (Problem("no-rules", node.where, fact, cure),)
            continue
        problems += tuple(_stray_key(child, str(key)) for key, child in node.children.items() if key != "rules")
        problems += tuple(_not_a_rule(rule) for rule in node.items("rules") if rule.shape != "mapping")
        rules += [rule for rule in node.items("rules") if rule.shape == "mapping"]
    return tuple(rules), problems + _repeated(rules, Text("规则编号", "the rule id"))


def _read_source(path: Path, node: Node) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the text of the document."""
    try:
        return read_ordinary_text(path), ()
    except (OSError, UnicodeDecodeError):
        fact = Text(f"无法读取原文 {path.name}", f"the document's text {path.name} cannot be read")
        cure = Text("请放入 UTF-8 编码的原文", "Put the text there, in UTF-8")
        return None, (Problem("unreadable-file", node.place_of(path.name), fact, cure, path.name),)


def _repeated(nodes: Iterable[Node], what: Text) -> tuple[Problem, ...]:
    """Return a problem for every `id` that stood before."""
    seen: dict[str, Where] = {}
    problems: list[Problem] = []
    for node in nodes:
        child, name = node.get("id"), node.text("id")
        if child is None or name is None:
            continue
        first = seen.setdefault(name, child.where)
        if first is not child.where:
            fact = Text(f"{what.zh}“{name}”已用于 {first}", f"{what.en} {name!r} is already used at {first}")
            cure = Text("请换一个编号", "Give one of them another id")
            problems.append(Problem("duplicate-id", child.where, fact, cure, name))
    return tuple(problems)


def _stray_key(child: Node, key: str) -> Problem:
    """Return the problem of a key beside `rules`."""
    fact = Text(f"没有“{key}”这个键", f"there is no key {key!r} here")
    cure = Text("规则文件只有 rules", "A rule file has rules only")
    return Problem("unknown-key", child.key, fact, cure, key)


def _not_a_rule(node: Node) -> Problem:
    """Return the problem of an entry that is not a mapping."""
    fact = Text("这一条不是键和值", "this entry is not made of keys and values")
    return Problem("bad-value", node.where, fact, Text("请写成 - id: …", "Write it as - id: …"))


def _digest(paths: Iterable[Path]) -> str:
    """Return the hash of the files with their names."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            raw = read_ordinary(path)
        except OSError:  # no ordinary file: what reads it says so
            continue
        digest.update(f"{path.name}:{len(raw)}:".encode())
        digest.update(raw)
    return digest.hexdigest()
