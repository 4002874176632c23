"""The rows of a submission as events, and the hash of what a reviewer approves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from events.normalise.by_row import Normaliser
from events.problems import Problem, Text, Where, has_errors, sort_problems
from events.rows import Places, RowSource
from events.table import table_of
from events.vocabulary import load_vocabulary
from gongkai.console.entry.personal import personal_problems
from gongkai.console.models.submissions import OFFICE_KINDS
from gongkai.console.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

    from events.model import Event
    from gongkai.console.models import Submission

Row = dict[str, Any]
"""Raw fields of an event by contract name (`type`, `subject`, `data.title` …), without unit, id and recorded_at."""

COUNTY_TYPES = frozenset(("assessment.recorded", "rectification.ordered"))
"""Event types that only the county office enters."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the rows of a submission were taken for.

    Attributes:
        table: the events (`events.table`); only those that fit.
        problems: what is wrong.
    """

    table: pa.Table
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing is wrong but what needs no mending."""
        return not has_errors(self.problems)


def content_digest(rows: Sequence[Row], attachments: Sequence[str]) -> str:
    """Return the hash of what a reviewer approves: the rows and the hashes of the attachments."""
    text = json.dumps([list(rows), sorted(attachments)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def file_label(submission: Submission) -> str:
    """Return what the ledger has as the file of a submission."""
    return f"登记单 {submission.unit}-{submission.number}"


def understand(
    submission: Submission,
    recorded_at: datetime,
    attachments: Sequence[str] = (),
    columns: Mapping[str, int] | None = None,
) -> Understood:
    """Return the rows of a submission as events.

    Args:
        submission: the submission.
        recorded_at: the moment of entry.
        attachments: hashes of its attachments, which go into the ledger with the events.
        columns: numbers of the fields, by which a form finds the field of a problem.
    """
    label = file_label(submission)
    places = Places(label, columns=columns or {})
    fields = [
        (number, _fields(submission, number, row, recorded_at, attachments))
        for number, row in enumerate(submission.rows, 1)
    ]
    normaliser = Normaliser(load_vocabulary(), registry())
    events = list(normaliser.events(RowSource(places, fields)))
    normaliser.end()
    problems = [*normaliser.problems]
    problems += _entry_problems(events, recorded_at, office=submission.kind in OFFICE_KINDS)
    problems += personal_problems((Where(label, number), row) for number, row in enumerate(submission.rows, 1))
    return Understood(table_of(events, load_vocabulary()), sort_problems(problems))


def _entry_problems(events: Sequence[Event], now: datetime, *, office: bool) -> Iterator[Problem]:
    """Yield a problem for each event that a unit does not enter, or that has not happened yet."""
    types = load_vocabulary().types
    for event in events:
        if event.type in COUNTY_TYPES and not office:
            fact = Text(f"“{types[event.type].label.zh}”由县里登记", f"{event.type} is entered by the county office")
            yield Problem("county-only", event.where, fact, Text("删去这一行", "Leave it out"), event.type)
        if event.occurred_at.date() > now.date():
            day = event.occurred_at.date()
            fact = Text(f"发生日期 {day} 还没有到", f"{day} is in the future")
            yield Problem("future-day", event.where, fact, Text("核对日期", "Check the date"), "occurred_at")


def _fields(
    submission: Submission, number: int, row: Row, recorded_at: datetime, attachments: Sequence[str]
) -> dict[str, object]:
    fields: dict[str, object] = {
        name: value for name, value in row.items() if name[0] != "_" and value not in ("", None, [])
    }
    fields |= {
        "id": submission.event_id(number),
        "unit": submission.unit,
        "recorded_at": recorded_at.isoformat(),
    }
    if attachments:
        proof = "附件 " + " ".join(f"sha256:{one}" for one in sorted(attachments))
        fields["data.note"] = f"{fields['data.note']}；{proof}" if "data.note" in fields else proof
    return fields
