"""Exchange rates: what one currency is worth in another, as a release states it, and when.

Rates are entities of the release like all others, with a source and receipts; none is built in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

from graph.engine import Engine, Query
from graph.errors import ParameterError
from graph.identity import Identity
from graph.rows import read_receipts

# Digits that are kept until a sum is rounded: far more than an amount and a rate have together.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_CENT = Decimal("0.01")
# What a date lacks of the last day of its period, by its length; no day lies behind a 31st.
_LAST = {len("2021"): "-12-31", len("2021-05"): "-31", len("2021-05-14"): ""}
_RATES = Query("""
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?rate ?currency ?target ?value ?since ?until ?row WHERE {
  ?rate a sikg:ExchangeRate ; sikg:fromCurrency ?currency ; sikg:toCurrency ?target ;
    sikg:rate ?value ; sikg:startDate ?since .
  OPTIONAL { ?rate sikg:endDate ?until . }
  OPTIONAL { GRAPH ?row { ?rate sikg:rate ?value . } }
}
ORDER BY ?rate ?value ?since ?until ?row
""")
_TOLD = ("rate", "currency", "target", "value", "since", "until")


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of a currency for one unit of the target, from the first day to the last of a period.

    Dates are as exact as their source: year, month or day. A rate without an end is fixed for
    ever. `cited` is where its rows were read.
    """

    iri: str
    currency: str
    target: str
    value: Decimal
    since: str
    until: str | None = None
    cited: tuple[str, ...] = ()

    def holds(self, year: str) -> bool:
        """Tell whether its period ends, and has the whole of a year."""
        if self.until is None:
            return False
        last = self.until + _LAST[len(self.until)]
        return self.since <= f"{year}-01-01" and last >= f"{year}-12-31"

    def convert(self, amount: Decimal) -> Decimal:
        """Convert an amount, not rounded yet."""
        return _EXACT.divide(amount, self.value)


def cents(amount: Decimal) -> Decimal:
    """Round what was converted to the cent, halves up (Council Regulation 1103/97, article 5)."""
    return amount.quantize(_CENT, context=_EXACT)


@dataclass(frozen=True, slots=True)
class Rates:
    """The exchange rates of a release."""

    all: Sequence[Rate] = ()

    def targets(self) -> list[str]:
        """Name the currencies that something can be converted to."""
        return sorted({rate.target for rate in self.all})

    def find(self, currency: str, target: str, year: str | None) -> Rate | None:
        """Find the rate for amounts of a year; None where there is none, or where two disagree.

        A rate of a period that has the whole year counts, of several the shortest period. Where
        there is none, a rate that is fixed for ever counts for every year, earlier ones and
        unknown ones too: the law reads old sums in a replaced currency at that rate.
        """
        known = [rate for rate in self.all if (rate.currency, rate.target) == (currency, target)]
        fit = [rate for rate in known if year is not None and rate.holds(year)]
        if fit:
            shortest = max(rate.since for rate in fit)
            fit = [rate for rate in fit if rate.since == shortest]
            first = min(rate.until or "" for rate in fit)
            fit = [rate for rate in fit if rate.until == first]
        else:
            fit = [rate for rate in known if rate.until is None]
        return fit[0] if len({rate.value for rate in fit}) == 1 else None


@dataclass(slots=True)
class Exchange:
    """Converts to one currency; remembers by which rates, and what it had to leave, by amounts.

    What is left is told by currency and year. ParameterError where no rate leads to the currency.
    """

    rates: Rates
    target: str
    used: dict[Rate, int] = field(default_factory=dict)
    left: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        targets = self.rates.targets()
        if self.target not in targets:
            known = f"there are rates to {', '.join(targets)}" if targets else "there are no rates"
            raise ParameterError(f"nothing can be converted to “{self.target[:80]}”: {known}")

    def convert(
        self, amount: Decimal | None, currency: str | None, year: str | None, count: int = 1
    ) -> tuple[Decimal | None, str | None, Rate | None]:
        """Give a sum of some amounts, its currency and the rate; as it was where there is none."""
        if currency is None or currency == self.target:
            return amount, currency, None
        rate = self.rates.find(currency, self.target, year)
        if rate is None:
            self.left[currency, year] = self.left.get((currency, year), 0) + count
            return amount, currency, None
        self.used[rate] = self.used.get(rate, 0) + count
        return (None if amount is None else rate.convert(amount)), self.target, rate


def read_rates(engine: Engine, identity: Identity) -> Rates:
    """Read the exchange rates of a release, each with where its rows were read."""
    found = engine.select(_RATES)
    receipts = read_receipts(engine, identity, set(found.values("row")))
    rows: dict[tuple[str | None, ...], list[str]] = {}
    for solution in found:
        told = {name: term.value for name, term in solution.items()}
        rows.setdefault(tuple(map(told.get, _TOLD)), []).append(told.get("row", ""))
    rates = []
    for (iri, currency, target, value, since, until), stating in rows.items():
        cited = {term.value for row in stating if row in receipts for term in receipts[row].cited}
        if iri and currency and target and value and since and Decimal(value) > 0:
            exact = Decimal(value)
            rates.append(Rate(iri, currency, target, exact, since, until, tuple(sorted(cited))))
    return Rates(tuple(rates))
