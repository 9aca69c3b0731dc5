SELECT
  plain(coded.value) AS groupCode, tagged(named.value, named.language, named.datatype) AS groupName,
  named(target_group.subject) AS practice, plain(min(label.value)) AS name,
  plain(string_agg(DISTINCT coalesce(code.value, ''), '; ' ORDER BY coalesce(code.value, '')))
    AS countries
FROM target_group
JOIN label ON label.subject = target_group.subject
JOIN notation AS coded ON coded.subject = target_group.object
LEFT JOIN label AS named
  ON named.subject = target_group.object AND lower(named.language) = $language
LEFT JOIN (SELECT country.subject, notation.value FROM country
  JOIN notation ON notation.subject = country.object) AS code
  ON code.subject = target_group.subject
WHERE
  target_group.subject IN (FROM things_of('Practice'))
  AND ($targetGroup::VARCHAR IS NULL OR target_group.object IN (
    SELECT broader_all.subject FROM broader_all
    JOIN notation ON notation.subject = broader_all.object WHERE notation.value = $targetGroup))
  AND ($country::INTEGER IS NULL OR target_group.subject IN
    (SELECT subject FROM country WHERE object = $country))
GROUP BY coded.value, named.value, named.language, named.datatype, target_group.subject
ORDER BY coded.value, target_group.subject
