"""The question behind a map, in SPARQL: for those who want to change it, or ask it elsewhere."""

from __future__ import annotations

from api.exploring import FUNDING
from api.where.documents import WhereAsked
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of
from graph.facts.narrowing import years
from graph.identity import Identity

_PREFIXES = "PREFIX sikg: <https://w3id.org/sikg/ontology#>\n"


def question(asked: WhereAsked, identity: Identity) -> str | None:
    """Write the query that counts as the map does; None for money, and for what is unknown.

    The filters are those that `read_where` has accepted.
    """
    known = filters_of(asked.kind)
    listed = [text for name, text in asked.filters.items() if name != PERIOD]
    if asked.kind == FUNDING or any(UNKNOWN in text.split(",") for text in listed):
        return None
    lines = [f"  ?thing {known['country'].paths[asked.kind]} ?country ."]
    for place, (name, text) in enumerate(asked.filters.items()):
        if name == PERIOD:
            if UNKNOWN in text:
                return None
            lines += _period(text)
        else:
            keys = (key.strip() for key in text.split(","))
            # An IRI of ours holds nothing that could end it: its key is encoded.
            terms = " ".join(f"<{identity.entity(known[name].segment, key)}>" for key in keys)
            path = known[name].paths.get(asked.kind, "sikg:theme")
            lines.append(f"  VALUES ?wanted{place} {{ {terms} }}")
            lines.append(f"  ?thing {path} ?wanted{place} .")
    beginning = identity.entity(asked.kind, "")
    lines.append(f'  FILTER(STRSTARTS(STR(?thing), "{beginning}"))')
    body = "\n".join(lines)
    return (
        f"{_PREFIXES}SELECT ?country (COUNT(DISTINCT ?thing) AS ?things) WHERE {{\n{body}\n}}\n"
        "GROUP BY ?country ORDER BY DESC(?things) ?country\n"
    )


def _period(text: str) -> list[str]:
    """Keep what begins in some years: the first beginning, where sources give several."""
    either = " || ".join(
        f'(?year >= "{first}" && ?year <= "{last}")' for first, last in years(text)
    )
    return [
        "  { SELECT ?thing (SUBSTR(MIN(STR(?start)), 1, 4) AS ?year)",
        "    WHERE { ?thing sikg:startDate ?start } GROUP BY ?thing }",
        f"  FILTER({either})",
    ]
