WITH practice AS (
  SELECT principle.object AS principle, principle.subject AS id, label.* EXCLUDE (subject)
  FROM principle JOIN label ON label.subject = principle.subject
  WHERE
    principle.subject IN (FROM things_of('Practice'))
    AND ($country::INTEGER IS NULL OR principle.subject IN
      (SELECT subject FROM country WHERE object = $country))
)
SELECT
  named(one.id) AS principle, tagged(title.value, title.language, title.datatype) AS principleName,
  named(practice.id) AS practice,
  tagged(practice.value, practice.language, practice.datatype) AS name,
  plain(string_agg(DISTINCT coalesce(code.value, ''), '; ' ORDER BY coalesce(code.value, '')))
    AS countries
FROM things_of('Principle') AS one
JOIN label AS title ON title.subject = one.id
LEFT JOIN practice ON practice.principle = one.id
LEFT JOIN (SELECT country.subject, notation.value FROM country
  JOIN notation ON notation.subject = country.object) AS code ON code.subject = practice.id
WHERE $principle::INTEGER IS NULL OR one.id = $principle
GROUP BY
  one.id, title.value, title.language, title.datatype, practice.id, practice.value,
  practice.language, practice.datatype
ORDER BY one.id, practice.id NULLS FIRST
