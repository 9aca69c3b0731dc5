"""The question behind a timeline, in SPARQL: what begins and ends when."""

from __future__ import annotations

from collections.abc import Sequence

from api.patterns import PREFIXES, kept, of_kind, plain, within
from api.when.documents import WhenAsked
from graph.facts.facets import PERIOD
from graph.identity import Identity

# The dates that facts keep: a year, a month or a day.
_DATE = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


def question(asked: WhenAsked, kinds: Sequence[str], identity: Identity) -> str | None:
    """Write the query for the things of some kinds with their first beginning and last end.

    None for what is unknown. The filters are those that `read_when` has accepted.
    """
    if not kinds or not plain(asked.filters):
        return None
    parts = [_part(kind, asked, identity) for kind in kinds]
    having = ""
    if PERIOD in asked.filters:
        having = f"HAVING {within('SUBSTR(MIN(STR(?from)), 1, 4)', asked.filters[PERIOD])}\n"
    body = "\n  UNION\n".join(parts)
    return (
        f"{PREFIXES}SELECT ?thing (MIN(STR(?from)) AS ?begin) (MAX(STR(?to)) AS ?end) WHERE {{\n"
        f"{body}\n  OPTIONAL {{ ?thing sikg:endDate ?to }}\n}}\n"
        f"GROUP BY ?thing\n{having}ORDER BY ?begin ?end ?thing\n"
    )


def _part(kind: str, asked: WhenAsked, identity: Identity) -> str:
    begins = "sikg:documentDate" if kind == "policy" else "sikg:startDate"
    lines = [
        f"?thing {begins} ?from",
        f'FILTER(REGEX(STR(?from), "{_DATE}"))',
        of_kind(kind, identity),
        *kept(kind, asked.filters, identity),
    ]
    return "  {\n" + "\n".join(f"    {line}" for line in lines) + "\n  }"
