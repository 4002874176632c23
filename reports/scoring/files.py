"""Scores as files: `scores.csv` for a spreadsheet, `scores.json` with the lines that each follows from."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from reports.output.plain import guarded
from reports.run.folder import SCORES

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from events.problems import Lang
    from reports.scoring.scores import Part, Score, ScoreLine, Scoring

COLUMNS = (
    "group",
    "rank",
    "unit",
    "unit_name",
    "evaluates",
    "score",
    "base",
    "bonus",
    "grade",
    "vetoes",
    "violated",
    "late",
    "unassessed",
    "still_violated",
    "praise",
    "interview",
)


def points(value: Fraction | None) -> float | None:
    """Return points as they are shown: with two digits behind the point."""
    return None if value is None else round(float(value), 2)


def grade_of(score: Score, scoring: Scoring, lang: Lang) -> str:
    """Return the name of a score's grade; empty where it has none."""
    policy = scoring.policy
    if score.vetoes:
        return policy.failed.text().in_(lang)
    if score.grade is not None:
        return policy.grades[score.grade].title.text().in_(lang)
    return policy.failed.text().in_(lang) if policy.grades and score.total is not None else ""


def _row(score: Score, scoring: Scoring, lang: Lang) -> dict[str, object]:
    """Return the columns of one unit."""
    return {
        "group": score.group,
        "rank": score.rank,
        "unit": score.unit.id,
        "unit_name": score.unit.name,
        "evaluates": score.unit.evaluates,
        "score": points(score.total),
        "base": points(score.base),
        "bonus": points(score.bonus),
        "grade": grade_of(score, scoring, lang),
        "vetoes": len(score.vetoes),
        **score.counts,
        "still_violated": score.still,
        "praise": score.unit.id in scoring.praise,
        "interview": score.unit.id in scoring.interview,
    }


def _line(line: ScoreLine) -> dict[str, object]:
    """Return one line of a score."""
    said: dict[str, object] = {
        "points": points(line.points),
        "obligations": [one.row["obligation"] for one in line.verdicts],
    }
    if line.uncapped is not None:
        said["without_cap"] = points(line.uncapped)
    if line.share is not None:
        said["share"] = round(float(line.share), 4)
    return said


def _part(part: Part) -> dict[str, object]:
    """Return one indicator of a score."""
    return {
        "indicator": part.indicator.id,
        "applies": part.applies,
        "weight": points(part.weight),
        "points": points(part.points),
        "lines": [_line(line) for line in part.lines],
    }


def _cell(value: object) -> object:
    """Return a cell of the CSV."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else "" if value is None else value


def write_scores(scoring: Scoring, folder: Path, lang: Lang) -> None:
    """Write `scores.csv` and `scores.json`; both say whose policy it is and whether it is an example."""
    policy = scoring.policy
    rows = [_row(score, scoring, lang) for score in scoring.scores]
    with (folder / "scores.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, "policy", "example"])
        for row in rows:
            cells = [*(row[name] for name in COLUMNS), policy.title.text().in_(lang), policy.example]
            writer.writerow([_cell(value) for value in cells])
    content = {
        "policy": policy.title.text().in_(lang),
        "example": policy.example,
        "sha256": scoring.loaded.sha256,
        "most": policy.most,
        "unscored_rules": scoring.unscored,
        "units": [
            {
                **row,
                "parts": [_part(part) for part in score.parts],
                "bonus_lines": [_line(line) for line in score.bonus_lines],
                "veto_lines": [[one.row["obligation"] for one in hits] for _, hits in score.vetoes],
            }
            for row, score in zip(rows, scoring.scores, strict=True)
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / SCORES).write_text(text, encoding="utf-8", newline="\n")
