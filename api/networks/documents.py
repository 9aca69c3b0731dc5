"""Networks as documents: a view written in columns."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from api import models_network_columns as columns
from api import models_networks as models
from api.models_facts import FactsOf
from api.numbers import facts_of
from graph.dataset import Dataset
from graph.network import Label
from graph.networks.asking import Asked
from graph.networks.measuring import Counts
from visualisations.drawn import Node, View

ADDRESS = "/api/v1/networks"
FILES = ("graphml", "gexf", "csv", "xlsx", "jsonld")


def made_of(dataset: Dataset) -> FactsOf:
    """Tell of which release a network is; without fact tables it is made of the asked one."""
    if dataset.facts.made() is not None:
        return facts_of(dataset)
    number = dataset.release.number
    return FactsOf(release=number, asked=number, exact=True)


def document(view: View, of: FactsOf) -> models.Network:
    """Write a view as the document of a network."""
    spec, language = view.spec, view.language
    return models.Network(
        map=spec.name,
        title=called(spec.title(language)),
        description=called(spec.description(language)),
        weight=called(spec.weight(language)),
        directed=spec.directed,
        of=of,
        asked=asked_of(view.asked),
        whole=_counts(view.whole),
        counts=_counts(view.counts),
        collapsed=None
        if view.collapsed is None
        else models.CollapsedBy(
            by=view.collapsed.by, asked=view.collapsed.asked, groups=view.collapsed.groups
        ),
        facets=view.facets,
        collapse=view.collapses,
        kinds=_kinds(view),
        attributes=tuple(
            columns.Attribute(
                name=item.name,
                values=tuple(
                    columns.AttributeValue(key=key, label=label.text) for key, label in item.values
                ),
            )
            for item in view.attributes
        ),
        nodes=_nodes(view),
        links=columns.Links(
            source=tuple(link.source for link in view.links),
            target=tuple(link.target for link in view.links),
            weight=tuple(link.weight for link in view.links),
            merged=tuple(link.merged for link in view.links),
            reasons=tuple(link.reasons for link in view.links),
            years=tuple(link.years for link in view.links),
        ),
        reasons=columns.Reasons(
            id=tuple(reason.id for reason in view.reasons),
            iri=tuple(reason.iri for reason in view.reasons),
            page=tuple(reason.page for reason in view.reasons),
            label=tuple(reason.label.text for reason in view.reasons),
            lang=tuple(reason.label.language for reason in view.reasons),
        ),
        time=_time(view),
        grouping=_grouping(view),
        measures=tuple(
            models.MeasureOf(
                name=item.name,
                label=item.label,
                explanation=item.explanation,
                exact=item.exact,
                sampled=item.sampled,
                error=item.error,
            )
            for item in view.measures
        ),
        path=_path(view),
        box=models.BoxOf(x=view.box[0], y=view.box[1], width=view.box[2], height=view.box[3]),
        query=spec.query.text,
        notes=view.notes,
        links_to=links_to(view),
    )


def links_to(view: View) -> dict[str, str]:
    """Give the addresses of the same question: its page, and its files."""
    asked = view.asked.parameters()
    name = view.spec.name
    found = {"page": address(f"/networks/{name}", asked)}
    for form in FILES:
        found[form] = address(f"{ADDRESS}/{name}", {**asked, "format": form})
    return found


def address(path: str, parameters: dict[str, str]) -> str:
    """Write an address with its parameters, commas and slashes as they are."""
    return f"{path}?{urlencode(parameters, safe=',/:')}" if parameters else path


def asked_of(asked: Asked) -> models.AskedOf:
    """Tell how a question was understood."""
    return models.AskedOf(
        filters={name: ",".join(values) for name, values in asked.filters},
        kind=asked.kinds,
        ends=asked.ends,
        centre=asked.centre,
        depth=asked.depth,
        source=asked.source,
        target=asked.target,
        collapse=asked.collapse,
        open=asked.opened,
    )


def called(label: Label) -> columns.Called:
    """Write a name."""
    return columns.Called(text=label.text, lang=label.language)


def _counts(counts: Counts) -> models.Counts:
    return models.Counts(
        nodes=counts.nodes, links=counts.links, parts=counts.parts, alone=counts.alone
    )


def _kinds(view: View) -> tuple[columns.NodeKind, ...]:
    return tuple(
        columns.NodeKind(
            iri=kind.iri,
            label=called(kind.label),
            shape=kind.style.shape,
            fill=kind.style.fill,
            border=kind.style.border,
            count=kind.count,
        )
        for kind in view.kinds
    )


def _nodes(view: View) -> columns.Nodes:
    def column(name: str) -> tuple[Any, ...]:
        return tuple(getattr(node, name) for node in view.nodes)

    return columns.Nodes(
        id=column("id"),
        iri=column("iri"),
        page=column("page"),
        label=tuple(node.label.text for node in view.nodes),
        lang=tuple(node.label.language for node in view.nodes),
        short=tuple(node.short.text for node in view.nodes),
        kind=column("kind"),
        segment=column("segment"),
        x=column("x"),
        y=column("y"),
        r=column("radius"),
        degree=column("degree"),
        strength=column("strength"),
        betweenness=column("betweenness"),
        constraint=column("constraint"),
        core=column("core"),
        community=column("community"),
        size=column("size"),
        inside=column("inside"),
        group=column("group"),
        attributes=_attributes(view),
        period=column("period"),
        years=column("years"),
    )


def _attributes(view: View) -> dict[str, tuple[tuple[int, ...], ...]]:
    found = {}
    for item in view.attributes:
        place = {key: at for at, (key, _) in enumerate(item.values)}
        found[item.name] = tuple(_places(node, item.name, place) for node in view.nodes)
    return found


def _places(node: Node, name: str, place: dict[str, int]) -> tuple[int, ...]:
    return tuple(place[key] for key in node.attributes.get(name, ()))


def _time(view: View) -> models.TimeOf | None:
    time = view.time
    if time is None:
        return None
    return models.TimeOf(
        of=time.of, first=time.first, last=time.last, years=time.years, unknown=time.unknown
    )


def _grouping(view: View) -> models.GroupingOf | None:
    grouping = view.grouping
    if grouping is None:
        return None
    return models.GroupingOf(
        method="Leiden",
        runs=grouping.runs,
        stability=round(grouping.stability, 4),
        modularity=round(grouping.modularity, 4),
        communities=tuple(
            models.Community(
                number=group.number,
                size=len(group.members),
                stability=round(group.stability, 4),
                label=label,
            )
            for group, label in zip(grouping.groups, view.called, strict=True)
        ),
    )


def _path(view: View) -> models.PathOf | None:
    if view.path is None:
        return None
    nodes = view.path.nodes
    length = len(nodes) - 1 if nodes else None
    return models.PathOf(nodes=nodes, length=length, several=view.path.several)
