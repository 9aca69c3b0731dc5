"""Graphs as files for other programs: GraphML and GEXF, whatever their nodes and links are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import networkx as nx

from graph.formats import Format

GRAPHML = Format("graphml", "application/graphml+xml", "graphml")
GEXF = Format("gexf", "application/gexf+xml", "gexf")
GRAPHS = (GRAPHML, GEXF)

# What no XML document may hold, escaped or not (XML 1.0, 2.2).
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WRITTEN = re.compile(r' lastmodifieddate="[0-9-]*"')


def as_graph(graph: Any, form: Format) -> bytes:  # noqa: ANN401  # directed or not, with its own types
    """Write a graph of networkx as GraphML or GEXF 1.2."""
    # networkx writes both with the parts of the standard library that escape all texts.
    if form is GRAPHML:
        text = "\n".join(nx.generate_graphml(graph))
    else:
        # The day of writing is no part of what a release says.
        text = _WRITTEN.sub("", "\n".join(nx.generate_gexf(graph, version="1.2draft")), count=1)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def plain_graph(
    name: str,
    nodes: Iterable[tuple[str, dict[str, Any]]],
    links: Iterable[tuple[str, str, dict[str, Any]]],
    *,
    directed: bool,
) -> Any:  # noqa: ANN401  # as above
    """Make a graph of nodes and links with what is told of each; what is unknown is left out."""
    graph: Any = nx.DiGraph() if directed else nx.Graph()
    graph.graph["name"] = legal(name)
    for key, told in nodes:
        graph.add_node(legal(key), **_known(told))
    for source, target, told in links:
        graph.add_edge(legal(source), legal(target), **_known(told))
    return graph


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: legal(value) if isinstance(value, str) else value
        for name, value in told.items()
        if value is not None
    }


def legal(text: str) -> str:
    """Replace the characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)
