"""The manifests of the suites: one entry a test, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.formats import GRAPH_FORMATS
from graph.store import parse
from graph.terms import Term
from tests.conformance.suites import BASES, suites

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"

# Their queries call other endpoints, which the manifests tell by the folder alone.
_FEDERATED = "sparql11/service"

_NAMES = {"dawg-data-r2": "sparql10", "sparql11": "sparql11"}
_ROOTS = (
    f"{BASES['dawg-data-r2']}manifest-evaluation.ttl",
    f"{BASES['dawg-data-r2']}manifest-syntax.ttl",
    f"{BASES['sparql11']}manifest-all.ttl",
)
_Node = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Documents:
    """The addresses of the documents of a dataset: of the default graph, and by graph name."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One test of a suite.

    `request` is the address of a query or update; `result` that of a document, or the dataset
    that an update leaves. `lax` results may repeat solutions (REDUCED).
    """

    name: str
    kind: str
    request: str
    data: Documents
    result: str | Documents | None
    services: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lax: bool = False

    @property
    def group(self) -> str:
        """Give the suite and folder."""
        return self.name.rpartition("#")[0]


class _Graph:
    """The statements of one manifest."""

    def __init__(self, address: str) -> None:
        self.nodes: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        turtle = GRAPH_FORMATS[0]
        for subject, predicate, value in parse(suites().read(address), turtle, base=address):
            self.nodes[subject][predicate.value].append(value)

    def items(self, first: Term) -> Iterator[Term]:
        """Give the members of an RDF list."""
        while first.value != f"{_RDF}nil":
            yield self.nodes[first][f"{_RDF}first"][0]
            first = self.nodes[first][f"{_RDF}rest"][0]


@cache
def entries() -> tuple[Entry, ...]:
    """Read all manifests of both suites, in their order; SuitesAbsentError without them."""
    found = {entry.name: entry for root in _ROOTS for entry in _read(root)}
    return tuple(found.values())


def _read(address: str) -> Iterator[Entry]:
    graph = _Graph(address)
    manifest = graph.nodes[Term("uri", address)]
    for included in manifest[f"{_MF}include"]:
        for item in graph.items(included):
            yield from _read(item.value)
    for listed in manifest[f"{_MF}entries"]:
        for item in graph.items(listed):
            yield _entry(graph, item)


def _entry(graph: _Graph, item: Term) -> Entry:
    node = graph.nodes[item]
    kind = node[f"{_RDF}type"][0].value.partition("#")[2]
    if _name(item).startswith(f"{_FEDERATED}#"):
        kind = "FederatedQueryTest"
    action = node[f"{_MF}action"][0] if node[f"{_MF}action"] else None
    lax = any(term.value.endswith("LaxCardinality") for term in node[f"{_MF}resultCardinality"])
    if action is None:
        return Entry(_name(item), kind, "", Documents(), None)
    outcome = node[f"{_MF}result"][0] if node[f"{_MF}result"] else None
    if action.kind == "uri":
        return Entry(_name(item), kind, action.value, Documents(), None)
    asked = graph.nodes[action]
    result: str | Documents | None = None
    if outcome is not None:
        result = outcome.value if outcome.kind == "uri" else _documents(graph, outcome)
    return Entry(
        _name(item),
        kind,
        (asked[f"{_QT}query"] or asked[f"{_UT}request"])[0].value,
        _documents(graph, action),
        result,
        tuple(_service(graph.nodes[place]) for place in asked[f"{_QT}serviceData"]),
        lax,
    )


def _documents(graph: _Graph, place: Term) -> Documents:
    node = graph.nodes[place]
    default = [*node[f"{_QT}data"], *node[f"{_UT}data"]]
    named = [(term.value, term.value) for term in node[f"{_QT}graphData"]]
    for given in node[f"{_UT}graphData"]:
        graph_of = graph.nodes[given]
        document = (graph_of[f"{_UT}graph"] or graph_of[f"{_UT}data"])[0]
        named.append((graph_of[f"{_RDFS}label"][0].value, document.value))
    return Documents(tuple(term.value for term in default), tuple(named))


def _service(node: _Node) -> tuple[str, tuple[str, ...]]:
    return node[f"{_QT}endpoint"][0].value, tuple(term.value for term in node[f"{_QT}data"])


def _name(item: Term) -> str:
    for folder, base in BASES.items():
        if item.value.startswith(base):
            path = item.value.removeprefix(base).replace("manifest#", "#")
            group, _, local = path.rpartition("/")
            return f"{_NAMES[folder]}/{group}#{local.removeprefix('#')}"
    raise ValueError(f"the test {item.value} is of no suite")
