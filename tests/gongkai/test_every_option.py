"""Every option of every command, with values that nobody means: a problem or an answer, never a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gongkai.cli import command_tree
from tests.gongkai.commands import gongkai
from tests.gongkai.test_elsewhere import READING
from tests.gongkai.test_every_output import CONSOLE, FOLDERS, WRITES, called, home, made, parameters
from tests.gongkai.test_terminal import STEERING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Capsys = pytest.CaptureFixture[str]

__all__ = ["home", "made"]

HUGE = "9" * 30
VALUES = {
    "int": (HUGE, f"-{HUGE}", "9223372036854775808"),
    "moment": ("9999-12-31", "9998-12-31T23:59:59-12:00", "10000-01-01", "9999-Q4", f"{HUGE} working days", "²"),
    "str": (HUGE, ""),
    "Path": ("x" * 5000, ""),
}
MOMENTS = {
    *("--as-of", "--known-by", "--period", "--within", "--rectify-within", "--rectify-by", "--at"),
    *("START", "END", "DURATION"),
}
APART = {("annual-report", "--as-of"), ("events convert", "--out"), ("annual-report", "--year")}
"""Options that are read otherwise than those of the same name."""

NASTY = "甲\x1b[31m\u202e乙"


def chosen() -> Iterator[tuple[str, str, str]]:
    """Yield each option once, with a command that has it and the sort of its values."""
    seen = set()
    found = [one for one in parameters(command_tree()) if one[0].split()[0] not in CONSOLE]
    for name, flag, one in sorted(found, key=lambda one: one[0] != "evaluate"):
        about = flag if flag.startswith("--") and (name, flag) not in APART else f"{name} {flag}"
        if about not in seen and not getattr(one, "is_flag", False):
            seen.add(about)
            yield name, flag, sort_of(one)


def sort_of(one: Any) -> str:  # noqa: ANN401 (typer's own class)
    """Return what sort of values a parameter takes."""
    described = str(vars(one)["type_descriptor"]).lower()
    return next((sort for sort in VALUES if sort.lower() in described), "str")


def line(home: Path, name: str, flag: str, value: str) -> list[str]:
    """Return a command line that is sound but for one value."""
    key = next((one for one in WRITES if one[0] == name), None)
    words = list(READING[name]) if name in READING else called(home, key or ("", ""), home / place(key))
    if flag in words:
        words[words.index(flag) + 1] = value
    elif flag.startswith("--"):
        words += [flag, value]
    else:
        first = len(name.split())
        names = [one for command, one, _ in parameters(command_tree()) if command == name and not one.startswith("-")]
        words[first + names.index(flag) : first + names.index(flag) + 1] = [value]
    return words


def place(key: tuple[str, str] | None) -> str:
    """Return where a command writes."""
    return "new" if key in FOLDERS else "new.xlsx" if key is not None and "template" in key[0] else "new.csv"


@pytest.mark.parametrize(("name", "flag", "sort"), [*chosen()])
def test_a_value_that_nobody_means_is_told(home: Path, capsys: Capsys, name: str, flag: str, sort: str) -> None:
    more = VALUES["moment"] if flag in MOMENTS else ()
    for value in (*VALUES[sort], *more, *(() if sort == "Path" and (name, flag) in FOLDERS else (NASTY,))):
        outcome = gongkai(capsys, *line(home, name, flag, value))
        assert outcome.status in {0, 1, 2}, (value, outcome)
        assert not STEERING.search(outcome.out + outcome.err), (value, outcome)
