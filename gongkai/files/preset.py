"""Presets of an evaluation: its title, period and as-of day, and the evaluation that it is compared to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from events.problems import Problem, Text, Where, did_you_mean, suggestion
from reports.run.evaluation import Occasion
from rules.loading.packaged import find_book
from rules.model import Bilingual, Model
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

PRESETS = Path(__file__).parent / "presets"
DAY = r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$"


class _Span(Model):
    """The first and last day of a period."""

    start: str = Field(alias="from", pattern=DAY)
    end: str = Field(alias="to", pattern=DAY)


class _Preset(Model):
    """A preset as its file says it; a day without a year lies in the year of the rulebook."""

    title: Bilingual
    period: _Span
    as_of: str = Field(pattern=DAY)
    compares_to: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset with its days.

    Attributes:
        name: what it was asked for as.
        occasion: its title and period.
        as_of: the as-of day, as `--as-of` has it.
        earlier: the as-of day of the evaluation that it is compared to, or None.
    """

    name: str
    occasion: Occasion
    as_of: str
    earlier: str | None


def preset_at(name: str, home: Path) -> str:
    """Return a preset that comes with the product by its name, another one by its path in a folder."""
    return name if _path(name).parent == PRESETS and not (home / name).is_file() else str(home / name)


def _path(name: str) -> Path:
    """Return the file of a preset, by name or as a path."""
    packaged = PRESETS / f"{name}.yaml"
    return packaged if "/" not in name and packaged.exists() else Path(name)


def _year(books: Sequence[str]) -> int | None:
    """Return the year of the first rulebook that is in force within one year only."""
    for name in books:
        folder, _ = find_book(name)
        node, _ = read_yaml(folder / "book.yaml") if folder is not None else (None, ())
        force = node.get("in_force") if node is not None else None
        first, last = (force.text("from") or "", force.text("to") or "") if force is not None else ("", "")
        if first[:4] == last[:4] and first[:4].isdigit():
            return int(first[:4])
    return None


def load_preset(name: str, books: Sequence[str], as_of: str | None) -> tuple[Preset | None, tuple[Problem, ...]]:
    """Read a preset.

    Args:
        name: `mid-year`, `annual`, or a YAML file.
        books: the rulebooks of the evaluation, whose year days without one lie in.
        as_of: the as-of moment where one was given: it takes the place of the preset's.

    Returns:
        The preset, None where it is unusable, and everything that is wrong with it.
    """
    path = _path(name)
    if not path.exists():
        known = sorted(file.stem for file in PRESETS.glob("*.yaml"))
        fact = Text(f"没有“{name}”这个预设", f"there is no preset {name!r}")
        cure = suggestion(
            did_you_mean(name, known),
            Text(f"可用：{'、'.join(known)}，或者YAML文件", f"There are {', '.join(known)}, or a YAML file"),
        )
        return None, (Problem("unknown-preset", Where("--preset"), fact, cure, name),)
    node, problems = read_yaml(path)
    preset, wrong = validate(_Preset, node) if node is not None else (None, ())
    if preset is None:
        return None, (*problems, *wrong)
    year = int(as_of[:4]) if as_of is not None and as_of[:4].isdigit() else _year(books)
    try:
        occasion = Occasion(preset.title.text(), _day(preset.period.start, year), _day(preset.period.end, year))
        at = as_of or _day(preset.as_of, year).isoformat()
    except ValueError as error:
        fact = Text(f"预设“{name}”里的日期不成立：{error}", f"a day of the preset {name} does not exist: {error}")
        cure = Text("写出年份，或者给出 --as-of", "Write the year, or give --as-of")
        return None, (*problems, Problem("bad-preset", Where(str(path)), fact, cure, name))
    earlier, wrong = _earlier(preset, books, year)
    return Preset(name, occasion, at, earlier), (*problems, *wrong)


def _earlier(preset: _Preset, books: Sequence[str], year: int | None) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the as-of day of the evaluation that a preset is compared to."""
    if preset.compares_to is None:
        return None, ()
    other, problems = load_preset(preset.compares_to, books, None if year is None else f"{year}")
    node, _ = read_yaml(_path(preset.compares_to)) if other is not None else (None, ())
    text = node.text("as_of") if node is not None else None
    return (None if text is None else _day(text, year).isoformat()), problems


def _day(text: str, year: int | None) -> date:
    """Return a day of a preset.

    Raises:
        ValueError: it does not exist, or has no year and nothing gives one.
    """
    if text.count("-") > 1:
        return date.fromisoformat(text)
    if year is None:
        msg = f"{text}: no year (the rulebook is not that of one year)"
        raise ValueError(msg)
    return date.fromisoformat(f"{year}-{text}")
