"""Answers of the application, as data, as lines, and as a notebook shows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.tables import Table, html_of_lines

if TYPE_CHECKING:
    from gongkai.services.due import DueResult
    from gongkai.services.explain import ExplainResult as Derived
    from gongkai.services.self_check import CheckResult

CHECK_COLUMNS = ("group", "obligation", "clause", "title", "subject", "status", "due_on", "left", "remedy")
DUE_COLUMNS = ("obligation", "unit_name", "clause", "title", "subject", "due_on", "working_days")


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """A unit's self-check."""

    result: CheckResult

    @property
    def violated(self) -> bool:
        """Whether something is violated."""
        return self.result.violated

    def table(self) -> Table:
        """Return what is to be seen to, one duty a row, in the order to do it."""
        rows = [
            {
                "group": group,
                **{name: one.verdict.row[name] for name in ("obligation", "clause", "subject", "status", "due_on")},
                "title": one.verdict.title,
                "left": one.left,
                "remedy": one.remedy.words,
            }
            for check in self.result.checks
            for group, todos in check.groups.items()
            for one in todos
        ]
        return Table.of(rows, CHECK_COLUMNS)

    def lines(self) -> tuple[str, ...]:
        """Return it as the terminal has it."""
        from reports.selfcheck.terminal import check_lines  # noqa: PLC0415 (only where lines are asked for)

        return tuple(str(line) for line in check_lines(self.result.checks, self.result.evaluation))

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        return self.table()._repr_html_()


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due within a time."""

    result: DueResult

    def table(self) -> Table:
        """Return the obligations, one a row, by due date."""
        rows = [
            {
                **{name: one.verdict.row[name] for name in ("obligation", "unit_name", "clause", "subject")},
                "title": one.verdict.title,
                "due_on": one.day,
                "working_days": one.working_days,
            }
            for one in self.result.found
        ]
        return Table.of(rows, DUE_COLUMNS)

    def lines(self) -> tuple[str, ...]:
        """Return it as the terminal has it."""
        return self.result.lines()

    def calendar_file(self) -> bytes:
        """Return it as a calendar file (ICS)."""
        return self.result.calendar_file()

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        return self.table()._repr_html_()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one verdict follows from the words of its document."""

    result: Derived

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict: the columns of `verdicts.parquet`."""
        return self.result.row

    def lines(self) -> tuple[str, ...]:
        """Return the derivation, a line a step."""
        return self.result.lines

    def sql(self) -> tuple[str, ...]:
        """Return every statement that judges its rule, in their order."""
        return self.result.sql()

    def keep(self, path: str | Path) -> None:
        """Write the tables of all steps that judge its rule into a DuckDB file.

        Raises:
            ProblemError: it cannot be written.
        """
        self.result.keep(Path(path))

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        return html_of_lines(self.lines())
