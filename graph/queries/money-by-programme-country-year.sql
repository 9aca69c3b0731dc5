SELECT
  plain(coalesce(titles, 'unknown')) AS programmes, plain(coalesce(codes, 'unknown')) AS countries,
  plain(coalesce(year, 'unknown')) AS year, plain(coalesce(year_of, 'unknown')) AS yearOf,
  plain(coalesce(kind, 'unknown')) AS kind, plain(coalesce(phase, 'unknown')) AS phase,
  plain(coalesce(currency, 'unknown')) AS currency,
  whole(sum(amounts)) AS amounts, exact(sum(total)) AS sum, whole(sum(disputed)) AS disputed
FROM money
LEFT JOIN country_codes ON country_codes.held = money.country
LEFT JOIN programme_titles ON programme_titles.held = money.programme
WHERE
  ($country::INTEGER IS NULL OR money.country IN
    (SELECT held FROM country_set WHERE list_contains(members, $country)))
  AND ($programme::INTEGER IS NULL OR money.payer IN
    (SELECT held FROM payer_set WHERE list_contains(members, $programme)))
  AND ($fundingKind::VARCHAR IS NULL OR coalesce(kind, 'unknown') = $fundingKind)
GROUP BY
  coalesce(titles, 'unknown'), coalesce(codes, 'unknown'), coalesce(year, 'unknown'),
  coalesce(year_of, 'unknown'), coalesce(kind, 'unknown'), coalesce(phase, 'unknown'),
  coalesce(currency, 'unknown')
ORDER BY
  coalesce(titles, 'unknown'), coalesce(codes, 'unknown'), coalesce(year, 'unknown'),
  coalesce(kind, 'unknown'), coalesce(phase, 'unknown'), coalesce(currency, 'unknown'),
  coalesce(year_of, 'unknown')
