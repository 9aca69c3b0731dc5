"""Statistics of a release in the words of VoID, the Vocabulary of Interlinked Datasets.

They are of the default graph: what it holds in all, by class and by property, and what it links to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlsplit

from graph.engine import Engine, Query
from graph.identity import Identity
from graph.statistics import Statistics
from graph.terms import XSD, Term, iri, literal, text
from ontology import PREFIXES, compact, expand

_FORMATS = "http://www.w3.org/ns/formats/"

Statement = tuple[Term, Term, Term]


def describe(found: Statistics, identity: Identity, release: int) -> Iterator[Statement]:
    """Write statistics of a release in VoID; `{base}sparql#default` is what they are of."""
    about = iri(f"{identity.base}sparql#default")
    document = iri(identity.graph("void"))
    yield from _about(document, "rdf:type", iri(expand("void:DatasetDescription")))
    yield from _about(document, "foaf:primaryTopic", about)
    yield from _about(document, "rdfs:seeAlso", iri(identity.graph("service")))
    yield from _about(about, "rdf:type", iri(expand("void:Dataset")))
    yield from _about(about, "dcterms:title", text("Social innovation knowledge graph", "en"))
    yield from _about(about, "owl:versionInfo", literal(str(release)))
    yield from _about(about, "void:uriSpace", literal(f"{identity.base}id/"))
    yield from _about(about, "void:sparqlEndpoint", iri(f"{identity.base}sparql"))
    yield from _about(about, "void:dataDump", iri(f"{identity.base}graph-store?default"))
    for name in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD"):
        yield from _about(about, "void:feature", iri(_FORMATS + name))
    for example in found.examples:
        yield from _about(about, "void:exampleResource", iri(example))
    for namespace in _vocabularies((*found.properties, *found.classes)):
        yield from _about(about, "void:vocabulary", iri(namespace))
    for name, number in (
        ("triples", found.triples),
        ("entities", found.entities),
        ("classes", len(found.classes)),
        ("properties", len(found.properties)),
        ("distinctSubjects", found.subjects),
        ("distinctObjects", found.objects),
    ):
        yield from _about(about, f"void:{name}", _number(number))
    yield from _classes(found, about, identity)
    yield from _property_partitions(found, about, identity)
    yield from _linksets(found, about, identity)


def _classes(found: Statistics, about: Term, identity: Identity) -> Iterator[Statement]:
    for class_, count in found.classes.items():
        part = _part(identity, "class", class_)
        yield from _about(about, "void:classPartition", part)
        yield from _about(part, "void:class", iri(class_))
        yield from _about(part, "void:entities", _number(count))
    for (class_, name), count in found.used.items():
        part = _part(identity, "class", class_)
        inner = _part(identity, "class", class_, name)
        yield from _about(part, "void:propertyPartition", inner)
        yield from _about(inner, "void:property", iri(name))
        yield from _about(inner, "void:triples", _number(count))


def _property_partitions(found: Statistics, about: Term, identity: Identity) -> Iterator[Statement]:
    for name, numbers in found.properties.items():
        part = _part(identity, "property", name)
        yield from _about(about, "void:propertyPartition", part)
        yield from _about(part, "void:property", iri(name))
        yield from _about(part, "void:triples", _number(numbers.triples))
        yield from _about(part, "void:distinctSubjects", _number(numbers.subjects))
        yield from _about(part, "void:distinctObjects", _number(numbers.objects))


def _linksets(found: Statistics, about: Term, identity: Identity) -> Iterator[Statement]:
    for (name, start), count in found.links.items():
        links = _part(identity, "links", name, start)
        target = _part(identity, "target", start)
        yield from _about(about, "void:subset", links)
        yield from _about(links, "rdf:type", iri(expand("void:Linkset")))
        yield from _about(links, "void:linkPredicate", iri(name))
        yield from _about(links, "void:subjectsTarget", about)
        yield from _about(links, "void:objectsTarget", target)
        yield from _about(links, "void:triples", _number(count))
        yield from _about(target, "rdf:type", iri(expand("void:Dataset")))
        yield from _about(target, "void:uriSpace", literal(start))


def _vocabularies(terms: Sequence[str]) -> list[str]:
    return sorted(
        space for space in PREFIXES.values() if any(term.startswith(space) for term in terms)
    )


def _part(identity: Identity, kind: str, *names: str) -> Term:
    """Name a part of the statistics by what it is of, the same in every release."""
    keys = []
    for name in names:
        short = compact(name)
        known = short != name and urlsplit(short).netloc == ""
        keys.append(quote(short, safe="") if known else sha256(name.encode()).hexdigest()[:16])
    return iri(f"{identity.graph('void')}#{kind}-{'-'.join(keys)}")


def _about(subject: Term, name: str, value: Term) -> Iterator[Statement]:
    yield subject, iri(expand(name)), value


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the default graph that a question may be answered with."""

    triples: int
    properties: Mapping[str, int]
    classes: Mapping[str, int]


def counts(engine: Engine, identity: Identity, release: int) -> Counts | None:
    """Read statements in all and by property, and instances by class, from the statistics.

    None where a release has no statistics of its own, such as one made by an edit.
    """
    found = engine.select(_COUNTS.bind(about=iri(f"{identity.base}sparql#default")))
    version = engine.select(_VERSION.bind(about=iri(f"{identity.base}sparql#default")))
    if version.values("version") != [str(release)]:
        return None
    triples = [int(row["count"].value) for row in found if "of" not in row]
    parts = {row["of"].value: row for row in found if "of" in row}
    return Counts(
        triples=triples[0],
        properties={
            name: int(row["count"].value)
            for name, row in parts.items()
            if row["kind"].value == "property"
        },
        classes={
            name: int(row["count"].value)
            for name, row in parts.items()
            if row["kind"].value == "class"
        },
    )


_VERSION = Query("""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?version WHERE {
  VALUES ?about { UNDEF }
  GRAPH ?graph { ?about owl:versionInfo ?version }
}
""")
_COUNTS = Query("""
PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?kind ?of ?count WHERE {
  VALUES ?about { UNDEF }
  GRAPH ?graph {
    { ?about void:triples ?count BIND("all" AS ?kind) }
    UNION
    { ?about void:propertyPartition ?part . ?part void:property ?of ; void:triples ?count
      BIND("property" AS ?kind) }
    UNION
    { ?about void:classPartition ?part . ?part void:class ?of ; void:entities ?count
      BIND("class" AS ?kind) }
  }
}
""")


def _number(value: int) -> Term:
    return literal(str(value), f"{XSD}integer")
