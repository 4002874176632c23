"""A new kind of rule is its file, its line in the registry, its oracle and its cases, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("events", "rules", "engine", "reports", "gongkai", "tests/oracle")

KIND = '''
"""`once`: something happens at least once in the period."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.kinds.base import Cell, KindRule
from events.problems import Text
from rules.deeds import ByDay, Deed
from rules.facets import Facets
from rules.model import Selector


class OnceRule(KindRule):
    """Something happens at least once in the period."""

    kind: Literal["once"]
    act: Selector

    summary: ClassVar[str] = "A happens once"
    facets: ClassVar[Facets] = Facets(settled_by=("act",), by_matter=False)
    columns: ClassVar = {}
    messages: ClassVar = {
        "once.met": Text("{met_on}举行。", "Held on {met_on}."),
        "once.open": Text("{due_on}前至少一次。", "Once by {due_on}."),
        "once.none": Text("{due_on}前一次也没有。", "Not once by {due_on}."),
    }
    statement: ClassVar[str] = """
WITH held AS (
  SELECT r.rule, f.unit, MIN(f.day) AS day, ARRAY_AGG(f.event) AS evidence
  FROM rules_once AS r
  JOIN rule_selectors AS s ON s.rule = r.rule
  JOIN facts AS f ON f.sel = s.sel AND f.certain = 1 AND f.day BETWEEN r.start AND r.stop
  GROUP BY r.rule, f.unit
), judged AS (
  SELECT r.rule, o.unit, r.label, r.start, r.stop, h.day, h.evidence,
    CASE WHEN h.day IS NOT NULL THEN 'met' WHEN m.moment < r.stop_at THEN 'open' ELSE 'none' END AS outcome
  FROM rules_once AS r
  JOIN owed AS o ON o.rule = r.rule
  CROSS JOIN asked AS m
  LEFT JOIN held AS h ON h.rule = r.rule AND h.unit = o.unit
)
SELECT rule, unit, label AS key, CAST(NULL AS TEXT) AS subject, start AS opened_on, stop AS due_on, day AS met_on,
  CASE outcome WHEN 'met' THEN 'met' WHEN 'open' THEN 'pending' ELSE 'violated' END AS status,
  CAST(1 AS DOUBLE) AS required, CAST(CASE WHEN day IS NULL THEN 0 ELSE 1 END AS DOUBLE) AS measured, evidence,
  CAST(NULL AS TEXT) AS trigger, CONCAT('once.', outcome) AS outcome, CAST(NULL AS TEXT) AS detail
FROM judged
"""

    def selectors(self) -> tuple[tuple[str, Selector], ...]:
        """Return what has to happen."""
        return (("act", self.act),)

    def lacking(self) -> tuple[str, ...]:
        """Return the role of what is missing."""
        return ("act",)

    def deeds(self) -> tuple[Deed, ...]:
        """Return what has to happen, by the last day."""
        return (ByDay(self.act, self.period.end),)

    def cells(self) -> dict[str, Cell]:
        """Return nothing: the period says all."""
        return {}
'''

REGISTRY = """
from engine.kinds.once import OnceRule
KINDS = (*KINDS, OnceRule)
"""

ORACLE = """

def once(world, rule, unit):
    held = sorted((fact.day, fact.event) for fact in world.facts(rule.act, unit) if fact.certain)
    held = [one for one in held if rule.period.start <= one[0] <= rule.period.end]
    status = "met" if held else "violated" if world.over(rule.period.end) else "pending"
    return [
        totals.row(
            status, key=totals.period_name(rule), opened_on=rule.period.start, due_on=rule.period.end, required=1,
            met_on=held[0][0] if held else None, measured=min(len(held), 1), evidence=sorted(one[1] for one in held),
        )
    ]


UNTIMED["once"] = once
MISSING["once"] = "act"
"""

RULE = """
  - id: N6.toy
    clause: N6
    title: {zh: 每年举办一次开放日, en: An open day a year}
    quote: 每年组织本单位政务公开业务培训不少于 1 次
    owed_by: [县民政局, 县商务局]
    kind: once
    act: open_day.held
"""

BOOK = """
id: toy-2023
title: {zh: 一种新规则}
document: 测试〔2023〕1号
issued_on: 2023-01-01
in_force: {from: 2023-01-01, to: 2023-12-31}
source: source.txt
clauses:
  - {id: N6, section: 一, text: 每年组织本单位政务公开业务培训不少于 1 次。}
"""

CASES = """
rule: N6.toy
cases:
  - name: 办过
    as_of: 2023-12-31
    events:
      - {type: open_day.held, unit: 县民政局, subject: 开放日, occurred_at: 2023-05-04}
    expect:
      - {unit: 县民政局, status: met, met_on: 2023-05-04}
      - {unit: 县商务局, status: violated}
"""

PLAYED = """
import contextlib, io, json
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from engine.kinds import KINDS
from engine.time.asof import AsOf
from engine.time.calendar import china_calendar
from events.model import Event
from events.problems import Where
from gongkai.cli import run
from gongkai.demo.make import plan_faulty_year
from gongkai.options import DEFAULT_UNITS
from rules.load import load_books
from rules.loading.registry import load_registry
from tests.oracle.judge import verdicts
from tests.oracle.world import World

registry, _ = load_registry(DEFAULT_UNITS)
year, _, _ = plan_faulty_year(registry, 2023)
held = [one for one in year.entries.values() if one.type == "open_day.held" and one.unit in {"minzheng", "shangwu"}]
kept = [one for one in held if one.unit == "minzheng"]
lines = [
    {"id": one.id, "type": one.type, "unit": one.unit, "subject": one.subject, "occurred_at": str(one.day)}
    for one in kept
]
Path("log.jsonl").write_text("".join(json.dumps(line) + "\\n" for line in lines), encoding="utf-8")
log = ["--events", "log.jsonl", "--book", "toy", "--lang", "en"]
commands = {
    "lint": ["rules", "check", "--book", "toy", "--lang", "en"],
    "cases": ["rules", "test", "--book", "toy", "--lang", "en"],
    "check": ["check", "--unit", "shangwu", *log, "--as-of", "2023-06-30"],
    "explain": ["explain", "toy-2023/N6.toy/minzheng/2023", *log, "--as-of", "2023-12-31"],
    "evaluate": ["evaluate", *log, "--as-of", "2023-12-31", "--out", "out", "--no-reports"],
}
told = {}
for name, command in commands.items():
    with contextlib.redirect_stdout(io.StringIO()) as out:
        told[name] = [int(run(command)), out.getvalue()]
books, _ = load_books(("toy",), KINDS, registry=registry)
entries = [
    Event(one.id, one.type, one.unit, one.subject, at, False, at, Where("log"))
    for one in kept for at in [datetime.combine(one.day, time())]
]
members = {rule.owed_by: registry.members(rule.owed_by) for rule in books[0].rules}
working = china_calendar(date(2023, 1, 1), date(2024, 1, 1)).working_days
world = World(
    entries, AsOf.parse("2023-12-31").moment, working, 2023, members,
    {unit.id: unit.name for unit in registry.units},
)
columns = ("obligation", "status", "opened_on", "due_on", "met_on", "required", "measured", "evidence")
oracle = [{name: row[name] for name in columns} for row in verdicts(world, "toy-2023", books[0].rules)]
rows = [json.loads(line) for line in Path("out/verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
engine = [{name: row[name] for name in columns} for row in rows]
found = {"held": sorted(one.unit for one in held), "told": told, "engine": engine, "oracle": oracle}
print(json.dumps(found, default=str))
"""


def tree(home: Path) -> Path:
    """Copy the packages, with the toy kind in its four places, and a book of one rule of it."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__", "cases", "console"))
    (home / "engine" / "kinds" / "once.py").write_text(KIND.lstrip(), encoding="utf-8")
    grown = {
        "engine/kinds/__init__.py": REGISTRY,
        "tests/oracle/judge.py": ORACLE,
        "rules/books/jinxiang-2023/letter.yaml": RULE,
    }
    for name, text in grown.items():
        with (home / name).open("a", encoding="utf-8") as file:
            file.write(text)
    book = home / "toy"
    (book / "cases").mkdir(parents=True)
    texts = {"book.yaml": BOOK, "rules.yaml": f"rules:{RULE}", "cases/N6.toy.yaml": CASES}
    for name, text in texts.items():
        (book / name).write_text(text.lstrip(), encoding="utf-8")
    (book / "source.txt").write_text("每年组织本单位政务公开业务培训不少于1次。\n", encoding="utf-8")
    return home


def test_a_toy_kind_runs_through_demo_self_check_explain_and_lint(tmp_path: Path) -> None:
    home = tree(tmp_path / "tree")
    command = [sys.executable, "-c", PLAYED]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, env={"PYTHONPATH": "."})
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    told = found["told"]
    assert found["held"] == ["minzheng", "shangwu"], "the made-up year does what the new kind asks for"
    assert told["lint"][0] == 0, told["lint"]
    assert told["cases"][0] == 0, told["cases"]
    assert "1 cases, 1 passed" in told["cases"][1]
    assert told["check"][0] == 0, "pending: the year is not over"
    assert "An open day a year" in told["check"][1]
    assert "open_day.held" in told["check"][1], "the remedy names what has to be recorded"
    assert told["explain"][0] == 0, told["explain"]
    assert "Held on" in told["explain"][1]
    assert [row["status"] for row in found["engine"]] == ["met", "violated"]
    assert found["engine"] == found["oracle"]


NAMES = re.compile(
    r"engine\.kinds\.(assess|contain|count|cover|due|hold|never|precede|reach|refresh|respond)\b"
    r"|\.kind\s*(==|in)\s*[\[({\"']"
)


def test_no_file_but_the_kinds_themselves_names_a_kind() -> None:
    files = [path for name in PACKAGES[:5] for path in (ROOT / name).rglob("*.py")]
    kinds = ROOT / "engine" / "kinds"
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        if not path.is_relative_to(kinds)
        for line in path.read_text(encoding="utf-8").splitlines()
        if NAMES.search(line) and "rule" in line
    ]
    assert found == []
