"""The legend of a drawing: one mark for each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.networks.marks import mark
from visualisations.networks.scene import Group
from visualisations.styles import Style
from visualisations.svg import element

_SIZE, _RADIUS = 18, 6.0  # pixels


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark of the legend, and the groups that it stands for: several that look alike."""

    mark: Markup
    groups: tuple[Group, ...]


def legend(groups: Sequence[Group]) -> tuple[Entry, ...]:
    """Give the entries of a legend; groups that share one look share an entry."""
    by_style: dict[Style, list[Group]] = {}
    for group in groups:
        by_style.setdefault(group.style, []).append(group)
    return tuple(Entry(legend_mark(style), tuple(found)) for style, found in by_style.items())


def legend_mark(style: Style) -> Markup:
    """Draw the mark of a group, as large as a letter; its name stands beside it."""
    return element(
        "svg",
        mark(style.shape, _SIZE / 2, _SIZE / 2, _RADIUS),
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        width=_SIZE,
        height=_SIZE,
        fill=style.fill,
        stroke=style.border,
        stroke_width=1.2,
        class_="mark",
        aria_hidden="true",
        focusable="false",
    )
