"""Why two nodes of a map are linked: the reasons, and the rows that state each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.labels import FALLBACK
from graph.network import Label
from graph.networks.narrowing import number_of
from graph.networks.reading import projection_of
from graph.networks.stating import rows_of_link
from graph.networks.ties import NO_REASON
from graph.rows import Receipt
from visualisations.addressing import Named, id_of, named, page_of
from visualisations.maps import MapSpec
from visualisations.prepared import drawn_of


@dataclass(frozen=True, slots=True)
class WhyReason:
    """A reason of a link with its weight and rows; without name where the query gives none."""

    id: str | None
    iri: str | None
    page: str | None
    label: Label
    weight: float
    rows: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Two linked nodes and the reasons of their link."""

    source: Named
    target: Named
    reasons: tuple[WhyReason, ...]


def why(dataset: Dataset, spec: MapSpec, source: str, target: str, languages: Sequence[str]) -> Why:
    """Tell why two nodes are linked, whatever the direction.

    ParameterError for a node that the map does not have, NotFoundError where they are not linked.
    """
    projection = projection_of(dataset, spec.name, drawn_of(spec))
    identity = dataset.identity
    ends = (
        number_of(projection, identity, "from", source),
        number_of(projection, identity, "to", target),
    )
    weights: dict[int, float] = {}
    ties, (one, two) = projection.ties, ends
    linking = ((ties.source == one) & (ties.target == two)) | (
        (ties.source == two) & (ties.target == one)
    )
    for tie in ties.among(linking):
        for at, weight in tie.reasons:
            weights[at] = weights.get(at, 0.0) + weight
    if not weights:
        raise NotFoundError(
            f"{source[:200]} and {target[:200]} are not linked in the map {spec.name}"
        )
    language = languages[0].partition("-")[0].lower() if languages else FALLBACK
    iris = {at: None if at == NO_REASON else projection.grounds[at].iri for at in weights}
    nodes = projection.nodes[one], projection.nodes[two]
    rows = rows_of_link(dataset.store, identity, nodes, iris.values())
    return Why(
        named(projection, identity, nodes[0], language),
        named(projection, identity, nodes[1], language),
        tuple(
            WhyReason(
                None if iri is None else id_of(identity, iri),
                iri,
                page_of(identity, iri),
                projection.name(iri, language).label
                if iri is not None
                else (Label("") if at == NO_REASON else projection.grounds[at].text),
                weights[at],
                tuple(rows[iri].values()),
            )
            for at, iri in sorted(iris.items())
        ),
    )
