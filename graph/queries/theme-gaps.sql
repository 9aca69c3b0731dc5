SELECT
  plain(coded.value) AS themeCode, tagged(named.value, named.language, named.datatype) AS themeName,
  whole(count(DISTINCT theme.subject)) AS policies,
  plain(string_agg(DISTINCT title.value, '; ' ORDER BY title.value)) AS titles
FROM theme
JOIN label AS title ON title.subject = theme.subject
JOIN notation AS coded ON coded.subject = theme.object
LEFT JOIN label AS named
  ON named.subject = theme.object AND lower(named.language) = $language
WHERE
  theme.subject IN (FROM things_of('Policy'))
  AND theme.object NOT IN (
    SELECT broader_all.object FROM theme AS had
    JOIN broader_all ON broader_all.subject = had.object
    WHERE had.subject IN (FROM things_of('Practice')))
GROUP BY coded.value, named.value, named.language, named.datatype
ORDER BY count(DISTINCT theme.subject) DESC, coded.value
