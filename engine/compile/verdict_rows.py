"""From outcomes to verdict rows: modality, waivers, provisional dates and the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from engine.backends.text import quoted
from engine.compile.plan import kind_name
from engine.kinds.base import MORE, OUTCOME
from engine.kinds.shared.heirs import HEIR_MARK
from engine.verdicts import SCHEMA
from events.problems import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.kinds.base import KindRule
    from events.problems import Lang

NUMBER = (
    "CASE WHEN {0} = FLOOR({0}) AND ABS({0}) < 1e18 THEN CAST(CAST({0} AS BIGINT) AS TEXT) "
    "WHEN {0} <> FLOOR({0}) AND (ABS({0}) >= 1e7 OR ABS({0}) < 0.001) "
    "THEN RTRIM(CAST(CAST({0} AS DECIMAL(30, 9)) AS TEXT), '0') ELSE CAST({0} AS TEXT) END"
)
"""A figure in digits; databases differ in how they print large fractions and very small ones."""

WORDS = {
    "required_words": NUMBER.format("required"),
    "measured_words": NUMBER.format("measured"),
    "done_words": "COALESCE(CASE WHEN NOT limit_at IS NULL AND done_at > CAST(met_on AS TIMESTAMP)"
    " THEN STRFTIME(done_at, '%Y-%m-%d %H:%M') END, CAST(met_on AS TEXT))",
}
"""What many sentences say of a verdict, as columns: written out in each, it would have to be planned in each."""

PLACES = {
    "start": "CAST(opened_on AS TEXT)",
    "opened_on": "CAST(opened_on AS TEXT)",
    "due_on": "CAST(due_on AS TEXT)",
    "met_on": "CAST(met_on AS TEXT)",
    "as_of": "CAST(today AS TEXT)",
    "required": "required_words",
    "measured": "measured_words",
    "done": "done_words",
    "overdue": "CAST(overdue AS TEXT)",
    "since": "CAST(since AS TEXT)",
    "rest": "CAST(rest AS TEXT)",
    "until": "CAST(until AS TEXT)",
    "detail": "detail",
    "limit": "COALESCE(STRFTIME(limit_at, '%Y-%m-%d %H:%M'), CAST(due_on AS TEXT))",
}

OVERDUE: dict[Lang, tuple[str, str]] = {"zh": ("小时", "个工作日"), "en": (" hours", " working days")}
"""What is said after how long something is overdue: hours where the limit is in hours, else working days."""


EVIDENCE = """CASE WHEN evidence IS NULL THEN []
    {copies}WHEN ARRAY_LENGTH(evidence) = 1 AND NOT evidence[1] IS NULL THEN evidence
    WHEN ARRAY_LENGTH(evidence) = 2 AND evidence[1] <> evidence[2] THEN LIST_SORT(evidence)
    ELSE LIST_SORT(LIST_DISTINCT(evidence)) END"""
"""Each event once, sorted; taking apart what is the same is slow, and most verdicts have one event or two."""

COPIES = f"""WHEN CONTAINS(ARRAY_TO_STRING(evidence, ' '), '{HEIR_MARK}')
      THEN LIST_SORT(LIST_DISTINCT([SPLIT_PART(one, '{HEIR_MARK}', 1) FOR one IN evidence IF NOT one IS NULL]))
    """
"""That an heir's copies of events are the events, where units have heirs."""

MARKS = (
    (
        "early <> ''",
        Text("（{early}的记录早于触发，不算完成）", " ({early} came before what set the duty off: it does not count.)"),
    ),
    (
        "behind <> ''",
        Text("（{behind}的记录晚于办理，不算在先）", " ({behind} came after the act: it does not count.)"),
    ),
    (
        "ahead <> ''",
        Text(
            "（{ahead}的记录早于应在它以前的事项，不算完成）",
            " ({ahead} came before what it has to follow: it does not count.)",
        ),
    ),
    (
        "before_issue",
        Text("（发生在文件印发之日{issued}以前）", " (Before the document's day of issue, {issued}.)"),
    ),
    ("carried", Text("（本期以前的事项）", " (From before the period.)")),
)
"""What is said besides of a verdict, by the flag that it stands under."""

_PLACE = re.compile(r"\{(\w+)\}")


def _sentence(text: str, places: Mapping[str, str]) -> str:
    """Return a sentence with its places filled in as SQL; what people wrote is a value in it, and never a place."""
    parts = _PLACE.split(text)
    written = [quoted(part) if part else "" for part in parts[::2]]
    filled = [places[name] for name in parts[1::2]]  # what is not there, CONCAT leaves out
    said = [part for pair in zip_longest(written, filled) for part in pair if part]
    return f"CONCAT({', '.join(said)})" if said else "''"


def outcomes_sql(kinds: Sequence[type[KindRule]]) -> str:
    """Return the query of the outcomes that the kinds came to."""
    return " UNION ".join(f"SELECT outcome FROM outcomes_{kind_name(kind)}" for kind in kinds)


def _reason(kinds: Sequence[type[KindRule]], lang: Lang, found: frozenset[str] | None) -> str:
    """Return the sentence of a verdict as SQL: chosen by the kind, then by the outcome."""
    hours, working_days = OVERDUE[lang]
    over = f"CASE WHEN limit_at IS NULL THEN CONCAT(overdue, '{working_days}') ELSE CONCAT(hours_over, '{hours}') END"
    places = PLACES | {"over": over} | ({"detail": "REPLACE(detail, '、', ', ')"} if lang == "en" else {})
    choices = []
    for number, kind in enumerate(kinds):
        sentences = [
            f"WHEN '{outcome}' THEN {_sentence(text.in_(lang), places)}"
            for outcome, text in kind.messages.items()
            if found is None or outcome in found
        ]
        if sentences:
            choices.append(f"WHEN {number} THEN CASE outcome {' '.join(sentences)} END")
    return f"CASE kind {' '.join(choices)} END" if choices else "NULL"


def _marks(kinds: Sequence[type[KindRule]], lang: Lang, *, inherited: bool) -> str:
    """Return what reasons say besides, as SQL: what no kind says is left out."""
    own = {name: _own(name, inherited=inherited) for name in ("early", "behind", "ahead")}
    places = {"issued": "CAST(issued AS TEXT)"} | own
    said = [
        f"CASE WHEN {flag} THEN {_sentence(text.in_(lang), places)} ELSE '' END"
        for flag, text in MARKS
        if (name := flag.split()[0]) not in own or any(name in kind.more for kind in kinds)
    ]
    return f"CONCAT({', '.join(said)})"


def _own(event: str, *, inherited: bool) -> str:
    """Return an event as SQL: that of which an heir has a copy."""
    return f"SPLIT_PART({event}, '{HEIR_MARK}', 1)" if inherited else event


def _listed(kinds: Sequence[type[KindRule]]) -> str:
    """Return whether a verdict is listed, as SQL.

    A duty that opens more than a year after the as-of day is not: a law without an end has one for every year. Where
    the run has a period, what was over before it is not, nor what opens after it; what an act set off and is still not
    done stays.
    """
    settled = ", ".join(str(number) for number, kind in enumerate(kinds) if kind.facets.final)
    lasting = f"NOT kind IN ({settled})" if settled else "TRUE"
    return f"""(opened_on IS NULL OR opened_on <= CAST(today AS TIMESTAMP) + INTERVAL '1' YEAR) AND (
    period_first IS NULL OR opened_on IS NULL OR (opened_on <= period_last AND (
      opened_on >= period_first OR due_on >= period_first OR met_on >= period_first OR (
        NOT trigger IS NULL AND {lasting} AND met_on IS NULL AND settled <> 'not_applicable'))))"""


CAUSE = """CASE WHEN settled IN ('met', 'not_applicable') THEN NULL
    WHEN NOT act IS NULL THEN act
    WHEN missing IS NULL THEN COALESCE(trigger, obligation)
    WHEN NOT COALESCE(thing, subject) IS NULL
      THEN CONCAT_WS('/', COALESCE(duty, missing), unit_id, COALESCE(thing, subject))
    WHEN NOT trigger IS NULL THEN CONCAT(missing, '/', trigger)
    ELSE CONCAT(named, '/', CASE WHEN shared THEN '*' ELSE unit_id END, '/', CAST(due_on AS TEXT)) END"""
"""What a verdict follows from: an act, by its event, or a missing act, by its type, its unit and what it is about."""


def _outcomes(kind: type[KindRule], number: int) -> str:
    """Return the query of a kind's outcomes; what only other kinds say is empty."""
    more = [name if name in kind.more else f"CAST(NULL AS {sort}) AS {name}" for name, sort in MORE.items()]
    return f"SELECT {number} AS kind, {', '.join((*OUTCOME, *more))} FROM outcomes_{kind_name(kind)}"


EMPTY = {"date32[day]": "DATE", "double": "DOUBLE", "bool": "BOOLEAN", "list<item: string>": "TEXT[]"}
"""The types of verdict columns that are neither text nor moments."""


def no_verdicts_sql(*, several: bool = False) -> str:
    """Return the statement of no verdicts, where no rule is left to judge."""
    types = {field.name: EMPTY.get(str(field.type), "TIMESTAMP" if field.name in MORE else "TEXT") for field in SCHEMA}
    types |= {"county": "TEXT"} if several else {}
    return f"SELECT {', '.join(f'CAST(NULL AS {sort}) AS {name}' for name, sort in types.items())} WHERE FALSE"


IN_ORDER = "ORDER BY obligation, trigger"

NAMED = """
  SELECT k.*, r.book, r.rule AS rule_id, r.clause, r.modality, r.reading, r.document, r.issued, r.missing, r.named,
    r.duty, r.shared, u.county_id, u.unit AS unit_id, u.name AS unit_name, m.day AS today, m.first AS period_first,
    m.last AS period_last, COALESCE(COALESCE(k.acted_on, CASE WHEN NOT k.trigger IS NULL THEN k.opened_on END)
      < r.issued, FALSE) AS before_issue,
    CAST(CEIL(EPOCH(COALESCE(k.done_at, m.moment) - k.limit_at) / 3600) AS BIGINT) AS hours_over,
    COALESCE(NOT c.announced, FALSE) AS provisional,
    CONCAT(r.book, '/', r.rule, '/', u.path, '/', k.key, CASE WHEN k.key = 'none' THEN '' ELSE r.mark END)
      AS obligation, r.versioned,
    late.ordinal - c.ordinal AS overdue,
    CASE WHEN r.modality = 'must' OR k.status IN ('met', 'not_applicable', 'pending', 'unassessed') THEN k.status
      WHEN k.status = 'late' THEN 'met' ELSE 'not_taken' END AS settled
  FROM outcomes AS k
  JOIN rules AS r ON r.number = k.rule
  JOIN units AS u ON u.number = k.unit
  CROSS JOIN asked AS m
  LEFT JOIN calendar AS c ON c.day = k.due_on
  LEFT JOIN calendar AS late ON late.day = COALESCE(k.met_on, m.day)
"""
"""Each outcome with what its rule, its unit and the calendar say of it."""


CHOSEN = "WHERE u.unit IN (SELECT unit FROM chosen_units)"
"""That only the obligations of some units are asked for."""

IDLE = """, idle AS (
  SELECT rule AS idle_rule, unit AS idle_unit, key AS idle_key, ROW_NUMBER() OVER (
    PARTITION BY book, rule_id, unit ORDER BY CASE WHEN key = 'none' THEN 1 ELSE 0 END, rule) AS place
  FROM shown WHERE versioned
)"""
NOT_IDLE = """LEFT JOIN idle AS i
  ON i.idle_rule = n.rule AND i.idle_unit = n.unit AND i.idle_key = n.key AND i.idle_key = 'none' AND i.place > 1
WHERE i.idle_rule IS NULL"""
"""That nothing triggered a rule is told once, and only where no version of it in time was triggered."""

WAIVING = """, waiving AS (
  SELECT n.rule, n.unit, n.key, MIN(w.label) AS label
  FROM shown AS n
  JOIN waivers AS w ON w.rule = n.rule AND w.unit = n.unit AND (w.subject IS NULL OR w.subject = n.subject)
    AND (w.period IS NULL OR w.period = n.key)
  WHERE n.settled IN ('violated', 'late', 'pending', 'unassessed')
  GROUP BY n.rule, n.unit, n.key
)"""
WAIVED = "LEFT JOIN waiving AS w ON w.rule = n.rule AND w.unit = n.unit AND w.key = n.key"


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows there are and what they are joined with; what is not there takes longer to plan than to find nothing.

    Attributes:
        several: whether there are many counties; rows say which they are of, whose writer sorts them.
        waived: whether there may be waivers.
        versioned: whether a rule may have several versions in time.
        chosen: whether only the obligations of the units in `chosen_units` are asked for.
        inherited: whether units have heirs, whose copies of events are told by the events.
        found: the outcomes there are, None where that is not known.
    """

    several: bool = False
    waived: bool = True
    versioned: bool = True
    chosen: bool = False
    inherited: bool = True
    found: frozenset[str] | None = None


@lru_cache(maxsize=64)
def verdicts_sql(kinds: tuple[type[KindRule], ...], lang: Lang, rows: Rows) -> str:
    """Return the statement that joins the outcomes of the kinds with what verdict rows say of rule and unit.

    They are sorted by obligation.

    Args:
        kinds: the kinds that have rules.
        lang: language of the reasons.
        rows: what there is.
    """
    outcomes = " UNION ALL ".join(_outcomes(kind, number) for number, kind in enumerate(kinds))
    reason = _reason(kinds, lang, rows.found)
    words = [f"{words} AS {name}" for name, words in WORDS.items() if name in reason]
    status = "CASE WHEN w.label IS NULL THEN settled ELSE 'waived' END" if rows.waived else "settled"
    return f"""
WITH outcomes AS ({outcomes}), named AS (
{NAMED}{CHOSEN if rows.chosen else ""}), shown AS (
  SELECT *, COALESCE(due_on < period_first AND NOT trigger IS NULL
    AND settled IN ('violated', 'not_taken', 'unassessed'), FALSE) AS carried{"".join(f", {one}" for one in words)}
  FROM named WHERE {_listed(kinds)}
){IDLE if rows.versioned else ""}{WAIVING if rows.waived else ""}
SELECT obligation, book, rule_id AS rule, clause, modality,{" county_id AS county," if rows.several else ""}
  unit_id AS unit, unit_name, subject, opened_on, due_on, met_on, {status} AS status, required, measured,
  {EVIDENCE.format(copies=COPIES if rows.inherited else "")} AS evidence,
  {_own("trigger", inherited=rows.inherited)} AS trigger, provisional, reading,
  {"w.label" if rows.waived else "CAST(NULL AS TEXT)"} AS waiver,
  CONCAT({reason}, {_marks(kinds, lang, inherited=rows.inherited)}) AS reason, document, limit_at, before_issue,
  {_own(CAUSE, inherited=rows.inherited)} AS cause
FROM shown AS n
{WAIVED if rows.waived else ""}
{NOT_IDLE if rows.versioned else ""}
{"" if rows.several else IN_ORDER}
"""
