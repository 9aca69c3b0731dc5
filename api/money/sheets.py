"""Views of money to take away: a drawing with its tables, sources and licences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from api.citation import GRAPH_TITLE
from api.money.state import MoneyAsked
from api.taking import address_of, credit, sources_of
from graph.dataset import Dataset
from visualisations.exporting import Sheet, Table
from visualisations.money import bars, sankey
from visualisations.money.telling import (
    amount,
    band_name,
    notes,
    over_years,
    share,
    summary,
)
from visualisations.money.view import Money, View
from visualisations.wording import Wording

Drawing = Literal["flow", "years"]


def title_of(view: View, picture: Drawing, words: Wording) -> str:
    """Say in a few words what a picture is of."""
    if picture == "years":
        return words.gettext("Money over years: %(sort)s") % {"sort": view.sort}
    steps = " \N{RIGHTWARDS ARROW} ".join(step.name for step in view.steps)
    return words.gettext("Money: %(steps)s (%(sort)s)") % {"steps": steps, "sort": view.sort}


def sheet_of(
    dataset: Dataset, asked: MoneyAsked, view: View, picture: Drawing, words: Wording
) -> Sheet:
    """Give a picture of money with all that must go with it."""
    address = address_of(dataset, "/money", dict(asked.address().state))
    of_flow = picture == "flow"
    drawn = sankey.draw if of_flow else bars.draw
    return Sheet(
        title_of(view, picture, words),
        drawn(view, words, linked=False),
        summary(view, words) if of_flow else over_years(view, words),
        credit(dataset, words, address),
        dataset.release.manifest.created,
        author=GRAPH_TITLE,
        address=address,
        told=notes(words),
        tables=tuple(_of_flow(view, words) if of_flow else _of_years(view, words)),
        sources=sources_of(dataset),
        language=words.language,
    )


def _of_flow(view: View, words: Wording) -> Iterable[Table]:
    for step in view.steps:
        rows = tuple(
            (band_name(band, words), *_numbers(band.money, view, words)) for band in step.bands
        )
        yield Table(step.name, (step.name, *_heads(words)), rows, frozenset({1, 2, 3}))
    heads = (words.gettext("From"), words.gettext("To"), *_heads(words))
    lines = tuple(
        (
            band_name(link.source, words),
            band_name(link.target, words),
            *_numbers(link.money, view, words),
        )
        for link in view.links
    )
    yield Table(words.gettext("From step to step"), heads, lines, frozenset({2, 3, 4}))


def _of_years(view: View, words: Wording) -> Iterable[Table]:
    name = words.gettext("Year")
    unknown = words.gettext("unknown")
    rows = tuple((year.year or unknown, *_numbers(year.money, view, words)) for year in view.years)
    yield Table(name, (name, *_heads(words)), rows, frozenset({1, 2, 3}))


def _heads(words: Wording) -> tuple[str, str, str]:
    return words.gettext("Sum"), words.gettext("Share"), words.gettext("Amounts")


def _numbers(money: Money, view: View, words: Wording) -> tuple[str, str, str]:
    part = share(money, view.total)
    return (
        amount(money.sum, view.currency, words),
        "" if part is None else f"{words.number(part)} %",
        words.number(money.amounts),
    )
