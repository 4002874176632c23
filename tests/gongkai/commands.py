"""Running the command line in tests, as a person would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gongkai.__main__ import spread
from gongkai.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str


def gongkai(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Run a command in this process."""
    capsys.readouterr()
    status = run(spread([str(argument) for argument in arguments]))
    captured = capsys.readouterr()
    return Outcome(status, captured.out, captured.err)


def write_log(path: Path, *events: dict[str, Any]) -> Path:
    """Write events as JSON lines; those without an id get one by their number."""
    lines = [json.dumps({"id": f"e{number}", **event}, ensure_ascii=False) for number, event in enumerate(events, 1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_verdicts(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of `verdicts.jsonl`."""
    return [json.loads(line) for line in (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]


def decision(subject: str, day: str, **data: object) -> dict[str, Any]:
    """Return a decision that opinions were sought on."""
    return {
        "type": "decision.issued",
        "unit": "县民政局",
        "subject": subject,
        "occurred_at": day,
        "data": {"consulted": True, **data},
    }


def feedback(subject: str, day: str, covers: tuple[str, ...] = ("collected", "adopted", "reasons")) -> dict[str, Any]:
    """Return the publication of what became of the opinions."""
    return {
        "type": "consultation.feedback_published",
        "unit": "县民政局",
        "subject": subject,
        "occurred_at": day,
        "data": {"covers": list(covers)},
    }
