"""Units of a ledger that the registry no longer has: told, and given to their successors where those are said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.findings import shown
from events.mapping import IGNORE
from events.problems import Problem, Text, Where, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.ledger.load import Loaded
    from events.rows import UnitNames


def with_successors(
    loaded: Loaded, names: UnitNames, successors: Mapping[str, str], ledger: str
) -> tuple[Loaded, list[Problem]]:
    """Return a ledger with the units of the registry, and what is to be told.

    Args:
        loaded: the ledger.
        names: the unit registry.
        successors: `units` of the mapping: name to name, or to `ignore`.
        ledger: the ledger, for problems.

    Returns:
        The ledger; events of units that nobody knows stay as they are, and nothing is owed by them. A warning for each
        such unit, and for each that is left out.
    """
    table, origin = loaded.table, loaded.origin
    problems: list[Problem] = []
    known: dict[str, str] = {}
    for unit in pc.unique(table["unit"].combine_chunks()).drop_null().to_pylist():
        target = successors.get(unit, unit)
        found = None if target == IGNORE else names.find(target)
        if found is not None and found != unit:
            known[unit] = found
        elif found is None:
            problems.append(_told(table, unit, names, ledger, ignored=target == IGNORE))
    ignored = [unit for unit in successors if successors[unit] == IGNORE]
    if ignored:
        kept = pc.invert(pc.is_in(table["unit"], pa.array(ignored, pa.string())))
        table, origin = table.filter(kept), origin.filter(kept)
    if known:
        old = pa.array(list(known), pa.string())
        new = pa.array(list(known.values()), pa.string())
        units = table["unit"].combine_chunks()
        units = pc.coalesce(new.take(pc.index_in(units, old)), units)
        table = table.set_column(table.column_names.index("unit"), "unit", units)
    return replace(loaded, table=table, origin=origin), problems


def _told(table: pa.Table, unit: str, names: UnitNames, ledger: str, *, ignored: bool) -> Problem:
    """Return the warning about the entries of one unit."""
    rows = table.filter(pc.equal(table["unit"], unit))
    first = f"{rows['file'][0].as_py()} {rows['place'][0].as_py()}"
    said, number = shown(unit), rows.num_rows
    if ignored:
        left_out = Text(
            f"按对照文件略去“{said}”的{number}条记录", f"{number} entries of {said!r} are left out, as the mapping says"
        )
        return Problem("unit-ignored", Where(ledger), left_out, Text("", ""), unit, "warning")
    fact = Text(
        f"账本里有{number}条“{said}”的记录，单位名录里没有它，这些记录不评估（第一条：{first}）",
        f"{number} entries are of {said!r}, which is not in the registry, and are not judged (the first: {first})",
    )
    near = suggestion(names.near(unit), Text("", ""))
    cure = Text(
        f"{near.zh}机构改革的，在对照文件里写承接单位（--mapping，units: {{{said}: 承接单位}}），"
        "或者在名录中写作它的 aliases",
        f"{near.en} Where it was reorganised, say its successor in the mapping (--mapping, units: "
        f"{{{said}: SUCCESSOR}}) or make it one of the successor's aliases in the registry",
    )
    return Problem("unknown-unit", Where(ledger), fact, cure, unit, "warning")
