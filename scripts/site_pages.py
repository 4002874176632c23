"""Pages of the documentation that are made from the code when the site is built: kinds of rule, event types, commands.

mkdocs calls `on_files` (`hooks` in mkdocs.yml). What is generated here can never say something else than the program.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from engine.kinds import KINDS
from events.vocabulary import load_vocabulary
from gongkai.cli import command_tree
from rules.model import Condition, Rule, Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from events.vocabulary import Vocabulary


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to the site."""
    pages = {
        "reference/rule-language.md": rule_language(),
        "reference/events.md": event_types(load_vocabulary()),
        "reference/commands.md": commands(),
    }
    for name, lines in pages.items():
        files.append(File.generated(config, name, content="\n".join(lines) + "\n"))
    return files


def _cell(text: object) -> str:
    """Return a text as it stands in a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Return a Markdown table."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
    yield ""


def _type_name(info: FieldInfo) -> str:
    """Return what a field of YAML may hold, in the words of the models."""
    annotation: Any = info.annotation
    text = annotation.__name__ if inspect.isclass(annotation) else str(annotation)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)


def _fields(model: type[BaseModel], without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Return the table of the fields of a model."""
    rows = (
        (
            f"`{info.alias or name}`",
            f"`{_type_name(info)}`",
            "required" if info.is_required() else f"`{info.get_default(call_default_factory=True)!r}`",
            info.description or "",
        )
        for name, info in model.model_fields.items()
        if name not in without
    )
    yield from _table(("field", "holds", "default", "meaning"), rows)


def _prose(model: type[object]) -> Iterator[str]:
    """Return a docstring as Markdown; its example becomes a block of YAML."""
    text, _, example = (inspect.getdoc(model) or "").partition("Example:\n")
    yield from (text.strip(), "")
    if example:
        yield from ("```yaml", textwrap.dedent(example).strip(), "```", "")


def rule_language() -> Iterator[str]:
    """Return the page of the rule language: what all rules share, then a section a kind."""
    yield from ("# 规则语言 · The rule language", "", "[怎样编写规则库](../rulebooks.md) shows it in use.", "")
    yield from ("## 各类规则共有 · Every rule", "")
    yield from _fields(Rule)
    for model in (Selector, Condition):
        yield from (f"### {model.__name__}", "")
        yield from _prose(model)
        yield from _fields(model)
    shared = frozenset(Rule.model_fields) - {"kind"}
    for kind in KINDS:
        name = kind.__module__.rpartition(".")[2]
        yield from (f"## `{name}`", "", f"*{kind.summary}*", "")
        yield from _prose(kind)
        yield from _fields(kind, shared)
        sentences = ((f"`{outcome}`", text.zh, text.en) for outcome, text in kind.messages.items())
        yield from _table(("outcome", "报告里的话", "in English"), sentences)


def _names(names: Iterable[str]) -> str:
    """Return names of the contract, set as code."""
    return ", ".join(f"`{name}`" for name in names)


def event_types(vocabulary: Vocabulary) -> Iterator[str]:
    """Return the page of the event types and the attributes."""
    yield from ("# 事件类型 · Event types", "")
    yield from _table(
        ("type", "名称", "意思", "subject", "attributes"),
        (
            (
                f"`{kind.name}`",
                kind.label.zh,
                kind.meaning.zh,
                kind.subject,
                ", ".join(f"`{a}`" for a in kind.attributes),
            )
            for kind in vocabulary.types.values()
        ),
    )
    yield from ("# 属性 · Attributes", "")
    yield from _table(
        ("attribute", "名称", "holds", "意思", "values"),
        (
            (
                f"`{one.name}`",
                one.label.zh,
                one.type,
                one.meaning.zh,
                ", ".join(f"`{value.value}` {value.zh}" for value in one.values),
            )
            for one in vocabulary.attributes.values()
        ),
    )


def commands() -> Iterator[str]:
    """Return the page of the commands: the help of each."""
    yield from ("# 命令 · Commands", "")
    top: Any = command_tree()
    for name, command in top.commands.items():
        parts = {f"{name} {inner}": one for inner, one in getattr(command, "commands", {}).items()}
        for path, one in (parts or {name: command}).items():
            context = one.make_context(f"gongkai {path}", [], resilient_parsing=True)
            yield from (f"## `gongkai {path}`", "", "```text", one.get_help(context), "```", "")
