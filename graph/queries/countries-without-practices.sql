SELECT
  plain($theme) AS theme, named(state.id) AS country, plain(code.value) AS countryCode,
  tagged(named.value, named.language, named.datatype) AS countryName,
  whole(count(DISTINCT organisation.subject)) AS organisations
FROM things_of('Theme') AS wide
JOIN notation AS coded ON coded.subject = wide.id AND coded.value = $theme
CROSS JOIN things_of('MemberState') AS state
JOIN notation AS code ON code.subject = state.id
LEFT JOIN label AS named ON named.subject = state.id AND lower(named.language) = $language
LEFT JOIN (SELECT subject, object FROM country WHERE subject IN (FROM things_of('Organisation')))
  AS organisation ON organisation.object = state.id
WHERE NOT EXISTS (
  SELECT 1 FROM country
  JOIN theme ON theme.subject = country.subject
  JOIN broader_all ON broader_all.subject = theme.object
  WHERE country.object = state.id AND broader_all.object = wide.id
    AND country.subject IN (FROM things_of('Practice'))
)
GROUP BY state.id, code.value, named.value, named.language, named.datatype
ORDER BY code.value
