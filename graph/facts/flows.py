"""Flows: how money goes from one dimension to the next, as bands of a Sankey diagram."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from graph.errors import ParameterError
from graph.facts.aggregates import Asked
from graph.facts.amounts import amounts, grouped
from graph.facts.converting import Originals, converted
from graph.facts.cubes import MONEY
from graph.facts.dimensions import TABLES, Dimension
from graph.facts.following import OTHERS, Band, follow
from graph.facts.reading import Facts
from graph.facts.sorts import Sort
from graph.rates import Exchange

__all__ = ["OTHERS", "STEPS", "Band", "Flow", "Money", "flows"]

STEPS = range(2, 7)
USUAL = ("fund", "country", "theme", "year")
_TABLE = TABLES["funding"]


@dataclass(slots=True)
class Money:
    """Amounts, their exact sum, how many are left out as disputed, and what has no amount."""

    amounts: int = 0
    sum: Decimal | None = None  # where there is nothing to add
    disputed: int = 0
    missing: int = 0

    def add(self, amounts: int, total: Decimal | None, disputed: int, missing: int) -> None:
        """Add what a row has."""
        self.amounts += amounts
        if total is not None:
            self.sum = (self.sum or Decimal(0)) + total
        self.disputed += disputed
        self.missing += missing


@dataclass(slots=True)
class Flow:
    """The money of one kind, phase and currency: in all, by band of a step, and between two.

    Bands are named by step and keys; links by the step that they leave and the keys of both ends.
    `others` says how many bands of a step are drawn as one, `originals` what was converted.
    """

    kind: str | None
    phase: str | None
    currency: str | None
    total: Money = field(default_factory=Money)
    bands: dict[tuple[int, Band], Money] = field(default_factory=lambda: defaultdict(Money))
    links: dict[tuple[int, Band, Band], Money] = field(default_factory=lambda: defaultdict(Money))
    others: dict[int, int] = field(default_factory=dict)
    originals: Originals = field(default_factory=dict)

    @property
    def sort(self) -> Sort:
        """Give what its money has in common, and alone can be added."""
        return self.kind, self.phase, self.currency


def read_ahead(facts: Facts) -> None:
    """Read what flows through the usual steps are added in, before anybody asks."""
    amounts(facts, _TABLE)
    for name in USUAL:
        grouped(facts, _TABLE, _TABLE.dimension(name))


def flows(
    facts: Facts,
    through: Sequence[str],
    filters: Mapping[str, str],
    top: int,
    exchange: Exchange | None = None,
) -> tuple[Flow, ...]:
    """Follow the money through some dimensions, apart for each kind, phase and currency.

    Of each step the `top` bands with the largest sums are told apart, and what is unknown always
    is. An exchange converts what it has rates for; its sums are not rounded. ParameterError for
    steps that are none or too many, and as for aggregates.
    """
    if len(through) not in STEPS or set(through) & set(MONEY):
        raise ParameterError(
            "through needs two to six dimensions, other than kind, phase and currency, such as "
            "programme,country,theme"
        )
    if len(set(through)) != len(through):
        raise ParameterError("through has a dimension twice")
    if exchange is None:
        found = _followed(facts, [_TABLE.dimension(name) for name in through], filters, top)
    else:
        found = _converted(facts, through, filters, top, exchange)
    return tuple(sorted(found, key=lambda flow: [str(item or "~") for item in flow.sort]))


def _followed(
    facts: Facts, steps: Sequence[Dimension], filters: Mapping[str, str], top: int
) -> list[Flow]:
    """Let the tables add and rank, so that only what is drawn is ever read out of them."""
    found: dict[Sort, Flow] = {}
    for line in follow(facts, _TABLE, steps, filters, top):
        flow = found.setdefault(line.sort, Flow(*line.sort))
        if line.linked:
            flow.links[line.step, line.source, line.target].add(*line.numbers)
            continue
        flow.bands[line.step, line.source].add(*line.numbers)
        if line.source == OTHERS:
            flow.others[line.step] = line.made_of
        if line.step == 0:
            flow.total.add(*line.numbers)
    return list(found.values())


def _converted(
    facts: Facts, through: Sequence[str], filters: Mapping[str, str], top: int, exchange: Exchange
) -> list[Flow]:
    """Convert every row by its year first, which the tables cannot, and add then."""
    found: dict[Sort, Flow] = {}
    shown: dict[tuple[int, Sort], set[Band]] = {}
    # What is converted again for another step is not counted again.
    again = Exchange(exchange.rates, exchange.target)
    for step, name in enumerate(through):
        for key, of, numbers, originals in _rows(
            facts, [name], filters, again if step else exchange
        ):
            flow = found.setdefault(of, Flow(*of))
            flow.bands[step, key[0]].add(*numbers)
            if step == 0:
                flow.total.add(*numbers)
                for original, total in originals.items():
                    flow.originals[original] = flow.originals.get(original, Decimal(0)) + total
        for of, flow in found.items():
            shown[step, of] = _fold(flow, step, top)
    for step, pair in enumerate(pairwise(through)):
        for (one, other), of, numbers, _ in _rows(facts, pair, filters, again):
            source = one if one in shown[step, of] else OTHERS
            target = other if other in shown[step + 1, of] else OTHERS
            found[of].links[step, source, target].add(*numbers)
    return list(found.values())


def _rows(
    facts: Facts, by: Sequence[str], filters: Mapping[str, str], exchange: Exchange
) -> Iterable[tuple[tuple[Band, ...], Sort, tuple[Any, ...], Originals]]:
    asked = Asked(_TABLE, tuple(by), filters)
    width = len(by)
    for row in converted(facts, asked, exchange):
        kind, phase, currency = row.keys[width : width + 3]
        measures = tuple(row.measures.values())
        yield row.keys[:width], (kind, phase, currency), measures, row.originals


def _fold(flow: Flow, step: int, top: int) -> set[Band]:
    """Draw all but the largest bands of a step as one; give those that remain."""
    known = [key for at, key in flow.bands if at == step and key is not None]
    known.sort(key=lambda key: (-(flow.bands[step, key].sum or 0), key))
    for key in known[top:]:
        money = flow.bands.pop((step, key))
        flow.bands[step, OTHERS].add(money.amounts, money.sum, money.disputed, money.missing)
    if known[top:]:
        flow.others[step] = len(known[top:])
    return {None, *known[:top]}
