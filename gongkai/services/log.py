"""`gongkai events convert` and `events template`: the log in our own form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, has_errors, suggestion
from events.read import read_events
from events.vocabulary import load_vocabulary
from gongkai.cli.terminal import say, say_problems
from gongkai.evaluation.inputs import DEFAULT_UNITS, NO_LOG
from gongkai.files.mapping import load_mapping
from reports.log.convert import converted, target_problem
from reports.output.folder import WriteError, write_one
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang

OK, UNUSABLE = 0, 2


def convert(paths: Sequence[Path], out: Path, units: Path | None, mapping_path: Path | None, lang: Lang) -> int:
    """Read a log and write it in the form of the contract; nothing is written where an error is in it."""
    registry, problems = load_registry(units or DEFAULT_UNITS)
    wrong = target_problem(out)
    if wrong is not None:
        problems = (*problems, wrong)
    if registry is None or has_errors(problems):
        say_problems(problems, lang)
        return UNUSABLE
    mapping, found = load_mapping(mapping_path, registry)
    problems = (*problems, *found)
    if has_errors(problems):
        say_problems(problems, lang)
        return UNUSABLE
    log = read_events(paths, registry, mapping=mapping)
    problems = (*problems, *log.problems) if paths else (*problems, NO_LOG)
    wrong = target_problem(out, log.table)
    problems = problems if wrong is None else (*problems, wrong)
    say_problems(problems, lang)
    if has_errors(problems):
        say(Text("有错误，没有写出", "Nothing is written, because of the errors").in_(lang))
        return UNUSABLE
    if not _written(out, converted(log.table, out.suffix.lower()), lang):
        return UNUSABLE
    rows = log.table.num_rows
    say(Text(f"写出{rows}条事件：{out}", f"{rows} events written: {out}").in_(lang))
    return OK


def template(out: Path, units: Path | None, unit: str | None, types: Sequence[str], lang: Lang) -> int:
    """Write a workbook for a department to fill in."""
    from reports.log.template import template_workbook  # noqa: PLC0415 (convert does not need it)

    registry, problems = load_registry(units or DEFAULT_UNITS)
    say_problems(problems, lang)
    if registry is None or has_errors(problems):
        return UNUSABLE
    vocabulary = load_vocabulary()
    wrong: list[Problem] = []
    if out.suffix.lower() != ".xlsx":
        fact = Text("模板是 .xlsx 文件", "the template is an .xlsx file")
        wrong.append(
            Problem("bad-option", Where("--out"), fact, Text("写成 --out 台账.xlsx", "Write --out log.xlsx"), str(out))
        )
    found_unit = None if unit is None else registry.find(unit)
    if unit is not None and found_unit is None:
        fact = Text(f"单位名录中没有“{unit}”", f"there is no unit {unit!r} in the registry")
        cure = suggestion(registry.near(unit), Text("请核对名称", "Check the name"))
        wrong.append(Problem("unknown-unit", Where("--unit"), fact, cure, unit))
    for name in types:
        if vocabulary.find_type(name) is None:
            fact = Text(f"没有事件类型“{name}”", f"there is no event type {name!r}")
            cure = suggestion(vocabulary.near_type(name), Text("请核对词汇表", "See the vocabulary"))
            wrong.append(Problem("unknown-type", Where("--type"), fact, cure, name))
    if wrong:
        say_problems(wrong, lang)
        return UNUSABLE
    chosen = [found for name in types if (found := vocabulary.find_type(name)) is not None]
    content = template_workbook(vocabulary, registry, unit=found_unit, types=chosen)
    if not _written(out, content, lang):
        return UNUSABLE
    say(Text(f"模板：{out}", f"Template: {out}").in_(lang))
    return OK


def _written(out: Path, content: bytes, lang: Lang) -> bool:
    """Write a file, or say why it cannot be written."""
    try:
        write_one(out, content)
    except WriteError as error:
        say_problems([error.problem], lang)
        return False
    return True
