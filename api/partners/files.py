"""Partners for other programs: the paths that speak for them as a graph, the ranks as a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api import models_partners as models
from api.graphs import as_graph, plain_graph
from api.models import Thing
from api.observed import Ranked, as_ranking
from api.taking import address_of
from graph.dataset import Dataset
from graph.formats import Format


def paths_as_graph(found: models.Partners, form: Format) -> bytes:
    """Write the things of all paths and the steps between them, in the direction of what is said.

    A partner has its rank and points; steps that several paths share are one link.
    """
    nodes = dict(_nodes(found))
    links: dict[tuple[str, str], dict[str, list[str]]] = {}
    for source, target, label, rows in _steps(found):
        held = links.setdefault((source, target), {"label": [], "rows": []})
        held["label"].append(label)
        held["rows"] += rows
    joined = [
        (*ends, {name: "; ".join(dict.fromkeys(texts)) for name, texts in told.items()})
        for ends, told in links.items()
    ]
    return as_graph(plain_graph("partners", nodes.items(), joined, directed=True), form)


def _nodes(found: models.Partners) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in _paths(found):
        for thing in path.nodes:
            yield thing.iri, _told(thing)
    if found.organisation is not None:
        yield found.organisation.iri, {**_told(found.organisation), "asks": True}
    for item in found.items:
        ranked = {"rank": item.rank, "points": item.points}
        yield item.organisation.iri, {**_told(item.organisation), **ranked}


def _told(thing: Thing) -> dict[str, Any]:
    return {"label": thing.label.text, "kind": thing.kind}


def _paths(found: models.Partners) -> Iterator[models.ReasonPath]:
    for item in found.items:
        for reason in item.reasons:
            yield from reason.paths


def _steps(found: models.Partners) -> Iterator[tuple[str, str, str, list[str]]]:
    for path in _paths(found):
        for place, hop in enumerate(path.hops):
            ends = (path.nodes[place].iri, path.nodes[place + 1].iri)
            source, target = ends if hop.along else ends[::-1]
            yield source, target, hop.label.text, list(hop.rows)


def ranks_as_jsonld(
    dataset: Dataset, found: models.Partners, name: str, state: dict[str, str]
) -> bytes:
    """Write the ranks as a list, each with its reasons in words."""
    told = (
        Ranked(
            item.rank,
            item.organisation.iri,
            item.organisation.label.text,
            " ".join(reason.text for reason in item.reasons),
        )
        for item in found.items
    )
    return as_ranking(dataset, name, address_of(dataset, "/partners", state), told)
