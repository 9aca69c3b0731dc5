"""Money by place: exact sums of one kind, phase and currency for each country or region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from graph.errors import ParameterError
from graph.facts.aggregates import Asked, rows
from graph.facts.dimensions import TABLES, UNKNOWN
from graph.facts.facets import PERIOD
from graph.facts.narrowing import years
from graph.facts.places import at_level
from graph.facts.reading import Facts

_TABLE = TABLES["funding"]
_TOGETHER = "; "


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind, phase and currency of money, which alone can be added up."""

    kind: str
    phase: str
    currency: str

    @property
    def name(self) -> str:
        """Write it as in an address."""
        return f"{self.kind}.{self.phase}.{self.currency}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts and their exact sum in a place; `places` are keys, several that share, or none.

    `of` are the combinations of keys, as sources name them, that are added up in it.
    """

    places: tuple[str, ...]
    of: tuple[tuple[str, ...], ...]
    amounts: int
    sum: Decimal
    disputed: int


@dataclass(frozen=True, slots=True)
class MoneyPlaces:
    """Sums of one sort by place, the largest first, and the sorts that there are.

    `missing` counts projects, consortia and practices without any amount, `unsorted` the amounts
    that cannot be added, as their kind, phase or currency is unknown or several.
    """

    sorts: tuple[tuple[Sort, int], ...]
    chosen: Sort | None
    sums: tuple[Sum, ...]
    missing: int
    unsorted: int


def money_places(
    facts: Facts, chosen: Mapping[str, str], sort: str | None = None, level: int = 0
) -> MoneyPlaces:
    """Add up money by country, or by region of a level; without a sort that of most amounts.

    `chosen` has keys by facet as for selections. ParameterError for a sort that there is not, a
    filter that money has not, and impossible values.
    """
    filters = {name: text for name, text in chosen.items() if name != PERIOD}
    if PERIOD in chosen:
        filters["year"] = _years(chosen[PERIOD])
    found, _ = rows(facts, Asked(_TABLE, ("region" if level else "country",), filters))
    by_sort: dict[Sort, dict[tuple[str, ...], Sum]] = {}
    missing = unsorted = 0
    for named, kind, phase, currency, amounts, total, disputed, lacking in found:
        missing += lacking
        if total is None:
            unsorted += amounts
            continue
        keys = tuple(named.split(_TOGETHER)) if named else ()
        where = tuple(sorted({at_level(key, level) for key in keys}))
        sums = by_sort.setdefault(Sort(kind, phase, currency), {})
        one = sums.get(where, Sum(where, (), 0, Decimal(0), 0))
        sums[where] = Sum(
            where, (*one.of, keys), one.amounts + amounts, one.sum + total, one.disputed + disputed
        )
    sorts = sorted(
        ((item, sum(one.amounts for one in sums.values())) for item, sums in by_sort.items()),
        key=lambda item: (-item[1], item[0].name),
    )
    picked = _picked([item for item, _ in sorts], sort)
    sums = by_sort.get(picked, {}) if picked else {}
    ordered = sorted(sums.values(), key=lambda one: (-one.sum, one.places))
    return MoneyPlaces(tuple(sorts), picked, tuple(ordered), missing, unsorted)


def _picked(sorts: list[Sort], name: str | None) -> Sort | None:
    if name is None or not sorts:
        return sorts[0] if sorts else None
    for item in sorts:
        if item.name == name:
            return item
    raise ParameterError(
        f"money cannot be “{name[:80]}”: there is {', '.join(item.name for item in sorts)}"
    )


def _years(text: str) -> str:
    """Write a period as the years that it has."""
    found = [
        f"{year:04}" for first, last in years(text) for year in range(int(first), int(last) + 1)
    ]
    if UNKNOWN in [item.strip() for item in text.split(",")]:
        found.append(UNKNOWN)
    return ",".join(dict.fromkeys(found))
