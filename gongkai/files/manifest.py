"""The manifest of a batch: which counties or years are evaluated, each with its own inputs.

```yaml
defaults: {as_of: 2023-12-31, books: [jinxiang-2023]}
runs:
  - name: 金乡县2023年度
    events: [金乡县/台账]
  - name: 新县2024年度
    events: 新县/台账.xlsx
    units: 新县/units.yaml
    books: [新县/xinxian-2024]
    as_of: 2024-12-31
```

Paths are those of the manifest's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from events.problems import Problem, Text, has_errors
from gongkai.evaluation.inputs import DEFAULT_BOOK, Request
from gongkai.evaluation.rectification import ListOptions
from reports.output.names import safe_name
from rules.loading.draft import BOOKS
from rules.model import Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.yaml.nodes import Node


def _listed(value: Any) -> Any:  # noqa: ANN401 (what pydantic hands to a validator is anything that YAML can say)
    """Read one word as a list of one."""
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]


class _Settings(Model):
    """What a run may set, and the defaults for all."""

    events: Words | None = None
    as_of: Word | None = None
    books: Words | None = None
    units: Word | None = None
    only: Words | None = Field(default=None, description="units to judge")
    readings: dict[str, Word] | None = None
    waivers: Word | None = None
    calendar: Word | None = None
    mapping: Word | None = None
    previous: Words | None = None
    rectify_within: Word | None = None
    sheets_per_unit: bool | None = None


class _Run(_Settings):
    """One county or year."""

    name: Word


class _File(Model):
    """A manifest."""

    runs: Annotated[tuple[_Run, ...], Field(min_length=1)]
    defaults: _Settings = _Settings()


@dataclass(frozen=True, slots=True)
class Entry:
    """One run of a batch.

    Attributes:
        name: what the manifest calls it.
        folder: the name of its folder, safe on every system.
        request: what is evaluated.
        lists: the settings of its violation list.
    """

    name: str
    folder: str
    request: Request
    lists: ListOptions


def load_manifest(path: Path) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Read a manifest.

    Returns:
        The runs in its order, none where it is not usable, and what is wrong with it, each with its line and column.
        Whether the files of a run are usable shows when it is evaluated.
    """
    node, problems = read_yaml(path)
    if node is None or has_errors(problems):
        return (), problems
    file, wrong = validate(_File, node)
    problems = (*problems, *wrong)
    if file is None:
        return (), problems
    entries = [_entry(run, file.defaults, path.parent) for run in file.runs]
    problems = (*problems, *_clashes(entries, node), *_missing(file, node))
    return (() if has_errors(problems) else tuple(entries)), problems


def _entry(run: _Run, defaults: _Settings, home: Path) -> Entry:
    """Return one run with the defaults filled in and its paths made those of the manifest's folder."""

    def chosen(name: str) -> Any:  # noqa: ANN401 (each setting has its own type)
        """Return the setting of the run, or the default."""
        own = getattr(run, name)
        return own if own is not None else getattr(defaults, name)

    def at(name: str) -> Path | None:
        """Return the path that a setting names."""
        said = chosen(name)
        return home / said if said is not None else None

    readings = {**(defaults.readings or {}), **(run.readings or {})}
    request = Request(
        as_of=chosen("as_of") or "",
        events=tuple(home / one for one in chosen("events") or ()),
        books=tuple(book_at(one, home) for one in chosen("books") or (DEFAULT_BOOK,)),
        units=at("units"),
        only=tuple(chosen("only") or ()),
        readings=tuple(f"{rule}={name}" for rule, name in readings.items()),
        calendar=at("calendar"),
        mapping=at("mapping"),
        waivers=at("waivers"),
    )
    previous = tuple(home / one for one in chosen("previous") or ())
    lists = ListOptions(chosen("rectify_within"), previous, chosen("sheets_per_unit") or False)
    return Entry(run.name, safe_name(run.name, "run"), request, lists)


def book_at(name: str, home: Path) -> str:
    """Return a rulebook that comes with the product by its name, another one by its path."""
    return name if (BOOKS / name).is_dir() and not (home / name).is_dir() else str(home / name)


def _clashes(entries: Sequence[Entry], node: Node) -> list[Problem]:
    """Return a problem for each run whose folder is that of an earlier one."""
    taken: dict[str, str] = {}
    problems = []
    for entry, place in zip(entries, node.items("runs"), strict=True):
        first = taken.setdefault(entry.folder.casefold(), entry.name)
        if first is not entry.name:
            fact = Text(
                f"“{entry.name}”和前面的“{first}”会写进同一个文件夹“{entry.folder}”",
                f"{entry.name!r} would go into the same folder {entry.folder!r} as {first!r} above",
            )
            cure = Text("换一个名称", "Give it another name")
            problems.append(Problem("same-name", place.place_of(entry.name), fact, cure, entry.name))
    return problems


def _missing(file: _File, node: Node) -> list[Problem]:
    """Return a problem for each run without what it needs."""
    problems = []
    for run, place in zip(file.runs, node.items("runs"), strict=True):
        for name in ("events", "as_of"):
            if getattr(run, name) is None and getattr(file.defaults, name) is None:
                fact = Text(f"“{run.name}”没有写{name}", f"{run.name!r} has no {name}")
                cure = Text(f"在这里或者 defaults 里写上 {name}", f"Give {name} here or under defaults")
                problems.append(Problem("missing-key", place.place_of(run.name), fact, cure))
    return problems
