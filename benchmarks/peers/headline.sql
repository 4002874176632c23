-- The verdict rows of the headline rules, written by hand for them alone: events, calendar, units and asked in,
-- the columns of verdicts.parquet out. Logs without corrections of corrections only.
WITH seen AS (
  SELECT e.*, e.occurred_at AS ts, CAST(e.occurred_at AS DATE) AS day,
    CASE WHEN e.timed THEN e.occurred_at
      ELSE CAST(CAST(e.occurred_at AS DATE) AS TIMESTAMP) + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND END AS latest
  FROM events AS e, asked AS m
  WHERE e.occurred_at <= m.moment AND e.recorded_at <= m.moment
), standing AS (
  SELECT s.*, COALESCE(s.corrects, s.id) AS root FROM seen AS s
  WHERE s.retracts IS NULL AND s.type IN ('decision.issued', 'consultation.feedback_published', 'training.held',
      'executive_meeting.attended', 'information.published', 'review.completed')
    AND s.id NOT IN (SELECT COALESCE(e.corrects, e.retracts) FROM events AS e, asked AS m
      WHERE COALESCE(e.corrects, e.retracts) IS NOT NULL AND e.recorded_at <= m.moment)
), decisions AS (
  SELECT d.id, d.root, d.unit, u.unit_name, d.subject, d.day, d.ts, w.day AS due_on, w.ordinal AS due_ordinal,
    NOT w.announced AS provisional, CAST(w.day AS TIMESTAMP) + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND AS limit_at
  FROM standing AS d
  JOIN units AS u ON u.rule = '8.2.feedback' AND u.unit = d.unit
  JOIN calendar AS c ON c.day = d.day
  JOIN calendar AS w ON w.working AND w.ordinal = c.ordinal + 3
  WHERE d.type = 'decision.issued' AND d."data.consulted" AND d.day BETWEEN DATE '2023-01-01' AND DATE '2023-12-31'
), answers AS (
  SELECT unit, subject, ts, latest, id, UNNEST("data.covers") AS element
  FROM standing WHERE type = 'consultation.feedback_published'
), covered AS (
  SELECT d.id, n.element, MIN(STRUCT_PACK(ts := a.ts, event := a.id)) FILTER (WHERE a.id IS NOT NULL) AS firm
  FROM decisions AS d
  CROSS JOIN (VALUES ('collected'), ('adopted'), ('reasons')) AS n(element)
  LEFT JOIN answers AS a
    ON a.unit = d.unit AND a.subject = d.subject AND a.element = n.element AND a.latest >= d.ts
  GROUP BY d.id, n.element
), summed AS (
  SELECT id, COUNT(firm) AS measured, CASE WHEN COUNT(firm) = 3 THEN MAX(firm.ts) END AS done_at,
    LIST(firm.event) FILTER (WHERE firm IS NOT NULL) AS acts,
    ARRAY_TO_STRING(LIST_SORT(LIST(element) FILTER (WHERE firm IS NULL)), '、') AS missing
  FROM covered GROUP BY id
), answered AS (
  SELECT d.*, s.measured, s.acts, s.missing, CAST(s.done_at AS DATE) AS met_on, l.ordinal - d.due_ordinal AS overdue,
    CASE WHEN s.done_at <= d.limit_at THEN 'met' WHEN s.done_at IS NOT NULL THEN 'late'
      WHEN m.moment >= d.limit_at THEN 'violated' ELSE 'pending' END AS status
  FROM decisions AS d JOIN summed AS s USING (id) CROSS JOIN asked AS m
  JOIN calendar AS l ON l.day = COALESCE(CAST(s.done_at AS DATE), m.day)
), feedback AS (
  SELECT '8.2.feedback' AS rule, '8.2' AS clause, unit, unit_name, root AS key, subject, day AS opened_on, due_on,
    met_on, status, 3.0 AS required, measured, LIST_SORT(LIST_DISTINCT(LIST_APPEND(COALESCE(acts, []), id)))
      AS evidence, id AS trigger, provisional, NULL AS reading,
    CASE
      WHEN status = 'met' THEN FORMAT('{}触发，期限{}，{}完成。', CAST(day AS TEXT), CAST(due_on AS TEXT),
        CAST(met_on AS TEXT))
      WHEN status = 'late' THEN FORMAT('{}触发，期限{}，{}才完成，逾期{}个工作日。', CAST(day AS TEXT),
        CAST(due_on AS TEXT), CAST(met_on AS TEXT), CAST(overdue AS TEXT))
      WHEN status = 'violated' AND measured = 0 THEN
        FORMAT('{}触发，期限{}已过，截至{}没有完成的记录，逾期{}个工作日。', CAST(day AS TEXT), CAST(due_on AS TEXT),
          CAST(m.asked_on AS TEXT), CAST(overdue AS TEXT))
      WHEN status = 'violated' THEN FORMAT('{}触发，期限{}已过，内容不全，缺：{}。', CAST(day AS TEXT),
        CAST(due_on AS TEXT), missing)
      ELSE FORMAT('{}触发，期限{}未过，还缺：{}。', CAST(day AS TEXT), CAST(due_on AS TEXT), missing) END AS reason
  FROM answered CROSS JOIN (SELECT day AS asked_on FROM asked) AS m
), things AS (
  SELECT type, unit, CASE WHEN type = 'training.held' THEN id ELSE COALESCE('s' || subject, 'e' || id) END AS thing,
    MIN(STRUCT_PACK(ts := ts, event := id)) AS first
  FROM standing
  WHERE (type = 'training.held' OR (type = 'executive_meeting.attended' AND COALESCE("data.delegates" >= 1, TRUE)))
    AND day BETWEEN DATE '2023-01-01' AND DATE '2023-12-31'
  GROUP BY ALL
), ranked AS (
  SELECT type, unit, first.ts AS ts, first.event AS event,
    ROW_NUMBER() OVER (PARTITION BY type, unit ORDER BY first.ts, first.event) AS place
  FROM things
), bounds(rule, clause, type, least, reading) AS (VALUES
  ('N6.training', 'N6', 'training.held', 1, NULL),
  ('8.4.attendance', '8.4', 'executive_meeting.attended', 10, 'departments')
), totals AS (
  SELECT b.rule, b.clause, b.least, b.reading, u.unit, u.unit_name, COUNT(r.event) AS measured,
    MIN(CASE WHEN r.place = b.least THEN CAST(r.ts AS DATE) END) AS met_on,
    LIST_SORT(COALESCE(LIST(r.event) FILTER (WHERE r.event IS NOT NULL), [])) AS evidence
  FROM bounds AS b JOIN units AS u ON u.rule = b.rule
  LEFT JOIN ranked AS r ON r.type = b.type AND r.unit = u.unit
  GROUP BY ALL
), counted AS (
  SELECT t.rule, t.clause, t.unit, t.unit_name, '2023' AS key, NULL AS subject, DATE '2023-01-01' AS opened_on,
    DATE '2023-12-31' AS due_on, t.met_on, CASE WHEN t.measured >= t.least THEN 'met'
      WHEN m.day >= DATE '2023-12-31' THEN 'violated' ELSE 'pending' END AS status,
    CAST(t.least AS DOUBLE) AS required, CAST(t.measured AS DOUBLE) AS measured, t.evidence, NULL AS trigger,
    FALSE AS provisional, t.reading,
    CASE WHEN t.measured >= t.least THEN
        FORMAT('2023-01-01至2023-12-31应不少于{}次，已记录{}次，{}达到。', t.least, t.measured, CAST(t.met_on AS TEXT))
      WHEN m.day >= DATE '2023-12-31' THEN
        FORMAT('2023-01-01至2023-12-31应不少于{}次，只记录{}次。', t.least, t.measured)
      ELSE FORMAT('2023-01-01至2023-12-31应不少于{}次，截至{}已记录{}次。', t.least, CAST(m.day AS TEXT), t.measured)
      END AS reason
  FROM totals AS t CROSS JOIN asked AS m
), reviews AS (
  SELECT unit, subject, id, ts, ROW_NUMBER() OVER (PARTITION BY unit, subject ORDER BY ts, id) AS place
  FROM standing WHERE type = 'review.completed' AND subject IS NOT NULL
), versions AS (
  SELECT unit, subject, id, latest, ROW_NUMBER() OVER (
    PARTITION BY unit, subject, ARRAY_TO_STRING(LIST_SORT("data.media"), '+') ORDER BY latest, id) AS version
  FROM standing WHERE type = 'information.published' AND subject IS NOT NULL
), led AS (
  SELECT *, FIRST_VALUE(id) OVER (PARTITION BY unit, subject, version ORDER BY latest, id) AS lead FROM versions
), timeline AS (
  SELECT unit, subject, id, ts, 0 AS act FROM reviews
  UNION ALL
  SELECT unit, subject, id, latest, 1 FROM led WHERE id = lead
), numbered AS (
  SELECT *, SUM(1 - act) OVER w AS befores, SUM(act) OVER w AS number FROM timeline
  WINDOW w AS (PARTITION BY unit, subject ORDER BY ts, act, id ROWS UNBOUNDED PRECEDING)
), surplus AS (
  SELECT unit, subject, id, befores, number,
    LEAST(0, MIN(befores - number) OVER (PARTITION BY unit, subject ORDER BY number)) AS lack
  FROM numbered WHERE act = 1
), matched AS (
  SELECT *, lack = LAG(lack, 1, 0) OVER (PARTITION BY unit, subject ORDER BY number) AS served FROM surplus
), reviewed AS (
  SELECT p.unit, u.unit_name, p.root, p.subject, p.day, p.id, v.id AS review, COALESCE(k.befores, 0) AS befores,
    (SELECT MIN(STRUCT_PACK(ts := r.ts, id := r.id)) FROM reviews AS r
      WHERE r.unit = p.unit AND r.subject = p.subject AND r.ts > p.latest) AS late
  FROM standing AS p
  JOIN units AS u ON u.rule = '10.1.review-first' AND u.unit = p.unit
  LEFT JOIN led AS l ON l.id = p.id
  LEFT JOIN matched AS k ON k.unit = p.unit AND k.subject = p.subject AND k.id = l.lead
  LEFT JOIN reviews AS v ON k.served AND v.unit = p.unit AND v.subject = p.subject AND v.place = k.number + k.lack
  WHERE p.type = 'information.published' AND p.day BETWEEN DATE '2023-01-01' AND DATE '2023-12-31'
), first_reviewed AS (
  SELECT '10.1.review-first' AS rule, '10.1' AS clause, unit, unit_name, root AS key, subject, day AS opened_on,
    day AS due_on, CASE WHEN review IS NOT NULL THEN day END AS met_on,
    CASE WHEN review IS NOT NULL THEN 'met' ELSE 'violated' END AS status, 1.0 AS required,
    CASE WHEN review IS NULL THEN 0.0 ELSE 1.0 END AS measured,
    CASE WHEN review IS NULL THEN [id] ELSE LIST_SORT([id, review]) END AS evidence, id AS trigger,
    FALSE AS provisional, NULL AS reading,
    CONCAT(CASE WHEN review IS NOT NULL THEN FORMAT('{}办理前已有在先的记录。', CAST(day AS TEXT))
      WHEN befores >= 1 THEN
        FORMAT('{}办理时，在先的记录已用于同一事项的另一次办理，不能再用。', CAST(day AS TEXT))
      ELSE FORMAT('{}办理时没有在先的记录。', CAST(day AS TEXT)) END,
      CASE WHEN review IS NULL AND late IS NOT NULL THEN
        FORMAT('（{} {}的记录晚于办理，不算在先）', CAST(CAST(late.ts AS DATE) AS TEXT), late.id) ELSE '' END) AS reason
  FROM reviewed
), done AS (
  SELECT * FROM feedback UNION ALL BY NAME SELECT * FROM counted UNION ALL BY NAME SELECT * FROM first_reviewed
), idle AS (
  SELECT u.rule, CASE u.rule WHEN '8.2.feedback' THEN '8.2' ELSE '10.1' END AS clause, u.unit, u.unit_name,
    'none' AS key, 'not_applicable' AS status, [] AS evidence, FALSE AS provisional,
    '没有触发本项要求的记录。' AS reason
  FROM units AS u ANTI JOIN done AS d ON d.rule = u.rule AND d.unit = u.unit
)
SELECT CONCAT('jinxiang-2023/', rule, '/', unit, '/', key) AS obligation, 'jinxiang-2023' AS book, rule, clause,
  'must' AS modality, unit, unit_name, subject, opened_on, due_on, met_on, status, required, measured, evidence, trigger,
  provisional, reading, CAST(NULL AS TEXT) AS waiver,
  CONCAT(reason, CASE WHEN trigger IS NOT NULL AND opened_on < DATE '2023-07-14'
    THEN '（发生在文件印发之日2023-07-14以前）' ELSE '' END) AS reason
FROM (SELECT * FROM done UNION ALL BY NAME SELECT * FROM idle)
ORDER BY obligation, trigger
