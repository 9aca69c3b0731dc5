"""The terms of the ontology as its page shows them: each with all that is declared of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import ontology
from graph.formats import GRAPH_FORMATS
from graph.labels import Label, best, label_of_term
from graph.store import parse
from graph.terms import Term
from ontology import SIKG, compact, expand

ONTOLOGY = SIKG.rstrip("#")

_DOMAINS = (expand("rdfs:domain"), expand("schema:domainIncludes"))
_RANGES = (expand("rdfs:range"), expand("schema:rangeIncludes"))
_ABOVE = (expand("rdfs:subClassOf"), expand("rdfs:subPropertyOf"))


@dataclass(frozen=True, slots=True)
class Named:
    """A term with its short name; `anchor` is its place on the page, if it is ours."""

    iri: str
    name: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class TermCard:
    """A class or property of ours.

    `others` are its labels in further languages; `users` the properties of a class, by the role
    that it has for them.
    """

    name: str
    iri: str
    label: Label
    others: Mapping[str, str]
    definition: Label | None
    above: Sequence[Named]
    below: Sequence[Named]
    domains: Sequence[Named]
    ranges: Sequence[Named]
    of: Sequence[Named]
    towards: Sequence[Named]
    segment: str | None
    single: bool


@dataclass(frozen=True, slots=True)
class About:
    """What the ontology says of itself, in the language of a reader."""

    title: Label | None
    description: Label | None
    version: str
    version_address: str
    licence: str


def about(languages: Sequence[str]) -> About:
    """Tell title, description, version and licence of the ontology."""
    said = _declared()[ONTOLOGY]
    return About(
        best(said.get(expand("dcterms:title"), []), languages),
        best(said.get(expand("dcterms:description"), []), languages),
        version(),
        said[expand("owl:versionIRI")][0].value,
        said[expand("dcterms:license")][0].value,
    )


def version() -> str:
    """Give the version of the ontology."""
    return _declared()[ONTOLOGY][expand("owl:versionInfo")][0].value


def cards(iris: Iterable[str], languages: Sequence[str]) -> list[TermCard]:
    """Describe those of some terms that are ours, by the alphabet."""
    return [_card(iri, languages) for iri in sorted(iris) if iri.startswith(SIKG)]


def _card(iri: str, languages: Sequence[str]) -> TermCard:
    said = _declared().get(iri, {})
    label = label_of_term(iri, languages)
    texts = [Term("literal", text, tag) for tag, text in ontology.definitions(iri).items()]
    names = {tag: text for tag, text in ontology.labels(iri).items() if tag != label.language}
    kinds = {class_: kind for kind, class_ in ontology.segments().items()}
    return TermCard(
        name=iri.removeprefix(SIKG),
        iri=iri,
        label=label,
        others=names,
        definition=best(texts, languages),
        above=_named(term.value for name in _ABOVE for term in said.get(name, [])),
        below=_named(_subjects(_ABOVE, iri)),
        domains=_named(term.value for name in _DOMAINS for term in said.get(name, [])),
        ranges=_named(term.value for name in _RANGES for term in said.get(name, [])),
        of=_named(_subjects(_DOMAINS, iri)),
        towards=_named(_subjects(_RANGES, iri)),
        segment=kinds.get(iri),
        single=iri in ontology.single_valued(),
    )


def _named(iris: Iterable[str]) -> list[Named]:
    return [
        Named(iri, compact(iri), iri.removeprefix(SIKG) if iri.startswith(SIKG) else None)
        for iri in sorted(set(iris))
    ]


def _subjects(names: Sequence[str], value: str) -> Iterable[str]:
    return (
        subject
        for subject, said in _declared().items()
        if any(term.value == value for name in names for term in said.get(name, []))
    )


@cache
def _declared() -> Mapping[str, Mapping[str, list[Term]]]:
    """Read what `core.ttl` says, by subject and property; it does not change in a process."""
    found: dict[str, dict[str, list[Term]]] = {}
    for subject, predicate, value, *_ in parse(
        ontology.path("core.ttl").read_bytes(), GRAPH_FORMATS[0]
    ):
        found.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value)
    return found
