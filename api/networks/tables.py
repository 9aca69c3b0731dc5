"""The tables beside a drawing of a network: some rows at a time, sorted by addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from api.addresses import Address
from api.networks.forms import path_of
from graph.network import Label
from visualisations.counting import measured, share
from visualisations.drawn import Link, Node, Reason, View
from visualisations.networks.scene import Scene
from visualisations.wording import Wording

ROWS = 100  # of a table at once: more is on the next page, and in the files
_SHARES = {"betweenness"}  # measures that are parts of a whole
_TEXTS = {"name", "group"}

S = TypeVar("S")
T = TypeVar("T")
Groups = Mapping[int, Label]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and the address of the table sorted by it."""

    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is read, and as it is sorted by; both empty where it is unknown."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node: its measures in the order of the heads, and where one can go from it.

    `anchor` is what the address names when the node is chosen in the drawing.
    """

    number: int
    anchor: str
    label: Label
    page: str | None
    group: Label
    cells: tuple[Cell, ...]
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link: its ends, weight and reasons, and the address of the rows that state it."""

    source: Node
    target: Node
    value: str
    weight: str
    merged: int
    reasons: tuple[Reason, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some rows of a table, from the first to the last of so many, and where the others are."""

    rows: tuple[T, ...]
    first: int
    last: int
    total: int
    before: str | None
    after: str | None


def heads(
    view: View, address: Address, colour: str, by: str, *, falling: bool, words: Wording
) -> list[Head]:
    """Give the heads of the table of nodes, each leading to the table in its order.

    `colour` is what the colours stand for, and so the groups of the legend.
    """
    names = [("name", words.gettext("Name")), ("group", words.gettext(colour))]
    names += [(item.name, item.label) for item in view.measures]
    return [
        Head(
            name,
            label,
            address.but(by=name, order=_next(name, by, falling=falling), nodes_from=None),
        )
        for name, label in names
    ]


def sorted_nodes(nodes: Iterable[Node], groups: Groups, by: str, *, falling: bool) -> list[Node]:
    """Sort nodes by a column; what is unknown stands last either way."""
    key = _key(by, groups)
    keyed = [(key(node), node) for node in nodes]
    known = [(value, node) for value, node in keyed if value is not None]
    known.sort(key=lambda item: item[0], reverse=falling)
    return [*(node for _, node in known), *(node for value, node in keyed if value is None)]


def groups_of(scene: Scene) -> Groups:
    """Give the name of the group of each node, by its number."""
    return {item.number: scene.groups[item.group].label for item in scene.marks}


def node_row(view: View, groups: Groups, address: Address, words: Wording, node: Node) -> NodeRow:
    """Give the row of a node."""
    return NodeRow(
        node.number,
        f"#{path_of(node.id)}",
        node.label,
        node.page,
        groups[node.number],
        tuple(cell(item.name, getattr(node, item.name), words) for item in view.measures),
        tuple(_ways(node, address, words)),
    )


def sorted_links(links: Iterable[Link]) -> list[Link]:
    """Sort links, the heaviest first."""
    return sorted(links, key=lambda link: (-link.weight, link.source, link.target))


def link_row(view: View, name: str, words: Wording, link: Link) -> LinkRow:
    """Give the row of a link of the map of that name."""
    return LinkRow(
        view.nodes[link.source],
        view.nodes[link.target],
        f"{link.weight:g}",
        measured(words, link.weight),
        link.merged,
        tuple(view.reasons[number] for number in link.reasons),
        _why(view, link, name),
    )


def part(
    items: Sequence[S], first: int, at: Callable[[int | None], str], make: Callable[[S], T]
) -> Part[T]:
    """Cut a table at a row; `at` gives the address of the table from a row on.

    Only the rows that are shown are made.
    """
    start = min(first, max(len(items) - 1, 0)) // ROWS * ROWS
    shown = tuple(make(item) for item in items[start : start + ROWS])
    after = start + ROWS
    return Part(
        shown,
        start + 1 if shown else 0,
        start + len(shown),
        len(items),
        at(start - ROWS or None) if start else None,
        at(after) if after < len(items) else None,
    )


def cell(name: str, value: float | None, words: Wording) -> Cell:
    """Write a measure: whole numbers whole, shares in hundredths, all others with two digits."""
    if value is None:
        return Cell("", "")
    if name in _SHARES:
        return Cell(share(words, value), f"{value:.6f}")
    return Cell(measured(words, value), f"{value:g}")


def _key(by: str, groups: Groups) -> Callable[[Node], str | float | None]:
    if by == "name":
        return lambda node: node.label.text.casefold()
    if by == "group":
        return lambda node: groups[node.number].text.casefold()
    return lambda node: getattr(node, by)


def _next(name: str, by: str, *, falling: bool) -> str:
    if name == by:
        return "ascending" if falling else "descending"
    return "ascending" if name in _TEXTS else "descending"


def _ways(node: Node, address: Address, words: Wording) -> list[tuple[str, str]]:
    if node.group is not None:
        opened = ",".join(filter(None, (address.state.get("open"), node.group)))
        by = node.group.partition("/")[0]
        return [(address.but(open=opened, collapse=by), words.gettext("open"))]
    ways = [
        (
            address.but(centre=node.id, depth=None, from_=None, to=None, **_FIRST),
            words.gettext("around it"),
        )
    ]
    start = address.state.get("from")
    if start is None or address.state.get("to"):
        here = address.but(from_=node.id, to=None, centre=None, depth=None)
        ways.append((here, words.gettext("way from it")))
    elif start != node.id:
        there = address.but(to=node.id, centre=None, depth=None, **_FIRST)
        ways.append((there, words.gettext("way to it")))
    return ways


# Where tables begin anew.
_FIRST: dict[str, None] = {"nodes_from": None, "links_from": None}


def _why(view: View, link: Link, name: str) -> str | None:
    if link.merged > 1:
        return None
    ends = path_of(view.nodes[link.source].id), path_of(view.nodes[link.target].id)
    return f"/networks/{name}/why?from={ends[0]}&to={ends[1]}"
