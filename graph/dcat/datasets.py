"""What is said of every dataset alike: titles, languages, places and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.dcat.authorities import AUTHORITY, authority, language
from graph.dcat.coverage import Coverage
from graph.dcat.distributing import KEYWORDS
from graph.dcat.saying import Statement, english, name, part, say
from graph.identity import Identity
from graph.terms import XSD, Term, iri, literal


def dataset(identity: Identity, this: Term, title: str, text: str) -> Iterator[Statement]:
    """Say what a dataset is, that it is public, and whom to ask."""
    yield from say(
        this,
        {
            "rdf:type": "dcat:Dataset",
            "dcterms:title": english(title),
            "dcterms:description": english(text),
            "dcat:theme": authority("data-theme", "SOCI"),
            "dcat:keyword": [english(word) for word in KEYWORDS],
            "dcterms:accessRights": authority("access-right", "PUBLIC"),
            "dcat:contactPoint": part(identity, "contact"),
        },
    )


def covered(
    identity: Identity, this: Term, covers: Coverage, places: Mapping[str, tuple[str, str]]
) -> Iterator[Statement]:
    """Say which languages, countries and years a dataset covers.

    `places` gives the EU term and the name of a country; others are left out.
    """
    yield from say(this, {"dcterms:language": languages(covers.languages)})
    for place, label in (places[item] for item in covers.countries if item in places):
        yield from say(this, {"dcterms:spatial": iri(place)})
        yield from _country(iri(place), label)
    if covers.years is not None:
        first, last = covers.years
        period = part(identity, f"years-{first}-{last}")
        yield from say(this, {"dcterms:temporal": period})
        yield from say(
            period,
            {
                "rdf:type": "dcterms:PeriodOfTime",
                "dcat:startDate": literal(f"{first:04d}", f"{XSD}gYear"),
                "dcat:endDate": literal(f"{last:04d}", f"{XSD}gYear"),
            },
        )


def together(covers: Sequence[Coverage]) -> Coverage:
    """Put coverages together."""
    years = [year for item in covers if item.years is not None for year in item.years]
    return Coverage(
        languages=tuple(sorted({tag for item in covers for tag in item.languages})),
        countries=tuple(sorted({place for item in covers for place in item.countries})),
        years=(min(years), max(years)) if years else None,
    )


def languages(tags: Iterable[str]) -> list[Term]:
    """Name the official languages of the EU among some tags."""
    return [term for tag in tags if (term := language(tag)) is not None]


def _country(place: Term, label: str) -> Iterator[Statement]:
    scheme = iri(f"{AUTHORITY}country")
    yield from say(
        place,
        {
            "rdf:type": [name("dcterms:Location"), name("skos:Concept")],
            "skos:prefLabel": english(label),
            "skos:inScheme": scheme,
        },
    )
    yield from say(scheme, {"rdf:type": "skos:ConceptScheme", "dcterms:title": english("Country")})
