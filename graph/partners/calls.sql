-- Calls that are open on $day, with each broader programme that has paid for something of $we.
WITH calls AS (
  SELECT DISTINCT id FROM things_of('Call')
), terms AS (
  SELECT
    calls.id, max(deadline.value) AS deadline, min(open_date.value) AS opens
  FROM calls
  LEFT JOIN deadline ON deadline.subject = calls.id
  LEFT JOIN open_date ON open_date.subject = calls.id
  GROUP BY calls.id
), depth AS (
  SELECT subject, count(*) AS steps FROM part_of_all GROUP BY subject
)
SELECT
  whole.object AS programme, terms.id AS call, terms.deadline,
  greatest(own.steps - broader.steps, 1)::INTEGER AS distance
FROM terms
JOIN part_of_all AS whole ON whole.subject = terms.id AND whole.object <> terms.id
JOIN depth AS own ON own.subject = terms.id
JOIN depth AS broader ON broader.subject = whole.object
WHERE whole.object IN (
    SELECT value FROM partner_profile WHERE aspect = 'programme' AND organisation = $we
  )
  -- Days are compared as precisely as they are known: of a year only the year.
  AND coalesce(terms.opens <= left($day, length(terms.opens)), true)
  AND coalesce(terms.deadline >= left($day, length(terms.deadline)), true)
  -- Without a deadline, a call is over when what pays for it is.
  AND (terms.deadline IS NOT NULL OR NOT EXISTS (
    FROM part_of_all AS above JOIN end_date ON end_date.subject = above.object
    WHERE above.subject = terms.id AND end_date.value < left($day, length(end_date.value))
  ))
ORDER BY programme, distance, terms.deadline NULLS LAST, call
