WITH leads AS (
  SELECT participates_in.object AS project, participates_in.subject AS participation
  FROM participates_in JOIN role USING (subject)
  JOIN notation ON notation.subject = role.object
  WHERE notation.value IN ('lead-partner', 'coordinator')
), project AS (
  SELECT id FROM things_of('Consortium')
  UNION SELECT subject FROM lead_partner
  UNION SELECT project FROM leads
), lead AS (
  SELECT subject AS project, object AS organisation, 'lead-partner' AS said FROM lead_partner
  UNION ALL
  SELECT leads.project, participant.object, 'participation'
  FROM leads JOIN participant ON participant.subject = leads.participation
), known AS (
  SELECT lead.*, label.value, label.language, label.datatype, notation.value AS code
  FROM lead
  JOIN label ON label.subject = lead.organisation
  JOIN country ON country.subject = lead.organisation
  JOIN notation ON notation.subject = country.object
)
SELECT
  named(project.id) AS project, tagged(label.value, label.language, label.datatype) AS name,
  plain(lead_code.value) AS leadCountryCode, named(known.organisation) AS organisation,
  tagged(known.value, known.language, known.datatype) AS organisationName,
  plain(known.code) AS countryCode, plain(known.said) AS said
FROM project
JOIN label ON label.subject = project.id
LEFT JOIN (SELECT lead_country.subject, notation.value FROM lead_country
  JOIN notation ON notation.subject = lead_country.object) AS lead_code
  ON lead_code.subject = project.id
LEFT JOIN known ON known.project = project.id
ORDER BY project.id, known.organisation NULLS FIRST, known.said NULLS FIRST
