-- Who does what, for finding partners: by a participation with its role, or as the lead partner,
-- carrier or operator that a thing names.
CREATE TABLE partner_doing AS
WITH said AS (
  SELECT participant.object AS organisation, participates_in.object AS thing,
    participant.subject AS participation, role.object AS role, 'participant' AS link
  FROM participant
  JOIN participates_in ON participates_in.subject = participant.subject
  LEFT JOIN role ON role.subject = participant.subject
  UNION SELECT object, subject, NULL, NULL, 'lead_partner' FROM lead_partner
  UNION SELECT object, subject, NULL, NULL, 'carried_by' FROM carried_by
  UNION SELECT object, subject, NULL, NULL, 'operator' FROM operator
)
SELECT said.* FROM said
JOIN thing ON thing.id = said.organisation AND thing.kind = 'organisation'
ORDER BY ALL;

-- What things are about and who pays for them, closed upwards: what is of a narrower theme is of
-- the broader ones, and what a call pays is paid by its programme and fund.
CREATE TABLE partner_topic AS
SELECT 'theme' AS aspect, theme.subject AS thing, theme.object AS direct, broad.object AS value
FROM theme JOIN broader_all AS broad ON broad.subject = theme.object
UNION
SELECT 'target-group', target_group.subject, target_group.object, broad.object
FROM target_group JOIN broader_all AS broad ON broad.subject = target_group.object
UNION
SELECT 'programme', paid.subject, paid.object, whole.object
FROM (FROM funded_by UNION FROM call) AS paid
JOIN part_of_all AS whole ON whole.subject = paid.object
ORDER BY ALL;

-- How many things each organisation does, in all (`doing`, value 0) and by each aspect of them.
CREATE TABLE partner_profile AS
WITH told AS (
  SELECT DISTINCT organisation, aspect, value, thing FROM partner_doing JOIN partner_topic USING (thing)
  UNION ALL SELECT DISTINCT organisation, 'role', role, thing FROM partner_doing
  WHERE role IS NOT NULL
  UNION ALL SELECT DISTINCT organisation, 'period', TRY_CAST(started.year AS INTEGER), thing
  FROM partner_doing JOIN started USING (thing)
  UNION ALL SELECT DISTINCT organisation, 'doing', 0, thing FROM partner_doing
  UNION ALL SELECT subject, 'country', object, object FROM country
  WHERE subject IN (SELECT organisation FROM partner_doing)
  UNION ALL SELECT subject, 'type', object, object FROM organisation_type
  WHERE subject IN (SELECT organisation FROM partner_doing)
)
SELECT aspect, value, organisation, count(*)::INTEGER AS things
FROM told WHERE value IS NOT NULL GROUP BY ALL ORDER BY ALL;
