"""The application as one object: a log with its setting, and everything that can be asked of it, as values.

It is what the command line does, for programs and notebooks. Nothing here prints, exits or reads the clock.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from events.problems import Problem, Text, Where, did_you_mean, suggestion
from events.vocabulary import load_vocabulary, using
from gongkai.answers import Due, Explanation, UnitCheck
from gongkai.api import InputError, Result
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.evaluation.setting import setting_hash
from gongkai.options import RunRequest, options_of
from gongkai.services.compare import compare_folders
from gongkai.services.due import due_of
from gongkai.services.evaluate import run
from gongkai.services.explain import explain_inputs
from gongkai.services.self_check import check_inputs
from gongkai.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gongkai.evaluation.inputs import Inputs
    from gongkai.ledger_file import LedgerFile
    from gongkai.options import Spec
    from gongkai.services.annual.checking import CheckedReport
    from reports.annual.report import AnnualReport
    from reports.comparison.compare import Comparison

PathLike = str | Path
P = ParamSpec("P")
T = TypeVar("T")
RULE_COLUMNS = ("book", "rule", "clause", "kind", "modality", "title", "quote")


def _in_own_words(method: Callable[Concatenate[Application, P], T]) -> Callable[Concatenate[Application, P], T]:
    """Let the words of the application's books and county be in use while a method of it works, and no longer."""

    @wraps(method)
    def wrapped(application: Application, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with using(application.vocabulary):
            return method(application, *args, **kwargs)

    return wrapped


class Application:
    """A log with its setting, read once.

    Attributes:
        request: what was asked for.
        problems: warnings about the input.
        vocabulary: the words of the log: those of the product, the books and the county.
    """

    def __init__(self, request: RunRequest) -> None:
        """Read the log and everything that it is judged by.

        Raises:
            InputError: something is not usable; it carries all problems.
        """
        self.request = request
        self._read()

    def _read(self) -> None:
        with using():
            inputs, problems = load_inputs(self.request)
            vocabulary = load_vocabulary()
        if inputs is None:
            raise InputError(problems)
        self._inputs: Inputs = inputs
        self.vocabulary = vocabulary
        self.problems: tuple[Problem, ...] = problems

    def reload(self) -> Application:
        """Read everything again, and return the application itself.

        Raises:
            InputError: something is not usable any more; what was read before stays.
        """
        self._read()
        return self

    @property
    def setting_hash(self) -> str:
        """The hash of everything but the log: while it is the same, only the log need be read again."""
        return setting_hash(self.request)

    def at(self, as_of: str) -> Application:
        """Return the same log and setting, asked about another moment.

        Raises:
            InputError: it is no moment.
        """
        return Application(replace(self.request, as_of=as_of))

    def log(self) -> Table:
        """Return the events of the log."""
        return Table(self._inputs.table)

    @_in_own_words
    def evaluate(self, out: PathLike | None = None) -> Result:
        """Judge the log, and write the folder of a run where one is named.

        Args:
            out: the folder; it gets the same files as from `gongkai evaluate`.

        Raises:
            InputError: something is not usable, or the folder cannot be written.
        """
        if out is None:
            return Result(judge_inputs(self._inputs, self.request.lang), self.problems)
        result = run(self.request, Path(out))
        if result.verdicts is None:
            raise InputError(result.problems)
        return Result(result.verdicts, result.problems)

    @_in_own_words
    def check(self, unit: str) -> UnitCheck:
        """Return the self-check of a unit: what is open, and what would settle each.

        Raises:
            InputError: there is no such unit.
        """
        found = self._inputs.registry.find(unit)
        if found is None:
            raise InputError((_unknown_unit(unit, self._inputs.registry.near(unit)),))
        return UnitCheck(check_inputs(replace(self._inputs, only=(found,)), self.request.lang))

    @_in_own_words
    def due(self, within: str) -> Due:
        """Return what falls due within a time such as `10 working days`.

        Raises:
            ProblemError: it is no time, or goes beyond the calendar.
        """
        return Due(due_of(self._inputs, within, self.request.lang))

    @_in_own_words
    def explain(self, obligation: str) -> Explanation:
        """Return the derivation of an obligation, named whole or by a part that fits it alone.

        Raises:
            ProblemError: no obligation, or more than one, is meant.
        """
        return Explanation(explain_inputs(self._inputs, obligation, self.request.lang))

    @_in_own_words
    def compare(self, before: PathLike, after: PathLike) -> Comparison:
        """Return what changed between two folders of runs.

        Raises:
            InputError: one of them is no run.
        """
        comparison, problems = compare_folders(Path(before), Path(after))
        if comparison is None:
            raise InputError(problems)
        return comparison

    def rules(self) -> Table:
        """Return the rules of the books, one a row."""
        lang = self.request.lang
        rows = [
            {
                "book": book.id,
                "rule": rule.id,
                "clause": rule.clause,
                "kind": rule.kind,
                "modality": rule.modality,
                "title": rule.title.text().in_(lang),
                "quote": rule.quote,
            }
            for book in self._inputs.books
            for rule in book.rules
        ]
        return Table.of(rows, RULE_COLUMNS)

    @_in_own_words
    def annual_reports(self, year: int, out: PathLike, *, units: Sequence[str] = ()) -> tuple[AnnualReport, ...]:
        """Fill the annual reports of a year from the log, and write them.

        Args:
            year: the report year.
            out: the folder.
            units: units, or the county; all without.

        Raises:
            InputError: something is not usable.
            ProblemError: the folder cannot be written.
        """
        from gongkai.options import AnnualOptions  # noqa: PLC0415 (only where reports are filled)
        from gongkai.services.annual.filling import write_annual_reports  # noqa: PLC0415

        shared = {name: getattr(self.request, name) for name in ("events", "units", "mapping", "lang")}
        reports, problems = write_annual_reports(AnnualOptions(year=year, only=tuple(units), **shared), Path(out))
        if reports is None:
            raise InputError(problems)
        return reports

    @_in_own_words
    def check_annual_report(self, file: PathLike, *, year: int | None = None, unit: str | None = None) -> CheckedReport:
        """Check a filled annual report, against the log as well where its unit is named.

        Raises:
            InputError: it is not usable.
        """
        from gongkai.options import AnnualOptions  # noqa: PLC0415 (only where a report is checked)
        from gongkai.services.annual.checking import CheckRequest, check_report  # noqa: PLC0415

        shared = {name: getattr(self.request, name) for name in ("events", "units", "mapping", "lang")}
        log = AnnualOptions(year=year, only=(unit,), **shared) if unit is not None else None
        checked, problems = check_report(CheckRequest(Path(file), year, log=log))
        if checked is None:
            raise InputError(problems)
        return checked

    def ledger(self, path: PathLike) -> LedgerFile:
        """Return a ledger, to read and to add to with this setting; it is made by the first entry."""
        from gongkai.ledger_file import LedgerFile  # noqa: PLC0415 (only where there is a ledger)

        return LedgerFile(Path(path), self.request)

    def _repr_html_(self) -> str:
        """Return the counts of the verdicts as a notebook shows them."""
        counts: dict[str, int] = {}
        for status in self.evaluate().verdicts["status"].to_pylist():
            counts[status] = counts.get(status, 0) + 1
        rows = [{"status": status, "verdicts": number} for status, number in sorted(counts.items())]
        return Table.of(rows, ("status", "verdicts"))._repr_html_()


def open_application(events: PathLike | Sequence[PathLike] = (), as_of: str = "", **options: Any) -> Application:  # noqa: ANN401 (each option has its own type)
    """Open a log with its setting.

    Args:
        events: event files, ledgers or folders.
        as_of: a date such as `2023-12-31` (its end), or a moment.
        options: the options of `gongkai evaluate` by the names of `gongkai.options.RunRequest`, such as `books`,
            `units`, `waivers`, `readings` (a mapping), `lang`; a path may be a text, and a value that can be given
            several times one value.

    Raises:
        InputError: something is not usable; it carries all problems.
        TypeError: there is no such option.
    """
    specs = {spec.name: spec for spec in options_of(RunRequest)}
    for name in options:
        if name not in specs:
            near = suggestion(did_you_mean(name, specs), Text("", f"Options: {', '.join(specs)}"))
            msg = f"there is no option {name!r}. {near.en}"
            raise TypeError(msg)
    given = {"events": events, "as_of": as_of, **options}
    return Application(RunRequest(**{name: _value(specs[name], value) for name, value in given.items()}))


open_application.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [
        inspect.Parameter("events", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=()),
        inspect.Parameter("as_of", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=""),
        *(
            inspect.Parameter(spec.name, inspect.Parameter.KEYWORD_ONLY, default=spec.default)
            for spec in options_of(RunRequest)
            if spec.name not in {"events", "as_of"}
        ),
    ],
    return_annotation=Application,
)


def _value(spec: Spec, value: Any) -> Any:  # noqa: ANN401 (each option has its own type)
    """Return the value of an option as a request has it."""
    if value is None:
        return None
    if spec.about.pairs and hasattr(value, "items"):
        return tuple(f"{key}={one}" for key, one in value.items())
    if spec.many:
        many = (value,) if isinstance(value, str | Path) else tuple(value)
        return tuple(Path(one) if spec.type is Path else one for one in many)
    return Path(value) if spec.type is Path else value


def _unknown_unit(name: str, near: tuple[str, ...]) -> Problem:
    """Return the problem of a unit that is not in the registry."""
    fact = Text(f"名录里没有“{name}”", f"{name!r} is not in the registry")
    return Problem("unknown-unit", Where("unit"), fact, suggestion(near, Text("检查名录", "Check the registry")), name)
