"""Entities: what a release says about one thing, statement by statement.

What a page shows, what the REST interface tells and what the linked data document holds are
three writings of one `Entity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.engine import Held
from graph.identity import Identity, Reference
from graph.labels import Names
from graph.rows import Receipts
from graph.terms import Term
from ontology import Property, expand, single_valued

_TYPE = expand("rdf:type")


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


def gathered(found: Iterable[Held], rows: str | None = None) -> list[Statement]:
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
        key=place,
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


def place(statement: Statement) -> tuple[int, str, str, str, str]:
    """Give the place of a statement in the order of the ontology."""
    value = statement.value
    first = _ORDER.get(statement.property, len(_ORDER))
    return first, statement.property, value.language or "", value.value, statement.subject
