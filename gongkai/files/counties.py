"""Whose units, books and waivers go with which county of a run over many, from options and a file.

```yaml
counties:
  - county: c0001
    units: c0001/units.yaml
    books: [jinxiang-2023, c0001/book]
    waivers: c0001/waivers.yaml
  - county: c0002
    books: c0002/book
```

Paths are those of the file's folder. What a county does not say, and a county that is not in the file, goes by the
options of the run. A county of the file is judged also where the log has nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from engine.compile.plan import County
from engine.kinds import KINDS
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.storage.ordinary import read_ordinary
from events.vocabulary import load_vocabulary
from gongkai.files.manifest import Words, book_at
from gongkai.files.waivers import load_waivers
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS
from gongkai.parsing import parse_readings
from rules.load import load_books
from rules.loading.packaged import find_book
from rules.loading.registry import load_registry
from rules.loading.resolved import unknown_owners
from rules.model import Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from engine.waivers import Waiver
    from gongkai.options import RunRequest
    from gongkai.parsing import Gathering
    from rules.book import Book
    from rules.units import Registry


SHOWN = 5
"""How many units that a registry lacks a problem names."""


class _County(Model):
    """What the file says of one county."""

    county: Word
    units: Word | None = None
    books: Words | None = None
    waivers: Word | None = None


class _File(Model):
    """The file of counties."""

    counties: tuple[_County, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What one county has of its own; None is what the run has."""

    units: Path | None = None
    books: tuple[str, ...] | None = None
    waivers: Path | None = None


@dataclass(frozen=True, slots=True)
class CountyInputs:
    """The books of a run over many counties, and what each of the counties has of its own.

    Attributes:
        books: all books by the name that they are asked for.
        common: the names of those that a county without its own goes by.
        own: what counties have of their own, by county.
    """

    books: Mapping[str, Book]
    common: tuple[str, ...]
    own: Mapping[str, Own] = field(default_factory=dict)

    def books_of(self, county: str) -> tuple[Book, ...]:
        """Return the books that a county goes by."""
        chosen = self.own.get(county, Own()).books
        return tuple(self.books[name] for name in (self.common if chosen is None else chosen))

    def hashes(self) -> dict[str, dict[str, object]]:
        """Return, for the receipt, what counties have of their own: ids of books, and the hash of the waivers."""
        found: dict[str, dict[str, object]] = {}
        for county, own in sorted(self.own.items()):
            found[county] = {"books": [book.id for book in self.books_of(county)]}
            if own.waivers is not None:
                found[county]["waivers"] = sha256(read_ordinary(own.waivers)).hexdigest()
        return found


def load_county_inputs(request: RunRequest, gathering: Gathering) -> CountyInputs:
    """Read the file of counties and all books; what is wrong goes to the gathering."""
    own: dict[str, Own] = {}
    if request.counties is not None:
        own, problems = _read(request.counties)
        gathering.problems += problems
    common = tuple(dict.fromkeys(request.books))
    names = tuple(dict.fromkeys([*common, *(name for one in own.values() for name in one.books or ())]))
    gathering.problems += use_words(names, request.vocabulary)
    readings = parse_readings(request.readings, gathering)
    books, problems = load_books(names, KINDS, readings=readings, vocabulary=load_vocabulary(), registry=None)
    gathering.problems += problems
    if has_errors(problems):
        return CountyInputs({}, common, own)
    gathering.problems += _same_ids(names, books)
    return CountyInputs(dict(zip(names, books, strict=True)), common, own)


def _read(path: Path) -> tuple[dict[str, Own], tuple[Problem, ...]]:
    """Read the file of counties."""
    node, problems = read_yaml(path)
    if node is None or has_errors(problems):
        return {}, problems
    file, wrong = validate(_File, node)
    problems = (*problems, *wrong)
    if file is None:
        return {}, problems
    home, found = path.parent, {}
    for one, place in zip(file.counties, node.items("counties"), strict=True):
        if one.county in found:
            fact = Text(f"“{one.county}”写了两次", f"{one.county!r} is there twice")
            cure = Text("合成一项", "Make one entry of them")
            problems = (*problems, Problem("same-name", place.place_of(one.county), fact, cure, one.county))
        found[one.county] = Own(
            home / one.units if one.units is not None else None,
            tuple(dict.fromkeys(book_at(name, home) for name in one.books)) if one.books is not None else None,
            home / one.waivers if one.waivers is not None else None,
        )
    return found, problems


def _same_ids(names: Sequence[str], books: Sequence[Book]) -> list[Problem]:
    """Return a problem for each book that has the id of an earlier one: obligations are told apart by it."""
    taken: dict[str, str] = {}
    problems = []
    for name, book in zip(names, books, strict=True):
        first = taken.setdefault(book.id, name)
        if first != name:
            fact = Text(
                f"规则库“{name}”和“{first}”的编号都是 {book.id}", f"the books {name!r} and {first!r} are both {book.id}"
            )
            cure = Text("给其中一本换一个 id", "Give one of them another id")
            problems.append(Problem("same-book-id", Where(name), fact, cure, book.id))
    return problems


def gather_counties(
    request: RunRequest, inputs: CountyInputs, names: Sequence[str], gathering: Gathering
) -> tuple[tuple[County, ...], tuple[Waiver, ...]]:
    """Return the counties of a run with their units and books, sorted, and all their waivers.

    Args:
        request: what is asked for.
        inputs: what `load_county_inputs` read.
        names: the counties that the log has.
        gathering: takes what is wrong.
    """
    registries = _registries(request, inputs, names, gathering)
    gathering.problems += _unmatched(request, inputs, names, registries)
    counties = tuple(County(registries[name], inputs.books_of(name)) for name in sorted(registries))
    gathering.problems += [
        problem for one in counties if one.registry.county in inputs.own for problem in _unknown_units(one, inputs)
    ]
    waivers: list[Waiver] = []
    for one in counties:
        name = one.registry.county
        found, problems = load_waivers(inputs.own.get(name, Own()).waivers, one.registry, one.books)
        gathering.problems += problems
        waivers += [replace(waiver, county=name) for waiver in found]
    return counties, tuple(waivers)


def _unknown_units(county: County, inputs: CountyInputs) -> list[Problem]:
    """Return a problem for each unit or group that a county's own books name and its registry lacks.

    It is an error where the book wrote the rule itself, as `rules check` says; of those that it takes over from another
    book none owes, and they are one warning.

    Args:
        county: its units and books.
        inputs: what says of a county whether its books are its own.
    """
    name, registry = county.registry.county, county.registry
    if inputs.own[name].books is None:
        return []
    folders = [find_book(book)[0] for book in inputs.own[name].books or ()]
    wrong = [
        problem
        for folder in folders
        if folder is not None
        for problem in unknown_owners(folder, KINDS, load_vocabulary(), registry)
    ]
    owing = {one for book in county.books for rule in book.versions() for one in rule.owed_by}
    told = {problem.value for problem in wrong}
    unknown = sorted(one for one in owing if one not in told and not registry.knows(one))
    if not unknown:
        return wrong
    shown = "、".join(unknown[:SHOWN]) + ("…" if len(unknown) > SHOWN else "")
    fact = Text(
        f"{name} 的规则库写了{len(unknown)}个名录中没有的单位或组，由它们承担的没有评估：{shown}",
        f"the books of {name} name {len(unknown)} units or groups that its registry lacks, which owe nothing: {shown}",
    )
    near = [one for some in unknown[:SHOWN] for one in registry.near(some)[:1]]
    cure = suggestion(near, Text("请在单位名录中登记", "Add them to the unit registry"))
    where = Where(str(inputs.own[name].units or name))
    return [*wrong, Problem("unknown-unit", where, fact, cure, unknown[0], "warning")]


def _unmatched(
    request: RunRequest, inputs: CountyInputs, names: Sequence[str], registries: Mapping[str, Registry]
) -> list[Problem]:
    """Return what is wrong with counties of the file: one without units, and one that the log has nothing of.

    The latter may be a misspelt name, and every duty of such a county would be called violated; so it is told.
    """
    problems = []
    for county in inputs.own:
        where = Where(str(request.counties))
        if county not in registries:
            fact = Text(f"没有“{county}”的名录", f"there is no registry of {county!r}")
            cure = Text("写上 units:，或者在 --units 文件夹里补上", "Give it units:, or add one to the --units folder")
            problems.append(Problem("no-county", where, fact, cure, county))
        elif county not in names:
            fact = Text(f"台账里没有“{county}”的记录，按没有记录评估", f"the log has nothing of {county!r}")
            cure = suggestion(did_you_mean(county, names), Text("核对县的名称", "Check the county's name"))
            problems.append(Problem("silent-county", where, fact, cure, county, severity="warning"))
    return problems


def _registries(
    request: RunRequest, inputs: CountyInputs, names: Sequence[str], gathering: Gathering
) -> dict[str, Registry]:
    """Return the registry of each county: its own, one of a folder of registries, or one whose units all have."""
    found: dict[str, Registry] = {}
    for name, own in inputs.own.items():
        if own.units is not None:
            registry = _registry(own.units, gathering)
            if registry is not None:
                found[name] = replace(registry, county=name)
    units = request.units or DEFAULT_UNITS
    rest = [name for name in dict.fromkeys([*names, *inputs.own]) if inputs.own.get(name, Own()).units is None]
    if units.is_dir():
        for file in sorted(units.glob("*.yaml")):
            registry = _registry(file, gathering)
            if registry is not None:
                found.setdefault(registry.county, registry)
        return found
    registry = _registry(units, gathering) if rest else None
    return found if registry is None else found | {name: replace(registry, county=name) for name in rest}


def _registry(path: Path, gathering: Gathering) -> Registry | None:
    """Read a registry; what is wrong goes to the gathering."""
    registry, problems = load_registry(path)
    gathering.problems += problems
    return registry
