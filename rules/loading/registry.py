"""Reading a county's unit registry from YAML."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pydantic
from pydantic import Field, model_validator

from events.problems import Problem, Text, did_you_mean, has_errors, sort_problems, suggestion
from events.storage.ordinary import read_ordinary
from events.storage.values import KeptValues
from rules.loading.kept import makers
from rules.model import EndDay, Model, Word
from rules.units import Registry, Unit, chosen_by, fold_name
from rules.yaml.nodes import MAX_BYTES, WORTH_KEEPING, Node, read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.problems import Where

UNITS = Path(__file__).parents[1] / "registries"

IMPLIED: Mapping[str, tuple[str, ...]] = {
    "departments": ("department",),
    "towns": ("town", "subdistrict"),
    "zones": ("zone",),
    "institutions": ("institution",),
    "bodies": ("body",),
}
"""Groups that every registry has, by the sorts of unit in them."""

SUPERVISED = "supervised_departments"
"""The departments that are not themselves the authority in charge, to which they hand in their reports."""

_VALUES = KeptValues((Registry, Unit))

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class _County(Model):
    """Whose units these are."""

    id: str = Field(pattern=f"^{_ID.pattern}$")
    name: Word


class _Unit(Model):
    """One unit as the file says it."""

    id: str = Field(pattern=f"^{_ID.pattern}$", max_length=64)
    name: Word
    sort: Literal["department", "town", "subdistrict", "zone", "institution", "body"]
    tags: tuple[Word, ...] = Field(default=(), description="words of the county's own that rules may choose units by")
    aliases: tuple[Word, ...] = ()
    evaluates: bool = False
    supervisor: str | None = None
    since: date | None = Field(default=None, alias="from", description="its first day")
    until: EndDay | None = Field(default=None, description="its last day")
    successors: tuple[Word, ...] = Field(default=(), description="the units that took its work over")

    @model_validator(mode="before")
    @classmethod
    def _one_successor(cls, value: object) -> object:
        """Read `successor: 县商务局`, and one successor given without a list."""
        if not isinstance(value, dict):
            return value
        named = {key: one for key, one in value.items() if key != "successor"}
        if "successor" in value and "successors" not in value:
            named["successors"] = value["successor"]
        one = named.get("successors")
        return {**named, "successors": [one]} if isinstance(one, str) else named

    @model_validator(mode="after")
    def _in_order(self) -> _Unit:
        """Refuse a unit that ends before it begins, and one with successors that does not end."""
        if self.since is not None and self.until is not None and self.until < self.since:
            msg = f"it ends on {self.until}, before it begins on {self.since}"
            raise ValueError(msg)
        if self.successors and self.until is None:
            msg = "give until, the last day of the unit, with its successors"
            raise ValueError(msg)
        return self


class _File(Model):
    """The file as a whole."""

    county: _County
    units: tuple[_Unit, ...] = Field(min_length=1)
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def packaged_registry(county: str = "jinxiang") -> Path:
    """Return the path of a registry that comes with the product."""
    return UNITS / f"{county}.yaml"


def load_registry(path: Path) -> tuple[Registry | None, tuple[Problem, ...]]:
    """Read a unit registry.

    Args:
        path: the YAML file.

    Returns:
        The registry, None where the file is unusable, and everything that is wrong with it.
    """
    made_of = _made_of(path)
    kept = None if made_of is None else _VALUES.recall(makers(), made_of)
    if isinstance(kept, Registry):
        return kept, ()
    registry, problems = _read(path)
    if registry is not None and not problems and made_of is not None and made_of == _made_of(path):
        _VALUES.keep(makers(), made_of, registry)
    return registry, problems


def _made_of(path: Path) -> str | None:
    """Return what decides how a registry is, besides the code; None where that is not worth keeping or unreadable."""
    try:
        raw = read_ordinary(path, MAX_BYTES)
    except (OSError, ValueError):  # who reads it says what is wrong with it
        return None
    return f"units {hashlib.sha256(raw).hexdigest()} pydantic {pydantic.VERSION}" if len(raw) >= WORTH_KEEPING else None


def _read(path: Path) -> tuple[Registry | None, tuple[Problem, ...]]:
    """Return what the file says, and what is wrong with it."""
    node, problems = read_yaml(path)
    if node is None:
        return None, problems
    file, wrong = validate(_File, node)
    problems += wrong
    if file is None:
        return None, sort_problems(problems)
    names = _Names()
    for unit, entry in zip(file.units, node.items("units"), strict=True):
        names.add(unit, entry)
    for unit, entry in zip(file.units, node.items("units"), strict=True):
        names.check_supervisor(unit, entry)
        names.check_successors(unit, entry)
    groups = _Groups(file, node, names)
    problems = sort_problems((*problems, *names.problems, *groups.problems))
    if has_errors(problems):
        return None, problems
    units = tuple(_made(unit, names) for unit in file.units)
    digest = hashlib.sha256(read_ordinary(path)).hexdigest()
    return Registry(file.county.id, file.county.name, units, groups.resolved(), digest), problems


def _made(unit: _Unit, names: _Names) -> Unit:
    """Return a unit with the units that it names as ids."""
    return Unit(
        unit.id,
        unit.name,
        unit.sort,
        unit.aliases,
        unit.evaluates,
        names.find(unit.supervisor) if unit.supervisor else None,
        unit.since,
        unit.until,
        tuple(found for name in unit.successors if (found := names.find(name)) is not None),
        unit.tags,
    )


class _Names:
    """Every name of every unit, each belonging to one unit only."""

    def __init__(self) -> None:
        """Start with no names."""
        self.ids: dict[str, str] = {}
        self.written: list[str] = []
        self.problems: list[Problem] = []
        self._unit_ids: set[str] = set()

    def add(self, unit: _Unit, node: Node) -> None:
        """Take in the names of a unit, or say which are taken."""
        if unit.id in self._unit_ids:
            self.problems.append(_taken(_value(node, "id"), unit.id, unit.id))
            return
        self._unit_ids.add(unit.id)
        alias_nodes = node.items("aliases")
        places = [_value(node, "id"), _value(node, "name"), *(alias.where for alias in alias_nodes)]
        for name, where in zip((unit.id, unit.name, *unit.aliases), places, strict=True):
            owner = self.ids.setdefault(fold_name(name), unit.id)
            if owner != unit.id:
                self.problems.append(_taken(where, name, owner))
            self.written.append(name)

    def find(self, name: str) -> str | None:
        """Return the id of the unit of this name."""
        return self.ids.get(fold_name(name))

    def check_successors(self, unit: _Unit, node: Node) -> None:
        """Say which successors are no units, or the unit itself."""
        for name in unit.successors:
            found = self.find(name)
            where = node.place_of(name)
            if found is None:
                self.problems.append(_unknown(where, name, self.written))
            elif found == unit.id:
                fact = Text(f"“{unit.name}”的承继单位是它自己", f"{unit.name!r} is its own successor")
                cure = Text("请写接手工作的单位", "Name the unit that took over")
                self.problems.append(Problem("bad-value", where, fact, cure, name))

    def check_supervisor(self, unit: _Unit, node: Node) -> None:
        """Resolve the supervisor's name, or say that there is no such unit."""
        if unit.supervisor is None:
            return
        found = self.find(unit.supervisor)
        if found is None:
            self.problems.append(_unknown(_value(node, "supervisor"), unit.supervisor, self.written))
        else:
            self.ids[unit.supervisor] = found


class _Groups:
    """The implied groups and those of the file, as unit ids."""

    def __init__(self, file: _File, node: Node, names: _Names) -> None:
        """Resolve every group, collecting what cannot be resolved."""
        self._file = file
        self._entries = groups.children if (groups := node.get("groups")) is not None else {}
        self._names = names
        self.problems: list[Problem] = []
        self._done: dict[str, tuple[str, ...]] = {
            group: tuple(unit.id for unit in file.units if unit.sort in sorts) for group, sorts in IMPLIED.items()
        }
        self._done[SUPERVISED] = tuple(u.id for u in file.units if u.sort == "department" and not u.evaluates)
        for group in file.groups:
            self._check_name(group)
        for group in file.groups:
            self._resolve(group, ())

    def resolved(self) -> dict[str, tuple[str, ...]]:
        """Return the unit ids by group, in the order of the registry."""
        return dict(self._done)

    def _check_name(self, group: str) -> None:
        """Refuse a group named like an implied one or like a unit."""
        where = self._entries[group].key
        owner = "an implied group" if group in {*IMPLIED, SUPERVISED} else self._names.find(group)
        if owner is not None:
            fact = Text(f"组名“{group}”已被使用", f"the name {group!r} is taken by {owner}")
            self.problems.append(Problem("duplicate-name", where, fact, _OTHER_NAME, group))

    def _resolve(self, group: str, inside: tuple[str, ...]) -> set[str]:
        """Return the unit ids of a group; `inside` are the groups being resolved around it."""
        if group in self._done:
            return set(self._done[group])
        entries = self._entries[group].children.values()
        members: set[str] = set()
        for name, entry in zip(self._file.groups[group], entries, strict=True):
            members |= self._member(name, entry, (*inside, group))
        self._done[group] = tuple(unit.id for unit in self._file.units if unit.id in members)
        return members

    def _member(self, name: str, entry: Node, inside: tuple[str, ...]) -> set[str]:
        """Return the unit ids that one entry of a group stands for."""
        if name in inside:
            fact = Text(f"组“{name}”包含自身", f"the group {name!r} contains itself")
            cure = Text("请写出单位", "Name the units instead")
            self.problems.append(Problem("group-cycle", entry.where, fact, cure, name))
            return set()
        if name in self._done or name in self._file.groups:
            return self._resolve(name, inside)
        found = self._names.find(name)
        if found is None and chosen_by(name):
            chosen = self._chosen(name)
            if chosen:
                return chosen
        if found is None:
            known = [*self._names.written, *self._done, *self._file.groups]
            self.problems.append(_unknown(entry.where, name, known))
            return set()
        return {found}

    def _chosen(self, name: str) -> set[str]:
        """Return the ids of the units that a name chooses by their sort, tags or supervisor."""
        asked = chosen_by(name)
        made = (_made(unit, self._names) for unit in self._file.units)
        ids = {value: self._names.find(value) or value for key, value in asked if key == "supervisor"}
        return {unit.id for unit in made if all(unit.has(key, ids.get(value, value)) for key, value in asked)}


_OTHER_NAME = Text("请换一个名称", "Choose another name")


def _value(node: Node, key: str) -> Where:
    """Return the place of the value under `key`, or of the whole."""
    child = node.get(key)
    return child.where if child is not None else node.where


def _taken(where: Where, name: str, owner: str) -> Problem:
    """Return the problem of a name that two units have."""
    fact = Text(f"名称“{name}”已属于单位 {owner}", f"the name {name!r} already belongs to the unit {owner}")
    cure = Text("请只保留一处，或者换一个名称", "Keep it in one place, or choose another name")
    return Problem("duplicate-name", where, fact, cure, name)


def _unknown(where: Where, name: str, known: list[str]) -> Problem:
    """Return the problem of a name that is no unit and no group."""
    fact = Text(f"名录中没有单位或组“{name}”", f"there is no unit or group {name!r}")
    otherwise = Text("请先在 units 中登记", "Add it to units first")
    return Problem("unknown-unit", where, fact, suggestion(did_you_mean(fold_name(name), known), otherwise), name)
