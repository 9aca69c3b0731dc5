"""The years of a network's page: how much begins in each, and the addresses that keep to them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.addresses import Address
from api.choosing import Chip, plain
from graph.facts.facets import PERIOD
from visualisations.drawn import View
from visualisations.networks.bars import bars
from visualisations.networks.spans import Begun, Span
from visualisations.wording import Wording

# Where the tables begin anew.
_ANEW: dict[str, None] = {"nodes_from": None, "links_from": None}


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year: how much begins in it, and the addresses of it alone and of all until then."""

    year: int
    number: int
    only: str
    until: str


@dataclass(frozen=True, slots=True)
class YearChoice:
    """The years that a network can be kept to; `chosen` is empty where it is all of them."""

    of: str
    first: int
    last: int
    unknown: int
    chosen: str
    whole: str
    bars: Markup
    rows: tuple[YearRow, ...]


def years_of(view: View, kept: Begun | None, address: Address) -> YearChoice | None:
    """Give what there is to choose; None where all that is known begins in one year, or nothing."""
    time = view.time
    if time is None or time.first == time.last:
        return None
    span = None if kept is None else kept.span
    return YearChoice(
        time.of,
        time.first,
        time.last,
        time.unknown,
        "" if span is None else str(span),
        address.but(years=None, **_ANEW),
        bars(time.years, time.first, time.last, span),
        tuple(
            YearRow(
                year,
                number,
                address.but(years=year, **_ANEW),
                address.but(years=str(Span(time.first, year)), **_ANEW),
            )
            for year, number in time.years
        ),
    )


def year_chips(kept: Begun | None, address: Address, words: Wording) -> tuple[Chip, ...]:
    """Say which years a network is kept to, with the address of all of them."""
    if kept is None:
        return ()
    return (Chip(words.gettext("Years"), (plain(str(kept.span)),), address.without("years")),)


def period_of(view: View, kept: Begun | None) -> str:
    """Write the years that a view is kept to as a filter; of those asked for only these stay."""
    if kept is None or view.time is None:
        return ""
    span = kept.span
    if PERIOD not in dict(view.asked.filters):
        return str(span)
    within = (year for year, _ in view.time.years if span.first <= year <= span.last)
    return ",".join(map(str, within)) or str(span)
