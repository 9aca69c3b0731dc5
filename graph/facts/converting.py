"""Converting: aggregates of money in one currency, the sums that they are made of beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from graph.errors import ParameterError
from graph.facts.aggregates import MOST, Asked, rows
from graph.facts.reading import Facts
from graph.rates import Exchange, Rate, cents

# What a converted sum is made of: by currency and rate, None where it was not converted.
Originals = dict[tuple[str, Rate | None], Decimal]


@dataclass(slots=True)
class Converted:
    """A row: its keys, and its measures by name; the sum is exact until `rounded`."""

    keys: tuple[str | None, ...]
    measures: dict[str, Any]
    originals: Originals = field(default_factory=dict)

    def rounded(self, target: str, currency: str | None) -> dict[str, Any]:
        """Give the measures, with the sum in the target currency rounded to the cent."""
        total = self.measures["sum"]
        if total is None or currency != target:
            return self.measures
        return {**self.measures, "sum": cents(total)}


def converted(facts: Facts, asked: Asked, exchange: Exchange) -> list[Converted]:
    """Give all rows of an answer, in its order, in the currency of an exchange where it has rates.

    Each year is converted by itself, and then added. ParameterError where something else than
    money is asked, and where there are too many rows to convert.
    """
    if not asked.table.money:
        raise ParameterError("only money is converted, and this table holds none")
    by = (*asked.by, *(name for name in ("year",) if name not in asked.by))
    found, number = rows(facts, replace(asked, by=by, limit=MOST, offset=0))
    if number > MOST:
        raise ParameterError(
            f"{number} rows would have to be converted, which is more than {MOST}: filter, or ask "
            "for fewer dimensions"
        )
    given = [item.name for item in replace(asked, by=by).dimensions]
    shown = [item.name for item in asked.dimensions]
    groups: dict[tuple[str | None, ...], Converted] = {}
    for row in found:
        keys = dict(zip(given, row, strict=False))
        measures = dict(zip(asked.table.measures, row[len(given) :], strict=True))
        originals = _convert(keys, measures, exchange)
        key = tuple(keys[name] for name in shown)
        group = groups.setdefault(key, Converted(key, dict.fromkeys(measures)))
        _add(group, measures, originals)
    return [groups[key] for key in sorted(groups, key=_order)]


def _convert(
    keys: dict[str, str | None], measures: dict[str, Any], exchange: Exchange
) -> Originals:
    """Convert a row in its place; give what its sum was."""
    total, currency = measures["sum"], keys["currency"]
    made = exchange.convert(total, currency, keys["year"], measures["amounts"])
    measures["sum"], keys["currency"], rate = made
    return {} if total is None or currency is None else {(currency, rate): total}


def _add(group: Converted, measures: Mapping[str, Any], originals: Originals) -> None:
    for name, value in measures.items():
        if value is not None:
            before = group.measures[name]
            group.measures[name] = value if before is None else before + value
    for original, total in originals.items():
        group.originals[original] = group.originals.get(original, Decimal(0)) + total


def _order(keys: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    """Sort as the tables do: by the keys, and unknown last."""
    return [(key is None, key or "") for key in keys]
