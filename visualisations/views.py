"""A map for one reader: what is drawn of a question, with names in the reader's language.

Pages draw from a view, and the REST interface writes it as the document of a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD
from graph.networks.asking import Asked
from graph.networks.collapsing import Disc
from graph.networks.narrowing import Way
from graph.networks.projection import Projection
from graph.networks.reading import projection_of
from visualisations.calling import COLLAPSES, GROUP, Calling
from visualisations.drawn import Attribute, Kind, Link, Node, Reason, View
from visualisations.maps import MapSpec
from visualisations.prepared import drawn_of
from visualisations.remarks import explained, remarks
from visualisations.shaping import Shape, counts_of, shape
from visualisations.styles import assign
from visualisations.wording import Wording


def view(
    dataset: Dataset, spec: MapSpec, asked: Asked, languages: Sequence[str], words: Wording
) -> View:
    """Give what is drawn for a question of a map, named for a reader.

    ParameterError for what the map does not have.
    """
    made = shape(dataset, spec, asked)
    calling = Calling(dataset, made, languages, words)
    kinds = _kinds(made, calling)
    number = {kind.iri or GROUP: at for at, kind in enumerate(kinds)}
    nodes = tuple(_node(made, calling, at, number) for at in range(len(made.sheet.discs)))
    used = sorted({reason for line in made.sheet.lines for reason in line.reasons})
    return View(
        spec,
        asked,
        counts_of(dataset, spec),
        made.counts,
        made.collapsed,
        tuple(made.projection.attributes),
        collapses(made.projection),
        kinds,
        _attributes(nodes, calling),
        nodes,
        _links(made, used),
        tuple(_reason(made, calling, at) for at in used),
        made.timed.time,
        made.measures.grouping,
        calling.called,
        explained(made.measures, spec.weight(calling.language).text, words),
        _way(made),
        _box(nodes),
        remarks(made, words),
        calling.language,
    )


def _kinds(made: Shape, calling: Calling) -> tuple[Kind, ...]:
    """Give the kinds of what is drawn, in the order of the legend."""
    found = [calling.kind(disc) for disc in made.sheet.discs]
    return tuple(
        Kind(None if kind == GROUP else kind, calling.kind_label(kind), style, found.count(kind))
        for kind, style in assign(found).items()
    )


def _links(made: Shape, used: Sequence[int]) -> tuple[Link, ...]:
    place = {reason: at for at, reason in enumerate(used)}
    return tuple(
        Link(
            line.source,
            line.target,
            round(line.weight, 6),
            line.merged,
            tuple(place[at] for at in line.reasons),
            years,
        )
        for line, years in zip(made.sheet.lines, made.timed.lines, strict=True)
    )


def collapses(projection: Projection) -> tuple[str, ...]:
    """Name what nodes of a map can be drawn as one by."""
    return (*(name for name in COLLAPSES if name in projection.attributes), "community")


def facets_of(dataset: Dataset, spec: MapSpec) -> tuple[str, ...]:
    """Name the facets by which a map can be filtered."""
    return tuple(projection_of(dataset, spec.name, drawn_of(spec)).attributes)


def _way(made: Shape) -> Way | None:
    """Give the way by the numbers of what is drawn; without nodes where these are collapsed."""
    if made.way is None:
        return None
    place = {disc.node: at for at, disc in enumerate(made.sheet.discs) if disc.node is not None}
    drawn = all(node in place for node in made.way.nodes)
    return Way(tuple(place[node] for node in made.way.nodes) if drawn else (), made.way.several)


def _box(nodes: Sequence[Node]) -> tuple[float, float, float, float]:
    """Give left, top, width and height of all circles."""
    if not nodes:
        return 0.0, 0.0, 0.0, 0.0
    left = min(node.x - node.radius for node in nodes)
    top = min(node.y - node.radius for node in nodes)
    right = max(node.x + node.radius for node in nodes)
    bottom = max(node.y + node.radius for node in nodes)
    return left, top, round(right - left, 1), round(bottom - top, 1)


def _node(made: Shape, calling: Calling, at: int, kinds: Mapping[str, int]) -> Node:
    disc, measures = made.sheet.discs[at], made.measures
    label, short = calling.names(disc)
    iri = calling.thing(disc)
    attributes, period = _held(made.projection, disc)
    constraint = measures.constraint[at]
    return Node(
        at,
        f"group/{disc.group}" if disc.node is None else calling.id(iri or ""),
        iri,
        calling.page(iri),
        label,
        short,
        kinds[calling.kind(disc)],
        GROUP if disc.node is None else calling.segment(iri or ""),
        *made.points[at],
        made.radii[at],
        disc.size,
        disc.inside,
        disc.group,
        measures.degree[at],
        round(measures.strength[at], 6),
        round(measures.betweenness.shares[at], 6),
        None if constraint is None else round(constraint, 6),
        measures.core[at],
        made.communities[at],
        attributes,
        period,
        made.timed.discs[at],
    )


def _held(projection: Projection, disc: Disc) -> tuple[Mapping[str, tuple[str, ...]], int | None]:
    """Give the keys that a disc has by facet, and the year in which it begins."""
    if disc.node is None:
        facet, _, key = (disc.group or "").partition("/")
        return ({facet: (key,)} if facet in COLLAPSES and key != UNKNOWN else {}), None
    found = {
        name: values
        for name, column in projection.attributes.items()
        if name != PERIOD and (values := column[disc.node])
    }
    years = projection.attributes.get(PERIOD, (None,) * (disc.node + 1))[disc.node]
    return found, int(min(years)) if years else None


def _attributes(nodes: Sequence[Node], calling: Calling) -> tuple[Attribute, ...]:
    """Give the values that any node has, by facet, with their names in order of keys."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        for name, keys in node.attributes.items():
            found.setdefault(name, set()).update(keys)
    return tuple(
        Attribute(name, tuple((key, calling.value(name, key)) for key in sorted(keys)))
        for name, keys in found.items()
    )


def _reason(made: Shape, calling: Calling, number: int) -> Reason:
    ground = made.projection.grounds[number]
    if ground.iri is None:
        return Reason(None, None, None, ground.text)
    label = made.projection.name(ground.iri, calling.language).label
    return Reason(calling.id(ground.iri), ground.iri, calling.page(ground.iri), label)
