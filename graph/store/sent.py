"""Graphs as clients send them: read as the store would keep them, without blank nodes."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import pyoxigraph as ox

from graph.formats import Format
from graph.store.templates import Quad, plain_quad, told
from graph.store.terms import GRAPHS, whole
from graph.terms import Term


def read_graph(ntriples: bytes, graph: str) -> list[Quad]:
    """Read the statements of a graph as the store would keep them.

    Blank nodes are named by the order in which they come. QueryError if the text is malformed.
    """
    names: dict[str, Term] = {}
    scratch = ox.Store()
    with told():
        for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
            for node in (quad.subject, quad.object):
                if isinstance(node, ox.BlankNode):
                    names.setdefault(node.value, Term("bnode", f"b{len(names)}"))
            scratch.add(quad)
        return [
            (*(names[term.value] if term.kind == "bnode" else term for term in quad), _term(graph))
            for quad in map(plain_quad, scratch)
        ]


def canonical(data: bytes, form: Format, base: str) -> bytes:
    """Turn a document of one graph into N-Triples; QueryError if it is malformed.

    Relative IRIs are resolved against `base`.
    """
    with told():
        quads = ox.parse(data, format=GRAPHS[form.name], base_iri=base, without_named_graphs=True)
        body = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    return whole(body)


def skolemised(quads: Iterable[Quad], prefix: str, seed: str) -> list[Quad]:
    """Give quads with an IRI in place of each blank node (RDF 1.1 Concepts, 3.5).

    The same prefix, seed and names of blank nodes give the same IRIs.
    """

    def named_node(term: Term) -> Term:
        if term.kind != "bnode":
            return term
        return _term(prefix + sha256(f"{seed} {term.value}".encode()).hexdigest()[:32])

    return [tuple(map(named_node, quad)) for quad in quads]


def _term(iri: str) -> Term:
    return Term("uri", iri)
