"""The units that a document names: a registry of its own, or matched to a given one with did-you-mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from events.problems import Problem, Text, Where, suggestion
from rules.loading.registry import IMPLIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rules.drafting.drafted import NoticeClause
    from rules.units import Registry

EVERYONE: Final = "units"
_GROUP: Final = re.compile(
    r"^(?:街道办事处|乡镇(?:人民)?政府|镇(?:人民)?政府)$|^(?:各|全县|全市|全区|县直|市直|区直|县政府各|市政府各|区政府各|相关|有关|其他|其它|所有)|各(?:部门|单位|镇|乡|街)|成员单位"
)
_EVERYONE: Final = re.compile(r"单位|部门|镇|乡|街|县直|市直|区直|科室")
_SORTS: Final = (
    ("town", re.compile(r"(?:镇|乡)(?:人民)?(?:政府)?$")),
    ("subdistrict", re.compile(r"街道(?:办事处)?$")),
    ("zone", re.compile(r"(?:管委会|开发区|园区)$")),
    ("institution", re.compile(r"(?:学校|中学|小学|幼儿园|医院|卫生院|公司|集团|附小|中专|大学|学院|汽车站)$")),
    ("body", re.compile(r"(?:领导小组|委员会办公室|指挥部|专班)$")),
)


@dataclass(slots=True)
class Owners:
    """Whom the clauses of a document bind.

    Attributes:
        registry: the given registry, None where the document's own names make one.
        units: the units of the document's own registry: name and sort, by id.
        ids: the name in rules of what the document names, by that name.
        problems: names that the given registry does not have.
        unclear: names of groups that nothing says the units of: all units stand in.
    """

    registry: Registry | None
    units: dict[str, tuple[str, str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unclear: set[str] = field(default_factory=set)

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the units and groups that rules name for what a document names."""
        found = dict.fromkeys(self.ids.get(name, EVERYONE) for name in names if name != "等")
        return self.everyone() if EVERYONE in found or not found else tuple(found)

    def everyone(self) -> tuple[str, ...]:
        """Return all units: by the group of that name, else by the groups that every registry has."""
        if self.registry is None or self.registry.knows(EVERYONE):
            return (EVERYONE,)
        return tuple(group for group in IMPLIED if self.registry.members((group,)))


def owners_of(clauses: Sequence[NoticeClause], registry: Registry | None, where: str) -> Owners:
    """Return whom the names in clauses mean."""
    owners = Owners(registry)
    for clause in clauses:
        for name in (*clause.lead, *clause.responsible):
            if name != "等" and name not in owners.ids:
                owners.ids[name] = _known(name, owners, clause, where)
    if registry is None:
        sorts = {sort for _, sort in owners.units.values()}
        empty = {"towns": not sorts & {"town", "subdistrict"}, "departments": "department" not in sorts}
        owners.ids = {name: EVERYONE if empty.get(one, False) else one for name, one in owners.ids.items()}
    return owners


def _known(name: str, owners: Owners, clause: NoticeClause, where: str) -> str:
    """Return what rules call a unit or group, and remember it."""
    if owners.registry is None:
        if _GROUP.search(name):
            owners.unclear |= set() if _EVERYONE.search(name) else {name}
            return _group(name)
        owners.units[f"u{len(owners.units) + 1:02}"] = (name, _sort(name))
        return name
    if owners.registry.find(name) is not None:
        return name
    if name in owners.registry.groups:
        return name
    if _GROUP.search(name):
        group = _group(name)
        owners.unclear |= set() if _EVERYONE.search(name) else {name}
        return group if owners.registry.members((group,)) else EVERYONE
    fact = Text(f"名录里没有“{name}”", f"{name!r} is not in the registry")
    cure = suggestion(owners.registry.near(name), Text("在名录里补上，或者改成名录里的名称", "Add it to the registry"))
    owners.problems.append(Problem("unknown-unit", clause.place or Where(where), fact, cure, name, severity="warning"))
    return EVERYONE


def _group(name: str) -> str:
    """Return the group that words such as 各镇街 mean."""
    towns = re.search(r"镇|乡|街", name) is not None
    departments = re.search(r"部门|单位|委办局|县直", name) is not None
    return (
        "towns"
        if towns and not departments
        else "departments"
        if departments and not towns and "部门" in name
        else EVERYONE
    )


def _sort(name: str) -> str:
    return next((sort for sort, pattern in _SORTS if pattern.search(name)), "department")


def registry_of(owners: Owners, county: str, name: str) -> Mapping[str, Any]:
    """Return the registry of the units that a document names, as YAML has it."""
    units = [{"id": one, "name": unit, "sort": sort} for one, (unit, sort) in owners.units.items()]
    units = units or [{"id": "u01", "name": name or "本单位", "sort": "department"}]
    groups = {EVERYONE: [unit["id"] for unit in units]}
    return {"county": {"id": county, "name": name or "本县"}, "groups": groups, "units": units}
