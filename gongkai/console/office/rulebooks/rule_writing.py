"""Rules of a draft, written by form: new ones from a template, changed ones in the place of their lines, with cases."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from events.vocabulary import load_vocabulary
from gongkai.console.office.assessing import request_now
from gongkai.console.office.rulebooks import drafting
from gongkai.console.office.rulebooks.book_files import CASES, PageBlock, text_of, with_block
from gongkai.console.web.errors import ConflictError
from gongkai.services.rulebooks.new_rule import Wanted, questions, write_rule
from rules.loading.vocabulary import words_of
from rules.yaml.written import as_entry, as_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from events.problems import Problem
    from events.vocabulary import EventType
    from gongkai.services.rulebooks.new_rule import NewRule, RuleQuestion

_TYPE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_RULE = re.compile(r"[A-Za-z0-9]+(\.[a-z0-9-]+)+")


def event_types(folder: Path) -> Mapping[str, EventType]:
    """Return the event types that a book's rules may name, its own among them."""
    return words_of(load_vocabulary(), [folder])[0].types


def told(folder: Path, block: PageBlock) -> list[str]:
    """Return what is left to decide of a rule, event types by what people call them."""
    types = event_types(folder)

    def named(found: re.Match[str]) -> str:
        kind = types.get(found[0])
        return found[0] if kind is None else f"{kind.label.zh}（{found[0]}）"

    return [_TYPE.sub(named, line) for line in block.open]


def lines_of(block: PageBlock, said: Mapping[str, Any]) -> PageBlock:
    """Return a rule's block with other content, written as `rules new` writes it."""
    text = "\n".join(as_entry(dict(said), block.indent)) + "\n"
    return replace(block, text=text, said=said)


def save_rule(folder: Path, block: PageBlock, new: str) -> tuple[Problem, ...]:
    """Put other lines in the place of a rule's, none to drop it with its cases; return what is wrong with them.

    Raises:
        ConflictError: the book is in force, was, or waits for approval.
    """
    changes = {block.file: with_block(text_of(folder, block.file), block, new) or "rules: []\n"}
    if not new.strip():
        changes |= {case_file(block.id): ""}
        if not any(line.lstrip().startswith("- ") for line in changes[block.file].splitlines()):
            changes[block.file] = "rules: []\n"
    return drafting.save(folder, changes)


def case_file(rule: str) -> str:
    """Return the name of the file that has a rule's cases.

    Raises:
        ConflictError: no rule can be called so.
    """
    if not _RULE.fullmatch(rule):
        message = f"规则编号“{rule}”写得不对，先改成 条款.名称 的样子。"
        raise ConflictError(message)
    return f"{CASES}/{rule}.yaml"


def cases_of(folder: Path, block: PageBlock) -> str:
    """Return the cases of a rule as their file has them; where there is none, one to finish."""
    text = text_of(folder, case_file(block.id)) if _RULE.fullmatch(block.id) else ""
    if text:
        return text
    unit = next((one.name for one in drafting.owing(block.said.get("owed_by"))), "")
    case = {
        "name": "什么也没有登记",
        "as_of": f"{drafting.last_day(folder)}",
        "events": [],
        "expect": [{"unit": unit, "status": "violated"}],
    }
    return as_yaml({"rule": block.id, "cases": [case]})


def asked(folder: Path, wanted: Wanted) -> tuple[tuple[RuleQuestion, ...], tuple[Problem, ...]]:
    """Return what is asked for a new rule, as `rules new` asks it."""
    return questions(folder, wanted, request_now().units)


def write(folder: Path, wanted: Wanted) -> tuple[NewRule | None, tuple[Problem, ...]]:
    """Write a new rule with its cases, as `rules new` writes it.

    Raises:
        ConflictError: the book is in force, was, or waits for approval.
    """
    if drafting.held(folder.name):
        raise ConflictError(drafting.HELD)
    return write_rule(folder, wanted, request_now().units)
