"""The log: read and checked, written in our own form, and the workbook to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.kinds import KINDS
from events.layouts import find_layout, layout_text, load_layouts
from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from events.read import LogReader, read_events
from events.sheets.propose import propose
from events.vocabulary import load_vocabulary
from gongkai.evaluation.asked_of import asked_of
from gongkai.evaluation.duties import as_duties_say
from gongkai.evaluation.figures import as_rules_count, default_books
from gongkai.files.mapping import load_mappings
from gongkai.files.words import use_words
from gongkai.options import DEFAULT_UNITS, NO_LOG, refused
from reports.log.convert import converted, target_problem
from reports.output.folder import write_one
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.read import ReadResult
    from gongkai.options import LogOptions, RegistryOptions, TemplateOptions
    from rules.units import Registry

Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class LogCheck:
    """A log that was read, and the units that it is of."""

    read: ReadResult
    registry: Registry


def read_log(paths: Sequence[Path], options: LogOptions) -> tuple[LogCheck | None, Problems]:
    """Read a log.

    Returns:
        It, with what fits of it; None where registry or mapping are not usable; and everything that is wrong.
    """
    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    problems = (*refused(options), *problems, *use_words(file=options.vocabulary))
    mapping, wrong = load_mappings(options.mapping, registry)
    problems = (*problems, *wrong)
    if registry is None or has_errors(problems):
        return None, problems
    log = _as_books_say(read_events(paths, registry, mapping=mapping))
    return LogCheck(log, registry), (*problems, *log.problems, *(() if paths else (NO_LOG,)))


def _as_books_say(log: ReadResult) -> ReadResult:
    """Return a log as the product's rulebooks understand it: its figures, and the rows of a self-check."""
    books = default_books()
    return as_rules_count(as_duties_say(log, books), books)


def convert(paths: Sequence[Path], out: Path, options: LogOptions) -> tuple[int | None, Problems]:
    """Read a log and write it in the form of the contract; nothing is written where an error is in it.

    Returns:
        How many events were written, None where none were; and everything that is wrong.

    Raises:
        WriteError: the file cannot be written.
    """
    wrong = target_problem(out)
    if wrong is not None:
        return None, (wrong,)
    log, problems = read_log(paths, options)
    if log is None:
        return None, problems
    table = log.read.table
    wrong = target_problem(out, table)
    problems = problems if wrong is None else (*problems, wrong)
    if has_errors(problems):
        return None, problems
    write_one(out, converted(table, out.suffix.lower()))
    return table.num_rows, problems


def proposed_mapping(path: Path, options: LogOptions) -> tuple[str | None, Problems]:
    """Return a mapping in YAML for a file, proposed from its headings; None where it has no tables that can be read."""
    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    problems = (*refused(options), *problems, *use_words(file=options.vocabulary))
    if registry is None or has_errors(problems):
        return None, problems
    log = LogReader(load_vocabulary(), registry, None)
    grids = log.grids(path)
    if not grids:
        return None, (*problems, *log.problems)
    return propose(grids, load_vocabulary(), registry), problems


def write_register(out: Path, layout: str, unit: str | None, options: RegistryOptions) -> Problems:
    """Write a register to fill in, or (`.yaml`) the layout itself, to be changed; return what is wrong.

    Raises:
        WriteError: the file cannot be written.
    """
    from reports.log.register import register_workbook  # noqa: PLC0415 (reading a log does not need it)

    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    if registry is None or has_errors(problems):
        return problems
    found, known = find_layout(layout), [one.source for one in load_layouts()]
    found_unit = None if unit is None else registry.find(unit)
    wrong: list[Problem] = []
    if found is None:
        fact = Text(f"没有版面“{layout}”", f"there is no layout {layout!r}")
        otherwise = Text(f"可用：{'、'.join(known)}", f"There are {', '.join(known)}")
        cure = suggestion(did_you_mean(layout, known), otherwise)
        wrong.append(Problem("bad-option", Where("--layout"), fact, cure, layout))
    if unit is not None and found_unit is None:
        wrong.append(_no_unit(unit, registry))
    if out.suffix.lower() not in {".xlsx", ".yaml", ".yml"}:
        fact = Text("登记簿是 .xlsx 文件，版面是 .yaml 文件", "a register is an .xlsx file, a layout a .yaml file")
        cure = Text("写成 --out 登记簿.xlsx", "Write --out register.xlsx")
        wrong.append(Problem("bad-option", Where("--out"), fact, cure, str(out)))
    if wrong or found is None:
        return (*problems, *wrong)
    name = None if found_unit is None else registry.unit(found_unit).name
    if out.suffix.lower() == ".xlsx":
        write_one(out, register_workbook(found, load_vocabulary(), name))
    else:
        write_one(out, layout_text(found).encode("utf-8"))
    return problems


def _no_unit(unit: str, registry: Registry) -> Problem:
    fact = Text(f"单位名录中没有“{unit}”", f"there is no unit {unit!r} in the registry")
    cure = suggestion(registry.near(unit), Text("请核对名称", "Check the name"))
    return Problem("unknown-unit", Where("--unit"), fact, cure, unit)


def write_template(out: Path, unit: str | None, types: Sequence[str], options: TemplateOptions) -> Problems:
    """Write a workbook for a department to fill in; return what is wrong, with an error where nothing was written.

    Raises:
        WriteError: the file cannot be written.
    """
    from reports.log.template import Besides, template_workbook  # noqa: PLC0415 (reading a log does not need it)

    registry, problems = load_registry(options.units or DEFAULT_UNITS)
    if registry is None or has_errors(problems):
        return problems
    problems = (*problems, *use_words(options.books, options.vocabulary))
    vocabulary = load_vocabulary()
    wrong: list[Problem] = []
    if out.suffix.lower() != ".xlsx":
        fact = Text("模板是 .xlsx 文件", "the template is an .xlsx file")
        cure = Text("写成 --out 台账.xlsx", "Write --out log.xlsx")
        wrong.append(Problem("bad-option", Where("--out"), fact, cure, str(out)))
    found_unit = None if unit is None else registry.find(unit)
    if unit is not None and found_unit is None:
        wrong.append(_no_unit(unit, registry))
    for name in types:
        if vocabulary.find_type(name) is None:
            fact = Text(f"没有事件类型“{name}”", f"there is no event type {name!r}")
            cure = suggestion(vocabulary.near_type(name), Text("请核对词汇表", "See the vocabulary"))
            wrong.append(Problem("unknown-type", Where("--type"), fact, cure, name))
    if wrong:
        return (*problems, *wrong)
    chosen = [found for name in types if (found := vocabulary.find_type(name)) is not None]
    if chosen or found_unit is None:
        write_one(out, template_workbook(vocabulary, registry, unit=found_unit, types=chosen))
        return problems
    books, more = load_books(options.books, KINDS, vocabulary=vocabulary, registry=registry)
    problems = (*problems, *(one for one in more if one.severity == "error"))
    if has_errors(problems):
        return problems
    asked = asked_of(found_unit, books, registry, vocabulary)
    besides = Besides(tuple(vocabulary.types), asked.values)
    content = template_workbook(vocabulary, registry, unit=found_unit, types=asked.types, besides=besides)
    write_one(out, content)
    return problems
