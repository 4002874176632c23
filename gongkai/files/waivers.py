"""Waivers: recorded, reasoned, dated, expiring exemptions, from YAML.

```yaml
waivers:
  - unit: 羊山镇
    rule: N6.training
    reason: 机构改革期间，培训由县里统一组织
    approver: 县政府办公室
    from: 2023-07-01
    until: 2023-12-31
```

`subject` narrows it to one matter, `period` to one period or due date (`2023`, `2023-12-31`), as the last part of an
obligation's name has it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field, field_validator, model_validator

from engine.evaluate import Waiver
from events.problems import Problem, Text, did_you_mean, has_errors, suggestion
from gongkai.files.idle_waivers import idle_waiver
from rules.model import EndDay, Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rules.book import Book
    from rules.units import Registry


class _Entry(Model):
    """One waiver as the file says it."""

    unit: Word
    rule: Word
    subject: str | None = None
    period: str | None = None
    reason: Word
    approver: Word
    since: date = Field(alias="from")
    until: EndDay

    @field_validator("period", mode="before")
    @classmethod
    def _year(cls, value: object) -> object:
        """Read a year that was written as a number."""
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _in_order(self) -> _Entry:
        """Refuse a waiver that ends before it begins."""
        if self.until < self.since:
            msg = f"it ends on {self.until}, before it begins on {self.since}"
            raise ValueError(msg)
        return self


class _File(Model):
    """A waiver file."""

    waivers: tuple[_Entry, ...]


def load_waivers(
    path: Path | None, registry: Registry, books: Sequence[Book]
) -> tuple[tuple[Waiver, ...], tuple[Problem, ...]]:
    """Read the waivers; an unknown unit or rule in them is an error: a waiver that is never found exempts nobody."""
    if path is None:
        return (), ()
    if path.suffix.lower() == ".xlsx":
        from gongkai.files.waiver_sheet import read_sheet  # noqa: PLC0415 (few waivers are a workbook)

        node, problems = read_sheet(path)
    else:
        node, problems = read_yaml(path)
    if node is None or has_errors(problems):
        return (), problems
    file, found = validate(_File, node)
    problems = (*problems, *found)
    if file is None:
        return (), problems
    rules = {rule.id for book in books for rule in book.rules}
    waivers, wrong = [], []
    for entry, place in zip(file.waivers, node.items("waivers"), strict=True):
        unit = registry.find(entry.unit)
        if unit is None:
            fact = Text(f"名录里没有“{entry.unit}”", f"{entry.unit!r} is not in the registry")
            cure = suggestion(registry.near(entry.unit), Text("检查名录", "Check the registry"))
            wrong.append(Problem("unknown-unit", place.place_of(entry.unit), fact, cure, entry.unit))
        if entry.rule not in rules:
            fact = Text(f"规则库里没有规则“{entry.rule}”", f"no rulebook has a rule {entry.rule!r}")
            cure = suggestion(did_you_mean(entry.rule, rules), Text("检查规则编号", "Check the rule's id"))
            wrong.append(Problem("unknown-rule", place.place_of(entry.rule), fact, cure, entry.rule))
        if unit is not None and entry.rule in rules:
            wrong += idle_waiver(unit, entry.rule, (entry.subject, entry.period), books, registry, place)
        if unit is not None:
            label = f"{entry.approver}：{entry.reason}（{entry.since}至{entry.until}）"
            waivers.append(Waiver(entry.rule, unit, entry.subject, entry.since, entry.until, label, entry.period))
    return tuple(waivers), (*problems, *wrong)
