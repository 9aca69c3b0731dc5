WITH located AS (
  SELECT country.subject, country.object, notation.value AS code
  FROM country JOIN notation ON notation.subject = country.object
), called AS (
  SELECT country.subject, country.object, label.value, label.language, label.datatype
  FROM country JOIN label ON label.subject = country.object
  WHERE lower(label.language) = $language
)
SELECT
  plain(themed.value) AS themeCode, tagged(named.value, named.language, named.datatype) AS themeName,
  plain(located.code) AS countryCode,
  tagged(called.value, called.language, called.datatype) AS countryName,
  whole(count(DISTINCT theme.subject)) AS practices
FROM theme
JOIN notation AS themed ON themed.subject = theme.object
LEFT JOIN located ON located.subject = theme.subject
LEFT JOIN label AS named
  ON named.subject = theme.object AND lower(named.language) = $language
LEFT JOIN called ON called.subject = theme.subject
  AND (located.object IS NULL OR called.object = located.object)
WHERE
  theme.subject IN (FROM things_of('Practice'))
  AND ($theme::VARCHAR IS NULL OR theme.object IN (
    SELECT broader_all.subject FROM broader_all
    JOIN notation ON notation.subject = broader_all.object WHERE notation.value = $theme))
  AND ($country::INTEGER IS NULL OR coalesce(located.object, called.object) = $country)
GROUP BY
  themed.value, named.value, named.language, named.datatype, located.code,
  called.value, called.language, called.datatype
ORDER BY themed.value, located.code NULLS FIRST
