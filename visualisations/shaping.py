"""What is drawn for a question of a map, without words: discs, lines, places and measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from graph.dataset import Dataset
from graph.networks.asking import Asked
from graph.networks.attributes import is_value
from graph.networks.collapsing import Sheet, collapsed, groups_by, plain
from graph.networks.measuring import Grouping, Measures, Prepared, divide, measure
from graph.networks.narrowing import Selection, Way, around, between, filtered, number_of, whole
from graph.networks.projection import Projection
from graph.networks.reading import prepared_of, projection_of
from graph.networks.simple import Simple
from visualisations.layout import spread
from visualisations.maps import MapSpec
from visualisations.overlap import Point
from visualisations.prepared import DRAWN, drawn_of, nearness, radii_of

MOST = 20_000  # nodes that are drawn one by one even for who asks for it
_GROUPS = 300  # communities that are told apart
UNLINKED, OTHERS = "community/unlinked", "community/others"

Told = Literal["collapsed", "narrow", "several", "unopened", "nothing"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes and links there are, connected parts of two or more, and nodes alone."""

    nodes: int
    links: int
    parts: int
    alone: int


@dataclass(frozen=True, slots=True)
class Collapsed:
    """By what nodes are drawn as one, whether that was asked for, and how many groups there are."""

    by: str
    asked: bool
    groups: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn: of the discs in their order the places, radii and measures.

    `measures.grouping` divides discs, or nodes by their places in `selection` where these are
    collapsed by it; `communities` has the group of each disc, None for one of none or several,
    and `inner` the number of neighbours of each node of `selection`. `told` names what is to be
    said about it.
    """

    projection: Projection
    selection: Selection
    sheet: Sheet
    counts: Counts
    collapsed: Collapsed | None
    radii: tuple[float, ...]
    points: tuple[Point, ...]
    measures: Measures
    communities: tuple[int | None, ...]
    inner: tuple[int, ...]
    way: Way | None
    told: tuple[Told, ...]


def shape(dataset: Dataset, spec: MapSpec, asked: Asked) -> Shape:
    """Give what is drawn for a question of a map; remembered for the release.

    ParameterError for what the map does not have.
    """
    return dataset.networks.remembered(
        ("shape", spec.name, drawn_of(spec).mark, asked),
        partial(_shape, dataset, spec, asked),
        lambda made: 4 * (len(made.sheet.discs) + len(made.sheet.lines)),
    )


def counts_of(dataset: Dataset, spec: MapSpec) -> Counts:
    """Count the whole map."""
    projection = projection_of(dataset, spec.name, drawn_of(spec))
    return dataset.networks.remembered(
        ("counts", spec.name, drawn_of(spec).mark),
        lambda: _counts(whole(projection), plain(whole(projection)).simple()),
        lambda _: 1,
    )


def selection_of(
    dataset: Dataset, spec: MapSpec, asked: Asked
) -> tuple[Projection, Selection, Way | None]:
    """Give the part of a map that a question is about, before anything is drawn as one."""
    projection = projection_of(dataset, spec.name, drawn_of(spec))
    number = partial(number_of, projection, dataset.identity)
    narrow = asked.filters or asked.kinds
    exists = partial(is_value, dataset.facts)
    selection = (
        filtered(projection, dataset.identity, asked, exists) if narrow else whole(projection)
    )
    if asked.centre:
        return projection, around(selection, number("centre", asked.centre), asked.depth), None
    if asked.source and asked.target:
        ends = number("from", asked.source), number("to", asked.target)
        selection, way = between(selection, *ends)
        return projection, selection, way
    return projection, selection, None


def _shape(dataset: Dataset, spec: MapSpec, asked: Asked) -> Shape:
    projection, selection, way = selection_of(dataset, spec, asked)
    # What was prepared is of the whole map only.
    ready = prepared_of(dataset, spec.name, drawn_of(spec))
    of_all = ready if selection.ties is projection.ties else None
    everything = plain(selection)
    simple = everything.simple()
    inner, counts = tuple(simple.degrees()), _counts(selection, simple)
    by, told = _collapse(asked, len(selection.nodes))
    if by is None:
        sheet, collapse, measures = everything, None, measure(simple, of_all)
    else:
        grouped = _groups(projection, simple, selection, by, of_all)
        sheet, more = _sheet(selection, grouped, asked.opened)
        told += more
        groups = sum(disc.group is not None for disc in sheet.discs)
        collapse = Collapsed(by, asked.collapse == by, groups)
        simple = sheet.simple()
        measures = measure(simple)
        if grouped.grouping is not None:
            measures = replace(measures, grouping=grouped.grouping)
    communities = _communities(selection, sheet, measures.grouping, by)
    radii = tuple(radii_of(sheet, simple))
    if by is None and of_all is not None and of_all.points is not None:
        points = of_all.points
    else:
        points = tuple(spread(simple, radii, nearness(ready, sheet)))
    told += () if selection.nodes else ("nothing",)
    return Shape(
        projection,
        selection,
        sheet,
        counts,
        collapse,
        radii,
        points,
        measures,
        communities,
        inner,
        way,
        told,
    )


def _communities(
    selection: Selection, sheet: Sheet, grouping: Grouping | None, by: str | None
) -> tuple[int | None, ...]:
    if grouping is None:
        return (None,) * len(sheet.discs)
    if by != "community":
        return tuple(grouping.of(len(sheet.discs)))
    of = dict(zip(selection.nodes, grouping.of(len(selection.nodes)), strict=True))
    found: list[int | None] = []
    for disc in sheet.discs:
        if disc.node is not None:
            found.append(of[disc.node])
        else:
            number = (disc.group or "").partition("/")[2]
            found.append(int(number) if number.isdecimal() else None)
    return tuple(found)


def _counts(selection: Selection, simple: Simple) -> Counts:
    parts = [len(part) for part in simple.parts()]
    return Counts(
        len(selection.nodes), len(selection.ties), sum(size > 1 for size in parts), parts.count(1)
    )


def _collapse(asked: Asked, nodes: int) -> tuple[str | None, tuple[Told, ...]]:
    """Tell by what to collapse: as asked, but never more nodes than can be told apart."""
    if asked.collapse == "none":
        return (None, ()) if nodes <= MOST else ("community", ("narrow",))
    if asked.collapse is None and nodes > DRAWN:
        return "community", ("collapsed",)
    return asked.collapse, ()


@dataclass(frozen=True, slots=True)
class _Groups:
    """The groups of each node, in what order they are numbered, and the division they follow."""

    keys: Mapping[int, Sequence[str]]
    order: Callable[[str], tuple[int, str]]
    grouping: Grouping | None = None


def _groups(
    projection: Projection, simple: Simple, selection: Selection, by: str, of_all: Prepared | None
) -> _Groups:
    if by != "community":
        return _Groups(groups_by(projection, selection, by), lambda key: (0, key))
    grouping = None if of_all is None else of_all.grouping
    if grouping is None:
        grouping = divide(simple)
    members = (
        [None] * len(selection.nodes) if grouping is None else grouping.of(len(selection.nodes))
    )
    keys = {node: (_key(number),) for node, number in zip(selection.nodes, members, strict=True)}
    return _Groups(keys, _by_number, grouping)


def _key(number: int | None) -> str:
    if number is None:
        return UNLINKED
    return f"community/{number}" if number < _GROUPS else OTHERS


def _by_number(key: str) -> tuple[int, str]:
    number = key.partition("/")[2]
    return int(number) if number.isdecimal() else _GROUPS, key


def _sheet(
    selection: Selection, groups: _Groups, opened: Sequence[str]
) -> tuple[Sheet, tuple[Told, ...]]:
    """Draw the groups, and those that are opened as their members unless these are too many."""
    found = {key for keys in groups.keys.values() for key in keys}
    wanted = found & set(opened)
    members = sum(any(key in wanted for key in groups.keys[node]) for node in selection.nodes)
    if members > DRAWN:
        wanted = set()
    told: list[Told] = []
    if any(len(keys) > 1 for keys in groups.keys.values()):
        told.append("several")
    if len(wanted) < len(opened):
        told.append("unopened")
    return collapsed(selection, groups.keys, wanted, groups.order), tuple(told)
