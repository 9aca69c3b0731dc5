"""The sorts of money that filters find: how much of each there is, and which to show first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.money.names import Naming
from api.money.state import FUNDING, MoneyAsked, sort_name
from graph.dataset import Dataset
from graph.facts.aggregates import Asked, rows
from graph.facts.converting import converted
from graph.facts.dimensions import UNKNOWN
from graph.rates import Exchange
from visualisations.money import view as shown


@dataclass(frozen=True, slots=True)
class SortTotal:
    """A sort of money that there is after all filters: its name, in words, and how much."""

    name: str
    words: str
    currency: str
    money: shown.Money


def most_telling(
    dataset: Dataset, asked: MoneyAsked, filters: Mapping[str, str], sorts: Sequence[SortTotal]
) -> SortTotal | None:
    """Choose the sort with most amounts of which it is known where they come from."""
    first = asked.through[0]
    found = (
        []
        if first in filters
        else rows(dataset.facts, Asked(FUNDING, (), {**filters, first: UNKNOWN}))[0]
    )
    lost = {sort_name((line[0], line[1], line[2])): line[3] for line in found}
    return max(
        sorts,
        key=lambda item: (
            item.money.sum is not None,
            item.money.amounts - lost.get(item.name, 0),
            item.money.amounts,
        ),
        default=None,
    )


def sorts_of(
    dataset: Dataset, filters: Mapping[str, str], naming: Naming, exchange: Exchange | None
) -> Iterable[SortTotal]:
    """Give the sorts of money, those with most amounts first."""
    asked = Asked(FUNDING, (), filters)
    if exchange is None:
        found = [(line[:3], line[3:]) for line in rows(dataset.facts, asked)[0]]
    else:
        again = Exchange(exchange.rates, exchange.target)
        found = [
            (row.keys, tuple(row.rounded(again.target, row.keys[2]).values()))
            for row in converted(dataset.facts, asked, again)
        ]
    for (kind, phase, currency), numbers in sorted(found, key=lambda item: -item[1][0]):
        sort = (kind, phase, currency)
        yield SortTotal(sort_name(sort), naming.sort(sort), currency or "", shown.Money(*numbers))
