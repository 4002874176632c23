"""`gongkai demo`: the made-up county year as files, with the list of what is wrong in it."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.kinds import KINDS
from engine.time.calendar import china_calendar
from events.problems import Problem, Text, Where
from events.vocabulary import load_vocabulary
from gongkai.demo.comply import Complier
from gongkai.demo.faults.decoys import add_decoys
from gongkai.demo.faults.planted import plant_faults
from gongkai.demo.faults.planter import BY_HAND
from gongkai.demo.faults.shortfalls import plant_shortfalls
from gongkai.demo.registers import write_registers
from gongkai.demo.year import annual, background
from gongkai.demo.year.plan import OFFICE, plan_year
from reports.output.folder import WriteError, write_folder
from rules.load import load_books

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from events.problems import Lang
    from gongkai.demo.faults.planter import Fault
    from gongkai.demo.year.log import Entry, Log
    from rules.units import Registry

BOOK = "jinxiang-2023"
SPAN = date(2022, 1, 1), date(2024, 6, 30)
ANSWERS, README = "answers", "说明.txt"
ANSWER_FILES = ("faults.json", "faults.csv", "faults.parquet")
LABEL = "虚构示例 · made up\n"
"""First line of the note: what a folder is known by as an earlier demo, which may be replaced."""
NAMED = 3
CHOOSE = Text("换一个新的文件夹，原有内容没有改动", "Choose a new folder; nothing was changed")
COLUMNS = ("obligation", "rule", "unit", "unit_name", "subject", "status", "done", "before_issue")
ISSUED = date(2023, 7, 14)
"""The day of issue of the notice; what was planted on an act of an earlier day is marked."""

NOTE = f"""\
{LABEL}这个文件夹里的单位名称是真实的，其余全部是编造的，不反映任何单位的实际工作。种子：{{seed}}。
The names of the units are real; everything else is made up and says nothing about anybody's work. Seed: {{seed}}.

每个单位一本台账（.xlsx，少数是 .csv）；answers/ 里是有意埋下的问题（faults）和看似有问题其实没有的事项（in_order）。
One register a unit; answers/ lists the faults planted, and what looks like a fault and is none.
"""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was made.

    Attributes:
        folder: where it is.
        events: number of entries.
        files: number of registers.
        faults: what is wrong, a fault an obligation.
    """

    folder: Path
    events: int
    files: int
    faults: tuple[Fault, ...]

    def summary(self, lang: Lang) -> list[str]:
        """Return what was made, in lines for the terminal."""
        made = Text(
            f"{self.folder}：{self.files}本台账，{self.events}条记录，埋下{len(self.faults)}个问题（见 {ANSWERS}/）",
            f"{self.folder}: {self.files} registers, {self.events} entries, {len(self.faults)} faults (see {ANSWERS}/)",
        )
        return [made.in_(lang)]


def plan_faulty_year(registry: Registry, seed: int) -> tuple[Log, tuple[Fault, ...], tuple[str, ...]]:
    """Return a year, its faults, and what looks like a fault and is none; the same seed gives the same year."""
    books, _ = load_books((BOOK,), KINDS, vocabulary=load_vocabulary(), registry=registry)
    log = plan_year(registry, china_calendar(*SPAN), random.Random(seed))  # noqa: S311 - a made-up year, no secret
    complier = Complier(log, [rule for book in books for rule in book.rules], BY_HAND)
    complier.create()
    background.evaluated_first(log)
    planter = plant_faults(log, frozenset(complier.added))
    in_order = add_decoys(planter)
    annual.carry_over(log)
    complier.react()
    plant_shortfalls(planter, complier)
    annual.complete(log)
    background.government(log, OFFICE)
    return log, tuple(planter.faults), in_order


def _answer(fault: Fault, log: Log) -> dict[str, object]:
    """Return a fault as the list shows it, marked where it is on an act of before the notice's day of issue."""
    opened = log.entries.get(fault.key)
    early = "早于印发日" if opened is not None and opened.day < ISSUED else ""
    own = {name: getattr(fault, name) for name in COLUMNS[1:-1]}
    return own | {"obligation": fault.obligation(BOOK), "before_issue": early}


def _answers(faults: Sequence[Fault], in_order: Sequence[str], log: Log, folder: Path) -> None:
    """Write what has to be found."""
    rows = sorted((_answer(fault, log) for fault in faults), key=lambda row: str(row["obligation"]))
    rows = [{name: row[name] for name in COLUMNS} for row in rows]
    content = json.dumps(
        {"as_of": "2023-12-31", "book": BOOK, "faults": rows, "in_order": list(in_order)}, ensure_ascii=False, indent=2
    )
    (folder / "faults.json").write_text(content + "\n", encoding="utf-8", newline="\n")
    with (folder / "faults.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def _own_names(registry: Registry) -> frozenset[str]:
    """Return the names of everything that a demo may write into its folder."""
    registers = (f"{unit.name}{ending}" for unit in registry.units for ending in (".xlsx", ".csv"))
    return frozenset((*registers, ANSWERS, README))


def _foreign(out: Path, own: Collection[str]) -> list[str]:
    """Return what a folder holds that no earlier demo has written; hidden files stay as they are and do not count."""
    names = sorted(entry.name for entry in out.iterdir() if not entry.name.startswith("."))
    note = out / README
    if not (note.is_file() and note.read_bytes().startswith(LABEL.encode())):
        return names
    answers = sorted(f"{ANSWERS}/{entry.name}" for entry in (out / ANSWERS).glob("*") if entry.name not in ANSWER_FILES)
    return [*(name for name in names if name not in own), *answers]


def _refusal(out: Path, own: Collection[str]) -> Problem | None:
    """Return why a folder must not be replaced: it holds something that an earlier demo did not write."""
    try:
        foreign = _foreign(out, own) if out.is_dir() else []
    except OSError as error:
        why = error.strerror or str(error)
        unread = Text(f"无法读取“{out}”：{why}", f"cannot read {out}: {why}")
        return Problem("not-readable", Where(str(out)), unread, CHOOSE)
    if not foreign:
        return None
    some = foreign[:NAMED]
    fact = Text(
        f"“{out}”里已有别的文件：{'、'.join(some)}{'等' if len(foreign) > NAMED else ''}",
        f"{out} holds other files: {', '.join(some)}{' and others' if len(foreign) > NAMED else ''}",
    )
    return Problem("not-empty", Where(str(out)), fact, CHOOSE)


def refuse_foreign(out: Path, own: Collection[str]) -> None:
    """Refuse a folder that holds something else than what earlier demos wrote.

    Args:
        out: the folder, which need not exist.
        own: names of everything that a demo writes into it.

    Raises:
        WriteError: it holds something else, or cannot be read.
    """
    problem = _refusal(out, own)
    if problem is not None:
        raise WriteError(problem)


def make_demo(out: Path, registry: Registry, *, seed: int) -> DemoResult:
    """Make the year and write it; the same seed gives the same bytes.

    Args:
        out: the folder, new or of an earlier demo.
        registry: the units.
        seed: where all choices come from.

    Raises:
        WriteError: `out` cannot be written, or holds something else; it is as it was.
    """
    own = _own_names(registry)
    refuse_foreign(out, own)
    log, faults, in_order = plan_faulty_year(registry, seed)
    entries: dict[str, list[Entry]] = {}
    for entry in sorted(log, key=lambda one: (one.at, one.id)):
        entries.setdefault(entry.unit, []).append(entry)

    def fill(folder: Path) -> None:
        """Write the registers, the answers and the note."""
        write_registers(registry.units, entries, folder, random.Random(seed))  # noqa: S311 - see above
        (folder / ANSWERS).mkdir()
        _answers(faults, in_order, log, folder / ANSWERS)
        (folder / README).write_text(NOTE.format(seed=seed), encoding="utf-8", newline="\n")

    write_folder(out, fill)
    return DemoResult(out, sum(map(len, entries.values())), len(entries), faults)
