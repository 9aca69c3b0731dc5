"""Places: how many things there are where, who cooperates with whom, and points on the ground.

Regions are those of NUTS where their keys are its codes: two letters of the country and as many
signs more as the level says. A code of a finer level begins with that of the coarser one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graph.errors import ParameterError
from graph.facts.facets import filters_of, kinds
from graph.facts.reading import Facts
from graph.facts.selection import Selection, select

_COUNTRY = "country"
LEVELS = (0, 1, 2, 3)  # of NUTS; 0 are countries
_CODE = r"^[A-Z]{2}[A-Z0-9]{1,3}$"
# Cells in which points are one, in degrees: about as wide as high where Europe is.
_CELLS = {"latitude": 0.25, "longitude": 0.4}
# What of a participation has to be among the things that are selected.
_TAKES_PART = {"organisation": "participant.object", "participation": "participant.subject"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Things that lie near each other: their middle in degrees, their number, one of them."""

    latitude: float
    longitude: float
    things: int
    one: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its number of things, and the keys of those that are counted in it."""

    key: str
    things: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the things of a kind are.

    Countries are keys with numbers of things, most first, and so are regions; a thing of several
    counts for each. `unknown` has no country, `several` more than one, `regionless` no region,
    `located` coordinates. Arcs are two countries and the number of projects, consortia and
    practices in which both take part.
    """

    kind: str
    things: int
    unknown: int
    several: int
    regionless: int
    located: int
    countries: tuple[tuple[str, int], ...]
    regions: tuple[Region, ...]
    spots: tuple[Spot, ...]
    arcs: tuple[tuple[str, str, int], ...]


def placed_kinds(facts: Facts) -> tuple[str, ...]:
    """Name the kinds of things that can have a country, and of which there are some."""
    return tuple(kind for kind in kinds(facts) if _COUNTRY in filters_of(kind))


def at_level(key: str, level: int) -> str:
    """Give the region of a level that a region is part of; the key itself where none is known."""
    return key[: level + 2] if level and re.fullmatch(_CODE, key) else key


def is_region(key: str, level: int) -> bool:
    """Tell whether a key is a code of NUTS of a level."""
    return re.fullmatch(_CODE, key) is not None and len(key) == level + 2


def places(facts: Facts, kind: str, chosen: Mapping[str, str], level: int = 0) -> Places:
    """Count the things of a kind that filters keep, by place; regions at a level, 0 as they are.

    ParameterError for a kind that has no countries, and as for selections.
    """
    kept = select(facts, kind, chosen)
    if _COUNTRY not in filters_of(kind):
        raise ParameterError(
            f"{kind} has no countries; what has is: {', '.join(placed_kinds(facts))}"
        )
    of_country = f"kind = $kind AND name = '{_COUNTRY}' AND thing IN ({kept.sql})"
    countries = facts.ask(
        f"SELECT held.key, count(DISTINCT facet.thing) FROM facet "
        f"JOIN thing AS held ON held.id = facet.value WHERE facet.{of_country} "
        "GROUP BY 1 ORDER BY 2 DESC, 1",
        kept.values,
    )
    ((things, having, several),) = facts.ask(
        f"SELECT (SELECT count(*) FROM ({kept.sql})), count(*), count(*) FILTER (number > 1) FROM "
        f"(SELECT thing, count(DISTINCT value) AS number FROM facet WHERE {of_country} GROUP BY 1)",
        kept.values,
    )
    ((regioned,),) = facts.ask(
        f"SELECT count(DISTINCT subject) FROM region WHERE subject IN ({kept.sql})", kept.values
    )
    spots = _spots(facts, kept)
    return Places(
        kind,
        int(things),
        int(things) - int(having),
        int(several),
        int(things) - int(regioned),
        sum(spot.things for spot in spots),
        tuple((str(key), int(number)) for key, number in countries),
        _regions(facts, kept, level),
        spots,
        _arcs(facts, kept),
    )


def _regions(facts: Facts, kept: Selection, level: int) -> tuple[Region, ...]:
    """Count by region of a level."""
    key = "held.key"
    if level:
        key = f"CASE WHEN regexp_matches(held.key, '{_CODE}') THEN left(held.key, {level + 2}) "
        key += "ELSE held.key END"
    found = facts.ask(
        f"SELECT {key} AS region, count(DISTINCT region.subject), "
        "list(DISTINCT held.key ORDER BY held.key) FROM region "
        "JOIN thing AS held ON held.id = region.object "
        f"WHERE region.subject IN ({kept.sql}) GROUP BY 1 ORDER BY 2 DESC, 1",
        kept.values,
    )
    return tuple(Region(str(key), int(number), tuple(keys)) for key, number, keys in found)


def _spots(facts: Facts, kept: Selection) -> tuple[Spot, ...]:
    """Give where things are whose coordinates are known, and not two different ones."""
    cells = ", ".join(f"floor(mean_{name} / {size})" for name, size in _CELLS.items())
    found = facts.ask(
        f"""
        WITH located AS (
          SELECT
            latitude.subject, min(latitude.value)::DOUBLE AS mean_latitude,
            min(longitude.value)::DOUBLE AS mean_longitude
          FROM latitude JOIN longitude USING (subject) WHERE latitude.subject IN ({kept.sql})
          GROUP BY 1 HAVING min(latitude.value) = max(latitude.value)
            AND min(longitude.value) = max(longitude.value)
        )
        SELECT avg(mean_latitude), avg(mean_longitude), count(*), min(thing.iri)
        FROM located JOIN thing ON thing.id = located.subject
        WHERE mean_latitude BETWEEN -90 AND 90 AND mean_longitude BETWEEN -180 AND 180
        GROUP BY {cells} ORDER BY 3 DESC, 4""",
        kept.values,
    )
    return tuple(Spot(float(y), float(x), int(number), str(one)) for y, x, number, one in found)


def _arcs(facts: Facts, kept: Selection) -> tuple[tuple[str, str, int], ...]:
    """Count what organisations of two countries do together.

    With a selection of organisations or participations both sides are among these, and else
    what they do is.
    """
    held = _TAKES_PART.get(kept.kind, "participates_in.object")
    found = facts.ask(
        f"""
        WITH seat AS (
          SELECT DISTINCT participates_in.object AS what, country.object AS country
          FROM participates_in
          JOIN participant ON participant.subject = participates_in.subject
          JOIN country ON country.subject = participant.object
          WHERE {held} IN ({kept.sql})
        ), named AS (SELECT what, thing.key FROM seat JOIN thing ON thing.id = seat.country)
        SELECT one.key, other.key, count(*) FROM named AS one
        JOIN named AS other ON other.what = one.what AND other.key > one.key
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        kept.values,
    )
    return tuple((str(one), str(other), int(number)) for one, other, number in found)
