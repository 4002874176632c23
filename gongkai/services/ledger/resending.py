"""An import held against what the ledger has: who enters it, and what a sheet sent again changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.ledger.folder import is_ledger
from events.ledger.importing.difference import Difference, difference, entries, table_of_rows
from events.ledger.load import load_ledger
from events.normalise.by_row import DERIVED
from events.problems import Problem, Text, Where, suggestion
from events.table import place_of, schema
from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.units import Registry

Sheet = tuple[str, "pa.Table"]
"""A file, and the rows in it."""


def held_against(ledger: Path, sheets: Sequence[Sheet]) -> list[Difference]:
    """Return what files say against a ledger, each; none where there is no ledger yet.

    Raises:
        ProblemError: the ledger cannot be read.
    """
    if not is_ledger(ledger):
        return []
    known = load_ledger(ledger, load_vocabulary()).table
    return [difference(known, table, file) for file, table in sheets]


def corrected(found: Sequence[Difference], sheets: Sequence[Sheet], at: str, *, withdraw: bool) -> list[Sheet]:
    """Return what has to be added to a ledger so that it says what files say, corrections and withdrawals included.

    Args:
        found: what the files say against it.
        sheets: the files.
        at: the moment of the import.
        withdraw: whether what is gone is withdrawn.
    """
    if not found:
        return list(sheets)
    moment, columns = datetime.fromisoformat(at), schema(load_vocabulary())
    return [
        (file, table_of_rows(entries(one, moment, withdraw=withdraw), columns))
        for (file, _), one in zip(sheets, found, strict=True)
    ]


def without_known(found: Sequence[Difference], sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return files without the rows that have no id of their own and that a ledger has already, under another id."""
    if not found:
        return list(sheets)
    left = []
    for (file, table), one in zip(sheets, found, strict=True):
        known = [row["id"] for row in one.elsewhere]
        left.append((file, table.filter(pc.invert(pc.is_in(table["id"], pa.array(known, pa.string()))))))
    return left


def has_derived(sheets: Sequence[Sheet]) -> bool:
    """Say whether any row has no id of its own."""
    return any(pc.any(pc.starts_with(table["id"], DERIVED)).as_py() for _, table in sheets if table.num_rows)


def not_theirs(sheets: Sequence[Sheet], unit: str | None, registry: Registry) -> list[Problem]:
    """Return a problem for the rows that a unit may not enter: those of others, and those that an evaluator enters.

    Args:
        sheets: the files.
        unit: the unit that imports (`--as-unit`); anybody may enter anything without.
        registry: the units.
    """
    if unit is None:
        return []
    found = registry.find(unit)
    if found is None:
        fact = Text(f"名录里没有“{unit}”", f"{unit!r} is not in the registry")
        cure = suggestion(registry.near(unit), Text("检查名录", "Check the registry"))
        return [Problem("bad-option", Where("--as-unit"), fact, cure, unit)]
    if registry.evaluates(found):
        return []
    name = registry.unit(found).name
    judged = {kind.name for kind in load_vocabulary().types.values() if kind.entered_by == "evaluator"}
    problems = []
    for _, table in sheets:
        told: set[str] = set()
        for row in table.select(["unit", "type", "file", "place"]).to_pylist():
            foreign, judgement = row["unit"] != found, row["type"] in judged
            what = row["unit"] if foreign else row["type"]
            if not (foreign or judgement) or what in told:
                continue
            told.add(what)
            where = place_of(row["file"], row["place"])
            owner = registry.unit(row["unit"]).name
            problems.append(_of_another(where, owner, name) if foreign else _judged(where, what, name))
    return problems


def _of_another(where: Where, other: str, name: str) -> Problem:
    fact = Text(f"这是{other}的记录，{name}不能登记", f"the entry is of {other}; {name} cannot enter it")
    cure = Text("请由那个单位或者负责评估的单位登记", "Let that unit, or the one that evaluates, enter it")
    return Problem("not-your-unit", where, fact, cure, other)


def _judged(where: Where, kind: str, name: str) -> Problem:
    label = load_vocabulary().label_of(kind)
    fact = Text(
        f"“{label.zh}”由负责评估的单位登记，{name}不能登记",
        f"{kind} is entered by the unit that evaluates, not by {name}",
    )
    cure = Text(
        "请删去这些行，交由负责评估的单位登记", "Take these rows out, and let the unit that evaluates enter them"
    )
    return Problem("not-your-entry", where, fact, cure, kind)
