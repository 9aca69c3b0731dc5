SELECT
  named(participant.object) AS organisation, plain(min(label.value)) AS name,
  plain(min(code.value)) AS countryCode, whole(count(DISTINCT participates_in.object)) AS consortia,
  plain(string_agg(DISTINCT acronym.value, '; ' ORDER BY acronym.value)) AS acronyms,
  plain(string_agg(DISTINCT coded.value, '; ' ORDER BY coded.value)) AS roles
FROM participant
JOIN participates_in USING (subject)
JOIN role USING (subject)
JOIN notation AS coded ON coded.subject = role.object
JOIN acronym ON acronym.subject = participates_in.object
JOIN label ON label.subject = participant.object
JOIN country ON country.subject = participant.object
JOIN notation AS code ON code.subject = country.object
WHERE
  participates_in.object IN (FROM things_of('Consortium'))
  AND ($country::INTEGER IS NULL OR country.object = $country)
GROUP BY participant.object
HAVING count(DISTINCT participates_in.object) >= $least
ORDER BY count(DISTINCT participates_in.object) DESC, participant.object
