-- Which combination of values of a dimension each thing, amount and participation has. The pairs
-- say what has what; what has nothing has no combination, and so stays unknown. `_member` leads from a value to the combinations
-- that have it.
CREATE TEMP TABLE {name}_pairs AS {pairs};
CREATE TEMP TABLE {name}_lists AS
  SELECT subject, list(DISTINCT object ORDER BY object) AS members FROM {name}_pairs GROUP BY ALL;
CREATE TABLE {name}_set AS
WITH found AS (
  SELECT row_number() OVER (ORDER BY members)::INTEGER AS held, members
  FROM (SELECT DISTINCT members FROM {name}_lists)
), texts AS (
  SELECT
    held, string_agg({written}, '; ' ORDER BY {written}) AS keys,
    '[' || string_agg(to_json({written})::VARCHAR, ',' ORDER BY {written}) || ']' AS json
  FROM (SELECT held, unnest(members) AS id FROM found) JOIN thing USING (id) GROUP BY ALL
)
SELECT held, members, keys, json FROM found JOIN texts USING (held) ORDER BY held;
CREATE TABLE {name}_member AS
  SELECT unnest(members) AS id, held FROM {name}_set ORDER BY ALL;
CREATE TEMP TABLE {name}_of AS
  SELECT subject, held FROM {name}_lists JOIN {name}_set USING (members);
DROP TABLE {name}_pairs;
DROP TABLE {name}_lists;
