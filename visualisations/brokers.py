"""Who brings others together on a map, told to a reader with the ways that depend on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.labels import FALLBACK
from graph.networks.asking import Asked
from graph.networks.attributes import UNDERTAKINGS
from graph.networks.brokering import LEFT_OUT, Broker, Brokerage, find_brokers
from graph.networks.collapsing import plain
from graph.networks.measuring import Measures, measure
from graph.networks.projection import Projection
from graph.networks.reading import prepared_of
from visualisations.addressing import Named, named
from visualisations.maps import MapSpec
from visualisations.prepared import drawn_of
from visualisations.shaping import MOST, selection_of
from visualisations.wording import Wording


@dataclass(frozen=True, slots=True)
class Told:
    """A broker with its names: what was found of it, and the paths as nodes."""

    node: Named
    found: Broker
    degree: int
    constraint: float | None
    paths: tuple[tuple[Named, ...], ...]


@dataclass(frozen=True, slots=True)
class Brokers:
    """The brokers of a map, the first by rank, and how they were found."""

    items: tuple[Told, ...]
    exact: bool
    resamples: int
    left_out: float
    unit: Literal["reasons", "links"]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    projection: Projection
    nodes: tuple[int, ...]
    brokerage: Brokerage
    measures: Measures


def brokers(
    dataset: Dataset,
    spec: MapSpec,
    asked: Asked,
    top: int,
    languages: Sequence[str],
    words: Wording,
) -> Brokers:
    """Find who brings others together in the part of a map that a question is about.

    What is drawn as one is of no concern. ParameterError where the part is too large.
    """
    # What a question draws as one changes nothing, so that it is remembered once.
    plainly = Asked(asked.filters, asked.kinds, asked.ends, asked.centre, asked.depth)
    found = dataset.networks.remembered(
        ("brokers", spec.name, drawn_of(spec).mark, plainly, top),
        partial(_find, dataset, spec, plainly, top),
        lambda made: len(made.nodes),
    )
    language = languages[0].partition("-")[0].lower() if languages else FALLBACK
    projection = found.projection

    def name(disc: int) -> Named:
        return named(projection, dataset.identity, projection.nodes[found.nodes[disc]], language)

    measures = found.measures
    items = tuple(
        Told(
            name(broker.disc),
            broker,
            measures.degree[broker.disc],
            measures.constraint[broker.disc],
            tuple(tuple(name(disc) for disc in path) for path in broker.paths),
        )
        for broker in found.brokerage.brokers
    )
    return Brokers(
        items,
        measures.betweenness.sampled is None,
        found.brokerage.resamples,
        LEFT_OUT,
        found.brokerage.unit,
        _notes(found.brokerage, words),
    )


def _find(dataset: Dataset, spec: MapSpec, asked: Asked, top: int) -> _Found:
    projection, selection, _ = selection_of(dataset, spec, asked)
    if len(selection.nodes) > MOST:
        raise ParameterError(
            f"these are {len(selection.nodes):,} nodes, and who brings others together is found "
            f"among at most {MOST:,}: narrow the map by filters"
        )
    sheet = plain(selection)
    ready = prepared_of(dataset, spec.name, drawn_of(spec))
    measures = measure(sheet.simple(), ready if selection.ties is projection.ties else None)
    doing = frozenset(
        at
        for at, kind in enumerate(projection.segments[len(projection.nodes) :])
        if kind in UNDERTAKINGS
    )
    brokerage = find_brokers(sheet, measures.betweenness, measures.grouping, doing, top)
    return _Found(projection, selection.nodes, brokerage, measures)


def _notes(found: Brokerage, words: Wording) -> tuple[str, ...]:
    say = words.gettext
    notes = []
    if found.resamples:
        rests = {
            "reasons": say("the projects and practices that link the nodes"),
            "links": say("the links"),
        }[found.unit]
        notes.append(
            say(
                "Ranks are told from the 5th to the 95th percentile of %(times)s resamples, each "
                "of which leaves out a tenth of %(rests)s: a wide range is a rank not to rely on."
            )
            % {"times": words.number(found.resamples), "rests": rests}
        )
    else:
        notes.append(say("How sure the ranks are was not computed: there are too many links."))
    if found.sampled:
        notes.append(say("The numbers of pairs are estimated from some of the nodes."))
    return tuple(notes)
