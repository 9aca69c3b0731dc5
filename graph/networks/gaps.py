"""Gaps: countries that are both active in a theme, and do nothing in it together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import NotFoundError, ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.facets import PERIOD, filters_of
from graph.facts.reading import Facts
from graph.networks.asking import Asked, years_of
from graph.networks.attributes import UNDERTAKINGS

_EUROPE = "EU"  # bodies of the Union stand for no country
_GAPS = """
WITH kept AS (SELECT DISTINCT thing FROM facet WHERE list_contains($kinds, kind) {conditions}),
placed AS (
  SELECT facet.thing, thing.key FROM facet JOIN thing ON thing.id = facet.value
  WHERE facet.name = 'country' AND facet.thing IN (FROM kept) AND thing.key <> $europe),
about AS (
  SELECT facet.thing, thing.key FROM facet JOIN thing ON thing.id = facet.value
  WHERE facet.name = 'theme' AND facet.thing IN (FROM kept)),
active AS (
  SELECT about.key AS theme, placed.key AS country, count(*) AS things
  FROM about JOIN placed ON placed.thing = about.thing GROUP BY ALL),
shared AS (
  SELECT DISTINCT about.key AS theme, one.key AS one, two.key AS two
  FROM about JOIN placed AS one ON one.thing = about.thing
  JOIN placed AS two ON two.thing = about.thing AND one.key < two.key)
SELECT one.theme, one.country, one.things, two.country, two.things, count(*) OVER ()
FROM active AS one JOIN active AS two ON two.theme = one.theme AND one.country < two.country
ANTI JOIN shared ON shared.theme = one.theme AND shared.one = one.country
  AND shared.two = two.country
WHERE ($countries IS NULL OR list_contains($countries, one.country)
  OR list_contains($countries, two.country))
AND ($themes IS NULL OR list_contains($themes, one.theme))
ORDER BY least(one.things, two.things) DESC, one.things + two.things DESC,
  one.theme, one.country, two.country
LIMIT $limit OFFSET $offset
"""
_CONDITION = """
AND (thing IN (
    SELECT facet.thing FROM facet LEFT JOIN thing ON thing.id = facet.value
    WHERE name = $n{place} AND list_contains($v{place}, coalesce(thing.key, period)))
  OR ($u{place} AND thing NOT IN (SELECT thing FROM facet WHERE name = $n{place})))
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two countries, by key, with what each does in a theme, and nothing that both do."""

    theme: str
    countries: tuple[str, str]
    active: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Some gaps, those with most on both sides first, and how many there are in all."""

    found: tuple[Gap, ...]
    total: int
    kinds: tuple[str, ...]


def find_gaps(facts: Facts, kinds: Sequence[str], asked: Asked, *, limit: int, offset: int) -> Gaps:
    """Find the gaps between countries in what undertakings of some kinds do.

    Filters by country and theme say of which gaps to tell, the others which undertakings count.
    NotFoundError where the release has no facts, ParameterError for a facet of none of the kinds.
    """
    if facts.made() is None:
        raise NotFoundError("this release has no fact tables: build it again to get them")
    doing = tuple(kind for kind in kinds if kind in UNDERTAKINGS) or tuple(sorted(UNDERTAKINGS))
    wanted: dict[str, list[str] | None] = {"country": None, "theme": None}
    conditions, values = [], dict[str, Any]()
    for place, (name, keys) in enumerate(asked.filters):
        if name in wanted:
            wanted[name] = list(keys)
            continue
        conditions.append(_condition(name, doing, place))
        values[f"n{place}"] = name
        values[f"v{place}"] = _keys(name, keys)
        values[f"u{place}"] = UNKNOWN in keys
    rows = facts.ask(
        _GAPS.replace("{conditions}", " ".join(conditions)),
        {
            "kinds": list(doing),
            "europe": _EUROPE,
            "countries": wanted["country"],
            "themes": wanted["theme"],
            "limit": limit,
            "offset": offset,
            **values,
        },
    )
    found = (Gap(theme, (one, two), (a, b)) for theme, one, a, two, b, _ in rows)
    return Gaps(tuple(found), int(rows[0][-1]) if rows else 0, doing)


def _condition(name: str, kinds: Sequence[str], place: int) -> str:
    known = {facet for kind in kinds for facet in filters_of(kind)} | {PERIOD}
    if name not in known:
        raise ParameterError(f"none of {', '.join(kinds)} has the facet {name}{near(name, known)}")
    return _CONDITION.replace("{place}", str(place))


def _keys(name: str, values: Sequence[str]) -> list[str]:
    keys = [value for value in values if value != UNKNOWN]
    if name == PERIOD:
        return sorted({str(year) for text in keys for year in years_of(text)})
    return keys
