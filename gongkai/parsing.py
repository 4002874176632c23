"""The values of options as what they mean; what cannot be used is collected as a problem that names the option."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.time.asof import AsOf, AsOfError
from engine.time.period import PeriodError, RunPeriod
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Gathering:
    """Problems as they turn up."""

    problems: list[Problem] = field(default_factory=list)

    def option(self, option: str, value: str, fact: Text, cure: Text) -> None:
        """Say that the value of an option cannot be used."""
        self.problems.append(Problem("bad-option", Where(option), fact, cure, value))


def parse_readings(texts: Sequence[str], gathering: Gathering) -> dict[str, str]:
    """Return the chosen readings by rule from `RULE=NAME` texts."""
    chosen = {}
    for text in texts:
        rule, equals, name = text.partition("=")
        if not (rule and equals and name):
            fact = Text(f"“{text}”不是“规则=读法”", f"{text!r} is not RULE=NAME")
            cure = Text("例如 --reading 8.4.attendance=county", "For example --reading 8.4.attendance=county")
            gathering.option("--reading", text, fact, cure)
        chosen[rule] = name
    return chosen


def parse_moment(text: str, gathering: Gathering, option: str = "--as-of") -> AsOf | None:
    """Return the moment that an option names; a day means its end."""
    try:
        return AsOf.parse(text)
    except AsOfError:
        fact = Text(f"“{text}”不是日期或时刻", f"{text!r} is neither a date nor a moment")
        cure = Text("写作 2023-12-31 或 2023-12-31T10:00", "Write 2023-12-31 or 2023-12-31T10:00")
        gathering.option(option, text, fact, cure)
        return None


def parse_period(text: str | None, gathering: Gathering) -> RunPeriod | None:
    """Return the days that `--period` names, None without."""
    if text is None:
        return None
    try:
        return RunPeriod.parse(text)
    except PeriodError:
        fact = Text(f"“{text}”不是时段", f"{text!r} is no period")
        cure = Text(
            "写作 2023、2023-Q2、2023-07 或 2023-01-01/2023-06-30",
            "Write 2023, 2023-Q2, 2023-07 or 2023-01-01/2023-06-30",
        )
        gathering.option("--period", text, fact, cure)
        return None
