"""The files of a rulebook as pages show and change them: every rule with its own lines, nothing else touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RULES, BOOK, WORDS, CASES = "rules.yaml", "book.yaml", "vocabulary.yaml", "cases"
_ENTRY = re.compile(r"^(?P<indent> *)- id: ")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One rule as its file says it.

    Attributes:
        file: the file's name in the book's folder.
        line: its first line there, from 1.
        indent: the blanks before its dash.
        text: its lines.
        said: what they say.
    """

    file: str
    line: int
    indent: str
    text: str
    said: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The rule."""
        return str(self.said["id"])

    @property
    def clause(self) -> str:
        """Its clause."""
        return str(self.said.get("clause", ""))

    @property
    def title(self) -> str:
        """What it asks, in a few words."""
        found = self.said.get("title")
        return str(found.get("zh", "") if isinstance(found, dict) else found or "")

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.said.get("kind", ""))

    @property
    def proposed(self) -> bool:
        """Whether nobody has taken it over."""
        return self.said.get("status") == "proposed"

    @property
    def open(self) -> tuple[str, ...]:
        """What is left to decide."""
        found = self.said.get("open")
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def keys(self) -> Iterator[tuple[int, str]]:
        """Yield the line of each key of the rule, counted as problems count them, and the key."""
        start = " " * (len(self.indent) + 2)
        for number, line in enumerate(self.text.splitlines(), self.line):
            found = re.match(rf"{self.indent}- (\w+):" if number == self.line else rf"{start}(\w+):", line)
            if found is not None:
                yield number, found[1]

    def key_at(self, line: int | None) -> str | None:
        """Return the key whose lines a line of the file is among, nothing for the rule itself, None outside of it."""
        if line is None or not self.line <= line < self.line + self.text.count("\n"):
            return None
        return next((key for number, key in reversed(list(self.keys())) if number <= line), "")


def text_of(folder: Path, file: str) -> str:
    """Return the text of one of a book's files, nothing where it is not there."""
    path = folder / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def rule_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that have a book's rules, `rules.yaml` first."""
    found = {one.name for one in folder.glob("*.yaml")} - {BOOK, WORDS}
    return tuple(sorted(found | {RULES}, key=lambda name: (name != RULES, name)))


def clauses_of(folder: Path) -> list[Mapping[str, Any]]:
    """Return the clauses as the document has them."""
    found = yaml.load(text_of(folder, BOOK), _Loader) or {}  # noqa: S506 (the safe loader, in C where there is one)
    clauses = found.get("clauses", []) if isinstance(found, dict) else []
    return [one for one in clauses if isinstance(one, dict)]


def blocks(folder: Path) -> list[PageBlock]:
    """Return the rules of a book, in the order of its files and their lines."""
    return [one for file in rule_files(folder) for one in blocks_of(text_of(folder, file), file)]


def blocks_of(text: str, file: str = RULES) -> Iterator[PageBlock]:
    """Yield the rules of a file, each with its own lines."""
    lines = text.splitlines()
    at = [(number, found["indent"]) for number, line in enumerate(lines) if (found := _ENTRY.match(line))]
    for start, indent in at:
        end = start + 1
        while end < len(lines) and (lines[end].startswith(f"{indent}  ") or not lines[end].strip()):
            end += 1
        while not lines[end - 1].strip():
            end -= 1
        own = "\n".join(lines[start:end]) + "\n"
        try:
            [said] = yaml.load(own, _Loader)  # noqa: S506 (the safe loader)
        except (yaml.YAMLError, ValueError, TypeError):
            continue
        if isinstance(said, dict) and "id" in said:
            yield PageBlock(file, start + 1, indent, own, said)


def block_of(folder: Path, rule: str) -> PageBlock | None:
    """Return the lines of one rule of a book, None where it has no such rule of its own."""
    return next((one for one in blocks(folder) if one.id == rule), None)


def with_block(text: str, block: PageBlock, new: str) -> str:
    """Return a file with other lines in the place of a rule's; without any, the rule is gone."""
    lines = text.splitlines(keepends=True)
    first, last = block.line - 1, block.line - 1 + block.text.count("\n")
    fresh = new.strip("\n").rstrip()
    return "".join(lines[:first]) + (f"{fresh}\n" if fresh else "") + "".join(lines[last:])
