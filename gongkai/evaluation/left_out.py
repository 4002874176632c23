"""Files left out of a run because they could not be read: `--skip-unreadable`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from events.ledger.folder import is_ledger
from events.problems import Text, Where
from events.table import place_of, place_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.problems import Lang, Problem
    from events.read import ReadResult
    from rules.units import Registry

KEPT = frozenset({"bad-mapping"})
"""Problems that are none of the rows."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row, a sheet or a file that a run left out.

    Attributes:
        where: its place; a row's cell is that of the first thing that is wrong.
        unit: id of the unit that it is of, as far as that is known.
        facts: what is wrong with it.
    """

    where: Where
    unit: str | None
    facts: tuple[Text, ...]


def skipped(log: ReadResult, registry: Registry) -> tuple[ReadResult, tuple[LeftOut, ...]]:
    """Return a log whose rows that cannot be read are left out, and what these are.

    Their problems become warnings. Where nothing at all can be read, where a ledger is damaged, or where a mapping is
    wrong, the problems stay errors.

    Args:
        log: what was read.
        registry: the units.
    """
    of_rows = [one for one in log.problems if one.severity == "error" and _is_of_rows(one)]
    if not of_rows or not log.table.num_rows:
        return log, ()
    groups: dict[Where, list[Problem]] = {}
    for problem in of_rows:
        groups.setdefault(_row(problem.where), []).append(problem)
    for one in log.unread:
        groups.setdefault(_row(one.where), [])
    units = _units(log, registry)
    places = {_row(one.where): one.where for one in log.unread}
    left = tuple(
        LeftOut(found[0].where if found else places[row], _unit(row, units), tuple(one.fact for one in found))
        for row, found in groups.items()
    )
    problems = tuple(replace(one, severity="warning") if one in of_rows else one for one in log.problems)
    return replace(log, problems=problems), left


def left_out_record(left: Sequence[LeftOut], registry: Registry, lang: Lang) -> list[dict[str, object]]:
    """Return what `run.json` and the report say of what was left out."""
    names = {unit.id: unit.name for unit in registry.units}
    return [
        {
            "unit": one.unit,
            "unit_name": names.get(one.unit or "", ""),
            "file": PurePath(one.where.file).name,
            "place": place_text(one.where),
            "facts": [fact.in_(lang) for fact in one.facts],
        }
        for one in left
    ]


def _is_of_rows(problem: Problem) -> bool:
    file = problem.where.file
    return problem.code not in KEPT and not file.startswith("--") and not is_ledger(Path(file))


def _row(where: Where) -> Where:
    """Return the place of a row, whichever cell of it is meant."""
    if where.cell is not None:
        return replace(where, cell="".join(one for one in where.cell if one.isdigit()))
    return replace(where, column=None)


def _unit(row: Where, units: dict[Where, str | None]) -> str | None:
    """Return the unit of a row: its own, else that of its sheet or file where all others are of one."""
    sheet, file = Where(row.file, sheet=row.sheet), Where(row.file)
    return next((units[one] for one in (row, sheet, file) if units.get(one) is not None), None)


def _units(log: ReadResult, registry: Registry) -> dict[Where, str | None]:
    """Return the unit of rows, of sheets and files whose rows are all of one, and of files that are named after one."""
    units: dict[Where, str | None] = {}
    for file in {one.where.file for one in log.problems}:
        units[Where(file)] = _named(PurePath(file).stem, registry)
    found: dict[Where, set[str]] = {}
    for row in log.table.select(["unit", "file", "place"]).to_pylist():
        where = place_of(row["file"], row["place"])
        for part in (Where(where.file), Where(where.file, sheet=where.sheet)):
            found.setdefault(part, set()).add(row["unit"])
    units |= {part: next(iter(some)) for part, some in found.items() if len(some) == 1}
    units |= {_row(one.where): one.unit for one in log.unread if one.unit is not None}
    return units


def _named(stem: str, registry: Registry) -> str | None:
    """Return the unit that a file is named after: its name stands in the file's."""
    whole = registry.find(stem)
    if whole is not None:
        return whole
    inside = {unit.id for unit in registry.units if _has_name(stem, (unit.name, *unit.aliases))}
    return next(iter(inside)) if len(inside) == 1 else None


def _has_name(stem: str, names: Iterable[str]) -> bool:
    return any(name in stem for name in names)
