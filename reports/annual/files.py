"""The files of a report: a workbook, a document, and the figures as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from reports.annual.docx import document_of
from reports.annual.layout import shown
from reports.annual.prose import title_of
from reports.annual.xlsx import workbook_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reports.annual.report import AnnualReport

ENDINGS = (".xlsx", ".docx", ".json")
_UNSAFE = re.compile(r"[^\w（）()-]+")
_LONGEST = 80


def stem_of(report: AnnualReport) -> str:
    """Return the name of a report's files without its ending: letters, digits and brackets, never a path."""
    title = title_of(report)
    safe = _UNSAFE.sub("_", title)
    return safe if safe == title and len(safe) <= _LONGEST else f"{report.unit}-{report.year}"


def file_names(reports: list[AnnualReport]) -> frozenset[str]:
    """Return the names of all files of reports."""
    return frozenset(f"{stem}{ending}" for stem in stems_of(reports) for ending in ENDINGS)


def stems_of(reports: Iterable[AnnualReport]) -> list[str]:
    """Return the names of the reports' files without endings; no two differ in case alone: Windows sees no case."""
    taken: set[str] = set()
    stems = []
    for report in reports:
        stem = stem_of(report)
        if stem.casefold() in taken:
            stem = f"{stem}-{report.unit}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems


def figures_of(report: AnnualReport) -> str:
    """Return the figures of a report as JSON; blanks are null."""
    cells = {key: {"label": report.form.labels[key], "value": _plain(value)} for key, value in report.cells.items()}
    content = {
        "unit": report.unit,
        "name": report.name,
        "year": report.year,
        "form": report.form.id,
        "cells": cells,
        "gaps": [{"cells": gap.cells, "why": gap.why.zh, "events": gap.events} for gap in report.gaps],
        "prefilled": [{"cells": one.cells, "why": one.why.zh} for one in report.prefilled],
        "notes": [{"text": note.text.zh, "events": note.events} for note in report.notes],
        "parts": [part.unit for part in report.parts],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _plain(value: float | None) -> float | None:
    """Return a figure as JSON has it: a whole number without a fraction."""
    return None if value is None else json.loads(shown(value))


def write_reports(reports: list[AnnualReport], folder: Path) -> None:
    """Write the files of each report into a folder."""
    for report, stem in zip(reports, stems_of(reports), strict=True):
        (folder / f"{stem}.xlsx").write_bytes(workbook_of(report))
        (folder / f"{stem}.docx").write_bytes(document_of(report))
        (folder / f"{stem}.json").write_text(figures_of(report), encoding="utf-8", newline="\n")
