"""The question behind a map, in SPARQL: for those who want to change it, or ask it elsewhere."""

from __future__ import annotations

from api.exploring import FUNDING
from api.patterns import PREFIXES, kept, of_kind, plain, within
from api.where.documents import WhereAsked
from graph.facts.facets import PERIOD, filters_of
from graph.identity import Identity


def question(asked: WhereAsked, identity: Identity) -> str | None:
    """Write the query that counts as the map does; None for money, and for what is unknown.

    The filters are those that `read_where` has accepted.
    """
    if asked.kind == FUNDING or not plain(asked.filters):
        return None
    place = "region" if asked.nuts else "country"
    lines = [f"?thing {filters_of(asked.kind)['country'].paths[asked.kind]} ?country ."]
    if asked.nuts:
        lines = _region(asked.nuts, identity)
    lines += kept(asked.kind, asked.filters, identity)
    if PERIOD in asked.filters:
        # The first beginning, where sources give several.
        lines += [
            "{ SELECT ?thing (SUBSTR(MIN(STR(?start)), 1, 4) AS ?year)",
            "  WHERE { ?thing sikg:startDate ?start } GROUP BY ?thing }",
            f"FILTER{within('?year', asked.filters[PERIOD])}",
        ]
    body = "\n".join(f"  {line}" for line in [*lines, of_kind(asked.kind, identity)])
    return (
        f"{PREFIXES}SELECT ?{place} (COUNT(DISTINCT ?thing) AS ?things) WHERE {{\n{body}\n}}\n"
        f"GROUP BY ?{place} ORDER BY DESC(?things) ?{place}\n"
    )


def _region(level: int, identity: Identity) -> list[str]:
    """Find regions of NUTS by the beginning of their codes, at a level."""
    before = identity.entity("region", "")
    return [
        "?thing sikg:region ?named .",
        f'BIND(STRAFTER(STR(?named), "{before}") AS ?code)',
        f'FILTER(REGEX(?code, "^[A-Z]{{2}}[A-Z0-9]{{{level},3}}$"))',
        f"BIND(SUBSTR(?code, 1, {level + 2}) AS ?region)",
    ]
