"""What `core.ttl` says, read once and kept in plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from ontology.files import path
from ontology.namespaces import UnknownNameError, compact, expand
from ontology.terms import Class, Property

if TYPE_CHECKING:
    from rdflib import Graph

_CLASS_KINDS = ("owl:Class",)
_PROPERTY_KINDS = (
    "owl:ObjectProperty",
    "owl:DatatypeProperty",
    "owl:AnnotationProperty",
    "rdf:Property",
)

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Hold what `core.ttl` says, by IRI."""

    classes: frozenset[str]
    properties: frozenset[str]
    above: Mapping[str, frozenset[str]]
    segments: Mapping[str, str]
    single_valued: frozenset[str]
    ranges: Mapping[str, frozenset[str]]
    labels: Mapping[str, Texts]
    definitions: Mapping[str, Texts]


@cache
def _vocabulary() -> _Vocabulary:
    """Read `core.ttl`, once a process: it does not change while one runs."""
    # why: rdflib takes a third of a second to import, and most of our commands never need it
    from rdflib import RDF, Graph, URIRef  # noqa: PLC0415

    graph = Graph().parse(path("core.ttl"), format="turtle")

    def having(*kinds: str) -> frozenset[str]:
        types = (URIRef(expand(kind)) for kind in kinds)
        return frozenset(str(term) for kind in types for term in graph.subjects(RDF.type, kind))

    above: dict[str, set[str]] = {}
    for name in ("rdfs:subClassOf", "rdfs:subPropertyOf"):
        for term, parent in graph.subject_objects(URIRef(expand(name))):
            above.setdefault(str(term), set()).add(str(parent))
    ranges: dict[str, set[str]] = {}
    for name in ("rdfs:range", "schema:rangeIncludes"):
        for term, kind in graph.subject_objects(URIRef(expand(name))):
            ranges.setdefault(str(term), set()).add(str(kind))
    segments = graph.subject_objects(URIRef(Property.SEGMENT))
    return _Vocabulary(
        classes=having(*_CLASS_KINDS),
        properties=having(*_PROPERTY_KINDS),
        above=MappingProxyType({term: frozenset(parents) for term, parents in above.items()}),
        segments=MappingProxyType(dict(sorted((str(text), str(term)) for term, text in segments))),
        single_valued=having(compact(Class.SINGLE_VALUED_PROPERTY)),
        ranges=MappingProxyType({term: frozenset(kinds) for term, kinds in ranges.items()}),
        labels=_texts(graph, "rdfs:label"),
        definitions=_texts(graph, "skos:definition"),
    )


def _texts(graph: "Graph", name: str) -> Mapping[str, Texts]:
    """Return the texts that a property gives to each term, by language."""
    # why: as above
    from rdflib import Literal, URIRef  # noqa: PLC0415

    texts: dict[str, dict[str, str]] = {}
    for term, text in graph.subject_objects(URIRef(expand(name))):
        if isinstance(text, Literal) and text.language:
            texts.setdefault(str(term), {})[text.language] = str(text)
    return MappingProxyType({term: MappingProxyType(by) for term, by in texts.items()})


def classes() -> frozenset[str]:
    """Return the IRIs of all classes declared in `core.ttl`, those we align to included."""
    return _vocabulary().classes


def properties() -> frozenset[str]:
    """Return the IRIs of all properties declared in `core.ttl`, those of others included."""
    return _vocabulary().properties


def is_declared(iri: str) -> bool:
    """Say whether `core.ttl` declares a class or property with this IRI."""
    return iri in classes() or iri in properties()


def declared(name: str) -> str:
    """Return the IRI of a prefixed name that `core.ttl` declares.

    Raise `UnknownNameError`, with the closest declared names, for any other.
    """
    by_name = _by_name()
    if name not in by_name:
        raise UnknownNameError(name, "is not declared in the ontology", by_name)
    return by_name[name]


@cache
def _by_name() -> Mapping[str, str]:
    """Return the declared IRIs by their prefixed names."""
    return MappingProxyType({compact(iri): iri for iri in classes() | properties()})


def superclasses(iri: str) -> frozenset[str]:
    """Return every class above a class, near and far, the class itself excluded.

    A class that `core.ttl` does not declare has nothing above it.
    """
    return frozenset(_climb(iri))


def superproperties(iri: str) -> frozenset[str]:
    """Return every property above a property, near and far, the property itself excluded.

    A property that `core.ttl` does not declare has nothing above it.
    """
    return frozenset(_climb(iri))


def _climb(iri: str) -> Iterator[str]:
    """Yield the terms above a term; the tests hold the ontology free of cycles."""
    for parent in _vocabulary().above.get(iri, ()):
        yield parent
        yield from _climb(parent)


def segments() -> Mapping[str, str]:
    """Return the class IRI for each path segment of our identifiers, in alphabetical order."""
    return _vocabulary().segments


@cache
def concept_segments() -> frozenset[str]:
    """Return the segments whose entities are SKOS concepts."""
    concept = expand("skos:Concept")
    return frozenset(name for name, iri in segments().items() if concept in superclasses(iri))


def single_valued() -> frozenset[str]:
    """Return the IRIs of the properties of which two differing values are a conflict."""
    return _vocabulary().single_valued


def ranges(iri: str) -> frozenset[str]:
    """Return the classes or datatypes that values of a property have; none where none is said."""
    return _vocabulary().ranges.get(iri, frozenset())


def labels(iri: str) -> Texts:
    """Return the labels of a declared term by language tag, empty for an unknown term."""
    return _vocabulary().labels.get(iri, MappingProxyType({}))


def definitions(iri: str) -> Texts:
    """Return the definitions of one of our terms by language tag, empty for any other."""
    return _vocabulary().definitions.get(iri, MappingProxyType({}))
