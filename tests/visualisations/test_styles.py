"""Styles: told apart by shape and by colour, with enough contrast to white."""

from __future__ import annotations

from ontology import Class
from visualisations.styles import OTHER, PALETTE, assign


def luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_borders_stand_out_from_the_ground() -> None:
    """WCAG 1.4.11 asks for 3 to 1; the ground is white."""
    for style in (*PALETTE, OTHER):
        assert 1.05 / (luminance(style.border) + 0.05) >= 4.5


def test_no_two_styles_look_the_same() -> None:
    """A shape is used twice only where one of the two is white."""
    coloured = [style.shape for style in PALETTE if style.fill != "#ffffff"]
    assert len(coloured) == len(set(coloured))
    assert len({(style.shape, style.fill) for style in (*PALETTE, OTHER)}) == len(PALETTE) + 1


def test_known_kinds_look_the_same_on_every_map() -> None:
    """However rare they are."""
    common = ["x"] * 5 + ["y"] * 3
    few = assign([Class.PRACTICE, *common])
    many = assign([Class.PRACTICE] * 9 + [Class.ORGANISATION, *common])
    assert few[Class.PRACTICE] == many[Class.PRACTICE]
    assert len(set(many.values())) == 4


def test_kinds_stand_by_frequency_and_the_rest_look_alike() -> None:
    """Eight kinds have a style of their own, in a fixed order."""
    kinds = [f"kind-{at}" for at in range(12) for _ in range(20 - at)]
    styles = assign(reversed(kinds))
    assert list(styles) == [f"kind-{at}" for at in range(12)]
    assert tuple(styles.values()) == (*PALETTE, OTHER, OTHER, OTHER, OTHER)


def test_two_kinds_that_like_the_same_style_do_not_share_it() -> None:
    """The second takes a free one."""
    styles = assign([Class.ORGANISATION, Class.ORGANISATION, Class.COUNTRY])
    assert styles[Class.ORGANISATION] != styles[Class.COUNTRY]
    assert OTHER not in styles.values()
