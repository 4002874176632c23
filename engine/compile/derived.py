"""Attributes that are worked out from what stands: a fee's tariff, an extension's total, the days of a consultation.

`kept` is the log as it stands; `standing` is the same with these attributes (`rules.derived`). A plan, a catalogue or a
report that does not say its year is of the year of the act, a report of the year before; whether a consultation that
closed was about a major decision is what its opening says, where the closing says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PIECES = 'e."data.pieces"'
PAGES = 'e."data.pages"'
_BANDS = f"(({PIECES} - 30) // 10)"

TARIFF: Final = f"""CASE
    WHEN NOT {PIECES} IS NULL AND {PIECES} <= 30 THEN GREATEST({PIECES} - 10, 0) * 100
    WHEN NOT {PIECES} IS NULL THEN 2000 + 2000 * {_BANDS} + 500 * {_BANDS} * ({_BANDS} - 1)
      + (({PIECES} - 30) % 10) * (200 + 100 * {_BANDS})
    ELSE LEAST(GREATEST({PAGES} - 30, 0), 70) * 10 + LEAST(GREATEST({PAGES} - 100, 0), 100) * 20
      + GREATEST({PAGES} - 200, 0) * 40 END"""
"""The fee by pieces (art. 3, 4 of 国办函〔2020〕109号) or, where only pages are given, by pages (art. 5); in yuan."""

FEE_ASKED: Final = "request.fee_asked"
EXTENDED: Final = "request.extended"
CLOSED: Final = "consultation.closed"

DERIVED_OF: Final = {
    FEE_ASKED: f"""
SELECT e.county, e.event, CAST({TARIFF} AS DOUBLE) AS tariff,
  CASE WHEN e."data.fee" IS NULL THEN FALSE ELSE e."data.fee" > {TARIFF} END AS over_tariff,
  CAST(NULL AS BIGINT) AS total_days, CAST(NULL AS BIGINT) AS days_open, CAST(NULL AS BOOLEAN) AS major_decision
FROM {{kept}} AS e
WHERE e.type = '{FEE_ASKED}' AND NOT COALESCE({PIECES}, {PAGES}) IS NULL
""",
    EXTENDED: f"""
SELECT e.county, e.event, CAST(NULL AS DOUBLE) AS tariff, CAST(NULL AS BOOLEAN) AS over_tariff,
  CAST(SUM(e."data.working_days") OVER (
    PARTITION BY e.county, e.unit, COALESCE(e.subject, e.event) ORDER BY e.at, e.event) AS BIGINT) AS total_days,
  CAST(NULL AS BIGINT) AS days_open, CAST(NULL AS BOOLEAN) AS major_decision
FROM {{kept}} AS e
WHERE e.type = '{EXTENDED}'
""",
    CLOSED: f"""
SELECT e.county, e.event, CAST(NULL AS DOUBLE) AS tariff, CAST(NULL AS BOOLEAN) AS over_tariff,
  CAST(NULL AS BIGINT) AS total_days,
  CASE WHEN NOT BOOL_OR(COALESCE(o."data.urgency_explained", FALSE))
    THEN CAST(MAX(e.day - o.day) AS BIGINT) END AS days_open,
  BOOL_OR(o."data.major_decision") AS major_decision
FROM {{kept}} AS e
JOIN {{kept}} AS o ON o.county = e.county AND o.unit = e.unit AND o.subject = e.subject AND o.day <= e.day
WHERE e.type = '{CLOSED}' AND o.type = 'consultation.opened'
GROUP BY e.county, e.event
""",
}
"""What is worked out, by the type of the entries that it is worked out of."""

WORKED_OUT: Final = {
    FEE_ASKED: frozenset(("data.tariff", "data.over_tariff")),
    EXTENDED: frozenset(("data.total_days",)),
    CLOSED: frozenset(("data.days_open", "data.major_decision")),
}
"""Which attributes these are, by the same types."""

YEARS: Final = """COALESCE(e."data.year",
    YEAR(e.occurred_at) - CASE WHEN e.type LIKE 'annual_report.%' THEN 1 ELSE 0 END) AS "data.year\""""

STANDING_DERIVED: Final = """
SELECT e.* REPLACE ({years}, COALESCE(e."data.major_decision", d.major_decision) AS "data.major_decision"),
  d.tariff AS "data.tariff", d.over_tariff AS "data.over_tariff", d.total_days AS "data.total_days",
  d.days_open AS "data.days_open"
FROM {kept} AS e
LEFT JOIN derived AS d ON d.county = e.county AND d.event = e.event
"""

NOTHING_DERIVED: Final = """
SELECT e.* REPLACE ({years}), CAST(NULL AS DOUBLE) AS "data.tariff", CAST(NULL AS BOOLEAN) AS "data.over_tariff",
  CAST(NULL AS BIGINT) AS "data.total_days", CAST(NULL AS BIGINT) AS "data.days_open"
FROM {kept} AS e
"""


def derived_sql(types: Iterable[str], kept: str) -> str:
    """Return the query of what is worked out of entries of some types, of the log as it stands under a name."""
    return " UNION ALL ".join(DERIVED_OF[one].format(kept=kept) for one in types)
