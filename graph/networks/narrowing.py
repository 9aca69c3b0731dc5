"""Selecting from a projection what filters keep, what is near a node, or lies on a way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.facets import PERIOD
from graph.identity import Identity
from graph.networks.asking import Asked, years_of
from graph.networks.attributes import answering
from graph.networks.projection import Projection, Values
from graph.networks.simple import Simple
from graph.networks.ties import Bools, Integers, Ties


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a projection: numbers of its nodes in order, and its ties with what is kept.

    Ties still number nodes and reasons as the projection does, of which `size` are nodes.
    """

    nodes: tuple[int, ...]
    ties: Ties
    size: int

    def only(self, kept: Bools) -> Selection:
        """Keep only some nodes, told by number, and the ties between them."""
        ties = self.ties.among(kept[self.ties.source] & kept[self.ties.target])
        nodes = np.array(self.nodes, np.int64)
        return Selection(tuple(nodes[kept[nodes]].tolist()), ties, self.size)

    def places(self) -> Integers:
        """Give the place of each node of the projection among the selected, -1 for the others."""
        places = np.full(self.size, -1, np.int64)
        places[list(self.nodes)] = np.arange(len(self.nodes))
        return places

    def simple(self) -> Simple:
        """Give the selected nodes by their places, without directions and loops."""
        places = self.places()
        ends = places[self.ties.source], places[self.ties.target]
        return Simple.of(len(self.nodes), *ends, self.ties.weights())

    def steps(self, start: int) -> Integers:
        """Count the ties from a node to each of the projection, -1 where none lead. O(n + m)."""
        found = np.full(self.size, -1, np.int64)
        found[list(self.nodes)] = self.simple().steps(int(self.places()[start]))
        return found


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way between two nodes: the first by numbers, and how many are as short.

    Without nodes where no way leads.
    """

    nodes: tuple[int, ...]
    several: int


def whole(projection: Projection) -> Selection:
    """Give the selection that leaves nothing out."""
    nodes = len(projection.nodes)
    return Selection(tuple(range(nodes)), projection.ties, nodes)


def filtered(
    projection: Projection,
    asked: Asked,
    exists: Callable[[str, str], bool] = lambda _, __: False,
) -> Selection:
    """Keep what all filters of a question keep.

    `exists` tells whether a key is a value of a facet anywhere in the release: what nothing of
    the map has keeps nothing then, instead of being refused.

    What a facet is asked of must have one of the values; `unknown` is what has none. A tie stays
    while one of its reasons does, and while both its ends, or one of them, pass. A node of which
    a facet was asked stays if it passes, another while it has a tie. ParameterError for a facet
    that nothing of the map has, or a kind that no node is of.
    """
    nodes, ties = len(projection.nodes), projection.ties
    passes = np.ones(len(projection.segments), np.bool_)
    answers = np.zeros(len(projection.segments), np.int64)
    for name, values in asked.filters:
        column = _column(projection, name)
        wanted = _wanted(name, values, column, exists)
        for at in answering(projection, name):
            answers[at] += 1
            passes[at] &= bool(wanted & set(column[at] or (UNKNOWN,)))
    kinds = _of_kinds(projection, asked.kinds)
    passes[:nodes] &= kinds
    joined = _joined(ties, passes, answers > 0, one=asked.ends == "one")
    ties = ties.among(joined & kinds[ties.source] & kinds[ties.target])
    # Place -1, of no reason, is the last: it always passes.
    ties = ties.because(np.append(passes[nodes:], True)[ties.reason])
    stays = passes[:nodes] & (answers[:nodes] == len(asked.filters))
    stays[ties.source] = stays[ties.target] = True
    return Selection(tuple(np.flatnonzero(stays).tolist()), ties, nodes)


def _column(projection: Projection, name: str) -> Sequence[Values]:
    if name not in projection.attributes:
        known = list(projection.attributes)
        raise ParameterError(
            f"nothing of this map has the facet {name}{near(name, known)} "
            f"(it has: {', '.join(known) or 'none'})"
        )
    return projection.attributes[name]


def _wanted(
    name: str,
    values: tuple[str, ...],
    column: Sequence[Values],
    exists: Callable[[str, str], bool],
) -> set[str]:
    """Give the keys that are looked for; ParameterError for one that is of nothing."""
    known = {key for keys in column if keys for key in keys}
    if name == PERIOD:
        years = [value for value in values if value != UNKNOWN]
        found = {str(year) for text in years for year in years_of(text)}
        return found | (set(values) & {UNKNOWN})
    for value in values:
        if value not in known and value != UNKNOWN and not exists(name, value):
            raise ParameterError(
                f"nothing of this map has the {name} “{value[:80]}”{near(value, known)}"
            )
    return set(values)


def _of_kinds(projection: Projection, kinds: tuple[str, ...]) -> Bools:
    """Tell which nodes are of one of the kinds; all are where none is asked for."""
    segments = projection.segments[: len(projection.nodes)]
    unknown = set(kinds) - set(segments)
    if unknown:
        known = sorted(set(segments) - {""})
        first = min(unknown)
        raise ParameterError(
            f"no node of this map is of the kind “{first[:80]}”{near(first, known)} "
            f"(there are: {', '.join(known) or 'none'})"
        )
    return np.array([not kinds or segment in kinds for segment in segments], np.bool_)


def _joined(ties: Ties, passes: Bools, asked: Bools, *, one: bool) -> Bools:
    """Tell of which ties the ends let them stay."""
    source, target = ties.source, ties.target
    both: Bools = passes[source] & passes[target]
    if not one:
        return both
    either = (passes & asked)[source] | (passes & asked)[target]
    joined: Bools = np.where(asked[source] | asked[target], either, both)
    return joined


def number_of(projection: Projection, identity: Identity, name: str, text: str) -> int:
    """Find the node that an address or IRI names; ParameterError where the map has none such."""
    segment, _, key = text.partition("/")
    named = {text, identity.entity(segment, key), identity.entity(segment, unquote(key))}
    for at, node in enumerate(projection.nodes):
        if node in named:
            return at
    raise ParameterError(
        f"{name} cannot be “{text[:200]}”: the map has no such node; expected is KIND/KEY "
        "as in the address of its page, such as organisation/ee-kysk"
    )


def around(selection: Selection, centre: int, depth: int) -> Selection:
    """Keep what is at most so many ties away from a node; nothing where it is not there."""
    if centre not in selection.nodes:
        return selection.only(np.zeros(selection.size, np.bool_))
    steps = selection.steps(centre)
    return selection.only((steps >= 0) & (steps <= depth))


def between(selection: Selection, source: int, target: int) -> tuple[Selection, Way]:
    """Keep all shortest ways between two nodes, and tell the first and the number of them."""
    ends = np.zeros(selection.size, np.bool_)
    ends[[source, target]] = True
    if not {source, target} <= set(selection.nodes):
        return selection.only(ends), Way((), 0)
    steps, back = selection.steps(source), selection.steps(target)
    length = int(steps[target])
    if length < 0:
        return selection.only(ends), Way((), 0)
    part = selection.only((steps >= 0) & (back >= 0) & (steps + back == length))
    forward = np.abs(steps[part.ties.source] - steps[part.ties.target]) == 1
    part = Selection(part.nodes, part.ties.among(forward), part.size)
    return part, _way(part, steps.tolist(), source, target)


def _way(part: Selection, steps: Sequence[int], source: int, target: int) -> Way:
    """Follow the first by numbers of the ways that a part consists of, and count all."""
    after: dict[int, set[int]] = {node: set() for node in part.nodes}
    for tie in part.ties:
        one, two = sorted((tie.source, tie.target), key=steps.__getitem__)
        after[one].add(two)
    counts = dict.fromkeys(part.nodes, 0) | {source: 1}
    for node in sorted(part.nodes, key=steps.__getitem__):
        for other in after[node]:
            counts[other] += counts[node]
    way = [source]
    while way[-1] != target:
        way.append(min(after[way[-1]]))
    return Way(tuple(way), counts[target])
