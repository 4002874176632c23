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
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, create_model

from events.problems import Problem, Text, has_errors
from gongkai.files.preset import preset_at
from gongkai.options import LARGEST, RunRequest, options_of
from reports.output.names import safe_name
from rules.loading.packaged import BOOKS
from rules.model import Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang
    from gongkai.options import Spec
    from rules.yaml.nodes import Node


def _listed(value: Any) -> Any:  # noqa: ANN401 (what pydantic hands to a validator is anything that YAML can say)
    """Read one word as a list of one."""
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]


def _key(spec: Spec) -> tuple[Any, Any]:
    """Return an option as a key of the manifest: its type, and that it may be left out."""
    kind: Any = Words if spec.many else Word if spec.type in {str, Path} else spec.type
    if spec.about.pairs:
        kind = dict[str, Word]
    return (kind | None, Field(default=None, ge=spec.about.least, le=LARGEST if spec.type is int else None))


_SPECS = options_of(RunRequest)
_KEYS: dict[str, Any] = {spec.name: _key(spec) for spec in _SPECS}
_Settings: Any = create_model("_Settings", __base__=Model, **_KEYS)
_Run: Any = create_model("_Run", __base__=_Settings, name=(Word, ...))
_File: Any = create_model(
    "_File",
    __base__=Model,
    runs=(Annotated[tuple[_Run, ...], Field(min_length=1)], ...),
    defaults=(_Settings, _Settings()),
)
"""A manifest: what a run may set (every option of `gongkai evaluate`), and the defaults for all."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One run of a batch.

    Attributes:
        name: what the manifest calls it.
        folder: the name of its folder, safe on every system.
        request: what is evaluated.
    """

    name: str
    folder: str
    request: RunRequest


def load_manifest(path: Path, lang: Lang = "zh") -> tuple[tuple[ManifestEntry, ...], tuple[Problem, ...]]:
    """Read a manifest.

    Args:
        path: the file.
        lang: language of the reports, where it does not say one.

    Returns:
        The runs in its order, none where it is not usable, and what is wrong with it, each with its line and column.
        Whether the files of a run are usable shows when it is evaluated.
    """
    node, problems = read_yaml(path)
    if node is None or has_errors(problems):
        return (), problems
    read, wrong = validate(_File, node)
    file: Any = read
    problems = (*problems, *wrong)
    if file is None:
        return (), problems
    entries = [_entry(run, file.defaults, path.parent, lang) for run in file.runs]
    problems = (*problems, *_clashes(entries, node), *_missing(file, node))
    return (() if has_errors(problems) else tuple(entries)), problems


def _entry(run: Any, defaults: Any, home: Path, lang: Lang) -> ManifestEntry:  # noqa: ANN401 (models made of the options)
    """Return one run with the defaults filled in and its paths made those of the manifest's folder."""
    values: dict[str, Any] = {"lang": lang, "events": (), "as_of": ""}
    for spec in _SPECS:
        own, default = getattr(run, spec.name), getattr(defaults, spec.name)
        if spec.about.pairs:
            own = {**(default or {}), **(own or {})} or None
        value = own if own is not None else default
        if value is not None:
            values[spec.name] = _value(spec, value, home)
    return ManifestEntry(run.name, safe_name(run.name, "run"), RunRequest(**values))


def _value(spec: Spec, value: Any, home: Path) -> Any:  # noqa: ANN401 (each option has its own type)
    """Return a value of the manifest as the option has it."""
    if spec.about.pairs:
        pairs: Mapping[str, str] = value
        return tuple(f"{key}={one}" for key, one in pairs.items())
    if spec.many:
        return tuple(_value_of_one(spec, one, home) for one in value)
    return _value_of_one(spec, value, home)


def _value_of_one(spec: Spec, value: Any, home: Path) -> Any:  # noqa: ANN401 (each option has its own type)
    """Return one value as the option has it; a path is that of the manifest's folder."""
    if spec.type is Path:
        return home / value
    named = {"books": book_at, "preset": preset_at}.get(spec.name)
    return value if named is None else named(value, home)


def book_at(name: str, home: Path) -> str:
    """Return a rulebook that comes with the product by its name, another one by its path."""
    return name if (BOOKS / name).is_dir() and not (home / name).is_dir() else str(home / name)


def _clashes(entries: Sequence[ManifestEntry], node: Node) -> list[Problem]:
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


def _missing(file: Any, node: Node) -> list[Problem]:  # noqa: ANN401 (a model made of the options)
    """Return a problem for each run without what it needs."""
    problems = []
    for run, place in zip(file.runs, node.items("runs"), strict=True):
        said = {name: getattr(run, name) or getattr(file.defaults, name) for name in ("events", "as_of", "preset")}
        for name in ("events", "as_of"):
            if not said[name] and not (name == "as_of" and said["preset"]):
                fact = Text(f"“{run.name}”没有写{name}", f"{run.name!r} has no {name}")
                cure = Text(f"在这里或者 defaults 里写上 {name}", f"Give {name} here or under defaults")
                problems.append(Problem("missing-key", place.place_of(run.name), fact, cure))
    return problems
