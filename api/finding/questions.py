"""The question behind a list, in SPARQL: which things of some kinds filters keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.patterns import PREFIXES, kept, of_kind, plain, within
from graph.facts.facets import LINKS, PERIOD, filters_of
from graph.facts.narrowing import KIND
from graph.identity import Identity
from ontology import segments


def question(words: str, filters: Mapping[str, str], identity: Identity) -> str | None:
    """Write the query for the things that filters keep.

    None for words, links to one thing and what is unknown, and where nothing is filtered. The
    filters are those that the facts have accepted.
    """
    others = {name: text for name, text in filters.items() if name != KIND}
    kinds = _kinds(filters.get(KIND, ""), others)
    if words or not filters or not kinds or not plain(filters) or set(others) & set(LINKS):
        return None
    body = "\n  UNION\n".join(_part(kind, others, identity) for kind in kinds)
    begun = having = ""
    if PERIOD in others:
        begun = "  ?thing sikg:startDate ?from .\n"
        having = f"\nHAVING {within('SUBSTR(MIN(STR(?from)), 1, 4)', others[PERIOD])}"
    return (
        f"{PREFIXES}PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?thing (MIN(?label) AS ?name) WHERE {\n"
        f"{body}\n{begun}  OPTIONAL {{ ?thing skos:prefLabel ?label }}\n}}\n"
        f"GROUP BY ?thing{having}\nORDER BY ?name ?thing\n"
    )


def _kinds(chosen: str, others: Mapping[str, str]) -> Sequence[str]:
    """Give the kinds that are chosen, or all, as far as they have all filters."""
    of = [kind.strip() for kind in chosen.split(",") if kind.strip()] or list(segments())
    wanted = others.keys() - {PERIOD}
    return [kind for kind in of if wanted <= filters_of(kind).keys()]


def _part(kind: str, filters: Mapping[str, str], identity: Identity) -> str:
    lines = [
        f"?thing a <{segments()[kind]}>",
        of_kind(kind, identity),
        *kept(kind, filters, identity),
    ]
    return "  {\n" + "\n".join(f"    {line}" for line in lines) + "\n  }"
