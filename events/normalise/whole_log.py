"""The entries of all files together: ids that repeat, and corrections and withdrawals that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events import findings
from events.problems import Problem, did_you_mean
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from events.problems import Where

_SUGGESTED = 5000
"""Up to how many ids nearest ones are looked for."""


def check_ledger(table: pa.Table, rejected: Collection[str] = ()) -> tuple[pa.Table, tuple[Problem, ...]]:
    """Return the entries without repeats and without corrections that lead nowhere, and what is wrong.

    Args:
        table: the entries of all files.
        rejected: ids of entries that stand in the files but could not be read.
    """
    table, problems = _drop_repeats(table)
    wrong = chain_problems(table, rejected)
    if wrong:
        table = table.filter(pc.invert(pc.is_in(table["id"], pa.array(list(wrong), pa.string()))))
    return table, (*problems, *wrong.values())


def _drop_repeats(table: pa.Table) -> tuple[pa.Table, list[Problem]]:
    """Return the first entry of every id, and a problem for each later one with other content."""
    counts = table.group_by("id").aggregate([([], "count_all")])
    repeated = counts.filter(pc.greater(counts["count_all"], 1))["id"]
    if not len(repeated):
        return table, []
    rows = pc.indices_nonzero(pc.is_in(table["id"], repeated.combine_chunks()))
    first: dict[str, dict[str, Any]] = {}
    dropped: list[int] = []
    problems: list[Problem] = []
    for index, row in zip(rows.to_pylist(), table.take(rows).to_pylist(), strict=True):
        where = _where(row)
        content = {name: value for name, value in row.items() if name not in {"file", "place"}}
        kept = first.setdefault(row["id"], {"where": where, "content": content, "index": index})
        if kept["index"] == index:
            continue
        dropped.append(index)
        if kept["content"] != content:
            problems.append(findings.duplicate_id(where, row["id"], kept["where"]))
    keep = pc.invert(pc.is_in(pa.array(range(table.num_rows)), pa.array(dropped, pa.int64())))
    return table.filter(keep), problems


def chain_problems(table: pa.Table, rejected: Collection[str]) -> dict[str, Problem]:
    """Return the problem of every correction or withdrawal that leads nowhere, by its id.

    Args:
        table: at least `id`, `corrects`, `retracts`, `file` and `place` of all entries.
        rejected: ids of entries that stand in the files but could not be read.
    """
    chained = table.filter(pc.or_(pc.is_valid(table["corrects"]), pc.is_valid(table["retracts"])))
    rows = chained.select(["id", "corrects", "retracts", "file", "place"]).to_pylist()
    targets = {row["id"]: row["corrects"] or row["retracts"] for row in rows}
    wanted = pa.array(sorted(set(targets.values())), pa.string())
    known = {*wanted.filter(pc.is_in(wanted, table["id"].combine_chunks())).to_pylist(), *rejected}
    problems: dict[str, Problem] = {}
    circles = _circles(targets)
    withdrawals = {row["id"] for row in rows if row["retracts"]}
    for row in rows:
        field = "corrects" if row["corrects"] else "retracts"
        target = targets[row["id"]]
        if row["corrects"] and row["retracts"]:
            problems[row["id"]] = findings.bad_chain(_where(row), row["id"], "both")
        elif row["id"] in circles:
            kind = "self" if target == row["id"] else "cycle"
            problems[row["id"]] = findings.bad_chain(_where(row), row["id"], kind)
        elif row["corrects"] in withdrawals:
            problems[row["id"]] = findings.bad_chain(_where(row), row["id"], "withdrawal")
        elif target not in known:
            problems[row["id"]] = findings.unknown_target(_where(row), field, target, _near(target, table))
    return problems


def _circles(targets: dict[str, str]) -> set[str]:
    """Return the ids that come back to themselves."""
    done: set[str] = set()
    circles: set[str] = set()
    for start in targets:
        path: dict[str, None] = {}
        one: str | None = start
        while one is not None and one not in done and one not in path:
            path[one] = None
            one = targets.get(one)
        if one is not None and one in path:
            steps = list(path)
            circles.update(steps[steps.index(one) :])
        done.update(path)
    return circles


def _near(target: str, table: pa.Table) -> tuple[str, ...]:
    return did_you_mean(target, table["id"].to_pylist()) if table.num_rows <= _SUGGESTED else ()


def _where(row: dict[str, Any]) -> Where:
    return place_of(row["file"], row["place"])
