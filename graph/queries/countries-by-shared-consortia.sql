SELECT
  plain(one.value) AS firstCode, plain(other.value) AS secondCode,
  whole(count(DISTINCT first.subject)) AS consortia,
  plain(string_agg(DISTINCT acronym.value, '; ' ORDER BY acronym.value)) AS acronyms
FROM country AS first
JOIN country AS second ON second.subject = first.subject
JOIN acronym ON acronym.subject = first.subject
JOIN notation AS one ON one.subject = first.object
JOIN notation AS other ON other.subject = second.object
WHERE
  first.subject IN (FROM things_of('Consortium'))
  AND one.value < other.value
  AND ($country::INTEGER IS NULL OR $country IN (first.object, second.object))
GROUP BY one.value, other.value
ORDER BY count(DISTINCT first.subject) DESC, one.value, other.value
