"""The public Python API: the same evaluation as the command line, as values."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engine.verdicts import STATUSES
from events.problems import Text, did_you_mean, suggestion
from gongkai.options import DEFAULT_BOOK, Request
from gongkai.services.evaluate import judge_request
from gongkai.tables import html_of, library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import polars as pl

    from events.problems import Lang, Problem


class InputError(ValueError):
    """The input is not usable.

    Attributes:
        problems: everything that is wrong with it.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Say all problems, a line each."""
        super().__init__("\n".join(problem.line("en") for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Result:
    """What an evaluation says.

    Attributes:
        verdicts: one obligation a row, sorted by obligation (the columns of `verdicts.parquet`).
        problems: warnings about the input.
    """

    verdicts: pa.Table
    problems: tuple[Problem, ...]

    def with_status(self, *statuses: str) -> pa.Table:
        """Return the verdicts of these statuses, such as `violated` and `late`; the columns are those of `verdicts`.

        Raises:
            ValueError: there is no such status.
        """
        for status in statuses:
            if status not in STATUSES:
                near = suggestion(did_you_mean(status, STATUSES), Text("", f"Statuses: {', '.join(STATUSES)}"))
                msg = f"there is no status {status!r}. {near.en}"
                raise ValueError(msg)
        return self.verdicts.filter(pc.is_in(self.verdicts["status"], pa.array(statuses, pa.string())))

    def to_pandas(self) -> pd.DataFrame:
        """Return the verdicts as a pandas frame on Arrow's types, so that days stay days and an empty cell is no 0.

        Raises:
            ModuleNotFoundError: pandas is not installed (`gongkai[pandas]` brings it).
        """
        pandas = library("pandas")
        frame: pd.DataFrame = self.verdicts.to_pandas(types_mapper=pandas.ArrowDtype)
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Return the verdicts as a Polars frame.

        Raises:
            ModuleNotFoundError: Polars is not installed (`gongkai[polars]` brings it).
        """
        frame: pl.DataFrame = library("polars").from_arrow(self.verdicts)
        return frame

    def _repr_html_(self) -> str:
        """Return the verdicts as a notebook shows them."""
        return html_of(self.verdicts)


def evaluate(  # noqa: D417 - the files of a county, and the units with those wanted of them, are said together
    events: str | Path | Sequence[str | Path],
    as_of: str,
    *,
    books: Sequence[str] = (DEFAULT_BOOK,),
    units: str | Path | None = None,
    only: Sequence[str] = (),
    known_by: str | None = None,
    period: str | None = None,
    readings: Mapping[str, str] | None = None,
    waivers: str | Path | None = None,
    calendar: str | Path | None = None,
    mapping: str | Path | Sequence[str | Path] = (),
    vocabulary: str | Path | None = None,
    lang: Lang = "zh",
) -> Result:
    """Evaluate rulebooks against a log as of a moment.

    Args:
        events: event files or folders.
        as_of: a date such as `2023-12-31` (its end), or a moment such as `2023-12-31T10:00`.
        books: rulebooks, by name or folder.
        units: the unit registry, the packaged one without; `only` are names of the units to judge, all without.
        known_by: the moment up to which recordings count; the as-of moment without.
        period: the days whose obligations are listed, such as `2023` or `2023-01-01/2024-06-30`; the default without.
        readings: chosen readings, by rule.
        waivers, calendar, mapping, vocabulary: files of exemptions, days off, other layouts, and further words.
        lang: language of the reasons.

    Raises:
        InputError: the input is not usable; it carries all problems.
    """
    request = Request(
        as_of=as_of,
        events=_paths(events),
        books=tuple(books),
        units=_path(units),
        only=tuple(only),
        known_by=known_by,
        period=period,
        readings=tuple(f"{rule}={name}" for rule, name in (readings or {}).items()),
        calendar=_path(calendar),
        mapping=_paths(mapping),
        vocabulary=_path(vocabulary),
        waivers=_path(waivers),
        lang=lang,
    )
    return _judged(request)


def _judged(request: Request) -> Result:
    """Judge; the words that the run takes up are its own, and not in use after it."""
    verdicts, problems = copy_context().run(judge_request, request)
    if verdicts is None:
        raise InputError(problems)
    return Result(verdicts, problems)


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


def _paths(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(one) for one in ((given,) if isinstance(given, str | Path) else given))
