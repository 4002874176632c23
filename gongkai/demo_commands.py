"""`gongkai demo`: make a made-up year and say what was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gongkai.cli.terminal import say, say_problems
from gongkai.demo.make import make_demo
from gongkai.demo.many import make_many
from gongkai.evaluation.inputs import DEFAULT_UNITS
from reports.output.folder import WriteError
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.problems import Lang
    from rules.units import Registry

OK, UNUSABLE = 0, 2


class _Made(Protocol):
    """What was made, ready to be told."""

    def summary(self, lang: Lang) -> list[str]:
        """Return lines for the terminal."""


def year(out: Path, seed: int, lang: Lang) -> int:
    """Make the registers of one county's year."""
    return _make(lambda registry: make_demo(out, registry, seed=seed), lang)


def many(out: Path, counties: int, events: int, seed: int, lang: Lang) -> int:
    """Make the years of many counties as Parquet."""
    return _make(lambda registry: make_many(out, registry, counties=counties, events=events, seed=seed), lang)


def _make(make: Callable[[Registry], _Made], lang: Lang) -> int:
    """Make something with the packaged registry and say what it is."""
    registry, problems = load_registry(DEFAULT_UNITS)
    say_problems(problems, lang)
    if registry is None:
        return UNUSABLE
    try:
        made = make(registry)
    except WriteError as error:
        say_problems([error.problem], lang)
        return UNUSABLE
    for line in made.summary(lang):
        say(line)
    return OK
