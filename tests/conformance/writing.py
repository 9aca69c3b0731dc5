"""A client that writes, with a token, into graphs of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import httpx2
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from tests.conformance.serving import DATA

UPDATE = "application/sparql-update"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to a service; `headers` say who does."""

    client: httpx2.Client
    token: str
    headers: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", {"authorization": f"Bearer {self.token}"})

    def new_graph(self) -> str:
        """Name a graph that there is not yet."""
        return f"{DATA}written/{next(_NUMBERS)}"

    def update(self, text: str, parameters: Sequence[tuple[str, str]] = ()) -> httpx2.Response:
        """Send an update directly (SPARQL 1.1 Protocol, 2.2.2)."""
        return self.client.post(
            f"/sparql?{urlencode(parameters)}" if parameters else "/sparql",
            content=text.encode(),
            headers={**self.headers, "content-type": UPDATE},
        )

    def holds(self, graph: str, pattern: str) -> bool:
        """Ask whether a graph matches a pattern."""
        query = f"ASK {{ GRAPH <{graph}> {{ {pattern} }} }}"
        answer = self.client.get("/sparql", params={"query": query})
        return bool(answer.json()["boolean"])

    def send(
        self,
        method: str,
        address: str,
        body: str | bytes | None = None,
        media_type: str = "text/turtle",
        **headers: str,
    ) -> httpx2.Response:
        """Send a request of the Graph Store Protocol."""
        content = body.encode() if isinstance(body, str) else body
        kind = {} if content is None else {"content-type": media_type}
        return self.client.request(
            method, address, content=content, headers={**self.headers, **kind, **headers}
        )

    def read(self, address: str) -> Graph:
        """Read a graph back, as Turtle."""
        answer = self.client.get(address, headers={"accept": "text/turtle"})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
        return with_blank_nodes(Graph().parse(data=answer.content, format="turtle"))


def with_blank_nodes(graph: Graph) -> Graph:
    """Give a graph with blank nodes in place of the names that the service gave them.

    RDF 1.1 Concepts, 3.5: such names are known by their path.
    """
    plain = Graph()
    for triple in graph:
        plain.add(tuple(map(_node, triple)))  # type: ignore[arg-type]  # three of them
    return plain


def _node(term: Node) -> Node:
    if isinstance(term, URIRef) and "/.well-known/genid/" in term:
        return BNode(term.rpartition("/")[2])
    return term


def indirectly(graph: str) -> str:
    """Give the address of a graph of any name in the store (Graph Store Protocol, 4.2)."""
    return f"/graph-store?{urlencode({'graph': graph})}"
