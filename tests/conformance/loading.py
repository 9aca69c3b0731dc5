"""Datasets of the suites in a store of ours, and out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph.engine import Query
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from graph.store import Choose, Store, parse, serialise
from graph.terms import Term
from tests.conformance.comparing import Triple
from tests.conformance.manifests import Documents
from tests.conformance.results import read_json
from tests.conformance.suites import suites

NQUADS = next(form for form in GRAPH_FORMATS if form.name == "nquads")


def always(form: Format) -> Choose:
    """Choose one format for any answer."""
    return lambda _: form


def form_of(address: str) -> Format:
    """Give the graph format of a file by its suffix."""
    form = by_name(GRAPH_FORMATS, address.rpartition(".")[2])
    if form is None:
        raise ValueError(f"there is no format of graphs for {address}")
    return form


def triples_of(address: str) -> list[Triple]:
    """Read a document of the suites; blank nodes are named after it."""
    mark = f"d{abs(hash(address)):x}"
    return [
        tuple(_apart(term, mark) for term in triple)  # type: ignore[misc]  # three of them
        for triple in parse(suites().read(address), form_of(address), base=address)
    ]


def _apart(term: Term, mark: str) -> Term:
    return Term("bnode", f"{mark}x{term.value}") if term.kind == "bnode" else term


def store_of(documents: Documents) -> Store:
    """Make a store that holds the documents."""
    store = Store.in_memory()
    fill(store, documents)
    return store


def fill(store: Store, documents: Documents) -> None:
    """Put documents into a store."""
    for address in documents.default:
        store.load(serialise(triples_of(address), NQUADS), NQUADS)
    for name, address in documents.named:
        quads = [(*triple, Term("uri", name)) for triple in triples_of(address)]
        store.load(serialise(quads, NQUADS), NQUADS)


def graphs_of(documents: Documents) -> dict[str, list[Triple]]:
    """Give the triples of each graph that is not empty; the default graph has no name."""
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for address in documents.default:
        graphs[""] += triples_of(address)
    for name, address in documents.named:
        graphs[name] += triples_of(address)
    return {name: triples for name, triples in graphs.items() if triples}


def graphs_in(store: Store) -> dict[str, list[Triple]]:
    """Give the triples of each graph of a store that is not empty."""
    graphs: dict[str, list[Triple]] = defaultdict(list)
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    for row in _rows(store, everything):
        name = row["g"].value if "g" in row else ""
        graphs[name].append((row["s"], row["p"], row["o"]))
    return dict(graphs)


def _rows(store: Store, text: str) -> Iterator[dict[str, Term]]:
    _, body = store.answer(Query(text), always(RESULT_FORMATS[0]))
    table = read_json(body)
    if isinstance(table, bool):
        raise TypeError("a SELECT query has no boolean answer")
    yield from map(dict, table.rows)
