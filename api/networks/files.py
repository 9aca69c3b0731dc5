"""Networks as files for other programs: GraphML, GEXF, CSV, workbooks and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx

from api.graphs import GEXF, GRAPHML, as_graph, legal
from api.networks.documents import links_to
from api.numbers import as_csv
from api.spreadsheets import as_xlsx
from graph.network import Label
from visualisations.drawn import Node, View

_MEASURES = ("degree", "strength", "betweenness", "constraint", "core", "community")
_CONTEXT = {
    "id": "@id",
    "type": {"@id": "@type", "@type": "@vocab"},
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "related": {"@id": "http://purl.org/dc/terms/relation", "@type": "@id"},
}


def as_graphml(view: View) -> bytes:
    """Write GraphML, which yEd, Gephi, igraph and networkx read."""
    return as_graph(_graph(view, gexf=False), GRAPHML)


def as_gexf(view: View) -> bytes:
    """Write GEXF 1.2 with the positions, sizes and colours of the drawing, as Gephi reads it."""
    return as_graph(_graph(view, gexf=True), GEXF)


def as_table(view: View, part: str) -> tuple[list[str], list[list[object]]]:
    """Give the nodes, or the links, as a table; several values of a cell are divided by “; ”."""
    return _node_table(view) if part == "nodes" else _link_table(view)


def network_csv(view: View, part: str) -> bytes:
    """Write the nodes or the links for spreadsheets."""
    return as_csv(*as_table(view, part))


def network_xlsx(view: View, part: str, release: int) -> bytes:
    """Write the nodes or the links as a workbook that says what it is of."""
    title, description = (text(view.language) for text in (view.spec.title, view.spec.description))
    about: list[tuple[object, ...]] = [
        ("map", title.text),
        ("description", description.text),
        ("release", release),
        ("address", links_to(view)["page"]),
        ("licence", "https://creativecommons.org/licenses/by/4.0/"),
        *(("note", note) for note in view.notes),
    ]
    return as_xlsx(*as_table(view, part), about=about)


def as_jsonld(view: View) -> bytes:
    """Write the nodes with their kinds and names, what each is linked with, and for what.

    A reason that is a thing is related to both ends of its links. Groups that are no thing of
    the graph are left out.
    """
    related: dict[str, set[str]] = {}
    names = {node.iri: node.label for node in view.nodes if node.iri}
    for link in view.links:
        ends = (view.nodes[link.source].iri, view.nodes[link.target].iri)
        if ends[0] and ends[1]:
            related.setdefault(ends[0], set()).add(ends[1])
        for reason in (view.reasons[at] for at in link.reasons):
            if reason.iri and reason.page:
                names.setdefault(reason.iri, reason.label)
                related.setdefault(reason.iri, set()).update(end for end in ends if end)
    kinds = {node.iri: view.kinds[node.kind].iri for node in view.nodes if node.iri}
    items = []
    for iri, label in names.items():
        item: dict[str, Any] = {"id": iri, "label": _written(label)}
        if kinds.get(iri):
            item["type"] = kinds[iri]
        if related.get(iri):
            item["related"] = sorted(related[iri])
        items.append(item)
    return json.dumps({"@context": _CONTEXT, "@graph": items}, ensure_ascii=False).encode()


def _written(label: Label) -> dict[str, str]:
    return {"@value": label.text, **({"@language": label.language} if label.language else {})}


def _node_table(view: View) -> tuple[list[str], list[list[object]]]:
    facets = [item.name for item in view.attributes if item.name != "period"]
    head = ["id", "iri", "label", "language", "kind", "size", *_MEASURES, "period", *facets]
    rows: list[list[object]] = []
    for node in view.nodes:
        label = node.label
        cells: list[object] = [node.id, node.iri, label.text, label.language]
        cells += [view.kinds[node.kind].label.text, node.size]
        cells += [getattr(node, name) for name in _MEASURES]
        cells.append(node.period)
        cells += ["; ".join(node.attributes.get(name, ())) or None for name in facets]
        rows.append(cells)
    return head, rows


def _link_table(view: View) -> tuple[list[str], list[list[object]]]:
    head = ["source", "source-label", "target", "target-label", "weight", "merged", "reasons"]
    rows: list[list[object]] = []
    for link in view.links:
        source, target = view.nodes[link.source], view.nodes[link.target]
        reasons = [view.reasons[at] for at in link.reasons]
        cells: list[object] = [source.id, source.label.text, target.id, target.label.text]
        cells += [link.weight, link.merged, "; ".join(item.label.text for item in reasons) or None]
        cells.append("; ".join(item.iri for item in reasons if item.iri) or None)
        rows.append(cells)
    return [*head, "reason-iris"], rows


def _graph(view: View, *, gexf: bool) -> Any:  # noqa: ANN401  # directed or not, with its own types
    graph: Any = nx.DiGraph() if view.spec.directed else nx.Graph()
    graph.graph["name"] = legal(view.spec.title(view.language).text)
    for node in view.nodes:
        graph.add_node(legal(node.id), **_told(node, view, gexf=gexf))
    for link in view.links:
        ends = (view.nodes[link.source].id, view.nodes[link.target].id)
        reasons = _joined(view.reasons[at].label.text for at in link.reasons)
        graph.add_edge(
            legal(ends[0]),
            legal(ends[1]),
            weight=link.weight,
            merged=link.merged,
            reasons=reasons,
        )
    return graph


def _told(node: Node, view: View, *, gexf: bool) -> dict[str, Any]:
    """Give what is told of a node; what is unknown is left out, as both formats have no null."""
    kind = view.kinds[node.kind]
    told: dict[str, Any] = {
        "label": legal(node.label.text),
        "iri": legal(node.iri or ""),
        "kind": legal(kind.label.text),
        "size": node.size,
        **{name: getattr(node, name) for name in _MEASURES},
        **{name: _joined(keys) for name, keys in node.attributes.items()},
        "period": node.period,
    }
    found = {name: value for name, value in told.items() if value is not None}
    if not gexf:
        return {**found, "x": node.x, "y": node.y}
    red, green, blue = (int(kind.style.fill[at : at + 2], 16) for at in (1, 3, 5))
    found["viz"] = {
        "position": {"x": node.x, "y": -node.y, "z": 0.0},
        "size": node.radius,
        "color": {"r": red, "g": green, "b": blue, "a": 1.0},
    }
    return found


def _joined(texts: Iterable[str] | Sequence[str]) -> str:
    return legal("; ".join(texts))
