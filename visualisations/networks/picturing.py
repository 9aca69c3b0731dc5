"""From a view of a network to what is drawn: which marks look alike, and how large each is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.errors import ParameterError
from graph.network import Label
from visualisations.drawn import Node, View
from visualisations.networks.scene import Group, Line, Mark, Scene
from visualisations.networks.spans import Begun
from visualisations.styles import OTHER, PALETTE, Style
from visualisations.wording import Wording

KIND, COMMUNITY = "kind", "community"
SIZES = ("degree", "strength", "betweenness", "constraint", "core", "same")
_SMALLEST, _LARGEST = 5.0, 18.0  # radii where the size is not that of the layout
_GAP = 1.0  # that is left between two marks, at least
_STYLES, _SEVERAL = PALETTE[:6], PALETTE[7]
_UNKNOWN = Style("triangleDown", "#ffffff", "#777777")


@dataclass(frozen=True, slots=True)
class Look:
    """What colours and sizes stand for: a name of an attribute, and one of a measure."""

    colour: str = KIND
    size: str = "degree"


def colours_of(view: View) -> tuple[str, ...]:
    """Name what marks can be coloured by."""
    return (KIND, COMMUNITY, *(attribute.name for attribute in view.attributes))


def scene_of(view: View, look: Look, words: Wording, kept: Begun | None = None) -> Scene:
    """Give what is drawn of a view; ParameterError for a colour or a size that it has not.

    Kept to some years, the rest of the marks are faded, and the rest of the lines left out.
    """
    for asked, known in ((look.colour, colours_of(view)), (look.size, SIZES)):
        if asked not in known:
            raise ParameterError(
                f"marks cannot show “{asked[:80]}”; they can show {', '.join(known)}"
            )
    places, groups = _grouped(view, look.colour, words)
    radii = _radii(view, look.size)
    marks = tuple(
        Mark(
            node.number,
            node.label,
            node.short,
            places[node.number],
            node.x,
            node.y,
            radii[node.number],
            node.page,
            kept is None or node.number in kept.nodes,
        )
        for node in sorted(view.nodes, key=lambda node: (-radii[node.number], node.number))
    )
    weights = kept.weights if kept else {at: link.weight for at, link in enumerate(view.links)}
    drawn = ((view.links[at], weight) for at, weight in weights.items())
    lines = tuple(Line(link.source, link.target, weight) for link, weight in drawn)
    way = () if view.path is None else tuple(view.path.nodes)
    steps = {pair for step in pairwise(way) for pair in (step, step[::-1])}
    shown = frozenset(way) | {node.number for node in view.nodes if node.id == view.asked.centre}
    return Scene(
        marks,
        lines,
        groups,
        directed=view.spec.directed,
        shown=shown,
        way=tuple(line for line in lines if (line.source, line.target) in steps),
    )


def _grouped(view: View, colour: str, words: Wording) -> tuple[list[int], tuple[Group, ...]]:
    """Give the group of each node, and the groups with their looks, the largest first."""
    if colour == KIND:
        groups = tuple(Group(kind.label, kind.style, kind.count) for kind in view.kinds)
        return [node.kind for node in view.nodes], groups
    names = _names(view, colour, words)
    keys = [_key(node, colour) for node in view.nodes]
    return _coloured(keys, names, words)


def _key(node: Node, colour: str) -> str:
    """Give what a node is coloured by: empty where it is unknown, `*` where there are several."""
    if colour == COMMUNITY:
        return "" if node.community is None else str(node.community)
    found = node.attributes.get(colour, ())
    return "*" if len(found) > 1 else "".join(found)


def _names(view: View, colour: str, words: Wording) -> Mapping[str, Label]:
    if colour == COMMUNITY:
        said = words.gettext("around %(names)s")
        groups = () if view.grouping is None else view.grouping.groups
        return {
            str(group.number): Label(said % {"names": called}, words.language)
            for group, called in zip(groups, view.called, strict=True)
        }
    attribute = next(item for item in view.attributes if item.name == colour)
    return dict(attribute.values)


def _coloured(
    keys: Sequence[str], names: Mapping[str, Label], words: Wording
) -> tuple[list[int], tuple[Group, ...]]:
    counts = Counter(keys)
    own = sorted((key for key in counts if key not in {"", "*"}), key=lambda key: -counts[key])
    shown = dict(zip(own, _STYLES, strict=False))
    said = {
        "*": (Label(words.gettext("several of them"), words.language), _SEVERAL),
        "": (Label(words.gettext("unknown"), words.language), _UNKNOWN),
        "others": (Label(words.gettext("others"), words.language), OTHER),
    }
    folded = [key if key in shown or key in said else "others" for key in keys]
    counts = Counter(folded)
    order = [key for key in (*shown, "others", "*", "") if counts[key]]
    groups = tuple(
        Group(names.get(key, Label(key)), shown[key], counts[key])
        if key in shown
        else Group(*said[key], counts[key])
        for key in order
    )
    place = {key: number for number, key in enumerate(order)}
    return [place[key] for key in folded], groups


def _radii(view: View, size: str) -> list[float]:
    """Give the radius of each node; the area, not the width, grows with what it stands for.

    Nodes stay where they are whatever the size stands for, so that pictures can be compared: the
    largest is as large as the two that are nearest to each other allow.
    """
    if size == "degree":
        return [node.radius for node in view.nodes]
    if size == "same":
        return [min(_room(view), 9.0)] * len(view.nodes)
    read: Callable[[Node], float | None] = lambda node: getattr(node, size)  # noqa: E731  # typed
    values = [read(node) or 0.0 for node in view.nodes]
    most = max(values, default=0.0) or 1.0
    largest = _room(view)
    least = min(_SMALLEST, largest / 2)
    return [least + (largest - least) * math.sqrt(max(value, 0.0) / most) for value in values]


def _room(view: View) -> float:
    """Give the radius that all circles may have without touching: half of the least distance."""
    least = math.inf
    order = sorted((node.x, node.y) for node in view.nodes)
    for place, (x, y) in enumerate(order):
        for other, down in order[place + 1 :]:
            if other - x >= min(least, 2 * _LARGEST + _GAP):
                break
            least = min(least, math.hypot(other - x, down - y))
    return max(min(_LARGEST, (least - _GAP) / 2), 1.0)
