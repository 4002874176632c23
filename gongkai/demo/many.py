"""`gongkai demo --counties N --events M`: made-up years of many counties as Parquet, with the list of what is wrong.

A few whole years are made as for one county. Each county gets one of them under a code of its own, and so many copies
of what is about a subject (decisions with their feedback, publications with their reviews, requests …) that all
together come near the number of events asked for. What a rule counts within a year is not copied: a county that held
nine meetings would seem to have held ninety.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from engine.backends.duck import connect
from engine.backends.text import quoted
from engine.kinds import KINDS
from engine.kinds.base import deeds_of
from events.model import Event
from events.problems import Text, Where
from events.table import table_of
from events.vocabulary import load_vocabulary
from gongkai.demo.make import ANSWERS, BOOK, LABEL, README, plan_faulty_year, refuse_foreign
from gongkai.demo.year.log import midnight
from reports.output.folder import WriteError, not_writable, write_folder
from rules.deeds import Often
from rules.load import load_books

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from events.problems import Lang
    from gongkai.demo.faults.planter import Fault
    from gongkai.demo.year.log import Entry
    from rules.units import Registry

TEMPLATES = 3
"""How many different years are made; counties take turns with them."""

EVENTS, FAULTS = "events", "faults.parquet"

NOTE = f"""\
{LABEL}{{counties}}个虚构县（代码 c0001 起）的一年，Parquet 格式，按县分区，在 {EVENTS}/。
{ANSWERS}/{FAULTS} 是有意埋下的问题。种子：{{seed}}。
A year of {{counties}} made-up counties as Parquet, by county; {ANSWERS}/{FAULTS} lists the faults. Seed: {{seed}}.
"""


@dataclass(frozen=True, slots=True)
class ManyResult:
    """What was made.

    Attributes:
        folder: where it is.
        counties: number of counties.
        events: number of events of all of them.
        faults: number of obligations that are violated or late.
    """

    folder: Path
    counties: int
    events: int
    faults: int

    def summary(self, lang: Lang) -> list[str]:
        """Return what was made, in lines for the terminal."""
        made = Text(
            f"{self.folder}：{self.counties}个县，{self.events}条记录，埋下{self.faults}个问题（见 {ANSWERS}/）",
            f"{self.folder}: {self.counties} counties, {self.events} entries, {self.faults} faults (see {ANSWERS}/)",
        )
        return [made.in_(lang)]


def _event(entry: Entry) -> Event:
    """Return an entry of the made-up year as an event of the log."""
    return Event(
        id=entry.id,
        type=entry.type,
        unit=entry.unit,
        subject=entry.subject,
        occurred_at=entry.at,
        timed=entry.timed,
        recorded_at=midnight(entry.recorded) if entry.recorded is not None else entry.at,
        where=Where("demo"),
        data=entry.data,
        corrects=entry.corrects,
        retracts=entry.retracts,
    )


def _templates(registry: Registry, number: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Return the entries of so many years, and their faults, each with the number of its year (`template`)."""
    tables, faults = [], []
    for template in range(number):
        log, planted, _ = plan_faulty_year(registry, seed + template)
        entries = sorted(log, key=lambda one: (one.at, one.id))
        table = table_of([_event(one) for one in entries], load_vocabulary())
        tables.append(table.append_column("template", pa.repeat(pa.scalar(template, pa.int32()), table.num_rows)))
        faults.append(_fault_table(template, planted))
    return pa.concat_tables(tables), pa.concat_tables(faults)


def _fault_table(template: int, faults: Sequence[Fault]) -> pa.Table:
    """Return the faults of a year as rows."""
    names = ("rule", "unit", "subject", "status", "key")
    columns = {name: pa.array([getattr(one, name) for one in faults], pa.string()) for name in names}
    return pa.table({"template": pa.array([template] * len(faults), pa.int32()), **columns})


def _single_types(registry: Registry, broken: Collection[str]) -> list[str]:
    """Return the event types that are not copied.

    They are those of which there may be at most so many, those of a count that a fault is planted in, and whatever a
    rule ties to one of these by its subject.

    Args:
        registry: the units.
        broken: ids of the rules with a fault.
    """
    books, _ = load_books((BOOK,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    rules = [rule for book in books for rule in book.rules]
    counts = [(rule, deed) for rule in rules for deed in deeds_of(rule) if isinstance(deed, Often)]
    single = {deed.act.event for rule, deed in counts if rule.id in broken or deed.at_most is not None}
    counting = {rule.id for rule, _ in counts}
    tied = [{selector.event for _, selector in rule.selectors()} for rule in rules if rule.id not in counting]
    while True:
        more = {event for types in tied if types & single for event in types} - single
        if not more:
            return sorted(single)
        single |= more


PREPARE = """
CREATE TABLE marked AS
SELECT *, subject IS NOT NULL AND type NOT IN (SELECT type FROM single) AS copied FROM entries;
CREATE TABLE sizes AS
SELECT template, COUNT(*) AS whole, COUNT(*) FILTER (WHERE copied) AS part FROM marked GROUP BY template;
CREATE TABLE county AS
SELECT 'c' || LPAD(CAST(n + 1 AS VARCHAR), 4, '0') AS county, CASE WHEN $counties > 1
    THEN 'c' || LPAD(CAST(n + 1 AS VARCHAR), 4, '0') || '-' ELSE '' END AS prefix, n % $templates AS template,
  GREATEST(0, CAST(ROUND(($events / $counties - s.whole) / s.part) AS BIGINT)) AS copies
FROM range($counties) AS r(n) JOIN sizes AS s ON s.template = n % $templates;
CREATE VIEW turns AS
SELECT county, prefix, template, t.n AS turn, CASE WHEN t.n = 0 THEN '' ELSE '~' || t.n END AS mark
FROM county, LATERAL (SELECT UNNEST(range(copies + 1)) AS n) AS t
"""

YEAR = """
SELECT c.county, c.prefix || e.id || c.mark AS id, e.subject || c.mark AS subject,
  c.prefix || e.corrects || c.mark AS corrects, c.prefix || e.retracts || c.mark AS retracts,
  e.* EXCLUDE (id, subject, corrects, retracts, template, copied)
FROM marked AS e JOIN turns AS c ON c.template = e.template AND (c.turn = 0 OR e.copied)
WHERE c.county BETWEEN $first AND $last
ORDER BY c.county, c.turn, e.occurred_at, e.id
"""

ALONE = f"SELECT * EXCLUDE (county) FROM ({YEAR})"  # noqa: S608 - both are texts of this file

FAULT_LIST = """
SELECT c.county, f.rule, f.unit, f.subject || c.mark AS subject, f.status,
  $book || '/' || f.rule || '/' || CASE WHEN $several THEN c.county || '/' ELSE '' END || f.unit || '/'
    || CASE WHEN e.id IS NULL THEN f.key ELSE c.prefix || f.key || c.mark END AS obligation
FROM faults AS f
JOIN turns AS c ON c.template = f.template
LEFT JOIN marked AS e ON e.template = f.template AND e.id = f.key
WHERE c.turn = 0 OR COALESCE(e.copied, FALSE)
ORDER BY obligation
"""

BY_COUNTY = (
    "FORMAT parquet, PARTITION_BY (county), WRITE_PARTITION_COLUMNS, FILENAME_PATTERN 'part', OVERWRITE_OR_IGNORE"
)
ONE_FILE = "FORMAT parquet"

BATCH = 200
"""How many counties are written in one go: it bounds the memory."""


def make_many(out: Path, registry: Registry, *, counties: int, events: int, seed: int) -> ManyResult:
    """Make the years of many counties and write them; the same numbers and seed give the same rows.

    Args:
        out: the folder, new or of an earlier demo.
        registry: the units, which every county has.
        counties: how many counties, at least 1.
        events: about how many events altogether; each county has a whole year at least.
        seed: where all choices come from.

    Raises:
        WriteError: `out` cannot be written, or holds something else; it is as it was.
    """
    own = frozenset((EVENTS, ANSWERS, README))
    refuse_foreign(out, own)
    number = min(TEMPLATES, counties)
    entries, faults = _templates(registry, number, seed)
    single = _single_types(registry, set(faults["rule"].to_pylist()))
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        # what does not fit into memory goes beside the results, and not into the folder that somebody happens to be in
        beside = TemporaryDirectory(prefix=f".{out.name}-", dir=out.absolute().parent)
    except OSError as error:
        raise WriteError(not_writable(out, error)) from error
    with beside as scratch, connect({"temp_directory": scratch}) as database:
        database.register("entries", entries)
        database.register("faults", faults)
        database.register("single", pa.table({"type": single}))
        for statement in PREPARE.split(";"):
            wanted = {"templates": number, "counties": counties, "events": events}
            database.execute(statement, {name: value for name, value in wanted.items() if f"${name}" in statement})
        found: list[int] = []
        write_folder(out, lambda folder: found.extend(_write(database, folder, counties, seed)))
    return ManyResult(out, counties, *found)


def _write(database: duckdb.DuckDBPyConnection, folder: Path, counties: int, seed: int) -> tuple[int, int]:
    """Write events, answers and note into a new folder, and return how many events and faults there are."""
    (folder / ANSWERS).mkdir()
    (folder / EVENTS).mkdir()
    rows = 0
    for start in range(1, counties + 1, BATCH):
        end = min(counties, start + BATCH - 1)
        batch = {"first": f"c{start:04d}", "last": f"c{end:04d}"}
        if counties > 1:
            rows += _copy(database, YEAR, folder / EVENTS, BY_COUNTY, batch)
        else:
            rows += _copy(database, ALONE, folder / EVENTS / "events.parquet", ONE_FILE, batch)
    listed = {"book": BOOK, "several": counties > 1}
    faults = _copy(database, FAULT_LIST, folder / ANSWERS / FAULTS, "FORMAT parquet", listed)
    (folder / README).write_text(NOTE.format(counties=counties, seed=seed), encoding="utf-8", newline="\n")
    return rows, faults


def _copy(
    database: duckdb.DuckDBPyConnection, query: str, target: Path, options: str, values: Mapping[str, object]
) -> int:
    """Write the rows of a query to Parquet and return how many there are."""
    place = quoted(str(target))
    row = database.execute(f"COPY ({query}) TO {place} ({options})", values).fetchone()
    return int(row[0]) if row is not None else 0
