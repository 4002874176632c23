"""`gongkai evaluate` over the Parquet of many counties: verdicts are streamed, and only counts are brought together."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from engine.backends.spark import SparkError
from engine.counties import CHECKS, COUNTY, examples, typed_sql
from engine.judge import Question, judge
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.table import schema
from events.vocabulary import load_vocabulary
from gongkai.cli.terminal import say, say_problems, working
from gongkai.evaluation.backends import open_backend
from gongkai.evaluation.inputs import Gathering, calendar_of, parse_as_of
from gongkai.evaluation.labels import element_labels
from gongkai.evaluation.receipt import product_version
from gongkai.files.counties import gather_counties, load_county_inputs
from reports.output.folder import WriteError, not_writable, write_folder
from reports.output.texts import SIGNS, STATUS, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.backends.base import Backend, Query
    from engine.compile.plan import County
    from events.problems import Lang
    from gongkai.evaluation.inputs import Request
    from gongkai.files.counties import CountyInputs

OURS: Final = frozenset(("verdicts.parquet", "summary.json", "run.json"))
NEEDED: Final = ("id", "type", "unit", "occurred_at", "timed", "recorded_at")
_FACTS: Final = {
    "no-county": Text("这些县不在名录里", "these counties have no registry"),
    "unknown-unit": Text(
        "这些单位不在本县名录里（应写单位代码）", "these units are not in their county's registry (write ids)"
    ),
    "unknown-type": Text("没有这些事件类型", "there are no such event types"),
    "incomplete": Text("这些县有记录缺编号、时间或 timed", "entries of these counties lack id, moments or timed"),
    "duplicate-id": Text("这些编号重复（所有县合起来不得重复）", "these ids repeat (ids are unique over all counties)"),
    "both": Text("这些记录同时更正和撤销", "these entries both correct and withdraw"),
    "unknown-target": Text("更正或撤销的这些记录不存在", "these entries, corrected or withdrawn, do not exist"),
}
_CURE: Final = Text("先用 gongkai events check 检查各县的台账", "Check each county's log first: gongkai events check")


def _first_columns(paths: Sequence[Path]) -> set[str]:
    """Return the columns of the first file; canonical files have the same ones throughout."""
    for path in paths:
        file = next(iter(sorted(path.rglob("*.parquet"))), None) if path.is_dir() else path
        if file is not None:
            return {*pq.read_schema(file).names, COUNTY}
    return set()


def _refuse(request: Request, gathering: Gathering) -> None:
    """Say which options are for one county only."""
    asked = {"--unit": request.only, "--waivers": request.waivers, "--mapping": request.mapping, "--head": request.head}
    for option, value in asked.items():
        if value:
            fact = Text("评估多个县时不能用这个选项", "this option is for the log of one county")
            cure = Text("单独评估这个县", "Evaluate that county by itself")
            if option == "--waivers":
                cure = Text("写在 --counties 文件里各县名下", "Name them under each county in a --counties file")
            gathering.option(option, str(value), fact, cure)


def _check_events(backend: Backend, counties: Sequence[County], where: str) -> list[Problem]:
    """Return what is wrong with the events, with a few examples of each fault."""
    text = pa.string()
    units = [(one.registry.county, unit.id) for one in counties for unit in one.registry.units]
    names = [one.registry.county for one in counties]
    backend.load("known_counties", pa.table({"value": pa.array(names, text)}))
    backend.load(
        "known_units",
        pa.table(
            {"county": pa.array([one for one, _ in units], text), "unit": pa.array([one for _, one in units], text)}
        ),
    )
    backend.load("known_types", pa.table({"value": pa.array(list(load_vocabulary().types), text)}))
    problems = []
    for check in CHECKS:
        found = examples(backend, check)
        if found:
            shown = "、".join(f"{value}（{number}）" for value, number in found)
            fact = _FACTS[check]
            problems.append(
                Problem(check, Where(where), Text(f"{fact.zh}：{shown}", f"{fact.en}: {shown}"), _CURE, shown)
            )
    return problems


def _write(backend: Backend, query: Query, folder: Path, receipt: dict[str, Any]) -> dict[str, int]:
    """Stream the verdicts and write the counts and the receipt; return the counts by status."""
    backend.write(query, folder / "verdicts.parquet")
    backend.read("verdicts", [folder / "verdicts.parquet"])
    counts = backend.fetch(
        "SELECT county, status, COUNT(*) AS number FROM verdicts GROUP BY county, status ORDER BY county, status"
    ).to_pylist()
    totals = {
        status: sum(row["number"] for row in counts if row["status"] == status)
        for status in WORST_FIRST
        if any(row["status"] == status for row in counts)
    }
    by_county: dict[str, dict[str, int]] = {}
    for row in counts:
        by_county.setdefault(row["county"], {})[row["status"]] = row["number"]
    summary = {
        "as_of": receipt["as_of"],
        "obligations": sum(totals.values()),
        "statuses": totals,
        "counties": [{"county": county, "statuses": statuses} for county, statuses in by_county.items()],
    }
    for name, value in (("summary.json", summary), ("run.json", receipt)):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return totals


def _receipt(request: Request, inputs: CountyInputs, counties: Sequence[County], engine: str) -> dict[str, Any]:
    """Return what `run.json` says: versions, options, and the hashes of what the counties are judged by."""
    registries = {one.registry.county: one.registry.sha256 for one in counties}
    units = hashlib.sha256("".join(f"{name}:{one}\n" for name, one in sorted(registries.items())).encode())
    return {
        "gongkai": product_version(),
        "engine": engine,
        "as_of": request.as_of,
        "counties": len(registries),
        "registries": units.hexdigest(),
        "books": [
            {"id": book.id, "sha256": book.sha256, "readings": dict(sorted(book.readings.items()))}
            for book in inputs.books.values()
        ],
        "events": [str(path) for path in request.events],
        "own": inputs.hashes(),
    }


def evaluate_many(request: Request, out: Path, lang: Lang, engine: str, master: str | None) -> int:
    """Evaluate the logs of many counties and write verdicts, counts and the receipt into `out`, without pages.

    Returns:
        0, or 2 where the input is not usable; then `out` is as it was.
    """
    gathering = Gathering()
    as_of = parse_as_of(request.as_of, gathering)
    inputs = load_county_inputs(request, gathering)
    _refuse(request, gathering)
    present = _first_columns(request.events)
    missing = [name for name in NEEDED if name not in present]
    if missing:
        fact = Text(f"文件缺这些列：{'、'.join(missing)}", f"the files lack these columns: {', '.join(missing)}")
        gathering.option("--events", str(request.events[0]), fact, Text("写成规范的列", "Write the canonical columns"))
    if as_of is None or has_errors(gathering.problems):
        say_problems(sort_problems(gathering.problems), lang)
        return 2
    calendar, _ = calendar_of(request, tuple(inputs.books.values()), as_of, gathering)
    try:
        with open_backend(engine, master, out) as backend:
            backend.read("files", request.events)
            backend.define("events", typed_sql(schema(load_vocabulary()), present))
            names = backend.fetch("SELECT DISTINCT county FROM events ORDER BY county")["county"].to_pylist()
            counties, waivers = gather_counties(request, inputs, names, gathering)
            with working(Text("检查台账…", "Checking the log …").in_(lang)):
                gathering.problems += _check_events(backend, counties, str(request.events[0]))
            say_problems(sort_problems(gathering.problems), lang)
            if has_errors(gathering.problems):
                return 2
            question = Question(counties, as_of, calendar, waivers, lang, element_labels(lang), several=True)
            with working(Text("评估…", "Evaluating …").in_(lang)):
                totals: dict[str, int] = {}
                receipt = _receipt(request, inputs, counties, engine)
                query = judge(backend, question)
                write_folder(out, lambda folder: totals.update(_write(backend, query, folder, receipt)), OURS)
    except (SparkError, WriteError) as error:
        say_problems([error.problem], lang)
        return 2
    except OSError as error:
        say_problems([not_writable(out, error)], lang)
        return 2
    _say_done(totals, len(counties), out, lang)
    return 0


def _say_done(totals: dict[str, int], counties: int, out: Path, lang: Lang) -> None:
    """Print the counts, and where the verdicts are."""
    for status, count in totals.items():
        say(f"{SIGNS[status]} {STATUS[status].in_(lang)}\t{count}")
    done = Text(
        f"{counties}个县：{out}（县多，不写网页和表格；单独评估一个县才有）",
        f"{counties} counties: {out} (no pages or workbooks for many counties; evaluate one by itself for them)",
    )
    say(done.in_(lang))
