-- Ranks organisations. All numbers are whole, so that the order of adding changes nothing.
-- $we is the organisation that asks (-1 for none); the lists say what counts ($aspects, $held,
-- $values, $parts, side by side), what a partner has to be ($filter, $of, $is), and where unknown
-- will do ($open, $open_of).
WITH everyone AS (
  SELECT organisation, things FROM partner_profile
  WHERE aspect = 'doing' AND organisation <> $we
), wanted AS (
  SELECT
    unnest($aspects::VARCHAR[]) AS aspect, unnest($held::VARCHAR[]) AS held,
    unnest($values::INTEGER[]) AS value, unnest($parts::INTEGER[]) AS part
), narrowed AS (
  SELECT
    unnest($filter::INTEGER[]) AS filter, unnest($of::VARCHAR[]) AS aspect,
    unnest($is::INTEGER[]) AS value
), left_open AS (
  SELECT unnest($open::INTEGER[]) AS filter, unnest($open_of::VARCHAR[]) AS aspect
), passed AS (
  SELECT organisation FROM (
    SELECT organisation, filter FROM partner_profile JOIN narrowed USING (aspect, value)
    UNION
    SELECT organisation, filter FROM everyone, left_open WHERE NOT EXISTS (
      FROM partner_profile AS told
      WHERE told.organisation = everyone.organisation AND told.aspect = left_open.aspect
    )
  )
  GROUP BY organisation HAVING count(*) = $filters
), told AS (
  SELECT
    profile.organisation, wanted.aspect, wanted.part,
    profile.things * 1000 // (profile.things + 1) AS often
  FROM partner_profile AS profile
  JOIN wanted ON wanted.held = profile.aspect AND wanted.value = profile.value
), points AS (
  SELECT
    organisation,
    sum(part * often) FILTER (aspect = 'theme') // nullif($themes, 0) AS themes,
    sum(part * often) FILTER (aspect = 'target-group') // nullif($groups, 0) AS groups,
    max(often) FILTER (aspect = 'role') AS roles,
    max(part) FILTER (aspect = 'call') AS calls
  FROM told GROUP BY organisation
), mine AS (
  SELECT DISTINCT thing FROM partner_doing WHERE organisation = $we
), colleagues AS (
  SELECT DISTINCT organisation FROM partner_doing SEMI JOIN mine USING (thing)
  WHERE organisation <> $we
), shared AS (
  SELECT met.organisation, sum((1000 / (1 + ln(everyone.things)))::INTEGER) AS weight
  FROM (
    SELECT DISTINCT known.organisation AS through, other.organisation
    FROM partner_doing AS known JOIN partner_doing AS other USING (thing)
    WHERE known.organisation IN (FROM colleagues) AND other.organisation <> known.organisation
  ) AS met
  JOIN everyone ON everyone.organisation = met.through
  GROUP BY met.organisation
), scored AS (
  SELECT
    everyone.organisation,
    coalesce(themes, 0)::INTEGER AS themes, coalesce(groups, 0)::INTEGER AS groups,
    coalesce(roles, 0)::INTEGER AS roles, coalesce(calls, 0)::INTEGER AS calls,
    -- Who has worked with us already needs nobody in common to be introduced.
    CASE WHEN everyone.organisation IN (FROM colleagues) THEN 0
      ELSE coalesce(weight * 1000 // (weight + 1000), 0) END::INTEGER AS shared,
    CASE WHEN everyone.organisation IN (FROM colleagues) THEN 0 ELSE 1000 END AS fresh,
    everyone.things * 1000 // (everyone.things + 3) AS experience,
    everyone.things
  FROM everyone
  LEFT JOIN points USING (organisation)
  LEFT JOIN shared USING (organisation)
  WHERE $filters = 0 OR everyone.organisation IN (FROM passed)
)
SELECT
  organisation, themes, groups, roles, calls, shared, fresh, experience, things,
  themes * $w_themes + groups * $w_groups + roles * $w_roles + calls * $w_calls
    + shared * $w_shared + fresh * $w_fresh + experience * $w_experience AS total,
  count(*) OVER () AS number
FROM scored
-- Where something in particular is sought, who has none of it is no proposal.
WHERE themes + groups + calls + shared > 0 OR NOT ($sought OR EXISTS (FROM colleagues))
ORDER BY total DESC, organisation
LIMIT $limit OFFSET $offset
