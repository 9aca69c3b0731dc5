-- What is made of the relations first, once for each release.

-- Each instrument with itself and all that it is part of; each concept with itself and all broader.
CREATE TABLE part_of_all AS
WITH RECURSIVE above(subject, object) AS (
  SELECT id, id FROM (
    SELECT subject AS id FROM part_of UNION SELECT object FROM part_of
    UNION SELECT object FROM funded_by UNION SELECT object FROM call
  )
  UNION
  SELECT above.subject, part_of.object FROM above JOIN part_of ON part_of.subject = above.object
)
SELECT * FROM above ORDER BY ALL;

CREATE TABLE broader_all AS
WITH RECURSIVE above(subject, object) AS (
  SELECT id, id FROM (
    SELECT subject AS id FROM broader UNION SELECT object FROM broader
    UNION SELECT object FROM theme UNION SELECT object FROM target_group
    UNION SELECT id FROM things_of('Theme') UNION SELECT id FROM things_of('TargetGroup')
  )
  UNION
  SELECT above.subject, broader.object FROM above JOIN broader ON broader.subject = above.object
)
SELECT * FROM above ORDER BY ALL;

-- Projects, consortia and practices, and which of their things each amount and participation is of.
CREATE TEMP TABLE undertaking AS
SELECT id AS thing FROM things_of('Project') UNION SELECT id FROM things_of('Practice');

CREATE TEMP TABLE within AS
SELECT thing AS subject, thing FROM undertaking
UNION SELECT object, subject FROM funding WHERE subject IN (FROM undertaking)
UNION SELECT subject, object FROM participates_in;

CREATE TEMP TABLE started AS
SELECT subject AS thing, min(substr(value, 1, 4)) AS year FROM start_date GROUP BY ALL;

CREATE TEMP TABLE agreed AS
SELECT subject AS amount, CASE WHEN min(value) = max(value) THEN min(value) END AS value
FROM amount GROUP BY ALL;
