"""The question behind a flow, in SPARQL: sums of one sort of money by all of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from api.money.state import FUNDING, MoneyAsked
from api.patterns import PREFIXES, among, plain, within
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD
from graph.identity import Identity
from graph.terms import literal, n3

_PAYS = "sikg:fundedBy|sikg:call"
# What has money, and how it leads to what a step or a filter names.
_HOLDERS = ("project", "consortium", "practice")
_PATHS: Mapping[str, str] = {
    "programme": "sikg:fundedBy",
    "organisation": "(^sikg:participatesIn/sikg:participant)|sikg:carriedBy|sikg:leadPartner",
    "region": "sikg:region",
    "country": "sikg:country",
    "theme": "sikg:theme",
    "target-group": "sikg:targetGroup",
}
# What a filter looks into is wider than what a step tells: the parts and calls of a programme, too.
_WIDE = {"programme": f"({_PAYS})/sikg:partOf*"}
_STEPS: Mapping[str, str] = {
    **{name: f"?thing {path} ?value" for name, path in _PATHS.items()},
    "fund": f"?thing ({_PAYS})/sikg:partOf* ?value "
    "FILTER NOT EXISTS { ?value sikg:partOf ?whole } FILTER NOT EXISTS { ?value a sikg:Strand }",
    "strand": f"?thing {_PAYS} ?value FILTER (EXISTS {{ ?value sikg:partOf ?whole }} || "
    "EXISTS { ?value a sikg:Strand }) "
    f"FILTER NOT EXISTS {{ ?thing ({_PAYS})/sikg:partOf+ ?value }}",
    "project": "?thing sikg:funding ?amount BIND(?thing AS ?value)",
}


class _Sort(NamedTuple):
    kind: str
    phase: str
    currency: str


def question(asked: MoneyAsked, sort: str, identity: Identity) -> str | None:
    """Write the query that adds money as a flow does, a row for each way through all steps.

    None where money is converted, of a sort that is not known in all its parts, or filtered by
    what has no plain pattern. The filters are those that flows have accepted.
    """
    parts = sort.split(".")
    told = {*asked.filters} - {PERIOD}
    written = all(step in _STEPS or step == "year" for step in asked.through)
    if (
        asked.target is not None
        or UNKNOWN in parts
        or ";" in sort
        or not written
        or not told <= {*_PATHS}
        or not plain(asked.filters)
    ):
        return None
    lines, keys = [*_amounts(_Sort(*parts), asked.filters, identity)], ["?amount", "?sum"]
    # Each step looks only at what the one before has kept, and the year keeps least.
    if "year" in asked.through or PERIOD in asked.filters:
        lines, keys = [*_year(lines, keys, asked.filters.get(PERIOD))], [*keys, "?year"]
    for step in asked.through:
        if step != "year":
            lines, keys = [*_step(step, lines, keys)], [*keys, _variable(step)]
    body = "\n".join(_within(lines))
    columns = " ".join(_variable(step) for step in asked.through)
    return (
        f"{PREFIXES}SELECT {columns} (COUNT(?amount) AS ?amounts) (SUM(?sum) AS ?total) WHERE {{\n"
        f"{body}\n}}\nGROUP BY {columns} ORDER BY DESC(?total) {columns}\n"
    )


def _variable(step: str) -> str:
    return f"?{step.replace('-', '_')}"


def _within(lines: Iterable[str]) -> Iterator[str]:
    """Write lines as a part of others."""
    return (f"  {line}" for line in lines)


def _amounts(sort: _Sort, filters: Mapping[str, str], identity: Identity) -> Iterator[str]:
    """Find the amounts of a sort on which sources agree, of what filters keep."""
    yield "{ SELECT ?amount (MIN(?said) AS ?sum) WHERE {"
    yield "  ?thing sikg:funding ?amount . ?amount sikg:amount ?said ."
    for name, (path, term) in _made_of(sort, identity).items():
        yield f"  ?amount {path} {term} ."
        yield f"  FILTER NOT EXISTS {{ ?amount {path} ?{name} FILTER(?{name} != {term}) }}"
    either = " || ".join(
        f'STRSTARTS(STR(?thing), "{identity.entity(kind, "")}")' for kind in _HOLDERS
    )
    yield f"  FILTER({either})"
    for name, text in filters.items():
        if name != PERIOD:
            segment = FUNDING.dimension(name).segments[0]
            yield f"  {among(_WIDE.get(name, _PATHS[name]), segment, text, identity)}"
    yield "} GROUP BY ?amount HAVING (MIN(?said) = MAX(?said)) }"


def _made_of(sort: _Sort, identity: Identity) -> Mapping[str, tuple[str, str]]:
    """Give what makes a sort: of each part the property and its value."""
    return {
        "kind": ("sikg:fundingKind", f"<{identity.entity('funding-kind', sort.kind)}>"),
        "phase": ("sikg:fundingPhase", f"<{identity.entity('funding-phase', sort.phase)}>"),
        "currency": ("sikg:currency", n3(literal(sort.currency))),
    }


def _year(amounts: Iterable[str], kept: Iterable[str], period: str | None) -> Iterator[str]:
    """Add to amounts the year that they are of, and keep those of a period."""
    keys = " ".join(kept)
    year = "COALESCE(MIN(SUBSTR(STR(?said), 1, 4)), MIN(SUBSTR(STR(?start), 1, 4)))"
    yield f"{{ SELECT {keys} ({year} AS ?year) WHERE {{"
    yield from _within(amounts)
    yield "  ?thing sikg:funding ?amount"
    yield "  OPTIONAL { ?amount sikg:fundingYear ?said }"
    yield "  OPTIONAL { ?thing sikg:startDate ?start }"
    yield f"}} GROUP BY {keys} }}"
    if period is not None:
        yield f"FILTER{within('?year', period)}"


def _step(step: str, amounts: Iterable[str], kept: Iterable[str]) -> Iterator[str]:
    """Add to amounts all that they have in a step, as one text of addresses; empty for none."""
    keys = " ".join(kept)
    yield f'{{ SELECT {keys} (GROUP_CONCAT(?one; separator=" ") AS {_variable(step)}) WHERE {{'
    yield f"  {{ SELECT DISTINCT {keys} ?one WHERE {{"
    yield from _within(_within(amounts))
    yield "    ?thing sikg:funding ?amount"
    yield f"    OPTIONAL {{ {_STEPS[step]} }}"
    yield '    BIND(COALESCE(STR(?value), "") AS ?one)'
    yield "  } ORDER BY ?one }"
    yield f"}} GROUP BY {keys} }}"
