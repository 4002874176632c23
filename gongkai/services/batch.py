"""One run of a batch: evaluated, or passed over where nothing has changed since it was; its problems go no further."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from engine.kinds import KINDS
from events.formats.files import event_files
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.vocabulary import load_vocabulary
from gongkai.evaluation.inputs import DEFAULT_UNITS, load_inputs
from gongkai.evaluation.judge import judged
from gongkai.evaluation.receipt import product_version
from gongkai.evaluation.write import produce
from reports.output.folder import WriteError, write_one
from reports.output.interrupted import recover
from reports.write import OURS
from rules.load import load_books
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from events.problems import Lang
    from gongkai.files.manifest import Entry

State = Literal["done", "skipped", "unusable"]
PROBLEMS = "problems.txt"
NEEDED = ("index.html", "verdicts.jsonl", "violations.xlsx", "summary.json")
"""What must be there of a run that is passed over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one run.

    Attributes:
        name: what the manifest calls it.
        folder: its folder.
        as_of: the as-of moment asked about.
        state: evaluated, passed over, or not usable.
        counts: the number of verdicts by status; none of a run that is not usable.
        problems: what is wrong with its input, a line each.
        errors: how many of them are errors.
    """

    name: str
    folder: str
    as_of: str
    state: State
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    errors: int = 0


def run_entry(entry: Entry, out: Path, lang: Lang, *, again: bool = False) -> Outcome:
    """Evaluate one run into its folder, or pass it over where the run that is there had the same inputs.

    Args:
        entry: the run.
        out: the folder of the batch.
        lang: language of the reports.
        again: evaluate it even if nothing has changed.
    """
    try:
        return _run(entry, out, lang, again=again)
    except Exception as error:  # noqa: BLE001 - whatever happens in one county, the others are evaluated
        fact = Text(f"程序出错：{type(error).__name__}: {error}", f"program error: {type(error).__name__}: {error}")
        cure = Text("请把这个文件夹的输入和这句话报告给维护者", "Report this with the inputs of this run")
        return _unusable(entry, out, (Problem("internal-error", Where(entry.name), fact, cure),), lang)


def _run(entry: Entry, out: Path, lang: Lang, *, again: bool) -> Outcome:
    """Evaluate one run, or pass it over."""
    folder = out / entry.folder
    print_ = fingerprint(entry, lang)
    kept = None if again or print_ is None else _kept(folder, print_)
    if kept is not None:
        lines = _lines(folder / PROBLEMS)
        return Outcome(entry.name, entry.folder, entry.request.as_of, "skipped", kept, lines)
    put_right = tuple(problem for earlier in entry.lists.previous for problem in recover(earlier))
    inputs, problems = load_inputs(entry.request)
    problems = (*put_right, *problems)
    if inputs is None:
        return _unusable(entry, out, problems, lang)
    table = judged(inputs, lang)
    said = {"batch": {"name": entry.name, "fingerprint": print_}}
    extras = [partial(_write_problems, problems, lang)] if problems else []
    evaluation, wrong = produce(inputs, table, folder, lang, "duckdb", entry.lists, said=said, extras=extras)
    problems = (*problems, *wrong)
    if evaluation is None:
        return _unusable(entry, out, problems, lang)
    lines = tuple(problem.line(lang) for problem in problems)
    return Outcome(entry.name, entry.folder, inputs.as_of.text, "done", evaluation.status_counts(), lines)


def _unusable(entry: Entry, out: Path, problems: tuple[Problem, ...], lang: Lang) -> Outcome:
    """Write the problems beside what an earlier run left, and return the outcome."""
    lines = tuple(problem.line(lang) for problem in sort_problems(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    try:
        write_one(out / entry.folder / PROBLEMS, ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    except WriteError as error:
        lines = (*lines, error.problem.line(lang))
    return Outcome(entry.name, entry.folder, entry.request.as_of, "unusable", {}, lines, errors)


def _write_problems(problems: tuple[Problem, ...], lang: Lang, folder: Path) -> None:
    """Write the warnings of a run into its folder."""
    text = "".join(f"{problem.line(lang)}\n" for problem in problems)
    (folder / PROBLEMS).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _lines(path: Path) -> tuple[str, ...]:
    """Return the lines of a file, none where there is no such file."""
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()


def _kept(folder: Path, print_: str) -> dict[str, int] | None:
    """Return the counts of the run that is in a folder, or None where it is not whole or had other inputs."""
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    try:
        receipt = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        same = receipt["batch"]["fingerprint"] == print_
        return {str(status): int(number) for status, number in summary["statuses"].items()} if same else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def fingerprint(entry: Entry, lang: Lang) -> str | None:
    """Return a hash of everything that a run depends on: version, options, and every file that it reads.

    None where something cannot be read: the run itself then says what.
    """
    request = entry.request
    registry, problems = load_registry(request.units or DEFAULT_UNITS)
    readings = dict(text.partition("=")[::2] for text in request.readings)
    own = registry if request.units is None else None
    books, wrong = load_books(request.books, KINDS, readings=readings, vocabulary=load_vocabulary(), registry=own)
    if registry is None or has_errors((*problems, *wrong)):
        return None
    files: list[Path] = []
    for path in request.events:
        found, _ = event_files(path)
        files += found
    files += [path for path in (request.calendar, request.mapping, request.waivers) if path is not None]
    for earlier in entry.lists.previous:
        files += [earlier / "verdicts.jsonl", earlier / "run.json"]
    said: dict[str, Any] = {
        "gongkai": product_version(),
        "lang": lang,
        "name": entry.name,
        "as_of": request.as_of,
        "only": request.only,
        "readings": sorted(request.readings),
        "lists": asdict(entry.lists),
        "registry": registry.sha256,
        "books": [(book.id, book.sha256, sorted(book.readings.items())) for book in books],
    }
    try:
        said["files"] = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    except OSError:
        return None
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def clear_leftovers(entries: tuple[Entry, ...], out: Path) -> tuple[Problem, ...]:
    """Put right what a killed batch has left beside the folders of its runs, and say what was put back."""
    return tuple(problem for entry in entries for problem in recover(out / entry.folder, OURS))
