"""Rows: the receipts of statements, read from a release.

The graph of a row holds what the row states; the graph `receipts` says where the row stands. An
edit graph is the receipt of what people wrote into it: `receipts` says who, when and how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.engine import Engine, Holder, Query
from graph.identity import Identity
from graph.terms import Term, iri
from ontology import Property, expand

Quad = tuple[Term, Term, Term, Term]

# Graphs that are no row.
_OURS = ("ontology", "receipts", "void", "service", "quality", "catalogue")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the statements of one row come from; None for what the release does not say.

    `row` is the edit graph where people wrote them: `edited` says when last, `writers` are the
    names of their tokens and `through` the operations.
    """

    row: str
    number: int | None = None
    cited: tuple[Term, ...] = ()
    confidence: str | None = None
    table: str | None = None
    file: str | None = None
    sheet: str | None = None
    sha256: str | None = None
    source: str | None = None
    title: str | None = None
    publisher: str | None = None
    licence: str | None = None
    retrieved: str | None = None
    mapping_version: str | None = None
    edited: str | None = None
    writers: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


# Only the graph of receipts says something about rows, tables and sources.
_ABOUT = Query("""
SELECT ?subject ?property ?value ?graph WHERE {
  VALUES ?subject { UNDEF }
  VALUES ?graph { UNDEF }
  GRAPH ?graph { ?subject ?property ?value }
}
""")


@dataclass(frozen=True, slots=True)
class Receipts(Mapping[str, Receipt]):
    """The receipts of some rows, by the IRI of the row, and the statements that they are of."""

    quads: tuple[Quad, ...] = ()
    _by_row: Mapping[str, Receipt] = field(default_factory=dict)

    def __getitem__(self, row: str) -> Receipt:
        return self._by_row[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_row)

    def __len__(self) -> int:
        return len(self._by_row)


def read_receipts(engine: Engine, identity: Identity, graphs: Iterable[str]) -> Receipts:
    """Read the receipts of the rows among some graphs, and what is said of their tables."""
    ours = tuple(identity.graph(name) for name in _OURS)
    rows = sorted({graph for graph in graphs if graph not in ours})
    about = iri(identity.graph("receipts"))
    quads: list[Quad] = []
    wanted = [iri(row) for row in rows]
    for leading in (Property.FROM_TABLE, Property.FROM_SOURCE, None):
        if wanted:
            found = _about(engine, about, wanted)
            quads += found
            wanted = sorted({quad[2] for quad in found if quad[1].value == leading})
    told: dict[str, dict[str, list[Term]]] = {}
    for subject, predicate, value, _ in quads:
        told.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value)
    return Receipts(tuple(quads), {row: _receipt(row, told) for row in rows if row in told})


def _about(engine: Engine, graph: Term, subjects: list[Term]) -> list[Quad]:
    if isinstance(engine, Holder):
        found = engine.look_up((subject.value for subject in subjects), graph=graph.value)
        return [
            (Term("uri", thing), Term("uri", name), value, graph) for thing, name, value, _ in found
        ]
    return [
        (row["subject"], row["property"], row["value"], row["graph"])
        for row in engine.select(_ABOUT.bind(subject=subjects, graph=graph))
    ]


def _receipt(row: str, about: Mapping[str, Mapping[str, Sequence[Term]]]) -> Receipt:
    def told(thing: str | None, name: str) -> str | None:
        values = about.get(thing or "", {}).get(name, ())
        return min((value.value for value in values), default=None)

    def several(name: str) -> tuple[str, ...]:
        return tuple(sorted(value.value for value in about[row].get(name, ())))

    table = told(row, Property.FROM_TABLE)
    source = told(table, Property.FROM_SOURCE)
    number = told(row, Property.ROW_NUMBER)
    return Receipt(
        row=row,
        number=None if number is None else int(number),
        cited=tuple(sorted(about[row].get(Property.CITED_SOURCE, ()))),
        confidence=told(row, Property.CONFIDENCE),
        table=table,
        file=told(table, Property.FILE_NAME),
        sheet=told(table, Property.SHEET),
        sha256=told(table, Property.SHA256),
        source=source,
        title=told(source, expand("dcterms:title")),
        publisher=told(source, expand("dcterms:publisher")),
        licence=told(source, expand("dcterms:license")),
        retrieved=told(source, Property.RETRIEVED),
        mapping_version=told(source, Property.MAPPING_VERSION),
        edited=told(row, expand("prov:generatedAtTime")),
        writers=several(Property.EDITED_BY),
        through=several(Property.EDITED_THROUGH),
    )
