"""Flows of money as a Sankey diagram: the drawing, whose parts lead to their rows."""

from __future__ import annotations

from markupsafe import Markup

from visualisations import svg
from visualisations.lettering import FAMILY, shortened
from visualisations.money.placing import (
    COLUMN,
    GREY,
    LINE,
    MARGIN,
    NAME,
    NODE,
    QUIET,
    SUM,
    Placed,
    Ribbon,
    label_height,
    lay_out,
)
from visualisations.money.telling import amount, amounts, band_name, rounded, share, summary
from visualisations.money.view import View
from visualisations.wording import Wording

_INK = "#1b2430"


def draw(view: View, words: Wording, *, linked: bool = True) -> Markup:
    """Draw a flow; where it is `linked`, its bands and links lead to the rows behind them."""
    layout = lay_out(view, words)
    content = [
        _stripes(),
        *(_head(step.name, place) for place, step in enumerate(view.steps)),
        svg.element(
            "g",
            *(_ribbon(item, view, words, linked=linked) for item in layout.ribbons),
            class_="ribbons",
        ),
        svg.element(
            "g", *(_band(item, view, words, linked=linked) for item in layout.bands), class_="bands"
        ),
    ]
    return svg.element(
        "svg",
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {svg.number(layout.width)} {svg.number(layout.height)}",
        # What has links inside is no image: their names would not be read.
        role="group" if linked else "img",
        aria_label=summary(view, words),
        font_family=FAMILY,
        class_=f"flow steps-{len(view.steps)}",
    )


def _stripes() -> Markup:
    """Define the stripes of what is unknown, which no colour stands for alone."""
    line = svg.element("path", d="M0 6L6 0", stroke=QUIET, stroke_width=1.5)
    ground = svg.element("rect", width=6, height=6, fill="#ffffff")
    pattern = svg.element(
        "pattern", ground, line, id="unknown", width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return svg.element("defs", pattern)


def _head(name: str, step: int) -> Markup:
    x = MARGIN + step * COLUMN
    short = shortened(name, NAME, COLUMN - 2 * MARGIN)
    return svg.element(
        "text", short, x=x, y=MARGIN + NAME, font_size=NAME, font_weight="bold", fill=_INK
    )


def _band(item: Placed, view: View, words: Wording, *, linked: bool) -> Markup:
    name = band_name(item.band, words)
    part = share(item.band.money, view.total)
    told = words.gettext("%(name)s: %(sum)s, %(share)s %%, %(amounts)s") % {
        "name": name,
        "sum": amount(item.band.money.sum, view.currency, words),
        "share": words.number(part) if part is not None else "?",
        "amounts": amounts(item.band.money, words),
    }
    x = item.x + NODE + 6
    # Beside a small band its label stands in the middle, and beside a large one at the top.
    y = item.y + min(0.0, (item.height - label_height(item.name)) / 2)
    short = rounded(item.band.money.sum, words) if item.band.money.sum is not None else ""
    if part is not None:
        short = f"{short} · {words.number(part)} %"
    last = y + len(item.name) * LINE
    parts = [
        svg.element("title", told),
        # What can be pressed is as tall as the label, however small the band.
        svg.element(
            "rect", x=item.x, y=min(item.y, y), width=COLUMN - 30, height=item.room, fill="none",
            pointer_events="all",
        ),
        svg.element(
            "rect", x=item.x, y=item.y, width=NODE, height=item.height, fill=item.fill,
            stroke=item.border, stroke_width=1,
        ),
        *(
            _text(line, x, y + (place + 1) * LINE - 4, NAME, _INK)
            for place, line in enumerate(item.name)
        ),
        _text(short, x, last + SUM - 2, SUM, QUIET),
    ]  # fmt: skip
    address = item.band.address if linked else None
    if address is None:
        return svg.element("g", *parts, class_="band", data_bands=str(item.number))
    return svg.element("a", *parts, href=address, class_="band", data_bands=str(item.number))


def _text(text: str, x: float, y: float, size: float, fill: str) -> Markup:
    return svg.element(
        "text", text, x=x, y=y, font_size=size, fill=fill, stroke="#ffffff", stroke_width=3,
        stroke_linejoin="round", paint_order="stroke",
    )  # fmt: skip


def _ribbon(item: Ribbon, view: View, words: Wording, *, linked: bool) -> Markup:
    told = words.gettext("%(source)s → %(target)s: %(sum)s, %(amounts)s") % {
        "source": band_name(item.link.source, words),
        "target": band_name(item.link.target, words),
        "sum": amount(item.link.money.sum, view.currency, words),
        "amounts": amounts(item.link.money, words),
    }
    fill = GREY if item.source.fill.startswith("url") else item.source.fill
    shape = svg.element(
        "path", svg.element("title", told), d=_shape(item), fill=fill, fill_opacity=0.38
    )
    ends = f"{item.source.number} {item.target.number}"
    address = item.link.address if linked else None
    if address is None:
        return svg.element("g", shape, class_="ribbon", data_bands=ends)
    # The keyboard and readers aloud have the table below, where each link is a line.
    return svg.element(
        "a", shape, href=address, tabindex="-1", aria_hidden="true", class_="ribbon",
        data_bands=ends,
    )  # fmt: skip


def _shape(item: Ribbon) -> str:
    start, end = item.source.x + NODE, item.target.x
    middle = (start + end) / 2
    upper, lower = item.leaves + item.thickness, item.arrives + item.thickness
    numbers = [svg.number(value) for value in
               (start, item.leaves, middle, item.leaves, middle, item.arrives, end, item.arrives,
                end, lower, middle, lower, middle, upper, start, upper)]  # fmt: skip
    (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q) = numbers
    return f"M{a} {b}C{c} {d} {e} {f} {g} {h}L{i} {j}C{k} {m} {n} {o} {p} {q}Z"
