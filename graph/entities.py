"""Entities: everything a release says about one thing, each statement with its rows.

What a page shows, what the REST interface tells and what the linked data document holds are
three writings of one `Entity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.engine import Engine, Held, Holder, Query
from graph.errors import NotFoundError
from graph.identity import Identity, Reference
from graph.labels import Names, read_names
from graph.rows import Receipts, read_receipts
from graph.terms import Term, iri
from ontology import Property, expand, single_valued

INCOMING_LIMIT = 200
CONTENT_LIMIT = 1000

_TYPE = expand("rdf:type")

# A participation says who takes part in what, a funding how much was given: they are nodes so
# that they can be described, and are shown with what they describe.
_STATEMENTS = Query("""
SELECT ?subject ?property ?value ?graph WHERE {
  VALUES ?subject { UNDEF }
  { ?subject ?property ?value } UNION { GRAPH ?graph { ?subject ?property ?value } }
}
""")
_PARTS = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT DISTINCT ?part WHERE {{
  VALUES ?this {{ UNDEF }}
  {{ ?this sikg:funding ?part }} UNION {{ ?part sikg:participant ?this }}
  UNION {{ ?part sikg:participatesIn ?this }}
}}
LIMIT {limit}
"""
_INCOMING = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?subject ?property ?value ?graph WHERE {{
  VALUES ?value {{ UNDEF }}
  GRAPH ?graph {{ ?subject ?property ?value }}
  FILTER(?property NOT IN
    (sikg:participant, sikg:participatesIn, sikg:participatesInConsortium))
}}
LIMIT {limit}
"""
_CONTENT = """
SELECT ?subject ?property ?value ?graph WHERE {{
  VALUES ?graph {{ UNDEF }}
  GRAPH ?graph {{ ?subject ?property ?value }}
}}
LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with the graphs that hold it; none where it only follows from the ontology.

    What is overruled by a correction is held by the graphs of rows, and not by the default graph.
    """

    subject: str
    property: str
    value: Term
    graphs: tuple[str, ...]
    overruled: bool = False

    def quads(self) -> Iterator[tuple[Term, ...]]:
        """Give the statement once for each graph that holds it; as a triple where none does."""
        triple = Term("uri", self.subject), Term("uri", self.property), self.value
        for graph in self.graphs:
            yield *triple, Term("uri", graph)
        if not self.graphs:
            yield triple


@dataclass(frozen=True)
class Entity:
    """What a release says about one thing.

    `parts` are its participations and its money; `incoming` links to it, from elsewhere than
    participations; `content` is what a row states. Parts and links are read up to `limit`, and
    `…_complete` tells for each whether it holds everything or was cut.
    """

    iri: str
    reference: Reference
    identity: Identity
    statements: tuple[Statement, ...]
    parts: dict[str, tuple[Statement, ...]]
    incoming: tuple[Statement, ...]
    content: tuple[Statement, ...]
    names: Names
    receipts: Receipts
    limit: int
    parts_complete: bool
    incoming_complete: bool
    content_complete: bool

    @cached_property
    def asserted(self) -> tuple[Statement, ...]:
        """Give the statements that a table or the ontology makes, without those that follow."""
        return tuple(item for item in self.statements if item.graphs)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Give the classes that a table or the ontology states."""
        return tuple(item.value.value for item in self.asserted if item.property == _TYPE)

    @cached_property
    def conflicts(self) -> frozenset[str]:
        """Name the properties that should have one value and have several."""
        values: dict[str, set[Term]] = {}
        for item in self.asserted:
            if not item.overruled:
                values.setdefault(item.property, set()).add(item.value)
        return frozenset(
            name for name, found in values.items() if len(found) > 1 and name in single_valued()
        )

    def values(self, name: str) -> Sequence[Statement]:
        """Give the asserted statements of one property."""
        return [item for item in self.asserted if item.property == name]

    def rows(self, statement: Statement) -> tuple[str, ...]:
        """Name the rows that make a statement."""
        return tuple(graph for graph in statement.graphs if graph in self.receipts)

    def all_statements(self) -> Iterator[Statement]:
        """Give the statements about the thing, its parts, its links and its content."""
        yield from self.statements
        for part in self.parts.values():
            yield from part
        yield from self.incoming
        yield from self.content


def read_entity(
    engine: Engine, identity: Identity, reference: Reference, *, limit: int = INCOMING_LIMIT
) -> Entity:
    """Read what the release says about one thing; NotFoundError if it says nothing."""
    this = identity.entity(reference.segment, reference.key)
    statements = _read(engine, identity, [this])
    if not statements:
        raise NotFoundError(f"this release says nothing about {this}")
    parts, all_parts = _read_parts(engine, identity, this, limit)
    incoming, all_incoming = _read_some(engine, _INCOMING, limit, value=iri(this))
    content: list[Statement] = []
    all_content = True
    if reference.segment == "row":
        content, all_content = _read_some(engine, _CONTENT, CONTENT_LIMIT, graph=iri(this))
    everything = [
        *statements,
        *incoming,
        *content,
        *(item for part in parts.values() for item in part),
    ]
    return Entity(
        iri=this,
        reference=reference,
        identity=identity,
        statements=tuple(statements),
        parts=parts,
        incoming=tuple(incoming),
        content=tuple(content),
        names=read_names(engine, identity, [this, *_mentioned(everything)]),
        receipts=read_receipts(
            engine, identity, (graph for item in everything for graph in item.graphs)
        ),
        limit=limit,
        parts_complete=all_parts,
        incoming_complete=all_incoming,
        content_complete=all_content,
    )


def exists(engine: Engine, identity: Identity, reference: Reference) -> bool:
    """Tell whether the release says anything about a thing."""
    this = identity.entity(reference.segment, reference.key)
    return engine.ask(_EXISTS.bind(this=iri(this)))


_EXISTS = Query("ASK { VALUES ?this { UNDEF } GRAPH ?graph { ?this ?property ?value } }")


def _read_parts(
    engine: Engine, identity: Identity, this: str, limit: int
) -> tuple[dict[str, tuple[Statement, ...]], bool]:
    asked = Query(_PARTS.format(limit=limit + 1)).bind(this=iri(this))
    found = engine.select(asked).values("part")
    parts: dict[str, list[Statement]] = {part: [] for part in sorted(found)[:limit]}
    if parts:
        for item in _read(engine, identity, list(parts)):
            parts[item.subject].append(item)
    return {part: tuple(items) for part, items in parts.items()}, len(found) <= limit


def _read_some(
    engine: Engine, text: str, limit: int, **terms: Term
) -> tuple[list[Statement], bool]:
    """Read statements up to a limit, and tell whether these are all."""
    solutions = engine.select(Query(text.format(limit=limit + 1)).bind(**terms))
    return _gathered(map(_held, solutions.rows[:limit])), len(solutions) <= limit


def _read(engine: Engine, identity: Identity, subjects: Sequence[str]) -> list[Statement]:
    """Read the statements about things, in the default graph and those of rows."""
    rows = f"{identity.base}id/row/"
    if isinstance(engine, Holder):
        return _gathered(engine.look_up(subjects), rows)
    found = engine.select(_STATEMENTS.bind(subject=[iri(subject) for subject in subjects]))
    return _gathered(map(_held, found), rows)


def _held(row: Mapping[str, Term]) -> Held:
    graph = row.get("graph")
    return row["subject"].value, row["property"].value, row["value"], graph and graph.value


def _gathered(found: Iterable[Held], rows: str | None = None) -> list[Statement]:
    """Gather what is held to statements, in the order of the ontology.

    Where the default graph was read too, `rows` is how the graphs of rows begin: what they alone
    hold is overruled.
    """
    graphs: dict[tuple[str, str, Term], list[str]] = {}
    merged: set[tuple[str, str, Term]] = set()
    for subject, name, value, graph in found:
        key = (subject, name, value)
        held = graphs.setdefault(key, [])
        if graph is not None:
            held.append(graph)
        elif rows:
            merged.add(key)
    return sorted(
        (
            Statement(
                *key,
                tuple(sorted(held)),
                rows is not None and key not in merged and held[0].startswith(rows),
            )
            for key, held in graphs.items()
        ),
        key=_order,
    )


_FIRST = [
    expand(name)
    for name in (
        "rdf:type",
        "skos:prefLabel",
        "skos:altLabel",
        "skos:definition",
        "dcterms:description",
        "dcterms:title",
    )
]
_ORDER = {name: place for place, name in enumerate([*_FIRST, *(item.value for item in Property)])}


def _order(statement: Statement) -> tuple[int, str, str, str, str]:
    value = statement.value
    place = _ORDER.get(statement.property, len(_ORDER))
    return place, statement.property, value.language or "", value.value, statement.subject


def _mentioned(statements: Iterable[Statement]) -> Iterator[str]:
    for item in statements:
        yield item.subject
        if item.value.kind == "uri":
            yield item.value.value
