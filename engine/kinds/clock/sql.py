"""How clocks run: one statement after another over all obligations of all rules that have a clock.

Days are compared by the ordinals of the calendar. A stop is a stretch of working days that do not count, as ordinals
(below, upto]; one without an end reaches `FOREVER`. A run is the time from one start of the clock to the next. Every
figure is there twice, by `track`: 0 counts what is certain, 1 also what an attribute that was not recorded leaves open,
so that the second is never earlier than the first. Without a rule that has a clock, every table is empty.
"""

from __future__ import annotations

from typing import Final

FOREVER: Final = 1_000_000_000
"""An ordinal after every day of the calendar."""

DAYS: Final = """
SELECT day, ordinal, ordinal - CASE WHEN working THEN 1 ELSE 0 END AS before FROM calendar
"""

OPENED: Final = """
WITH opened AS (
  SELECT r.rule, r.amount, r.most, f.unit, f.county, f.subject, f.event AS trigger, f.at AS from_at, f.day, d.ordinal
  FROM rules_respond AS r
  JOIN owed AS o ON o.rule = r.rule
  JOIN rule_selectors AS s ON s.rule = r.rule AND s.role = 'trigger'
  JOIN facts AS f ON f.sel = s.sel AND f.unit = o.unit AND f.day BETWEEN r.start AND r.stop
  JOIN clock_days AS d ON d.day = f.day
  WHERE r.clocked
), starts AS (
  SELECT a.rule, a.trigger, MIN(f.day) AS day
  FROM opened AS a
  JOIN clock_parts AS p ON p.rule = a.rule AND p.act = 'start'
  JOIN rule_selectors AS s ON s.rule = p.rule AND s.role = p.role
  JOIN facts AS f ON f.sel = s.sel AND f.unit = a.unit AND f.subject = a.subject AND f.latest >= a.from_at
  LEFT JOIN rule_selectors AS g ON g.rule = p.rule AND g.role = p.among
  LEFT JOIN facts AS h ON h.sel = g.sel AND h.event = a.trigger AND h.certain = 1
  WHERE f.certain = 1 AND (p.among IS NULL OR NOT h.event IS NULL)
  GROUP BY a.rule, a.trigger
)
SELECT a.rule, a.amount, a.most, a.unit, a.county, a.subject, a.trigger, a.from_at,
  CASE WHEN d.before < a.ordinal + a.amount THEN d.day ELSE a.day END AS day,
  CASE WHEN d.before < a.ordinal + a.amount THEN d.ordinal ELSE a.ordinal END AS ordinal
FROM opened AS a
LEFT JOIN starts AS t ON t.rule = a.rule AND t.trigger = a.trigger
LEFT JOIN clock_days AS d ON d.day = t.day
"""

ACTS: Final = """
SELECT a.rule, a.trigger, a.ordinal AS base, p.part, p.act, p.early, p.lasts, p.late, p.alone, f.unit, f.event, f.at,
  f.latest, f.day, f.certain, d.ordinal, d.before, v.amount, v.day AS until,
  NOT p.attribute IS NULL AND v.day IS NULL AS undated
FROM clock_opened AS a
JOIN clock_parts AS p ON p.rule = a.rule
JOIN rule_selectors AS s ON s.rule = p.rule AND s.role = p.role
JOIN facts AS f ON f.sel = s.sel AND f.subject = a.subject AND f.county = a.county AND f.latest >= a.from_at
  AND (p.anyone OR f.unit = a.unit)
JOIN clock_days AS d ON d.day = f.day
LEFT JOIN fact_values AS v ON v.event = f.event AND v.attribute = p.attribute
"""

# the first asking; what was done after it; and what was done where nothing was asked
WAITS: Final = f"""
WITH gone AS (
  SELECT m.moment, CASE WHEN m.moment >= CAST(m.day AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND
    THEN d.ordinal ELSE d.before END AS ordinal
  FROM asked AS m JOIN clock_days AS d ON d.day = m.day
), asking AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY rule, trigger, part ORDER BY "at", event) AS place
  FROM clock_acts WHERE act = 'ask' AND certain = 1
), waiting AS (
  SELECT * FROM asking WHERE place = 1 AND (early IS NULL OR before - base < early)
), done AS (
  SELECT q.rule, q.trigger, q.part, MIN(d.day) AS day, MIN(d.before) AS before
  FROM waiting AS q
  JOIN clock_acts AS d ON d.rule = q.rule AND d.trigger = q.trigger AND d.part = q.part AND d.act = 'restart'
    AND d.certain = 1 AND d.latest >= q.at
    AND (q.late OR ((q.lasts IS NULL OR d.before - q.ordinal < q.lasts) AND (q.until IS NULL OR d.day <= q.until)))
  GROUP BY q.rule, q.trigger, q.part
)
SELECT q.rule, q.trigger, q.day AS since, q.before AS below, COALESCE(d.before, {FOREVER}) AS upto,
  d.day AS restarted_on,
  d.day IS NULL AND (COALESCE(g.ordinal >= q.ordinal + q.lasts, FALSE) OR COALESCE(
    g.moment >= CAST(q.until AS TIMESTAMP) + INTERVAL '1' DAY - INTERVAL '1' MICROSECOND, FALSE)) AS lapsed,
  d.day IS NULL AND q.undated AS undated
FROM waiting AS q
CROSS JOIN gone AS g
LEFT JOIN done AS d ON d.rule = q.rule AND d.trigger = q.trigger AND d.part = q.part
UNION ALL
SELECT d.rule, d.trigger, MIN(d.day) AS since, 0 AS below, 0 AS upto, MIN(d.day) AS restarted_on, FALSE AS lapsed,
  FALSE AS undated
FROM clock_acts AS d
LEFT JOIN asking AS q ON q.rule = d.rule AND q.trigger = d.trigger AND q.part = d.part AND q.place = 1
WHERE d.act = 'restart' AND d.alone AND d.certain = 1 AND q.event IS NULL
GROUP BY d.rule, d.trigger, d.part
"""

# each pause waits for an end of its own; an end that nothing waits for is passed over (a walk that never goes below 0);
# stops of the same days are one, as rows that are equal in the order of two windows may stand otherwise in each
STOPS: Final = f"""
WITH turns AS (
  SELECT rule, trigger, part, unit, event, day, ordinal, before, lasts,
    CASE act WHEN 'pause' THEN 1 ELSE -1 END AS step,
    CASE act WHEN 'pause' THEN "at" ELSE latest END AS turned_at
  FROM clock_acts WHERE act IN ('pause', 'resume') AND certain = 1
), levels AS (
  SELECT *, SUM(step) OVER (PARTITION BY rule, trigger, part, unit ORDER BY turned_at, step DESC, event
    ROWS UNBOUNDED PRECEDING) AS level
  FROM turns
), lows AS (
  SELECT *, COALESCE(MIN(level) OVER (PARTITION BY rule, trigger, part, unit ORDER BY turned_at, step DESC, event
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS low
  FROM levels
), places AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY rule, trigger, part, unit, step ORDER BY turned_at, event) AS place
  FROM lows WHERE step = 1 OR level >= LEAST(0, low)
), stops AS (
  SELECT p.rule, p.trigger, p.day AS since, p.before AS below,
    LEAST(COALESCE(e.before, {FOREVER}), COALESCE(p.ordinal + p.lasts, {FOREVER})) AS upto
  FROM places AS p
  LEFT JOIN places AS e ON e.rule = p.rule AND e.trigger = p.trigger AND e.part = p.part AND e.unit = p.unit
    AND e.place = p.place AND e.step = -1
  WHERE p.step = 1
  UNION ALL
  SELECT rule, trigger, since, below, upto FROM clock_waits
), single AS (
  SELECT rule, trigger, MIN(since) AS since, below, upto
  FROM stops WHERE upto > below GROUP BY rule, trigger, below, upto
), marked AS (
  SELECT *, MAX(upto) OVER (PARTITION BY rule, trigger ORDER BY below, upto
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
  FROM single
), islands AS (
  SELECT *, SUM(CASE WHEN reached >= below THEN 0 ELSE 1 END) OVER (PARTITION BY rule, trigger ORDER BY below, upto
    ROWS UNBOUNDED PRECEDING) AS island
  FROM marked
)
SELECT rule, trigger, MIN(since) AS since, MIN(below) AS below, MAX(upto) AS upto
FROM islands GROUP BY rule, trigger, island
"""

RUNS: Final = """
WITH starts AS (
  SELECT rule, trigger, amount, most, day, ordinal FROM clock_opened
  UNION
  SELECT a.rule, a.trigger, a.amount, a.most, d.day, d.ordinal
  FROM clock_opened AS a
  JOIN clock_waits AS w ON w.rule = a.rule AND w.trigger = a.trigger AND w.restarted_on > a.day
  JOIN clock_days AS d ON d.day = w.restarted_on
)
SELECT *, LEAD(day) OVER (PARTITION BY rule, trigger ORDER BY day) AS next_day FROM starts
"""

# the stops inside each run, after a first piece of no days at its start: how many days stood still up to each
PIECES: Final = """
WITH pieces AS (
  SELECT rule, trigger, day AS run, day AS since, ordinal AS below, ordinal AS upto FROM clock_runs
  UNION ALL
  SELECT r.rule, r.trigger, r.day AS run, GREATEST(s.since, r.day) AS since, GREATEST(s.below, r.ordinal) AS below,
    s.upto
  FROM clock_runs AS r
  JOIN clock_stops AS s ON s.rule = r.rule AND s.trigger = r.trigger AND s.upto > r.ordinal
)
SELECT *, CAST(SUM(upto - below) OVER (PARTITION BY rule, trigger, run ORDER BY below, upto
    ROWS UNBOUNDED PRECEDING) AS BIGINT) AS stood,
  LEAD(below) OVER (PARTITION BY rule, trigger, run ORDER BY below, upto) AS next_below
FROM pieces
"""

# extensions and deferrals count while the limit, as the earlier ones have moved it, is not over
MOVES: Final = """
WITH tracks AS (SELECT 0 AS track UNION ALL SELECT 1 AS track), moves AS (
  SELECT r.rule, r.trigger, r.day AS run, r.amount, r.most, r.ordinal, k.track, a.event, a.at, a.day, a.before,
    CASE WHEN a.act = 'extend' THEN COALESCE(a.amount, r.most) ELSE 0 END AS added,
    CASE WHEN a.act = 'defer' THEN COALESCE(a.until, DATE '9999-12-30') END AS until
  FROM clock_runs AS r
  JOIN clock_acts AS a ON a.rule = r.rule AND a.trigger = r.trigger AND a.act IN ('extend', 'defer')
    AND a.day >= r.day AND (r.next_day IS NULL OR a.day < r.next_day)
  JOIN tracks AS k ON k.track = 1 OR (a.certain = 1 AND (NOT a.amount IS NULL OR NOT a.until IS NULL))
), spent AS (
  SELECT m.rule, m.trigger, m.run, m.amount, m.most, m.track, m.event, m.at, m.day, m.added, m.until,
    m.before - m.ordinal - SUM(GREATEST(0, LEAST(p.upto, m.before) - p.below)) AS counted
  FROM moves AS m
  JOIN clock_pieces AS p ON p.rule = m.rule AND p.trigger = m.trigger AND p.run = m.run
  GROUP BY m.rule, m.trigger, m.run, m.amount, m.most, m.track, m.event, m.at, m.day, m.added, m.until, m.before,
    m.ordinal
), before AS (
  SELECT *, COALESCE(SUM(added) OVER (PARTITION BY rule, trigger, run, track ORDER BY "at", event
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS added_before,
    MAX(until) OVER (PARTITION BY rule, trigger, run, track ORDER BY "at", event
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until_before
  FROM spent
), checked AS (
  SELECT *, MIN(CASE WHEN counted < amount + LEAST(most, added_before) OR day <= until_before THEN 1 ELSE 0 END) OVER (
    PARTITION BY rule, trigger, run, track ORDER BY "at", event ROWS UNBOUNDED PRECEDING) AS counts
  FROM before
)
SELECT rule, trigger, run, track, CAST(LEAST(MAX(most), SUM(added)) AS BIGINT) AS added, MAX(until) AS until
FROM checked WHERE counts = 1 GROUP BY rule, trigger, run, track
"""

# the limit ends in the first gap between stops that is long enough, in the first run that is not started anew before;
# a day that the limit was set to does not end it while a restart is waited for
LIMITS: Final = f"""
WITH tracks AS (SELECT 0 AS track UNION ALL SELECT 1 AS track), targets AS (
  SELECT r.rule, r.trigger, r.day AS run, r.next_day, k.track, r.ordinal + r.amount + COALESCE(m.added, 0) AS target,
    m.until
  FROM clock_runs AS r
  CROSS JOIN tracks AS k
  LEFT JOIN clock_moves AS m ON m.rule = r.rule AND m.trigger = r.trigger AND m.run = r.day AND m.track = k.track
), ends AS (
  SELECT t.rule, t.trigger, t.run, t.next_day, t.track, t.until,
    MIN(CASE WHEN p.upto < {FOREVER} AND t.target + p.stood <= COALESCE(p.next_below, {FOREVER})
      THEN t.target + p.stood END) AS ordinal,
    MAX(CASE WHEN p.upto = {FOREVER} THEN p.since END) AS since,
    MAX(CASE WHEN p.upto = {FOREVER} THEN t.target + p.stood - p.upto END) AS rest
  FROM targets AS t
  JOIN clock_pieces AS p ON p.rule = t.rule AND p.trigger = t.trigger AND p.run = t.run
  GROUP BY t.rule, t.trigger, t.run, t.next_day, t.track, t.until
), plain AS (
  SELECT e.*, CASE WHEN NOT e.ordinal IS NULL THEN GREATEST(c.day, COALESCE(e.until, c.day)) END AS plain_on
  FROM ends AS e
  LEFT JOIN calendar AS c ON c.working AND c.ordinal = e.ordinal
), waiting AS (
  SELECT p.rule, p.trigger, p.run, p.track, MIN(w.since) AS since
  FROM plain AS p
  JOIN clock_waits AS w ON w.rule = p.rule AND w.trigger = p.trigger AND w.since <= p.plain_on
    AND (w.restarted_on IS NULL OR w.restarted_on > p.plain_on)
  GROUP BY p.rule, p.trigger, p.run, p.track
), dues AS (
  SELECT d.rule, d.trigger, d.run, d.next_day, d.track, COALESCE(d.since, w.since) AS since,
    CAST(GREATEST(0, d.rest) AS INT) AS rest,
    CASE WHEN w.since IS NULL THEN d.plain_on END AS due_on,
    ROW_NUMBER() OVER (PARTITION BY d.rule, d.trigger, d.track ORDER BY d.run) AS place
  FROM plain AS d
  LEFT JOIN waiting AS w ON w.rule = d.rule AND w.trigger = d.trigger AND w.run = d.run AND w.track = d.track
), chosen AS (
  SELECT rule, trigger, track, MIN(place) AS place
  FROM dues WHERE next_day IS NULL OR due_on < next_day
  GROUP BY rule, trigger, track
), ended AS (
  SELECT d.*, COALESCE(CAST(d.due_on AS TIMESTAMP), TIMESTAMP '9999-12-30 00:00:00') + INTERVAL '1' DAY
    - INTERVAL '1' MICROSECOND AS limit_at
  FROM dues AS d
  JOIN chosen AS h ON h.rule = d.rule AND h.trigger = d.trigger AND h.track = d.track AND h.place = d.place
), lapsed AS (
  SELECT rule, trigger, COUNT(*) AS number FROM clock_waits WHERE lapsed GROUP BY rule, trigger
), undated AS (
  SELECT rule, trigger, COUNT(*) AS number FROM clock_waits WHERE undated GROUP BY rule, trigger
), seen AS (
  SELECT rule, trigger, ARRAY_AGG(event) AS events FROM clock_acts GROUP BY rule, trigger
)
SELECT a.rule, a.trigger, a.due_on, a.limit_at, b.limit_at AS last_at,
  CASE WHEN a.due_on IS NULL THEN a.since END AS since,
  CASE WHEN a.due_on IS NULL THEN a.rest END AS rest,
  a.due_on IS NULL AND NOT l.number IS NULL AS lapsed, a.due_on IS NULL AND NOT n.number IS NULL AS undated, s.events
FROM ended AS a
JOIN ended AS b ON b.rule = a.rule AND b.trigger = a.trigger AND b.track = 1
LEFT JOIN lapsed AS l ON l.rule = a.rule AND l.trigger = a.trigger
LEFT JOIN undated AS n ON n.rule = a.rule AND n.trigger = a.trigger
LEFT JOIN seen AS s ON s.rule = a.rule AND s.trigger = a.trigger
WHERE a.track = 0
"""

CLOCK_STEPS: Final = (
    ("clock_days", DAYS),
    ("clock_opened", OPENED),
    ("clock_acts", ACTS),
    ("clock_waits", WAITS),
    ("clock_stops", STOPS),
    ("clock_runs", RUNS),
    ("clock_pieces", PIECES),
    ("clock_moves", MOVES),
    ("clock_limits", LIMITS),
)
"""The tables of the clocks in their order; the last is what the statement of a kind reads."""

NO_CLOCKS: Final = (
    (
        "clock_limits",
        """
SELECT rule, CAST(NULL AS TEXT) AS trigger, CAST(NULL AS DATE) AS due_on, CAST(NULL AS TIMESTAMP) AS limit_at,
  CAST(NULL AS TIMESTAMP) AS last_at, CAST(NULL AS DATE) AS since, CAST(NULL AS INT) AS rest,
  CAST(NULL AS BOOLEAN) AS lapsed, CAST(NULL AS BOOLEAN) AS undated, CAST(NULL AS TEXT[]) AS events
FROM rules_respond WHERE FALSE
""",
    ),
)
"""What stands for the steps where no rule has a clock."""
