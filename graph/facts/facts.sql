-- The fact tables. Each amount, undertaking and participation is one line of one of them.

-- What amounts are of, and in which year these begin; undertakings without any amount beside them,
-- so that unknown money is counted wherever money is.
CREATE TEMP TABLE holder AS
SELECT
  within.subject AS id, string_agg(DISTINCT thing.kind, '; ' ORDER BY thing.kind) AS of,
  min(started.year) AS year, false AS missing
FROM within
JOIN thing ON thing.id = within.thing
LEFT JOIN started ON started.thing = within.thing
WHERE within.subject IN (SELECT amount FROM agreed)
GROUP BY ALL
UNION ALL
SELECT undertaking.thing, thing.kind, started.year, true
FROM undertaking
JOIN thing ON thing.id = undertaking.thing
LEFT JOIN started ON started.thing = undertaking.thing
WHERE undertaking.thing NOT IN
  (SELECT subject FROM funding WHERE object IN (SELECT amount FROM agreed));

CREATE TEMP TABLE stated AS
SELECT subject, min(substr(value, 1, 4)) AS year FROM funding_year GROUP BY ALL;

-- Amounts as the question money-by-programme-country-year adds them, in cells: by notations. Where
-- sources give several kinds, phases or currencies, or none, there is nothing to add.
CREATE TABLE money AS
WITH kind AS (
  SELECT funding_kind.subject, one_of(notation.value) AS value
  FROM funding_kind JOIN notation ON notation.subject = funding_kind.object GROUP BY ALL
), phase AS (
  SELECT funding_phase.subject, one_of(notation.value) AS value
  FROM funding_phase JOIN notation ON notation.subject = funding_phase.object GROUP BY ALL
), currencies AS (
  SELECT subject, one_of(value) AS value FROM currency GROUP BY ALL
), told AS (
  SELECT
    country_of.held AS country, programme_of.held AS programme, payer_of.held AS payer,
    coalesce(stated.year, holder.year) AS year,
    CASE WHEN stated.year IS NOT NULL THEN 'amount' WHEN holder.year IS NOT NULL THEN 'start' END
      AS year_of,
    kind.value AS kind, phase.value AS phase, currencies.value AS currency, agreed.value
  FROM holder
  JOIN agreed ON agreed.amount = holder.id
  LEFT JOIN kind ON kind.subject = holder.id
  LEFT JOIN phase ON phase.subject = holder.id
  LEFT JOIN currencies ON currencies.subject = holder.id
  LEFT JOIN stated ON stated.subject = holder.id
  LEFT JOIN country_of ON country_of.subject = holder.id
  LEFT JOIN programme_of ON programme_of.subject = holder.id
  LEFT JOIN payer_of ON payer_of.subject = holder.id
)
SELECT
  country, programme, payer, year, year_of, kind, phase, currency,
  count(value)::BIGINT AS amounts,
  (sum(value) FILTER (kind <> 'several' AND phase <> 'several' AND currency <> 'several'))
    ::DECIMAL(38, 6) AS total,
  (count(*) - count(value))::BIGINT AS disputed
FROM told
GROUP BY ALL ORDER BY ALL;

-- Amounts for every other use: one line an amount, whatever has it, and one line for each
-- undertaking without. Where sources give several kinds, phases or currencies, they stand together;
-- such amounts, and those that lack one of the three, have nothing in `summed`.
CREATE TEMP TABLE amount_told AS
WITH kind AS (
  SELECT subject, string_agg(DISTINCT thing.key, '; ' ORDER BY thing.key) AS keys,
    count(DISTINCT thing.id) AS number
  FROM funding_kind JOIN thing ON thing.id = funding_kind.object GROUP BY ALL
), phase AS (
  SELECT subject, string_agg(DISTINCT thing.key, '; ' ORDER BY thing.key) AS keys,
    count(DISTINCT thing.id) AS number
  FROM funding_phase JOIN thing ON thing.id = funding_phase.object GROUP BY ALL
), currencies AS (
  SELECT subject, string_agg(DISTINCT value, '; ' ORDER BY value) AS keys,
    count(DISTINCT value) AS number
  FROM currency GROUP BY ALL
)
SELECT
  holder.id, holder.of, kind.keys AS kind, phase.keys AS phase, currencies.keys AS currency,
  coalesce(stated.year, holder.year) AS year,
  CASE WHEN stated.year IS NOT NULL THEN 'amount' WHEN holder.year IS NOT NULL THEN 'start' END
    AS year_of,
  agreed.value,
  CASE WHEN kind.number = 1 AND phase.number = 1 AND currencies.number = 1 THEN agreed.value END
    AS summed,
  holder.missing
FROM holder
LEFT JOIN agreed ON agreed.amount = holder.id
LEFT JOIN kind ON kind.subject = holder.id
LEFT JOIN phase ON phase.subject = holder.id
LEFT JOIN currencies ON currencies.subject = holder.id
LEFT JOIN stated ON stated.subject = holder.id;

-- The sorts of money: what has the same kind, phase and currency, and alone can be added.
CREATE TABLE money_sorts AS
SELECT row_number() OVER (ORDER BY kind, phase, currency)::INTEGER AS sort, kind, phase, currency
FROM (SELECT DISTINCT kind, phase, currency FROM amount_told) ORDER BY sort;

-- The texts of dimensions that are no things, numbered in their order: numbers are joined and
-- added by a multiple faster than texts.
CREATE TABLE money_texts AS
SELECT name, text, row_number() OVER (PARTITION BY name ORDER BY text)::INTEGER AS place
FROM (
  SELECT DISTINCT 'year' AS name, year AS text FROM amount_told
  UNION SELECT 'year_of', year_of FROM amount_told
  UNION SELECT 'of', of FROM amount_told
)
WHERE text IS NOT NULL ORDER BY ALL;

-- In the order of sorts, so that a question for one of them reads its part of the table only.
CREATE TABLE funding_facts AS
SELECT
  told.id, told.of, money_sorts.sort, told.kind, told.phase, told.currency, told.year, told.year_of,
  years.place AS year_place, years_of.place AS year_of_place, ofs.place AS of_place,
  country_of.held AS country, programme_of.held AS programme, payer_of.held AS payer,
  fund_of.held AS fund, strand_of.held AS strand, project_of.held AS project,
  organisation_of.held AS organisation, region_of.held AS region, theme_of.held AS theme,
  target_group_of.held AS target_group,
  told.value, told.summed, told.missing
FROM amount_told AS told
JOIN money_sorts ON money_sorts.kind IS NOT DISTINCT FROM told.kind
  AND money_sorts.phase IS NOT DISTINCT FROM told.phase
  AND money_sorts.currency IS NOT DISTINCT FROM told.currency
LEFT JOIN money_texts AS years ON years.name = 'year' AND years.text = told.year
LEFT JOIN money_texts AS years_of ON years_of.name = 'year_of' AND years_of.text = told.year_of
LEFT JOIN money_texts AS ofs ON ofs.name = 'of' AND ofs.text = told.of
LEFT JOIN country_of ON country_of.subject = told.id
LEFT JOIN programme_of ON programme_of.subject = told.id
LEFT JOIN payer_of ON payer_of.subject = told.id
LEFT JOIN fund_of ON fund_of.subject = told.id
LEFT JOIN strand_of ON strand_of.subject = told.id
LEFT JOIN project_of ON project_of.subject = told.id
LEFT JOIN organisation_of ON organisation_of.subject = told.id
LEFT JOIN region_of ON region_of.subject = told.id
LEFT JOIN theme_of ON theme_of.subject = told.id
LEFT JOIN target_group_of ON target_group_of.subject = told.id
ORDER BY money_sorts.sort, country, programme, year, told.id;

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
