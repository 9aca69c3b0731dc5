-- The fact tables. Each amount, undertaking and participation is one line of one of them.

-- Amounts as the question money-by-programme-country-year adds them, in cells: an amount with
-- several kinds comes once for each there.
CREATE TABLE money AS
SELECT
  country_of.held AS country, programme_of.held AS programme, payer_of.held AS payer,
  coalesce(substr(stated.value, 1, 4), started.year) AS year,
  CASE WHEN stated.value IS NOT NULL THEN 'amount' WHEN started.year IS NOT NULL THEN 'start' END
    AS year_of,
  kind.value AS kind, phase.value AS phase, currency.value AS currency,
  count(agreed.value)::BIGINT AS amounts, sum(agreed.value)::DECIMAL(38, 6) AS total,
  (count(*) - count(agreed.value))::BIGINT AS disputed
FROM funding
JOIN agreed ON agreed.amount = funding.object
LEFT JOIN started ON started.thing = funding.subject
LEFT JOIN country_of ON country_of.subject = funding.subject
LEFT JOIN programme_of ON programme_of.subject = funding.subject
LEFT JOIN payer_of ON payer_of.subject = funding.subject
LEFT JOIN (SELECT funding_kind.subject, notation.value FROM funding_kind
  JOIN notation ON notation.subject = funding_kind.object) AS kind ON kind.subject = funding.object
LEFT JOIN (SELECT funding_phase.subject, notation.value FROM funding_phase
  JOIN notation ON notation.subject = funding_phase.object) AS phase
  ON phase.subject = funding.object
LEFT JOIN currency ON currency.subject = funding.object
LEFT JOIN funding_year AS stated ON stated.subject = funding.object
WHERE funding.subject IN (FROM undertaking)
GROUP BY ALL ORDER BY ALL;

-- Amounts for every other use: one line an amount, whatever has it. Where sources give several
-- kinds, phases or currencies, they stand together and are added to none of them.
CREATE TABLE funding_facts AS
WITH holder AS (
  SELECT
    within.subject AS amount, string_agg(DISTINCT thing.kind, '; ' ORDER BY thing.kind) AS of,
    min(started.year) AS year
  FROM within
  JOIN thing ON thing.id = within.thing
  LEFT JOIN started ON started.thing = within.thing
  WHERE within.subject IN (SELECT amount FROM agreed)
  GROUP BY ALL
), kind AS (
  SELECT subject, string_agg(DISTINCT thing.key, '; ' ORDER BY thing.key) AS keys
  FROM funding_kind JOIN thing ON thing.id = funding_kind.object GROUP BY ALL
), phase AS (
  SELECT subject, string_agg(DISTINCT thing.key, '; ' ORDER BY thing.key) AS keys
  FROM funding_phase JOIN thing ON thing.id = funding_phase.object GROUP BY ALL
), currencies AS (
  SELECT subject, string_agg(DISTINCT value, '; ' ORDER BY value) AS keys FROM currency
  GROUP BY ALL
), stated AS (
  SELECT subject, min(substr(value, 1, 4)) AS year FROM funding_year GROUP BY ALL
)
SELECT
  holder.amount AS id, holder.of, kind.keys AS kind, phase.keys AS phase,
  currencies.keys AS currency, coalesce(stated.year, holder.year) AS year,
  CASE WHEN stated.year IS NOT NULL THEN 'amount' WHEN holder.year IS NOT NULL THEN 'start' END
    AS year_of,
  country_of.held AS country, programme_of.held AS programme, payer_of.held AS payer,
  theme_of.held AS theme, target_group_of.held AS target_group,
  agreed.value
FROM holder
JOIN agreed USING (amount)
LEFT JOIN kind ON kind.subject = holder.amount
LEFT JOIN phase ON phase.subject = holder.amount
LEFT JOIN currencies ON currencies.subject = holder.amount
LEFT JOIN stated ON stated.subject = holder.amount
LEFT JOIN country_of ON country_of.subject = holder.amount
LEFT JOIN programme_of ON programme_of.subject = holder.amount
LEFT JOIN payer_of ON payer_of.subject = holder.amount
LEFT JOIN theme_of ON theme_of.subject = holder.amount
LEFT JOIN target_group_of ON target_group_of.subject = holder.amount
ORDER BY country, programme, year, id;

CREATE TABLE undertaking_facts AS
SELECT
  thing.id, thing.kind AS of, thing.id IN (FROM things_of('Practice')) AS practice, started.year,
  country_of.held AS country, programme_of.held AS programme, payer_of.held AS payer,
  theme_of.held AS theme, target_group_of.held AS target_group, principle_of.held AS principle
FROM undertaking
JOIN thing ON thing.id = undertaking.thing
LEFT JOIN started ON started.thing = thing.id
LEFT JOIN country_of ON country_of.subject = thing.id
LEFT JOIN programme_of ON programme_of.subject = thing.id
LEFT JOIN payer_of ON payer_of.subject = thing.id
LEFT JOIN theme_of ON theme_of.subject = thing.id
LEFT JOIN target_group_of ON target_group_of.subject = thing.id
LEFT JOIN principle_of ON principle_of.subject = thing.id
ORDER BY country, programme, year, id;

CREATE TABLE participation_facts AS
WITH projects AS (
  SELECT
    participates_in.subject, min(started.year) AS year,
    string_agg(DISTINCT thing.kind, '; ' ORDER BY thing.kind) AS of
  FROM participates_in
  JOIN thing ON thing.id = participates_in.object
  LEFT JOIN started ON started.thing = thing.id
  GROUP BY ALL
)
SELECT
  part.id, projects.of, coalesce(started.year, projects.year) AS year,
  CASE WHEN started.year IS NOT NULL THEN 'participation'
    WHEN projects.year IS NOT NULL THEN 'start' END AS year_of,
  role_of.held AS role, country_of.held AS country, seat_of.held AS seat,
  programme_of.held AS programme, payer_of.held AS payer,
  theme_of.held AS theme, target_group_of.held AS target_group
FROM (SELECT DISTINCT id FROM things_of('Participation')) AS part
LEFT JOIN projects ON projects.subject = part.id
LEFT JOIN started ON started.thing = part.id
LEFT JOIN role_of ON role_of.subject = part.id
LEFT JOIN country_of ON country_of.subject = part.id
LEFT JOIN seat_of ON seat_of.subject = part.id
LEFT JOIN programme_of ON programme_of.subject = part.id
LEFT JOIN payer_of ON payer_of.subject = part.id
LEFT JOIN theme_of ON theme_of.subject = part.id
LEFT JOIN target_group_of ON target_group_of.subject = part.id
ORDER BY country, programme, year, id;

-- What the question on money writes for each combination.
CREATE TABLE country_codes AS
SELECT held, string_agg(DISTINCT notation.value, '; ' ORDER BY notation.value) AS codes
FROM (SELECT held, unnest(members) AS id FROM country_set)
JOIN notation ON notation.subject = id GROUP BY ALL;

CREATE TABLE programme_titles AS
SELECT held, string_agg(DISTINCT label.value, '; ' ORDER BY label.value) AS titles
FROM (SELECT held, unnest(members) AS id FROM programme_set)
JOIN label ON label.subject = id GROUP BY ALL;
