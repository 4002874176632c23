"""Who enters what: judgements that settle nothing, because nobody, or the unit itself, is named as their evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.problems import Problem, Text
from events.table import place_of

if TYPE_CHECKING:
    from events.problems import Where
    from events.rows import UnitNames
    from events.vocabulary import Vocabulary

EVALUATOR = "data.evaluator"
SHORTEST = 2

_WHY = {
    "nobody": Text("没有写明评价人", "it does not name its evaluator"),
    "itself": Text("评价人就是本单位", "its evaluator is the unit itself"),
    "other": Text("评价人不是负责评估的单位的", "its evaluator is not of a unit that evaluates"),
}


def evaluator_unit(text: str, names: UnitNames) -> str | None:
    """Return the unit that an evaluator is or belongs to (县政府办公室 张三), None where none is named."""
    for length in range(len(text), SHORTEST - 1, -1):
        found = names.find(text[:length])
        if found is not None:
            return found
    return None


def judgement_problems(table: pa.Table, names: UnitNames, vocabulary: Vocabulary) -> list[Problem]:
    """Return a warning for each unit and reason for which its judgements settle nothing, with how many they are.

    One settles something where its evaluator is, or belongs to, a unit that evaluates and is not the one judged.

    Args:
        table: the entries of the log.
        names: the unit registry.
        vocabulary: the vocabulary; it says which types an evaluator enters.
    """
    if EVALUATOR not in table.column_names:
        return []
    judged = [
        kind.name
        for kind in vocabulary.types.values()
        if kind.entered_by == "evaluator" and vocabulary.has(kind.name, EVALUATOR.removeprefix("data."))
    ]
    chosen = table.filter(pc.is_in(table["type"], pa.array(judged, pa.string())))
    found: dict[tuple[str, str], tuple[int, Where]] = {}
    for row in chosen.select(["unit", EVALUATOR, "file", "place"]).to_pylist():
        why = _why(row["unit"], row[EVALUATOR], names)
        if why is not None:
            count, where = found.get((row["unit"], why), (0, place_of(row["file"], row["place"])))
            found[(row["unit"], why)] = (count + 1, where)
    return [_settles_nothing(where, unit, why, count) for (unit, why), (count, where) in found.items()]


def _why(unit: str, evaluator: str | None, names: UnitNames) -> str | None:
    """Return why a judgement settles nothing, None where it does."""
    if not evaluator:
        return "nobody"
    judge = evaluator_unit(evaluator, names)
    if judge == unit:
        return "itself"
    return None if judge is not None and names.evaluates(judge) else "other"


def _settles_nothing(where: Where, unit: str, why: str, count: int) -> Problem:
    reason = _WHY[why]
    fact = Text(
        f"{count}条评价记录不作数（单位 {unit}）：{reason.zh}",
        f"{count} judgements on {unit} settle nothing: {reason.en}",
    )
    cure = Text(
        "请由负责评估的单位登记，评价人写它的名称，例如“县政府办公室”",
        "Let the unit that evaluates enter them, with its name as the evaluator",
    )
    return Problem("judgement-of-nobody", where, fact, cure, unit, "warning")
