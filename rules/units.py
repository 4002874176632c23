"""The unit registry: who owes something, under which names, in which groups."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from events.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


SHORT_COUNTY = "县"
"""How the county is named in front of its departments' names."""

SHORTEST_NAME = 3
"""How short a name without its county may be: 民政局."""


SORTS: Final = ("department", "town", "subdistrict", "zone", "institution", "body")
"""The sorts of unit that there are."""

CHOSEN_BY: Final = ("sort", "tag", "supervisor")
"""The attributes of the registry that rules may name units by: `sort:town`, `tag:沿河`, `sort:town+tag:沿河`."""


def chosen_by(name: str) -> tuple[tuple[str, str], ...]:
    """Return the attributes and values that a name chooses units by; none where it is a plain name."""
    parts = tuple(tuple(part.strip() for part in one.partition(":")[::2]) for one in name.split("+"))
    pairs = tuple((key, value) for key, value in parts)
    return pairs if all(key in CHOSEN_BY and value for key, value in pairs) else ()


@lru_cache(maxsize=1 << 15)
def fold_name(name: str) -> str:
    """Return a unit's name without spaces and with half-width brackets, as names are compared."""
    return "".join(name.translate(FULL_WIDTH).split())


def _implied_names(name: str, county: str) -> tuple[str, ...]:
    """Return the forms of a name in use besides it: 民政局 and 金乡县民政局 for 县民政局, 金乡县司马镇 for 司马镇."""
    short = name.removeprefix(county).removeprefix(SHORT_COUNTY)
    forms = (short, SHORT_COUNTY + short, county + short) if name != short else (county + short,)
    return tuple(form for form in forms if len(short) >= SHORTEST_NAME and form != name)


@dataclass(frozen=True, slots=True)
class Unit:
    """A department, town, subdistrict, zone, institution or body.

    Attributes:
        id: short ASCII name, also used for file names: lower-case letters, digits and hyphens.
        name: the name that reports show, such as 县民政局.
        sort: department, town, subdistrict, zone, institution or body.
        aliases: further names, former ones and spellings included.
        evaluates: whether this unit also carries out the evaluation (县政府办公室).
        supervisor: id of the unit that supervises it, for institutions.
        since: its first day, where it was set up within a time that matters.
        until: its last day, where it was abolished.
        successors: ids of the units that took its work over; what was logged under its name counts for them too.
        tags: words of the county's own that rules may choose units by, such as 沿河.
    """

    id: str
    name: str
    sort: str
    aliases: tuple[str, ...] = ()
    evaluates: bool = False
    supervisor: str | None = None
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def has(self, attribute: str, value: str) -> bool:
        """Say whether an attribute of the registry has a value here."""
        if attribute == "tag":
            return value in self.tags
        return value == (self.sort if attribute == "sort" else self.supervisor)


@dataclass(frozen=True, slots=True)
class Registry:
    """The units of one county, and their groups.

    Attributes:
        county: id of the county.
        name: its name.
        units: the units in the order of the registry.
        groups: unit ids by group name.
        sha256: hash of the file that it was read from.
    """

    county: str
    name: str
    units: tuple[Unit, ...]
    groups: Mapping[str, tuple[str, ...]]
    sha256: str = ""
    _by_name: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the units by every name they have, and by those that follow from them where only one unit has it."""
        for unit in self.units:
            for name in (unit.id, unit.name, *unit.aliases):
                self._by_name.setdefault(fold_name(name), unit.id)
        implied: dict[str, set[str]] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                for form in _implied_names(fold_name(name), fold_name(self.name)):
                    implied.setdefault(form, set()).add(unit.id)
        for form, owners in implied.items():
            if len(owners) == 1:
                self._by_name.setdefault(form, *owners)

    def of_county(self, county: str) -> Registry:
        """Return the same units as those of a county of another id, without indexing them again."""
        same = copy(self)
        object.__setattr__(same, "county", county)
        return same

    def find(self, name: str) -> str | None:
        """Return the id of the unit with this id, name or alias, or None."""
        return self._by_name.get(fold_name(name))

    def near(self, name: str) -> tuple[str, ...]:
        """Return the known names most like `name`, best first."""
        names = [name for unit in self.units for name in (unit.name, *unit.aliases)]
        return did_you_mean(fold_name(name), names)

    def unit(self, unit_id: str) -> Unit:
        """Return the unit with this id.

        Raises:
            KeyError: no unit has this id.
        """
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)

    def families(self, units: Collection[str]) -> frozenset[str]:
        """Return units with those that took their work over, those whose work they took over, and so on."""
        pairs = [(unit.id, heir) for unit in self.units for heir in unit.successors]
        found = set(units)
        while True:
            near = {one for pair in pairs if found & set(pair) for one in pair}
            if near <= found:
                return frozenset(found)
            found |= near

    def evaluates(self, unit_id: str) -> bool:
        """Say whether a unit of this id carries out the evaluation."""
        return any(unit.evaluates for unit in self.units if unit.id == unit_id)

    def knows(self, name: str) -> bool:
        """Say whether a name in `owed_by` is a unit, a group, or chooses units by an attribute that some have."""
        return name in self.groups or self.find(name) is not None or bool(self._chosen(name))

    def words(self) -> tuple[str, ...]:
        """Return every way to choose units by one attribute."""
        tags = dict.fromkeys(f"tag:{tag}" for unit in self.units for tag in unit.tags)
        return (*(f"sort:{sort}" for sort in SORTS), *tags)

    def _chosen(self, name: str) -> tuple[str, ...]:
        """Return the ids of the units that have all the attributes that a name asks for."""
        asked = tuple(
            (key, (self.find(value) or value) if key == "supervisor" else value) for key, value in chosen_by(name)
        )
        return tuple(unit.id for unit in self.units if asked and all(unit.has(*one) for one in asked))

    def members(self, owed_by: tuple[str, ...]) -> tuple[str, ...]:
        """Return the ids of the units that the groups and units of `owed_by` name, each once, in registry order."""
        wanted: set[str] = set()
        for name in owed_by:
            wanted.update(self.groups.get(name, ()))
            found = self.find(name)
            if found is not None and name not in self.groups:
                wanted.add(found)
            elif name not in self.groups:
                wanted.update(self._chosen(name))
        return tuple(unit.id for unit in self.units if unit.id in wanted)
