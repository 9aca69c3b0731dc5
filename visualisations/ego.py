"""The surroundings of one thing as a small picture: it in the middle, some of its links around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.lettering import FAMILY, shortened
from visualisations.svg import element, number
from visualisations.wording import Wording

MOST = 12  # neighbours that are drawn
_WIDTH = 680.0  # pixels, as all below
_STEP = 30.0
_SIZE = 14.0
_EDGE = 262.0  # from the sides to the dots
_GAP = 12.0  # between a dot and its name
_RADIUS, _MIDDLE = 5.5, 11.0
_INK, _LINE, _FILL, _BORDER = "#1b2430", "#7c8794", "#0072b2", "#003d60"
_CENTRE = "#d55e00"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing that another is linked to: its name, the language of that, its page, its kind."""

    name: str
    language: str
    page: str
    kind: str


def draw(
    neighbours: Sequence[Neighbour], name: str, words: Wording, *, more: bool = False
) -> Markup:
    """Draw the first neighbours of a thing on both sides of it, each a link to its page.

    `more` tells that there may be more than are given.
    """
    shown = neighbours[:MOST]
    half = (len(shown) + 1) // 2
    height = max(half, 2) * _STEP + _STEP
    middle = height / 2
    parts = []
    for place, item in enumerate(shown):
        left = place < half
        count, at = (half, place) if left else (len(shown) - half, place - half)
        y = middle + (at - (count - 1) / 2) * _STEP
        parts += _neighbour(item, y, middle, left=left)
    centre = element(
        "circle",
        cx=_WIDTH / 2,
        cy=middle,
        r=_MIDDLE,
        fill=_CENTRE,
        stroke="#6e3000",
        stroke_width=1.5,
    )
    lines, others = parts[::2], parts[1::2]
    # A group, not an image: what is in an image cannot be followed.
    return element(
        "svg",
        *lines,
        centre,
        *others,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(_WIDTH)} {number(height)}",
        role="group",
        aria_label=told(neighbours, name, words, more=more),
        class_="ego",
        font_family=FAMILY,
        font_size=_SIZE,
    )


def told(neighbours: Sequence[Neighbour], name: str, words: Wording, *, more: bool = False) -> str:
    """Say what the picture shows, and to how many things the one in the middle is linked."""
    names, number = ", ".join(item.name for item in neighbours[:MOST]), len(neighbours)
    text = words.ngettext(
        "%(name)s is linked to %(number)s thing: %(names)s.",
        "%(name)s is linked to %(number)s things, among them %(names)s.",
        number,
    )
    if more:
        text = words.gettext(
            "%(name)s is linked to at least %(number)s things, among them %(names)s."
        )
    return text % {"name": name, "number": words.number(number), "names": names}


def _neighbour(item: Neighbour, y: float, middle: float, *, left: bool) -> list[Markup]:
    """Draw the line to a neighbour, and the neighbour."""
    x = _EDGE if left else _WIDTH - _EDGE
    bend = (x + _WIDTH / 2) / 2
    curve = (
        f"M{number(_WIDTH / 2)} {number(middle)}C{number(bend)} {number(middle)} "
        f"{number(bend)} {number(y)} {number(x)} {number(y)}"
    )
    line = element("path", d=curve, fill="none", stroke=_LINE, stroke_width=1.2)
    dot = element("circle", cx=x, cy=y, r=_RADIUS, fill=_FILL, stroke=_BORDER)
    text = element(
        "text",
        shortened(item.name, _SIZE, _EDGE - 2 * _GAP),
        x=x - _GAP if left else x + _GAP,
        y=y + _SIZE / 3,
        text_anchor="end" if left else "start",
        fill=_INK,
        lang=item.language or None,
    )
    # Room to hit, as high as a line.
    room = element(
        "rect",
        x=0.0 if left else _WIDTH - _EDGE - _GAP,
        y=y - _STEP / 2 + 1,
        width=_EDGE + _GAP,
        height=_STEP - 2,
        fill="transparent",
    )
    title = element("title", f"{item.name} ({item.kind})")
    return [line, element("a", title, room, dot, text, href=item.page)]
