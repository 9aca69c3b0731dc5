"""Selecting from a projection what filters keep, what is near a node, or lies on a way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.facets import PERIOD
from graph.identity import Identity
from graph.networks.asking import Asked, years_of
from graph.networks.attributes import answering
from graph.networks.projection import NO_REASON, Projection, Tie, Values


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a projection: numbers of its nodes in order, and its ties with what is kept.

    Ties still number nodes and reasons as the projection does.
    """

    nodes: tuple[int, ...]
    ties: tuple[Tie, ...]

    def neighbours(self) -> dict[int, list[int]]:
        """Give the neighbours of each node in order, whatever the direction of the ties."""
        found: dict[int, set[int]] = {node: set() for node in self.nodes}
        for tie in self.ties:
            if tie.source != tie.target:
                found[tie.source].add(tie.target)
                found[tie.target].add(tie.source)
        return {node: sorted(others) for node, others in found.items()}

    def only(self, nodes: Iterable[int]) -> Selection:
        """Keep only these nodes and the ties between them."""
        kept = set(nodes)
        ties = tuple(tie for tie in self.ties if tie.source in kept and tie.target in kept)
        return Selection(tuple(node for node in self.nodes if node in kept), ties)


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way between two nodes: the first by numbers, and how many are as short.

    Without nodes where no way leads.
    """

    nodes: tuple[int, ...]
    several: int


def whole(projection: Projection) -> Selection:
    """Give the selection that leaves nothing out."""
    return Selection(tuple(range(len(projection.nodes))), projection.ties)


def filtered(
    projection: Projection,
    identity: Identity,
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
    things = len(projection.nodes) + len(projection.grounds)
    passes, answers = [True] * things, [0] * things
    for name, values in asked.filters:
        column = _column(projection, name)
        wanted = _wanted(name, values, column, exists)
        for at in answering(projection, identity, name):
            answers[at] += 1
            passes[at] = passes[at] and bool(wanted & set(column[at] or {UNKNOWN}))
    kinds = _of_kinds(projection, identity, asked.kinds)
    for at in range(len(projection.nodes)):
        passes[at] = passes[at] and at in kinds
    ties = tuple(
        kept
        for tie in projection.ties
        if tie.source in kinds
        and tie.target in kinds
        and _joins(tie, passes, answers, one=asked.ends == "one")
        and (kept := _with_reasons(tie, passes, len(projection.nodes)))
    )
    tied = {end for tie in ties for end in (tie.source, tie.target)}
    nodes = (
        at
        for at in range(len(projection.nodes))
        if at in tied or (passes[at] and answers[at] == len(asked.filters))
    )
    return Selection(tuple(nodes), ties)


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


def _of_kinds(projection: Projection, identity: Identity, kinds: tuple[str, ...]) -> set[int]:
    """Give the nodes that are of one of the kinds, or all where none is asked for."""
    segments = [kind_of(identity, node) for node in projection.nodes]
    unknown = set(kinds) - set(segments)
    if unknown:
        known = sorted(set(segments) - {""})
        first = min(unknown)
        raise ParameterError(
            f"no node of this map is of the kind “{first[:80]}”{near(first, known)} "
            f"(there are: {', '.join(known) or 'none'})"
        )
    return {at for at, segment in enumerate(segments) if not kinds or segment in kinds}


def kind_of(identity: Identity, iri: str) -> str:
    """Give the kind of a thing, empty for what is not of ours."""
    reference = identity.parse(iri)
    return "" if reference is None else reference.segment


def _joins(tie: Tie, passes: Sequence[bool], answers: Sequence[int], *, one: bool) -> bool:
    """Tell whether the ends of a tie let it stay."""
    ends = (tie.source, tie.target)
    if not one or not any(answers[end] for end in ends):
        return all(passes[end] for end in ends)
    return any(passes[end] and answers[end] for end in ends)


def _with_reasons(tie: Tie, passes: Sequence[bool], nodes: int) -> Tie | None:
    kept = tuple(
        (at, weight) for at, weight in tie.reasons if at == NO_REASON or passes[nodes + at]
    )
    return replace(tie, reasons=kept) if kept else None


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
        return Selection((), ())
    found = {
        node for node, steps in _steps(selection.neighbours(), centre).items() if steps <= depth
    }
    return selection.only(found)


def between(selection: Selection, source: int, target: int) -> tuple[Selection, Way]:
    """Keep all shortest ways between two nodes, and tell the first and the number of them."""
    neighbours = selection.neighbours()
    if source not in neighbours or target not in neighbours:
        return selection.only({source, target}), Way((), 0)
    from_source, from_target = _steps(neighbours, source), _steps(neighbours, target)
    if target not in from_source:
        return selection.only({source, target}), Way((), 0)
    length = from_source[target]
    on_way = {
        node
        for node, steps in from_source.items()
        if steps + from_target.get(node, length + 1) == length
    }
    several = _count(neighbours, from_source, on_way, source)
    way = [source]
    while way[-1] != target:
        steps = from_source[way[-1]]
        way.append(
            next(
                node
                for node in neighbours[way[-1]]
                if node in on_way and from_source[node] == steps + 1
            )
        )
    part = selection.only(on_way)
    forward = tuple(
        tie for tie in part.ties if abs(from_source[tie.source] - from_source[tie.target]) == 1
    )
    return Selection(part.nodes, forward), Way(tuple(way), several[target])


def _steps(neighbours: Mapping[int, Sequence[int]], start: int) -> dict[int, int]:
    """Count the ties from a node to each that it reaches. O(n + m)."""
    steps = {start: 0}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for other in neighbours[node]:
            if other not in steps:
                steps[other] = steps[node] + 1
                waiting.append(other)
    return steps


def _count(
    neighbours: Mapping[int, Sequence[int]],
    steps: Mapping[int, int],
    on_way: Iterable[int],
    source: int,
) -> dict[int, int]:
    """Count the shortest ways from the source to each node that lies on one."""
    found = {source: 1}
    for node in sorted(on_way, key=lambda node: steps[node]):
        if node != source:
            before = (
                other for other in neighbours[node] if steps.get(other, -1) == steps[node] - 1
            )
            found[node] = sum(found.get(other, 0) for other in before)
    return found
