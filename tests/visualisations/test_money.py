"""Pictures of money: what is drawn adds up, no label lies on another, and words say the same."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.labels import Label
from visualisations.lettering import width
from visualisations.money import bars, placing, sankey, telling
from visualisations.money.view import Band, Link, Money, Step, View, Year
from visualisations.wording import wording

WORDS = wording(["en"])


def _money(value: int | None, amounts: int = 1) -> Money:
    return Money(amounts, None if value is None else Decimal(value), 0, 0)


def _view(columns: list[list[int]], name: str = "Name") -> View:
    """Make a view whose steps have bands of these sums; all sums of a step are the same total."""
    steps = [
        Step(
            f"Step {at}",
            tuple(
                Band(at, (Label(f"{name} {place}", "en", asked=True),), _money(value), address="/r")
                for place, value in enumerate(column)
            ),
        )
        for at, column in enumerate(columns)
    ]
    links = [
        Link(one, other, _money(value), "/l")
        for before, after in pairwise(steps)
        for one, other, value in _divided(list(before.bands), list(after.bands))
    ]
    return View("total, EUR", "EUR", _money(sum(columns[0])), tuple(steps), tuple(links))


def _divided(before: list[Band], after: list[Band]) -> list[tuple[Band, Band, int]]:
    """Divide the money of one step onto the next, first come first served."""
    left = {id(band): int(band.money.sum or 0) for band in (*before, *after)}
    found = []
    for one in before:
        for other in after:
            value = min(left[id(one)], left[id(other)])
            if value:
                found.append((one, other, value))
                left[id(one)] -= value
                left[id(other)] -= value
    return found


SUMS = st.lists(st.integers(1, 10**12), min_size=1, max_size=14)


@settings(max_examples=30, deadline=None)
@given(SUMS, SUMS, st.text(min_size=1, max_size=60))
def test_bands_and_labels_never_overlap_and_links_fill_them(
    one: list[int], other: list[int], name: str
) -> None:
    gap = sum(one) - sum(other)
    (other if gap > 0 else one).append(abs(gap) or 1)
    if gap == 0:
        one.append(1)
    view = _view([one, other], name)
    layout = placing.lay_out(view, WORDS)
    for step in view.steps:
        column = [item for item in layout.bands if item.band.step == step.bands[0].step]
        for above, below in pairwise(column):
            middle = above.y + above.height / 2
            assert middle + above.room / 2 <= below.y + below.height / 2 - below.room / 2 + 0.01
    for item in layout.bands:
        assert item.x >= 0
        assert item.y + item.height <= layout.height
        thick = sum(r.thickness for r in layout.ribbons if r.source.band is item.band)
        # Links below half a pixel are drawn as half a pixel.
        links = sum(r.source.band is item.band for r in layout.ribbons)
        assert thick <= item.height + links * 0.5 + 0.01
    tallest = sum(item.height for item in layout.bands if item.band.step == 0)
    assert tallest <= 340 + len(one) + 0.01


def test_bands_are_as_high_as_their_share() -> None:
    layout = placing.lay_out(_view([[300, 100], [200, 200]]), WORDS)
    heights = [item.height for item in layout.bands]
    assert heights == pytest.approx([255, 85, 170, 170])
    assert [item.thickness for item in layout.ribbons] == pytest.approx([170, 85, 85])


def test_labels_fit_between_two_steps() -> None:
    layout = placing.lay_out(
        _view([[10, 20], [15, 15]], "A very long name of a programme " * 6), WORDS
    )
    for item in layout.bands:
        assert 1 <= len(item.name) <= 2
        assert all(width(line, 13) < 240 for line in item.name)
        assert item.name[-1].endswith("…")


def test_a_drawing_leads_to_rows_only_where_it_is_asked_to() -> None:
    view = _view([[3, 1], [4]])
    linked, plain = sankey.draw(view, WORDS), sankey.draw(view, WORDS, linked=False)
    assert linked.count('href="/r"') == 3
    assert linked.count('href="/l"') == 2
    assert 'role="group"' in linked
    assert "href" not in plain
    assert 'role="img"' in plain
    # No link of the keyboard but those of bands, each of which is as tall as its label.
    assert linked.count('tabindex="-1"') == 2
    assert "style=" not in linked


def test_names_in_a_drawing_are_text() -> None:
    drawn = sankey.draw(_view([[3], [3]], "<script>alert(1)</script>"), WORDS)
    assert "<script" not in drawn


def test_what_is_unknown_or_the_rest_says_so_and_looks_so() -> None:
    unknown = Band(1, (), _money(30), unknown=True)
    rest = Band(1, (), _money(10), made_of=7)
    first = Band(0, (Label("ESF", "en", asked=True),), _money(40, 3))
    steps = (Step("Fund", (first,)), Step("Theme", (unknown, rest)))
    links = (Link(first, unknown, _money(30)), Link(first, rest, _money(10)))
    view = View("total, EUR", "EUR", _money(40, 3), steps, links)
    drawn = sankey.draw(view, WORDS)
    assert 'fill="url(#unknown)"' in drawn
    assert ">unknown</text>" in drawn
    assert ">7 others</text>" in drawn
    assert telling.summary(view, WORDS) == (
        "total, EUR: EUR 40 in 3 amounts. Fund: 1, the largest ESF with 100.0 %. "
        "Theme unknown: 75.0 %."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [("0", "0"), ("999", "999"), ("1000", "1.0 k"), ("1234567", "1.2 m"), ("75781230.5", "75.8 m"),
     ("123456789", "123 m"), ("2500000000", "2.5 bn")],
)  # fmt: skip
def test_labels_round_sums(value: str, said: str) -> None:
    assert telling.rounded(Decimal(value), WORDS) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [("851530.000000", "EUR 851,530"), ("0.5", "EUR 0.50"), ("10.125", "EUR 10.125")],
)
def test_tables_do_not_round(value: str, said: str) -> None:
    assert telling.amount(Decimal(value), "EUR", WORDS) == said
    assert telling.amount(None, "EUR", WORDS) == "no sum"


def test_names_that_stand_together_are_said_or_counted() -> None:
    def name(number: int) -> str:
        labels = tuple(Label(f"C{place}", "en", asked=True) for place in range(number))
        return telling.band_name(Band(0, labels, _money(1)), WORDS)

    assert name(1) == "C0"
    assert name(3) == "C0 + C1 + C2"
    assert name(5) == "C0 + C1 + 3 more"


def _years(*sums: tuple[str | None, int]) -> View:
    band = Band(0, (Label("ESF", "en", asked=True),), _money(1))
    years = tuple(Year(year, _money(value), (Decimal(value),), f"/{year}") for year, value in sums)
    return View("total, EUR", "EUR", _money(9), (), (), (band,), "Fund", years)


def test_bars_stand_in_time_with_gaps_and_unknown_last() -> None:
    view = _years(("2012", 50), ("2015", 100), (None, 25))
    assert [year.year for year in bars.filled(view.years)] == [
        "2012", "2013", "2014", "2015", None,
    ]  # fmt: skip
    drawn = bars.draw(view, WORDS)
    bar = re.findall(r'height="([0-9.]+)" fill="#0072b2" stroke="#003d60" stroke-w', drawn)
    assert [float(height) for height in bar] == pytest.approx([130, 260, 65])
    assert drawn.count("href=") == 3
    assert telling.over_years(view, WORDS) == (
        "total, EUR from 2012 to 2015; most in 2015: EUR 100. The year of 1 amount is unknown."
    )
    assert "No year is known" in telling.over_years(_years((None, 25)), WORDS)


@pytest.mark.parametrize(
    ("value", "top"), [("0", 1), ("7", 8), ("101", 120), ("9.5", 10), ("1000", 1000)]
)
def test_an_axis_ends_at_a_round_number(value: str, top: int) -> None:
    assert bars.ceiling(Decimal(value)) == top
