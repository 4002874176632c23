"""`gongkai evaluate --incremental`: what a ledger got since the run in `--out` is judged, the rest is taken over."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.compile.plan import County
from engine.compile.stood import FEW
from engine.incremental import is_of_rules, judge_again, touched
from engine.verdicts import SCHEMA
from events.ledger.folder import is_ledger
from events.problems import Text
from gongkai.evaluation.judge import judge_again_and_again, judge_inputs
from gongkai.evaluation.receipt import receipt
from reports.pages.unit_page import BRIEF
from reports.run.folder import RunFolder, RunFolderError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from events.problems import Lang
    from events.read import LedgerRead
    from gongkai.evaluation.inputs import Inputs

SAME = {
    "gongkai": Text("版本", "the version"),
    "engine": Text("引擎", "the engine"),
    "as_of": Text("截至时间", "the as-of moment"),
    "known_by": Text("登记截止", "the known-by moment"),
    "period": Text("评估的时段", "the period"),
    "lang": Text("语言", "the language"),
    "units_asked": Text("评估的单位", "the units judged"),
    "registry": Text("单位名录", "the unit registry"),
    "books": Text("规则库或读法", "a rulebook or reading"),
    "calendar": Text("工作日历", "the calendar"),
    "files": Text("豁免、对照或日历文件", "the waivers, the mapping or the calendar file"),
}
"""What must be in `run.json` as it is now, and what it is called."""

NO_RUN = Text("输出文件夹里没有可以接着用的评估", "the output folder has no run that can be built on")
NO_LEDGER = Text("只能接着一个账本的评估", "only a run over one ledger, and nothing else, can be built on")
OTHER_LEDGER = Text("账本里没有那次评估时的状态", "the ledger was never in the state that the run read")
NAMED_APART = Text("新记录的编号别的单位也有", "a new entry has an id that another unit has")
EDITED = Text("那次评估的 run.json 后来有改动", "run.json of the run was changed since")
CHANGED = Text("那次评估的 verdicts.parquet 后来有改动", "verdicts.parquet of the run was changed since")


@dataclass(frozen=True, slots=True)
class EarlierVerdicts:
    """An earlier run that can be built on.

    Attributes:
        verdicts: what it said.
        new: ids of the entries that came since, in their order.
    """

    verdicts: pa.Table
    new: pa.Array


class _UnusableError(Exception):
    """There is nothing to build on, for a reason in words."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def judged_again(
    inputs: Inputs, lang: Lang, engine: str, out: Path, judge_all: Callable[[], pa.Table]
) -> tuple[pa.Table, Text, frozenset[str]]:
    """Return the verdicts, those of an earlier run taken over where it can be built on; and what was done, in words.

    With them come the units of which pages say what they said.

    Args:
        inputs: what is judged.
        lang: language of the reasons.
        engine: the engine asked for.
        out: the folder of the earlier run.
        judge_all: judges everything.
    """
    try:
        earlier = find_earlier(inputs, lang, engine, out)
    except _UnusableError as error:
        why = error.why
        said = Text(f"全部重新评估：{why.zh}", f"Everything was evaluated anew: {why.en}")
        return judge_all(), said, frozenset()
    table, again = judge_on(earlier, inputs, lang)
    kept, new = table.num_rows - again, len(earlier.new)
    said = Text(
        f"接着上次评估：新增{new}条记录，重新评估{again}项，沿用{kept}项",
        f"Built on the run before: {new} new entries, {again} obligations evaluated again, {kept} taken over",
    )
    return table, said, same_units(earlier, inputs, table)


def same_units(earlier: EarlierVerdicts, inputs: Inputs, verdicts: pa.Table) -> frozenset[str]:
    """Return the units of which the pages say what they said: the new entries cannot matter to them.

    An entry that mends another, or with which a unit filed something at all, may matter to what is said of any unit; so
    may one of a unit whose work others took over. What is said of a duty on the entry's subject, or of one that looks
    beyond its unit, may name the entry, unless its verdict is what it was and stands in a table, which names what the
    verdict rests on and nothing else.
    """
    every = frozenset(unit.id for unit in inputs.registry.units)
    if not len(earlier.new):
        return every
    found = touched(inputs.table, pc.unique(earlier.new), County(inputs.registry, inputs.books), earlier.verdicts)
    rows = inputs.table.filter(pc.is_in(inputs.table["id"], earlier.new))
    mending = any(rows[name].null_count < rows.num_rows for name in ("corrects", "retracts"))
    if found.filing or mending or any(inputs.registry.unit(unit).successors for unit in found.units):
        return frozenset()
    subjects = pc.unique(rows["subject"]).drop_null()
    return every - found.units - _naming(earlier.verdicts, verdicts, found.looking, subjects)


def _naming(
    before: pa.Table, after: pa.Table, rules: Collection[tuple[str, str]], subjects: pa.Array
) -> frozenset[str]:
    """Return the units whose pages tell at length of duties under some rules, or on some subjects.

    And those of which a verdict under these rules is another one.
    """
    parts = (table.filter(is_of_rules(table, rules)).cast(SCHEMA) for table in (before, after))
    rows = [{repr(row): row["unit"] for row in part.to_pylist()} for part in parts]
    other = {unit for key, unit in (*rows[0].items(), *rows[1].items()) if key not in rows[0] or key not in rows[1]}
    told = pc.or_(is_of_rules(after, rules), pc.is_in(after["subject"], subjects))
    at_length = pc.and_(told, pc.invert(pc.is_in(after["status"], pa.array(BRIEF))))
    return frozenset(other | set(after.filter(at_length)["unit"].to_pylist()))


def judge_on(earlier: EarlierVerdicts, inputs: Inputs, lang: Lang) -> tuple[pa.Table, int]:
    """Return the verdicts of the inputs, and how many of them the new entries made it necessary to judge again."""
    return judge_again(
        earlier.verdicts,
        inputs.table,
        earlier.new,
        County(inputs.registry, inputs.books),
        lambda books, events: (judge_again_and_again if events.num_rows <= FEW else judge_inputs)(
            replace(inputs, books=tuple(books), table=events), lang
        ),
    )


def find_earlier(inputs: Inputs, lang: Lang, engine: str, out: Path) -> EarlierVerdicts:
    """Return the run in a folder, if the present one differs from it by new entries of its ledger alone.

    Raises:
        _UnusableError: it cannot be built on.
    """
    try:
        run = RunFolder(out)
        said, untouched, heads = run.receipt, run.untouched, run.heads
    except RunFolderError as error:
        raise _UnusableError(NO_RUN) from error
    if "ledgers" not in said:
        raise _UnusableError(NO_RUN)
    _compare(said, json.loads(json.dumps(receipt(inputs, lang=lang, engine=engine))))
    if len(heads) != 1 or len(inputs.ledgers) != 1 or said.get("events") or inputs.files:
        raise _UnusableError(NO_LEDGER)
    new = _entries_since(heads[0], inputs.ledgers[0])
    if not untouched:
        raise _UnusableError(CHANGED)
    if not run.sealed:
        raise _UnusableError(EDITED)
    return EarlierVerdicts(run.table, new)


def _compare(said: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Hold two receipts together.

    Raises:
        _UnusableError: they differ in something that verdicts depend on.
    """
    for name, what in SAME.items():
        if said.get(name) != now[name]:
            raise _UnusableError(Text(f"{what.zh}与上次不同", f"{what.en} is not what it was"))


def _entries_since(head: str, ledger: LedgerRead) -> pa.Array:
    """Return the ids of the entries that a ledger got since a state.

    Raises:
        _UnusableError: it was never in it, or is a file that was exported.
    """
    path, loaded = Path(ledger.path), ledger.loaded
    if not is_ledger(path):
        raise _UnusableError(NO_LEDGER)
    entries = loaded.entries_at(path, head)
    if entries is None:
        raise _UnusableError(OTHER_LEDGER)
    origin = loaded.origin
    since = pc.greater(origin["entry"], entries)
    new = origin.filter(since)["id"].combine_chunks()
    if not new.equals(loaded.table.filter(since)["id"].combine_chunks()):
        # the earlier run may have known the other entry under the id alone
        raise _UnusableError(NAMED_APART)
    return new
