"""States that `hold` and `refresh` share: when a subject was open, from the events that open and close it.

A statement puts a table before this text: `turned` (rule, unit, subject, day, at, timed, event, root, state), a row an
event, `state` being 1 where it opens. Clock times keep their order. Where one day has events of both sorts and not
all of them have a time of day, or they are at one moment, the subject is afterwards what it was before.
"""

from __future__ import annotations

from typing import Final

STATES: Final = """
dayed AS (
  SELECT *, CASE WHEN BOOL_AND(timed) OVER (PARTITION BY rule, unit, subject, day) THEN "at"
    ELSE CAST(day AS TIMESTAMP) END AS turn_at
  FROM turned
), turns AS (
  SELECT rule, unit, subject, day, turn_at, MAX(state) AS state,
    MIN(STRUCT_PACK(at := "at", event := event, root := root, timed := timed)) AS first
  FROM dayed GROUP BY rule, unit, subject, day, turn_at
  HAVING MIN(state) = MAX(state)
), changes AS (
  SELECT * FROM (
    SELECT *, COALESCE(LAG(state) OVER (PARTITION BY rule, unit, subject ORDER BY turn_at), 0) AS before FROM turns
  ) AS c WHERE state <> before
)
"""
