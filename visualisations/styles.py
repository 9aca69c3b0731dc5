"""How kinds of nodes look: a colour and a shape each, so that neither is needed alone.

The colours are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart under
the common forms of colour blindness. Each is drawn with a darker border, since the light ones
among them have too little contrast to white (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ontology import Class


@dataclass(frozen=True, slots=True)
class Style:
    """A shape of vis-network, its fill and its border, both as `#rrggbb`."""

    shape: str
    fill: str
    border: str


_BLUE, _VERMILLION, _GREEN = "#0072b2", "#d55e00", "#009e73"
_ORANGE, _SKY, _PURPLE, _YELLOW = "#e69f00", "#56b4e9", "#cc79a7", "#f0e442"

# The styles that are given to kinds, in this order.
PALETTE = (
    Style("dot", _BLUE, "#003d60"),
    Style("square", _VERMILLION, "#6e3000"),
    Style("triangle", _GREEN, "#00523b"),
    Style("diamond", _ORANGE, "#6b4a00"),
    Style("star", _PURPLE, "#6d2f50"),
    Style("hexagon", _SKY, "#16537a"),
    Style("triangleDown", _YELLOW, "#6b6400"),
    Style("square", "#ffffff", "#333333"),
)
OTHER = Style("dot", "#bbbbbb", "#444444")

# Kinds that look the same on every map where they are.
_FIXED: Mapping[str, Style] = {
    Class.ORGANISATION: PALETTE[0],
    Class.COUNTRY: PALETTE[0],
    Class.CONSORTIUM: PALETTE[1],
    Class.PROJECT: PALETTE[1],
    Class.PRACTICE: PALETTE[2],
    Class.FUNDING_INSTRUMENT: PALETTE[3],
    Class.FUND: PALETTE[3],
    Class.PRINCIPLE: PALETTE[4],
    Class.POLICY: PALETTE[5],
}


def assign(kinds: Iterable[str]) -> dict[str, Style]:
    """Give each kind of the nodes a style; the most frequent kinds choose first.

    `kinds` holds the kind of every node. The result stands in the order of the legend: by
    number of nodes, then by IRI. When the palette is used up, the rest look alike (`OTHER`).
    """
    counts = Counter(kinds)
    order = sorted(counts, key=lambda kind: (-counts[kind], kind))
    styles: dict[str, Style] = {}
    for kind in (kind for kind in order if kind in _FIXED):
        if _FIXED[kind] not in styles.values():
            styles[kind] = _FIXED[kind]
    free = [style for style in PALETTE if style not in styles.values()]
    for kind in (kind for kind in order if kind not in styles):
        styles[kind] = free.pop(0) if free else OTHER
    return {kind: styles[kind] for kind in order}
