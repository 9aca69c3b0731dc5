"""Overruling: statements of sources that an accepted correction sets aside.

    <{base}id/graph/edits/corrections#ID> a sikg:Correction ;
        rdf:subject … ; rdf:predicate … ; rdf:object … .

In the graph of corrections, such a correction overrules one statement: it stays in the graphs that
state it, with their receipts, and leaves the default graph with what only it entails. Where the
correction is taken back, it comes back. A preferred name of a thing that was merged since is an
alternative one of what stands for it, and the correction is about that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.identity import Identity
from graph.store.writing import Quad, WritableStore
from graph.terms import Term
from ontology import Class, expand

GRAPH = "corrections"  # among the graphs of edits

_SUBJECT, _PREDICATE, _OBJECT = (
    Term("uri", expand(f"rdf:{name}")) for name in ("subject", "predicate", "object")
)
_PARTS = (_SUBJECT, _PREDICATE, _OBJECT)
_PREFERRED, _ALTERNATIVE = (
    Term("uri", expand(f"skos:{name}")) for name in ("prefLabel", "altLabel")
)
_SAME = Term("uri", expand("owl:sameAs"))


def graph_of_corrections(identity: Identity) -> str:
    """Name the graph that accepted corrections are written into."""
    return f"{identity.graph('edits')}/{GRAPH}"


def overruling(identity: Identity, key: str, statement: tuple[Term, Term, Term]) -> list[Quad]:
    """Write the correction of a key so that it overrules a statement."""
    graph = graph_of_corrections(identity)
    this = Term("uri", f"{graph}#{key}")
    kind = Term("uri", expand("rdf:type")), Term("uri", Class.CORRECTION)
    told = [kind, *zip(_PARTS, statement, strict=True)]
    return [(this, name, value, Term("uri", graph)) for name, value in told]


@dataclass(frozen=True, slots=True)
class Overruled:
    """Tells which statements the corrections of a store overrule."""

    store: WritableStore
    identity: Identity
    graph: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "graph", graph_of_corrections(self.identity))

    def any(self) -> bool:
        """Tell whether there are any."""
        return any(True for _ in self.store.quads(self.graph, None, _SUBJECT))

    def holds(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Tell whether a statement is overruled."""
        return bool(self.of(subject, predicate, value))

    def of(self, subject: Term, predicate: Term, value: Term) -> list[tuple[Term, ...]]:
        """Give what makes the corrections that overrule a statement."""
        names = {predicate, *([_PREFERRED] if predicate == _ALTERNATIVE else [])}
        return [
            quad[:3]
            for this, *_ in self.store.quads(self.graph, None, _SUBJECT, subject)
            for name, told in self._rest(this)
            if told == value and name in names
            if name == predicate or self._is_demoted(subject, value)
            for quad in self.store.quads(self.graph, this)
        ]

    def changed(self, quads: Iterable[Quad]) -> set[Quad]:
        """Give the statements that corrections among some quads are about, as they are now.

        A correction of which the parts are gone is told by the quads themselves.
        """
        parts: dict[Term, dict[Term, Term]] = {}
        for subject, predicate, value, graph in quads:
            if graph.value == self.graph and predicate in _PARTS:
                parts.setdefault(subject, {})[predicate] = value
        found = set()
        for this, told in parts.items():
            held = {quad[1]: quad[2] for quad in self.store.quads(self.graph, this)}
            statement = tuple((held | told).get(name) for name in _PARTS)
            if all(term is not None for term in statement):
                found.add(tuple(term for term in statement if term is not None))
        return found | {
            (subject, _ALTERNATIVE, value)
            for subject, name, value in found
            if name == _PREFERRED and self._is_demoted(subject, value)
        }

    def _is_demoted(self, subject: Term, value: Term) -> bool:
        """Tell whether a name is preferred nowhere, since its thing was merged."""
        merged = any(True for _ in self.store.quads(None, subject, _SAME))
        return merged and not any(self.store.graphs_stating(subject, _PREFERRED, value))

    def _rest(self, this: Term) -> Iterator[tuple[Term, Term]]:
        for name in self.store.quads(self.graph, this, _PREDICATE):
            for value in self.store.quads(self.graph, this, _OBJECT):
                yield name[2], value[2]
