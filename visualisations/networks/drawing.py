"""A network as SVG: the same drawing for pages, for files and for print."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from markupsafe import Markup

from visualisations.lettering import FAMILY
from visualisations.networks.lines import draw_arrows, draw_lines, draw_way
from visualisations.networks.marks import mark, outline
from visualisations.networks.naming import Box, Spot, place
from visualisations.networks.scene import Frame, Mark, Scene, fitted
from visualisations.svg import element, number

WIDE, NARROW = 860, 340  # pixels of the two sizes of screen that names are placed for
MOST = 5000  # marks that are drawn one by one; beyond, those of a group are one shape
_TITLED = 2000  # marks that say their names to the pointer: of more, a script lets the one say it
_NAMED = 400  # marks that are named at most: a screen has no room for more
_LETTER = 12.5  # height of a letter, in pixels
_EDGE = 36.0  # around the marks, in pixels, for names and what reaches out
_RING = 1.5  # radius of what brings a mark out, in radii of the mark
_FADED = 0.15  # how much is seen of what is not there in the years that the drawing is kept to
_INK, _PAPER, _BROUGHT_OUT = "#1b2430", "#ffffff", "#8a3b00"

_Faded: TypeAlias = "dict[str, str | float]"


def draw(scene: Scene, label: str, *, standing_alone: bool = False) -> Markup:
    """Draw a network.

    On a page, marks lead to pages without being stops of the keyboard: the table beside the
    drawing has the same links; names are a second drawing over the first, so that the one is
    painted without the other, placed for a wide and for a narrow screen, of which the stylesheet
    shows one. `standing_alone`, it is one file that says what it shows.
    """
    seen, frame = fitted(scene, WIDE, _EDGE)
    network = (
        draw_lines(seen),
        draw_arrows(seen) if seen.directed else Markup(""),
        draw_way(seen, _BROUGHT_OUT),
        _marks(seen, hidden=not standing_alone),
    )
    wide = _names(seen, frame, WIDE, "wide")
    if standing_alone:
        return _sheet(frame, *network, wide, role="img", aria_label=label, font_family=FAMILY)
    drawing = _sheet(
        frame,
        *network,
        role="group",
        aria_label=label,
        class_="network-drawing",
        # Where the corner of the plane is and how large its units: for scripts that go on drawing.
        data_left=number(frame.left),
        data_top=number(frame.top),
        data_unit=f"{frame.unit:.6g}",
    )
    narrow = _names(seen, frame, NARROW, "narrow")
    names = _sheet(frame, wide, narrow, class_="network-names", aria_hidden="true")
    return element("div", drawing, names, class_="sheet")


def _sheet(frame: Frame, *content: Markup, **attributes: str) -> Markup:
    return element(
        "svg",
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(frame.width)} {number(frame.height)}",
        **attributes,
    )


def _marks(scene: Scene, *, hidden: bool) -> Markup:
    grouped: dict[int, list[Mark]] = defaultdict(list)
    for item in scene.marks:
        grouped[item.group].append(item)
    # On a page the stylesheet fades, so that scripts can bring back.
    faded: _Faded = {"class_": "off"} if hidden else {"opacity": _FADED}
    groups = (_group(scene, group, grouped[group], faded) for group in sorted(grouped))
    return element(
        "g",
        *groups,
        class_="marks",
        stroke_width=1.2,
        aria_hidden="true" if hidden else None,
    )


def _group(scene: Scene, group: int, marks: list[Mark], faded: _Faded) -> Markup:
    style = scene.groups[group].style
    draw_some = _one_by_one if len(scene.marks) <= MOST else _together
    drawn = (
        draw_some(scene, [item for item in marks if item.there is there], {} if there else faded)
        for there in (False, True)
    )
    return element("g", *drawn, fill=style.fill, stroke=style.border)


def _one_by_one(scene: Scene, marks: list[Mark], faded: _Faded) -> Markup:
    return Markup().join(_linked(scene, item, faded) for item in marks)


def _together(scene: Scene, marks: list[Mark], faded: _Faded) -> Markup:
    """Draw the marks of a group as one path: nothing else is painted as soon."""
    if not marks:
        return Markup()
    shape = scene.groups[marks[0].group].style.shape
    outlines = (outline(shape, item.x, item.y, item.radius) for item in marks)
    return element("path", d="".join(outlines), **faded)


def _linked(scene: Scene, item: Mark, faded: _Faded) -> Markup:
    """Draw a mark with its name for the pointer, as a link where it has a page."""
    parts = [mark(scene.groups[item.group].style.shape, item.x, item.y, item.radius)]
    if len(scene.marks) <= _TITLED:
        parts.append(element("title", item.name.text))
    if item.number in scene.shown:
        parts.insert(0, _ring(item))
    if item.page is None:
        return element("g", *parts, data_n=str(item.number), **faded)
    number_ = str(item.number)
    return element("a", *parts, href=item.page, tabindex="-1", data_n=number_, **faded)


def _reach(scene: Scene, item: Mark) -> float:
    """Tell how far a mark reaches: corners beyond its circle, a ring beyond its corners."""
    return item.radius * (_RING + 0.1 if item.number in scene.shown else 1.2)


def _ring(item: Mark) -> Markup:
    return element(
        "circle",
        cx=item.x,
        cy=item.y,
        r=item.radius * _RING,
        fill="none",
        stroke=_BROUGHT_OUT,
        stroke_width=2.5,
    )


def _names(scene: Scene, frame: Frame, pixels: int, screen: str) -> Markup:
    letter = _LETTER * frame.width / pixels
    # What is brought out is named first, then the rest in their order.
    order = sorted(scene.marks, key=lambda item: item.number not in scene.shown)
    spots = [
        Spot(item.number, item.x, item.y, _reach(scene, item), item.short.text)
        for item in order
        if item.there
    ]
    marks = scene.by_number
    texts = (
        element(
            "text",
            name.text,
            x=name.x,
            y=name.y + letter * 0.36,
            lang=marks[name.number].short.language or None,
        )
        for name in place(spots, letter, Box(0, 0, frame.width, frame.height), _NAMED)
    )
    return element(
        "g",
        *texts,
        class_=f"names {screen}",
        font_size=letter,
        text_anchor="middle",
        fill=_INK,
        stroke=_PAPER,
        stroke_width=letter * 0.28,
        stroke_linejoin="round",
        paint_order="stroke",
        pointer_events="none",
        aria_hidden="true",
    )
