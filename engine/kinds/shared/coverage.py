"""Coverage, which `respond` and `due` share: which elements were covered when, and the status that follows.

A statement puts two tables before this text: `opened` (rule, unit, key, who, matter, subject, opened_on, from_at,
due_on, limit_at, last_at, trigger, certain) with one row an obligation, and `answers` (rule, who, matter, at, latest,
event, certain, element) with one row for each element that an act covers. An act answers an obligation of the same
rule, who and matter unless it is known to lie before `from_at`. The limit ends at `limit_at`, or at `last_at` at the
latest where what moves it is not known.
"""

from __future__ import annotations

from typing import Final

COVERAGE: Final = """
covered AS (
  SELECT a.rule, a.unit, a.key, n.element, n.label,
    MIN(CASE WHEN b.certain = 1 THEN STRUCT_PACK(at := b.at, event := b.event) END) AS firm,
    MIN(b.at) AS possible_at
  FROM opened AS a
  JOIN needed AS n ON n.rule = a.rule
  LEFT JOIN answers AS b
    ON b.rule = a.rule AND b.who = a.who AND b.matter = a.matter AND b.element = n.element AND b.latest >= a.from_at
  GROUP BY a.rule, a.unit, a.key, n.element, n.label
), summed AS (
  SELECT rule, unit, key,
    COUNT(*) AS required, COUNT(firm) AS measured,
    CASE WHEN COUNT(firm) = COUNT(*) THEN MAX(firm.at) END AS done_at,
    CASE WHEN COUNT(possible_at) = COUNT(*) THEN MAX(possible_at) END AS possible_at,
    ARRAY_AGG(firm.event) FILTER (WHERE firm IS NOT NULL) AS acts,
    ARRAY_AGG(label) FILTER (WHERE firm IS NULL AND element <> '') AS missing
  FROM covered GROUP BY rule, unit, key
), judged AS (
  SELECT a.*, s.required, s.measured, s.done_at, s.acts, s.missing,
    CASE WHEN s.done_at <= a.limit_at THEN 'met' WHEN s.done_at IS NOT NULL THEN 'late'
      WHEN m.moment >= a.limit_at THEN 'violated' ELSE 'pending' END AS firm_status,
    CASE WHEN s.possible_at <= a.last_at THEN 'met' WHEN s.possible_at IS NOT NULL THEN 'late'
      WHEN m.moment >= a.last_at THEN 'violated' ELSE 'pending' END AS possible_status,
    m.moment >= a.limit_at AS finished
  FROM opened AS a
  JOIN summed AS s ON s.rule = a.rule AND s.unit = a.unit AND s.key = a.key
  CROSS JOIN asked AS m
), settled AS (
  SELECT *, CASE
      WHEN certain = 1 AND firm_status IN ('late', 'violated') AND possible_status <> firm_status THEN 'unassessed'
      WHEN certain = 1 OR firm_status = 'met' THEN firm_status
      WHEN NOT finished THEN 'pending'
      ELSE 'unassessed' END AS status
  FROM judged
), verdicts AS (
  SELECT rule, unit, key, subject, opened_on, due_on,
    CASE WHEN status IN ('met', 'late') THEN CAST(done_at AS DATE) END AS met_on,
    status, CAST(required AS DOUBLE) AS required, CAST(measured AS DOUBLE) AS measured, acts, trigger,
    CASE WHEN status IN ('met', 'late', 'unassessed') THEN status
      WHEN measured > 0 OR (status = 'pending' AND NOT missing IS NULL) THEN CONCAT(status, '-part')
      ELSE status END AS outcome,
    ARRAY_TO_STRING(ARRAY_SORT(missing), '、') AS detail, limit_at,
    CASE WHEN status IN ('met', 'late') THEN done_at END AS done_at
  FROM settled
)
"""
