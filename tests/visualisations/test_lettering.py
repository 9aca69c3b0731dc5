"""Widths of letters, by which labels are placed before anything draws them."""

from __future__ import annotations

from visualisations.lettering import lines, shortened, width


def test_widths_follow_letters_and_size() -> None:
    assert width("i", 10) < width("a", 10) < width("M", 10)
    assert width("ab", 20) == 2 * width("ab", 10)
    assert width("e\N{COMBINING ACUTE ACCENT}", 10) == width("e", 10)
    assert width("\N{CJK UNIFIED IDEOGRAPH-6F22}", 10) > width("a", 10)


def test_what_is_shortened_fits_and_says_so() -> None:
    text = "European Social Fund Plus"
    assert shortened(text, 13, 400) == text
    short = shortened(text, 13, 100)
    assert short.endswith("…")
    assert width(short, 13) <= 100
    assert shortened("wide", 100, 1) == "w…"


def test_lines_break_between_words_and_fit() -> None:
    found = lines("one two three " + "x" * 100, 10, 80)
    assert len(found) > 1
    assert all(width(line, 10) <= 80 for line in found)
    assert found[0].startswith("one")
    assert lines("", 10, 80) == []
