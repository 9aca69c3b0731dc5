"""What is drawn of a selection: its nodes, or groups of them as one disc each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN
from graph.networks.narrowing import Selection
from graph.networks.projection import Projection
from graph.networks.simple import Simple
from graph.networks.ties import NO_REASON, Integers, Ties, distinct

_MOST = 20_000_000  # pairs of groups that ties lead between: a gigabyte


@dataclass(frozen=True, slots=True)
class Disc:
    """What is drawn as one: a node by its number, or a group with its members and inner ties."""

    node: int | None
    group: str | None = None
    size: int = 1
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn between two discs: the ties that it merges, and the reasons of a single one."""

    source: int
    target: int
    weight: float
    merged: int = 1
    reasons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What lines and discs are made of.

    `ties` by their places and the line of each, `inner` ties and the group that each is `inside`,
    and `nodes` by number and the disc of each. What is of several groups stands there as often.
    """

    ties: Integers
    lines: Integers
    inner: Integers
    inside: Integers
    nodes: Integers
    discs: Integers


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is drawn: discs, and lines between them by their places."""

    discs: tuple[Disc, ...]
    lines: tuple[Line, ...]
    parts: Parts

    def simple(self) -> Simple:
        """Give what is drawn without directions and loops, to be computed with."""
        source = np.array([line.source for line in self.lines], np.int64)
        target = np.array([line.target for line in self.lines], np.int64)
        load = np.array([line.weight for line in self.lines], np.float64)
        return Simple.of(len(self.discs), source, target, load)


def plain(selection: Selection) -> Sheet:
    """Draw every node as itself."""
    places, ties = selection.places(), selection.ties
    ends = zip(places[ties.source].tolist(), places[ties.target].tolist(), strict=True)
    weights = ties.weights().tolist()
    lines = tuple(
        Line(*pair, weight, reasons=reasons)
        for pair, weight, reasons in zip(ends, weights, _reasons(ties), strict=True)
    )
    every, none = np.arange(len(ties)), np.empty(0, np.int64)
    nodes = np.array(selection.nodes, np.int64)
    discs = tuple(Disc(node) for node in selection.nodes)
    return Sheet(discs, lines, Parts(every, every, none, none, nodes, np.arange(len(nodes))))


def _reasons(ties: Ties) -> list[tuple[int, ...]]:
    """Give the reasons that each tie names."""
    first, reason = ties.first.tolist(), ties.reason.tolist()
    return [
        tuple(at for at in reason[first[tie] : first[tie + 1]] if at != NO_REASON)
        for tie in range(len(ties))
    ]


def collapsed(
    selection: Selection,
    groups: Mapping[int, tuple[str, ...]],
    opened: Collection[str],
    order: Callable[[str], tuple[int, str]],
    *,
    directed: bool = False,
) -> Sheet:
    """Draw each group of nodes as one disc, but the members of those that are opened.

    A node of several groups counts in each, and so do its ties. What is inside a group are the
    ties between its members.
    """
    # Few sets of groups are held by many nodes.
    held = Counter(groups[node] for node in selection.nodes)
    shut = {keys for keys in held if not set(keys) & set(opened)}
    sizes: Counter[str] = Counter()
    for keys in shut:
        for group in keys:
            sizes[group] += held[keys]
    free = [node for node in selection.nodes if groups[node] not in shut]
    names: list[str | int] = [*sorted(sizes, key=order), *free]
    place = {name: at for at, name in enumerate(names)}
    places = {keys: tuple(place[group] for group in keys) for keys in shut}
    of = [places.get(groups[node]) or (place[node],) for node in selection.nodes]
    tie, source, target = _led(selection, of)
    if not directed:
        source, target = np.minimum(source, target), np.maximum(source, target)
    within = (source == target) & (source < len(sizes))
    inside = np.bincount(source[within], minlength=len(names)).tolist()
    discs = tuple(
        Disc(name) if isinstance(name, int) else Disc(None, name, sizes[name], inside[at])
        for at, name in enumerate(names)
    )
    key, line = np.unique(source[~within] * len(names) + target[~within], return_inverse=True)
    nodes = np.repeat(np.array(selection.nodes, np.int64), [len(each) for each in of])
    drawn = np.array([disc for each in of for disc in each], np.int64)
    parts = Parts(tie[~within], line, tie[within], source[within], nodes, drawn)
    return Sheet(discs, _lines(selection.ties, key, parts, len(names)), parts)


def _led(selection: Selection, of: Sequence[Sequence[int]]) -> tuple[Integers, Integers, Integers]:
    """Give where each tie leads from and to, once for each pair of the discs of its ends."""
    ties, places = selection.ties, selection.places()
    count = np.array([len(discs) for discs in of], np.int64)
    first = np.cumsum(count) - count
    flat = np.array([disc for discs in of for disc in discs], np.int64)
    source, target = places[ties.source], places[ties.target]
    times = count[source] * count[target]
    if times.sum() > _MOST:
        raise ParameterError(
            "these nodes are of so many groups each that what links the groups cannot be drawn: "
            "narrow the map by filters"
        )
    tie = np.repeat(np.arange(len(ties)), times)
    nth = np.arange(len(tie)) - np.repeat(np.cumsum(times) - times, times)
    across = count[target][tie]
    return (
        tie,
        flat[first[source][tie] + nth // across],
        flat[first[target][tie] + nth % across],
    )


def _lines(ties: Ties, key: Integers, parts: Parts, width: int) -> tuple[Line, ...]:
    """Make the lines, whose ends are told by `key`."""
    weight = np.bincount(parts.lines, ties.weights()[parts.ties], len(key))
    merged = np.bincount(parts.lines, minlength=len(key))
    single = np.full(len(key), -1, np.int64)
    single[parts.lines] = parts.ties
    alone = ties.among(np.isin(np.arange(len(ties)), single[merged == 1]))
    named = dict(zip(np.unique(single[merged == 1]).tolist(), _reasons(alone), strict=True))
    return tuple(
        Line(pair // width, pair % width, load, count, named[tie] if count == 1 else ())
        for pair, load, count, tie in zip(
            key.tolist(), weight.tolist(), merged.tolist(), single.tolist(), strict=True
        )
    )


def groups_by(
    projection: Projection, selection: Selection, facet: str
) -> dict[int, tuple[str, ...]]:
    """Group nodes by the values of a facet; those that have none are of the unknown.

    A node whose kind does not have the facet takes the values of the reasons of its ties.
    """
    column = projection.attributes.get(facet, (None,) * len(projection.segments))
    behind = column[len(projection.nodes) :]
    lent: dict[int, set[str]] = defaultdict(set)
    if any(behind):
        ties = selection.ties
        holders = ties.holders()
        named = ties.reason != NO_REASON
        for ends in (ties.source, ties.target):
            holding = ends[holders[named]].astype(np.int64)
            pairs = distinct(holding * len(behind) + ties.reason[named])
            for pair in pairs.tolist():
                node, at = divmod(pair, len(behind))
                lent[node].update(behind[at] or ())
    found = {}
    for node in selection.nodes:
        own = column[node]
        values = tuple(sorted(lent[node])) if own is None else own
        found[node] = tuple(f"{facet}/{key}" for key in values or (UNKNOWN,))
    return found
