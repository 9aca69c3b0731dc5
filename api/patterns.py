"""Filters as patterns of SPARQL: for the questions behind views, which readers change and ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of
from graph.facts.filtering import ONLY
from graph.facts.narrowing import years
from graph.identity import Identity

PREFIXES = "PREFIX sikg: <https://w3id.org/sikg/ontology#>\n"


def plain(filters: Mapping[str, str]) -> bool:
    """Tell whether filters name things alone: not what is unknown, nor exact combinations."""
    return not any(
        part.strip() == UNKNOWN or part.strip().startswith(ONLY)
        for text in filters.values()
        for part in text.split(",")
    )


def of_kind(kind: str, identity: Identity) -> str:
    """Keep the things of a kind."""
    return f'FILTER(STRSTARTS(STR(?thing), "{identity.entity(kind, "")}"))'


def kept(kind: str, filters: Mapping[str, str], identity: Identity) -> Iterable[str]:
    """Keep the things of a kind that filters keep, but for the period.

    The filters are those that the facts have accepted.
    """
    known = filters_of(kind)
    for name, text in filters.items():
        if name != PERIOD:
            yield among(
                known[name].paths.get(kind, "sikg:theme"), known[name].segment, text, identity
            )


def among(path: str, segment: str, text: str, identity: Identity) -> str:
    """Keep what a path leads from to one of some things of a kind, by their keys."""
    keys = (key.strip() for key in text.split(","))
    # An IRI of ours holds nothing that could end it: its key is encoded.
    terms = " ".join(f"<{identity.entity(segment, key)}>" for key in keys)
    # Asked once of all, from what is wanted: beside each thing it took a minute instead of a
    # fiftieth of a second where the path has several steps.
    return (
        f"{{ SELECT DISTINCT ?thing WHERE {{ VALUES ?wanted {{ {terms} }} "
        f"?thing {path} ?wanted }} }}"
    )


def within(year: str, period: str) -> str:
    """Keep what has its year, of four digits as text, in a period."""
    either = " || ".join(
        f'({year} >= "{first}" && {year} <= "{last}")' for first, last in years(period)
    )
    return f"({either})"
