"""What is drawn for a question of a map, without words: discs, lines, places and measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from graph.dataset import Dataset
from graph.networks.asking import Asked
from graph.networks.attributes import is_value
from graph.networks.collapsing import Sheet, collapsed, groups_by, plain
from graph.networks.measuring import Counts, Grouping, Measures, Prepared, counts, divide, measure
from graph.networks.narrowing import Selection, Way, around, between, filtered, number_of, whole
from graph.networks.projection import Projection
from graph.networks.reading import prepared_of, projection_of, weight_of
from graph.networks.simple import Simple
from graph.networks.timing import Timed, timed
from visualisations.grouping import by_number, communities
from visualisations.maps import MapSpec
from visualisations.overlap import Point
from visualisations.prepared import (
    DRAWN,
    GROUPED,
    LINKS,
    crowded,
    drawn_of,
    placed,
    radii_of,
)
from visualisations.unfolding import unfold

MOST = 20_000  # nodes that are drawn one by one even for who asks for it
MOST_LINKS = 100_000  # links that are

Told = Literal["collapsed", "dense", "narrow", "of all", "several", "unopened", "nothing"]


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
    timed: Timed
    told: tuple[Told, ...]


def shape(dataset: Dataset, spec: MapSpec, asked: Asked) -> Shape:
    """Give what is drawn for a question of a map; remembered for the release.

    ParameterError for what the map does not have.
    """
    return dataset.networks.remembered(
        ("shape", spec.name, drawn_of(spec).mark, asked),
        partial(_shape, dataset, spec, asked),
        lambda made: (
            4 * (len(made.sheet.discs) + len(made.sheet.lines)) + weight_of(made.selection.ties)
        ),
    )


def counts_of(dataset: Dataset, spec: MapSpec) -> Counts:
    """Count the whole map."""
    ready = prepared_of(dataset, spec.name, drawn_of(spec))
    if ready is not None:
        return ready.counts
    selection = whole(projection_of(dataset, spec.name, drawn_of(spec)))
    return dataset.networks.remembered(
        ("counts", spec.name, drawn_of(spec).mark),
        lambda: _counts(selection, selection.simple()),
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
    selection = filtered(projection, asked, exists) if narrow else whole(projection)
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
    all_of_it = selection.simple()
    by, told = _collapse(asked, len(selection.nodes), len(selection.ties))
    grouped = None if by is None else _groups(projection, all_of_it, selection, by, ready)
    if grouped is None:
        sheet, simple, measures = plain(selection), all_of_it, measure(all_of_it, of_all)
    else:
        sheet, more = _sheet(projection, selection, grouped, asked.opened)
        told += ("of all", *more) if grouped.known and of_all is None else more
        simple = sheet.simple()
        measures = measure(simple, grouping=grouped.grouping)
    radii = tuple(radii_of(sheet, simple))
    return Shape(
        projection,
        selection,
        sheet,
        _counts(selection, all_of_it) if of_all is None else of_all.counts,
        None if by is None else _collapsed(sheet, by, asked),
        radii,
        _points(ready, of_all, sheet, simple, radii, grouped),
        measures,
        _communities(selection, sheet, measures.grouping, by),
        tuple(all_of_it.degrees()),
        way,
        timed(projection, selection, sheet),
        told if selection.nodes else (*told, "nothing"),
    )


def _collapsed(sheet: Sheet, by: str, asked: Asked) -> Collapsed:
    groups = sum(disc.group is not None for disc in sheet.discs)
    return Collapsed(by, asked.collapse == by, groups)


def _points(  # what was drawn before, and what is drawn now
    ready: Prepared | None,
    of_all: Prepared | None,
    sheet: Sheet,
    simple: Simple,
    radii: Sequence[float],
    grouped: _Groups | None,
) -> tuple[Point, ...]:
    """Give places: those that were prepared, or such as are near them."""
    if of_all is not None and grouped is None and of_all.points is not None:
        return of_all.points
    if ready is not None and ready.inside and grouped is not None and grouped.known:
        own = {node: keys[0] for node, keys in grouped.keys.items()}
        found = unfold(sheet.discs, radii, own, ready.outside, ready.inside)
        if found is not None:
            return tuple(found)
    return tuple(placed(ready, sheet, simple, radii))


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
    sizes = [len(part) for part in simple.parts()]
    return counts(len(selection.nodes), len(selection.ties), sizes)


def _collapse(asked: Asked, nodes: int, links: int) -> tuple[str | None, tuple[Told, ...]]:
    """Tell by what to collapse: as asked, but never more than can be told apart."""
    if asked.collapse == "none":
        many = nodes > MOST or links > MOST_LINKS
        return ("community", ("narrow",)) if many else (None, ())
    if asked.collapse is None and nodes > DRAWN:
        return "community", ("collapsed",)
    if asked.collapse is None and links > LINKS:
        return "community", ("dense",)
    return asked.collapse, ()


@dataclass(frozen=True, slots=True)
class _Groups:
    """The groups of each node, in what order they are numbered, and the division they follow.

    It is `known` where it is that of the whole map, as it was prepared.
    """

    keys: Mapping[int, tuple[str, ...]]
    order: Callable[[str], tuple[int, str]]
    grouping: Grouping | None = None
    known: bool = False


def _groups(
    projection: Projection, simple: Simple, selection: Selection, by: str, ready: Prepared | None
) -> _Groups:
    """Give the groups of a map: of one that is crowded still, those of the whole, found again."""
    if by != "community":
        return _Groups(groups_by(projection, selection, by), lambda key: (0, key))
    nodes, known = selection.nodes, None if ready is None else ready.grouping
    if known is not None and selection.ties is not projection.ties:
        known = known.among(nodes) if crowded(len(nodes), len(selection.ties)) else None
    grouping = divide(simple, GROUPED) if known is None else known
    return _Groups(communities(nodes, grouping), by_number, grouping, known is not None)


def _sheet(
    projection: Projection, selection: Selection, groups: _Groups, opened: Sequence[str]
) -> tuple[Sheet, tuple[Told, ...]]:
    """Draw the groups, and those that are opened as their members unless these are too many."""
    held = Counter(groups.keys.values())
    wanted = {key for keys in held for key in keys} & set(opened)
    members = sum(count for keys, count in held.items() if wanted & set(keys))
    if members > DRAWN:
        wanted = set()
    told: list[Told] = []
    if any(len(keys) > 1 for keys in held):
        told.append("several")
    if len(wanted) < len(opened):
        told.append("unopened")
    directed = projection.directed
    sheet = collapsed(selection, groups.keys, wanted, groups.order, directed=directed)
    return sheet, tuple(told)
