"""The published version of a run: verdicts of chosen statuses, with the reasons of those that the office chooses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.output.texts import BREACHES, SIGNS, STATUS, WORST_FIRST
from reports.publication.private import Private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang
    from reports.run.folder import Row, RunFolder

STATUSES = ("violated", "late", "met")
"""The statuses that are published where nothing else is said."""

REASONS = BREACHES
"""Those whose reasons are."""


@dataclass(frozen=True, slots=True)
class PublicationChoice:
    """What an office publishes.

    Attributes:
        statuses: the statuses whose verdicts are published.
        reasons: the statuses whose reasons are published with them.
    """

    statuses: tuple[str, ...] = STATUSES
    reasons: tuple[str, ...] = REASONS


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One verdict as it is published: no obligation, no evidence, no place, nobody's name."""

    unit: str
    document: str
    clause: str
    task: str
    subject: str
    status: str
    sign: str
    word: str
    due: str
    met: str
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a run.

    Attributes:
        county: name of the county.
        as_of: the as-of moment as it was put.
        period: the days whose duties are listed.
        documents: title and number of each document.
        statuses: the statuses chosen, what needs attention first.
        rows: the verdicts, by unit in the order of the registry.
        units: counts by status of each unit that has any.
        unfiled: the units that filed nothing.
        receipt: what ties it to the run.
    """

    county: str
    as_of: str
    period: str
    documents: tuple[str, ...]
    statuses: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    units: tuple[tuple[str, Mapping[str, int]], ...]
    unfiled: tuple[str, ...]
    receipt: Mapping[str, Any]

    def counts(self) -> dict[str, int]:
        """Return the number of verdicts by status."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in self.statuses if found[status]}

    def listed(self) -> list[tuple[str, list[PublishedRow]]]:
        """Return the verdicts that the page lists one by one, by unit: those that are not simply met."""
        found: dict[str, list[PublishedRow]] = {}
        for row in self.rows:
            if row.status != "met":
                found.setdefault(row.unit, []).append(row)
        return list(found.items())


def make_version(run: RunFolder, summary: Mapping[str, Any], choice: PublicationChoice, lang: Lang) -> Published:
    """Return what is published of a run.

    Args:
        run: the run.
        summary: what `summary.json` says.
        choice: the statuses and reasons chosen.
        lang: the language of the words.
    """
    names = {str(one["unit"]): str(one["unit_name"]) for one in summary["units"]}
    order = {unit: number for number, unit in enumerate(names)}
    statuses = tuple(status for status in WORST_FIRST if status in choice.statuses)
    private = Private(run)
    chosen = [row for row in run.rows.values() if row["status"] in statuses]
    chosen.sort(key=lambda row: (order.get(row["unit"], len(order)), statuses.index(row["status"]), row["obligation"]))
    rows = tuple(_row(run, row, private, choice, lang) for row in chosen)
    return Published(
        county=str(run.receipt["registry"].get("name", "")),
        as_of=run.as_of.text,
        period=str(run.receipt.get("period", "")),
        documents=tuple(f"《{one.get('title', one['id'])}》（{one['document']}）" for one in run.receipt["books"]),
        statuses=statuses,
        rows=rows,
        units=_units(rows, statuses),
        unfiled=tuple(names[unit] for unit in summary.get("unfiled", ()) if unit in names),
        receipt=_receipt(run, choice, statuses, len(rows)),
    )


def _row(run: RunFolder, row: Row, private: Private, choice: PublicationChoice, lang: Lang) -> PublishedRow:
    """Return one verdict as it is published."""
    status = str(row["status"])
    return PublishedRow(
        unit=str(row["unit_name"]),
        document=run.document(row),
        clause=run.cited(row),
        task=run.title(row),
        subject=private.subject(row),
        status=status,
        sign=SIGNS[status],
        word=STATUS[status].in_(lang),
        due=str(row["due_on"] or ""),
        met=str(row["met_on"] or ""),
        reason=private.reason(row) if status in choice.reasons else "",
    )


def _units(rows: Sequence[PublishedRow], statuses: Sequence[str]) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """Return the counts of each unit, in the order of the rows."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.unit, Counter())[row.status] += 1
    return tuple(
        (unit, {status: counts[status] for status in statuses if counts[status]}) for unit, counts in found.items()
    )


def _receipt(run: RunFolder, choice: PublicationChoice, statuses: Sequence[str], number: int) -> dict[str, Any]:
    """Return what ties a publication to its run: the hashes of its receipt and verdicts, and what was chosen."""
    receipt = run.receipt
    return {
        "gongkai": receipt.get("gongkai"),
        "as_of": receipt.get("as_of"),
        "known_by": receipt.get("known_by"),
        "period": receipt.get("period"),
        "run": receipt.get("receipt"),
        "verdicts": receipt.get("verdicts"),
        "statuses": list(statuses),
        "reasons": [status for status in statuses if status in choice.reasons],
        "rows": number,
    }
