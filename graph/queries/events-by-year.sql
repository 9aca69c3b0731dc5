WITH word(class, word) AS (
  VALUES ('Workshop', 'workshop'), ('Training', 'training'), ('Seminar', 'seminar')
)
SELECT
  plain(substr(began.value, 1, 4)) AS startYear, named(event.id) AS event,
  plain(min(label.value)) AS name, plain(min(coalesce(narrow.word, 'event'))) AS kind,
  plain(min(began.value)) AS start, plain(min(ended.value)) AS "end",
  plain(min(place.value)) AS place, plain(min(code.value)) AS countryCode,
  plain(min(runner.value)) AS operatorName
FROM things_of('Event') AS event
JOIN label ON label.subject = event.id
LEFT JOIN start_date AS began ON began.subject = event.id
LEFT JOIN (SELECT country.subject, country.object, notation.value FROM country
  JOIN notation ON notation.subject = country.object) AS code ON code.subject = event.id
LEFT JOIN (SELECT is_a.subject, word FROM is_a JOIN thing ON thing.id = is_a.object
  JOIN word ON thing.iri = 'https://w3id.org/sikg/ontology#' || class) AS narrow
  ON narrow.subject = event.id
LEFT JOIN end_date AS ended ON ended.subject = event.id
LEFT JOIN place ON place.subject = event.id
LEFT JOIN (SELECT operator.subject, label.value FROM operator
  JOIN label ON label.subject = operator.object) AS runner ON runner.subject = event.id
WHERE
  ($year::VARCHAR IS NULL OR substr(began.value, 1, 4) = $year)
  AND ($country::INTEGER IS NULL OR code.object = $country)
GROUP BY substr(began.value, 1, 4), event.id
ORDER BY substr(began.value, 1, 4) NULLS FIRST, event.id
