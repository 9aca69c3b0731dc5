"""Bridges: the graphs elsewhere that statements of ours lead to, and how they are told.

A link is a statement as all others: its row is the evidence for it, and a judgement that merges two
things stands in the ledger with who judged and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from graph.lines import Lines
from graph.terms import Term
from ontology import expand

PROPERTIES = (
    "owl:sameAs",
    "skos:exactMatch",
    "skos:closeMatch",
    "rdfs:seeAlso",
    "sikg:legalBasis",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A graph elsewhere: its name, how its addresses begin, what it names, where it is asked."""

    name: str
    title: str
    start: str
    about: str
    endpoint: str | None = None


_CELLAR = "https://publications.europa.eu/webapi/rdf/sparql"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
TARGETS = tuple(
    Target(*fields)
    for fields in (
        (
            "eu-country",
            "EU authority table: countries",
            f"{_AUTHORITY}country/",
            "countries",
            _CELLAR,
        ),
        (
            "eu-corporate-body",
            "EU authority table: corporate bodies",
            f"{_AUTHORITY}corporate-body/",
            "institutions and bodies of the EU",
            _CELLAR,
        ),
        (
            "eu-programme",
            "EU authority table: programmes",
            f"{_AUTHORITY}eu-programme/",
            "programmes of the EU",
            _CELLAR,
        ),
        (
            "eu-language",
            "EU authority table: languages",
            f"{_AUTHORITY}language/",
            "languages",
            _CELLAR,
        ),
        ("nuts", "NUTS", "http://data.europa.eu/nuts/", "countries and regions", None),
        ("eurovoc", "EuroVoc", "http://eurovoc.europa.eu/", "themes and target groups", _CELLAR),
        ("eli", "ELI", "http://data.europa.eu/eli/", "legal acts", _CELLAR),
        (
            "celex",
            "EUR-Lex by CELEX number",
            "http://publications.europa.eu/resource/celex/",
            "legal acts",
            _CELLAR,
        ),
        ("ror", "ROR", "https://ror.org/", "research organisations", None),
        (
            "wikidata",
            "Wikidata",
            "http://www.wikidata.org/entity/",
            "anything",
            "https://query.wikidata.org/sparql",
        ),
        (
            "kohesio",
            "Kohesio",
            "https://linkedopendata.eu/entity/",
            "projects and beneficiaries of cohesion policy",
            "https://query.linkedopendata.eu/bigdata/namespace/wdq/sparql",
        ),
        (
            "cordis-page",
            "CORDIS by grant number",
            "https://cordis.europa.eu/project/id/",
            "research projects, under the number that EURIO knows them by",
            None,
        ),
        (
            "cordis",
            "CORDIS (EURIO)",
            "http://data.europa.eu/s66/resource/",
            "research projects and their participants",
            "https://cordis.europa.eu/datalab/sparql",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Links:
    """How many statements of one property lead to one target, with an example."""

    target: str
    property: str
    count: int
    subject: str
    object: str


def count_links(lines: Lines) -> Iterator[Links]:
    """Count the statements that lead to each target, by property."""
    names: Mapping[str, str] = {f"<{expand(name)}>": name for name in PROPERTIES}
    found = (
        lines.triples()
        .filter(pl.col("p").is_in(list(names)) & pl.col("o").str.starts_with("<"))
        .unique()
        .sort("s", "p", "o")
        .collect()
    )
    for target in TARGETS:
        here = found.filter(pl.col("o").str.starts_with(f"<{target.start}"))
        for (predicate,), part in here.group_by("p", maintain_order=True):
            subject, _, value = part.row(0)
            yield Links(
                target.name,
                names[str(predicate)],
                len(part),
                str(subject)[1:-1],
                str(value)[1:-1],
            )


def count_stated(statements: Iterable[tuple[Term, ...]], name: str) -> Iterator[Links]:
    """Count the statements of one property, by its prefixed name, that lead to each target."""
    found = sorted(
        (subject.value, value.value)
        for subject, predicate, value in dict.fromkeys(item[:3] for item in statements)
        if predicate.value == expand(name) and value.kind == "uri"
    )
    for target in TARGETS:
        here = [pair for pair in found if pair[1].startswith(target.start)]
        if here:
            yield Links(target.name, name, len(here), *here[0])
