"""A network kept to what began in some years: all stays in its place, and the rest is faded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph.errors import ParameterError
from visualisations.drawn import Link, Node, View

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Span:
    """Years from the first to the last, both counted."""

    first: int
    last: int

    def __str__(self) -> str:
        """Write it as addresses have it: `2014`, `2007-2014`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def part(self, years: Sequence[tuple[int, int]]) -> float:
        """Give the part of so many beginnings by year that lies within; 0 where none is known."""
        all_of_them = sum(number for _, number in years)
        within = sum(number for year, number in years if self.first <= year <= self.last)
        return within / all_of_them if all_of_them else 0.0


@dataclass(frozen=True, slots=True)
class Begun:
    """What of a view began in a span: nodes by number, and the weights of links by place."""

    span: Span
    nodes: frozenset[int]
    weights: Mapping[int, float]


def read_span(text: str, view: View) -> Span | None:
    """Read the years that a view is kept to; None for all. ParameterError for what is no span."""
    if not text:
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None or view.time is None:
        told = "nothing on this map has a known beginning" if found else "it is no year or span"
        raise ParameterError(
            f"a network cannot be kept to the years “{text[:40]}”: {told}; write 2014 or 2007-2014"
        )
    first = int(found[1])
    last = int(found[2] or first)
    if first > last:
        raise ParameterError(f"the years {text} end before they begin")
    return Span(first, last)


def begun(view: View, span: Span) -> Begun:
    """Tell what of a view began in a span, by the rule of the filter for periods.

    A link of which it is not asked when it began is there while both its ends are; so is a node
    that has a link.
    """
    by_nodes = view.time is not None and view.time.of == "nodes"
    parts = [None if node.years is None else span.part(node.years) for node in view.nodes]
    weights: dict[int, float] = {}
    for place, link in enumerate(view.links):
        part = 1.0 if link.years is None else span.part(link.years)
        ends = (parts[link.source], parts[link.target])
        if part and not (by_nodes and 0.0 in ends):
            weights[place] = link.weight * part
    linked = {
        end for place in weights for end in (view.links[place].source, view.links[place].target)
    }
    there = frozenset(
        number
        for number, part in enumerate(parts)
        if (part if by_nodes and part is not None else number in linked or part)
    )
    return Begun(span, there, weights)


def drawn_of(view: View, kept: Begun | None) -> tuple[list[Node], list[Link]]:
    """Give the nodes and links of a view that are there, the links with the weight of then."""
    if kept is None:
        return list(view.nodes), list(view.links)
    nodes = [node for node in view.nodes if node.number in kept.nodes]
    links = [replace(view.links[place], weight=weight) for place, weight in kept.weights.items()]
    return nodes, links
