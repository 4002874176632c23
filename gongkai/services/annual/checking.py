"""Checking a filled annual report, whoever made it.

Decisions of people, by the fingerprint that each comparison shows:

```yaml
decisions:
  - fingerprint: 3f2a91c07b5e
    decision: dismissed
    by: 县政府办公室
    reason: 撤回的申请由上级机关另行统计
```
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from gongkai.options import AnnualOptions
from gongkai.services.annual.filling import COUNTY, load_sources
from reports.annual.check.read import FORMATS, read_filled, read_text
from reports.annual.check.run import STATUS, Evidence, run_checks
from rules.model import Model, Word
from rules.yaml.nodes import read_yaml
from rules.yaml.validate import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.annual.check.comparison import ReportComparison
    from reports.annual.check.filled import Filled
    from reports.annual.report import AnnualReport


class _Decision(Model):
    """What a person decided about one comparison."""

    fingerprint: Word
    decision: Literal["confirmed", "dismissed"]
    by: Word
    reason: Word
    on: date | None = None


class _Decisions(Model):
    """A file of decisions."""

    decisions: tuple[_Decision, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is checked, and against what.

    Attributes:
        file: the filled report.
        year: its report year, where the file does not say it.
        last_year: last year's report.
        text: text in a file of its own.
        parts: the reports of a county's units, or folders of them.
        decisions: the file of decisions.
        log: the log and the unit for A13, or None.
    """

    file: Path
    year: int | None = None
    last_year: Path | None = None
    text: Path | None = None
    parts: tuple[Path, ...] = ()
    decisions: Path | None = None
    log: AnnualOptions | None = None


def load_decisions(path: Path | None) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return what people decided, by fingerprint, and what is wrong with the file."""
    if path is None:
        return {}, ()
    node, problems = read_yaml(path)
    if node is None or has_errors(problems):
        return {}, problems
    file, wrong = validate(_Decisions, node)
    decided: dict[str, str] = {one.fingerprint: str(one.decision) for one in file.decisions} if file is not None else {}
    return decided, (*problems, *wrong)


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A filled report and what its checks say.

    Attributes:
        filled: the report as it was read.
        comparisons: every comparison of its figures and words.
    """

    filled: Filled
    comparisons: tuple[ReportComparison, ...]

    @property
    def fails(self) -> bool:
        """Whether something does not fit."""
        return any(one.fails for one in self.comparisons)

    def content(self) -> dict[str, object]:
        """Return the checks as JSON has them."""
        return _content(self.filled, self.comparisons)


def check_report(request: CheckRequest) -> tuple[CheckedReport | None, tuple[Problem, ...]]:
    """Check a filled report; None where it, or what it is checked against, is not usable; and what is wrong."""
    filled, problems = read_filled(request.file, request.year)
    evidence, wrong = _evidence(request, filled)
    problems = (*problems, *wrong)
    if filled is None or has_errors(problems):
        return None, problems
    found = tuple(run_checks(filled, evidence))
    return CheckedReport(filled, found), (*problems, *_unused(evidence.decisions, found, request.decisions))


def _evidence(request: CheckRequest, filled: Filled | None) -> tuple[Evidence, tuple[Problem, ...]]:
    """Read what the report is checked against."""
    decisions, problems = load_decisions(request.decisions)
    last = None
    if request.last_year is not None:
        last, wrong = read_filled(request.last_year)
        problems = (*problems, *wrong)
    text, wrong = read_text(request.text) if request.text is not None else ((), ())
    problems = (*problems, *wrong)
    parts = []
    for path in _files(request.parts, request.file):
        part, wrong = read_filled(path)
        problems = (*problems, *wrong)
        parts += [part] if part is not None else []
    report, wrong = _register(request, filled)
    return Evidence(last, report, tuple(parts), text, decisions), (*problems, *wrong)


def _files(paths: Sequence[Path], checked: Path) -> list[Path]:
    """Return files, those of folders included but the checked one; of several formats the workbook."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            one for one in path.iterdir() if one.suffix.lower() in FORMATS and not one.name.startswith("~$")
        )
        stems: dict[str, Path] = {}
        for one in sorted(inside, key=lambda file: FORMATS.index(file.suffix.lower())):
            stems.setdefault(one.stem, one)
        found += sorted(one for stem, one in stems.items() if stem != checked.stem)
    return found


def _register(request: CheckRequest, filled: Filled | None) -> tuple[AnnualReport | None, tuple[Problem, ...]]:
    """Return the report that our own log gives for the unit and year of the file."""
    log = request.log
    if log is None:
        return None, ()
    year = request.year or (filled.year if filled is not None else None)
    if year is None or len(log.only) != 1:
        fact = Text("与台账核对要写明年度和一个单位", "checking against the log needs the year and one unit")
        cure = Text("加上 --year 和 --unit", "Add --year and --unit")
        return None, (Problem("bad-option", Where("--events"), fact, cure),)
    sources, units, problems = load_sources(replace(log, year=year, as_of=None, county=False))
    if sources is None:
        return None, problems
    return (sources.county() if units[0] == COUNTY else sources.report(units[0])), problems


def _unused(decisions: Mapping[str, str], found: Sequence[ReportComparison], path: Path | None) -> list[Problem]:
    """Return a warning for each decision about something that is not in this report, such as other figures."""
    known = {one.fingerprint for one in found}
    problems = []
    for fingerprint in decisions:
        if fingerprint not in known:
            fact = Text(
                f"没有编号为“{fingerprint}”的核对项，数字改过之后要重新决定",
                f"no comparison has the fingerprint {fingerprint!r}; after figures changed it has to be decided again",
            )
            cure = suggestion(did_you_mean(fingerprint, known), Text("删去这一条", "Delete it"))
            problems.append(
                Problem("unknown-fingerprint", Where(str(path)), fact, cure, fingerprint, severity="warning")
            )
    return problems


def _content(filled: Filled, found: Sequence[ReportComparison]) -> dict[str, object]:
    """Return the checks as JSON has them."""
    return {
        "file": filled.file,
        "year": filled.year,
        "form": filled.form.id,
        "tables": sorted(filled.tables),
        "statuses": {status: sum(one.status == status for one in found) for status in STATUS},
        "fails": sum(one.fails for one in found),
        "checks": [
            {
                "check": one.check,
                "scope": one.scope,
                "status": one.status,
                "level": one.level,
                "decision": one.decision,
                "fingerprint": one.fingerprint,
                "text": one.text.zh,
                "text_en": one.text.en,
                "cells": [
                    {
                        "name": name,
                        "raw": figure.raw,
                        "value": figure.value,
                        "where": None if figure.where is None else str(figure.where),
                    }
                    for name, figure in one.cells
                ],
            }
            for one in found
        ],
    }
