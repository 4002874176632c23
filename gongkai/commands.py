"""`gongkai evaluate`, `check`, `explain` and `events check`: read, judge, write, say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.backends.duck import DuckBackend
from engine.judge import statements
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.read import read_events
from gongkai.cli.terminal import say, say_problems, working
from gongkai.evaluation.build import explain_row
from gongkai.evaluation.counties import SPARK, one_county
from gongkai.evaluation.inputs import DEFAULT_UNITS, NO_LOG, Inputs, Request, load_inputs
from gongkai.evaluation.judge import judged
from gongkai.evaluation.scoring import Asked, load_extras, with_extras
from gongkai.files.mapping import load_mapping
from reports.output.interrupted import recover
from reports.output.texts import SIGNS, STATUS
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from engine.kinds.base import KindRule
    from events.problems import Lang
    from gongkai.evaluation.rectification import ListOptions
    from gongkai.files.preset import Preset
    from reports.run.evaluation import Evaluation

__all__ = ["Request", "evaluate", "events_check", "explain"]

OK, FOUND, UNUSABLE = 0, 1, 2
NOTHING = Asked()


def _judged_by(
    request: Request, inputs: Inputs, lang: Lang, engine: str, master: str | None, out: Path
) -> pa.Table | None:
    """Return the verdicts of the engine asked for, or None where it cannot be used."""
    if engine == SPARK:
        say_problems([one_county(master)], lang)
    if not request.incremental:
        return judged(inputs, lang)
    from gongkai.evaluation.incremental import judged_again  # noqa: PLC0415 (only where it is asked for)

    table, told = judged_again(inputs, lang, engine, out, lambda: judged(inputs, lang))
    say(told.in_(lang))
    return table


def evaluate(
    request: Request,
    out: Path,
    lang: Lang,
    engine: str,
    lists: ListOptions | None = None,
    asked: Asked = NOTHING,
    preset: Preset | None = None,
    master: str | None = None,
) -> int:
    """Evaluate and write everything that the contract names into `out`."""
    from gongkai.evaluation.backfill import late_writer, load_late  # noqa: PLC0415 (check and explain do not write)
    from gongkai.evaluation.rectification import ListOptions as Options  # noqa: PLC0415
    from gongkai.evaluation.write import produce  # noqa: PLC0415 (check and explain do not write)

    with working(Text("读取台账…", "Reading the log …").in_(lang)):
        inputs, problems = load_inputs(request)
        extras, wrong = load_extras(asked, preset, inputs) if inputs is not None else (None, ())
    say_problems((*problems, *wrong, *recover(out)), lang)
    if inputs is None or extras is None:
        return UNUSABLE
    late, wrong = load_late(request, inputs)
    say_problems(wrong, lang)
    if late is None:
        return UNUSABLE
    with working(Text("评估…", "Evaluating …").in_(lang)):
        table = _judged_by(request, inputs, lang, engine, master, out)
    if table is None:
        return UNUSABLE
    with working(Text("写出报告…", "Writing the reports …").in_(lang)):
        evaluation, problems = produce(
            inputs,
            table,
            out,
            lang,
            "duckdb",
            lists or Options(),
            said={"backfill": late.receipt()},
            extras=[late_writer(late, inputs, table, lang)] if request.reports else (),
            enrich=lambda one: with_extras(one, extras, inputs, lambda other: judged(other, lang)),
            reports=request.reports,
        )
    say_problems(problems, lang)
    if evaluation is None:
        return UNUSABLE
    _say_done(evaluation, out, lang, reports=request.reports)
    return OK


def _say_done(evaluation: Evaluation, out: Path, lang: Lang, *, reports: bool) -> None:
    """Print the counts, and where to look."""
    for status, count in evaluation.status_counts().items():
        say(f"{SIGNS[status]} {STATUS[status].in_(lang)}\t{count}")
    pages, data = out / "index.html", out / "verdicts.parquet"
    done = Text(f"报告：{pages}", f"Report: {pages}") if reports else Text(f"结论：{data}", f"Verdicts: {data}")
    say(done.in_(lang))


def _find(rows: Sequence[dict[str, Any]], wanted: str) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the row of an obligation, given whole or by a part that fits one only; else the nearest names."""
    for row in rows:
        if row["obligation"] == wanted:
            return row, ()
    fitting = [row for row in rows if wanted in row["obligation"]]
    if len(fitting) == 1:
        return fitting[0], ()
    names = [row["obligation"] for row in fitting] or [row["obligation"] for row in rows]
    return None, did_you_mean(wanted, names) or tuple(names[:3])


def explain(request: Request, obligation: str, lang: Lang, *, show_sql: bool = False) -> int:
    """Print the whole derivation of one verdict, and the statements that judge it."""
    inputs, problems = load_inputs(request)
    say_problems(problems, lang)
    if inputs is None:
        return UNUSABLE
    row, near = _find(judged(inputs, lang).to_pylist(), obligation)
    if row is None:
        fact = Text(f"没有“{obligation}”这项义务，或者不止一项", f"no obligation, or more than one, is {obligation!r}")
        cure = suggestion(near, Text("编号见 verdicts.jsonl", "Ids are in verdicts.jsonl"))
        say_problems([Problem("unknown-obligation", Where("explain"), fact, cure, obligation)], lang)
        return UNUSABLE
    for line in explain_row(inputs, row, lang):
        say(line)
    if show_sql:
        book = next(book for book in inputs.books if book.id == row["book"])
        rule = book.version(row["rule"], row["opened_on"])
        for table, query in statements(cast("KindRule", rule)):
            say(f"-- {table}\n{DuckBackend.render(query, pretty=True)};")
    return OK


def events_check(
    paths: Sequence[Path], units: Path | None, mapping_path: Path | None, lang: Lang, *, show: bool = False
) -> int:
    """Read a log and list everything that is wrong in it; `show` also says what was understood."""
    from reports.log.layout import understood_lines  # noqa: PLC0415 (only this command shows it)

    registry, problems = load_registry(units or DEFAULT_UNITS)
    mapping, wrong = load_mapping(mapping_path, registry)
    problems = (*problems, *wrong)
    if registry is None or has_errors(problems):
        say_problems(problems, lang)
        return UNUSABLE
    log = read_events(paths, registry, mapping=mapping)
    problems = (*problems, *log.problems) if paths else (*problems, NO_LOG)
    for line in understood_lines(log, registry, lang) if show else ():
        say(line)
    say_problems(problems, lang)
    errors = sum(problem.severity == "error" for problem in problems)
    rows = log.table.num_rows
    text = Text(
        f"读到{rows}条事件；错误{errors}处，提醒{len(problems) - errors}处",
        f"{rows} events read; {errors} errors, {len(problems) - errors} warnings",
    )
    say(text.in_(lang))
    return UNUSABLE if errors else OK
