"""What a reader asks of money: through which steps, of which sort, with which filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.addresses import Address
from api.finding.names import NAMES as FILTERED
from graph.errors import ParameterError
from graph.facts import Facts
from graph.facts.cubes import MONEY
from graph.facts.dimensions import TABLES, UNKNOWN
from graph.facts.facets import PERIOD
from graph.facts.filtering import ONLY, conditions
from graph.facts.sorts import Sort
from visualisations.wording import marked as _

FUNDING = TABLES["funding"]
THROUGH = "fund,country,theme"
TOP = 10
MOST_STEPS = 6
DIMENSIONS = tuple(item.name for item in FUNDING.dimensions)
FILTERS = (*DIMENSIONS, PERIOD)

_YEARS = re.compile(r"(?P<first>[0-9]{4})(?:-(?P<last>[0-9]{4}))?")
_SORTED = len(MONEY)


# How steps and filters are called; templates translate.
NAMES: Mapping[str, str] = {
    **{
        name: FILTERED[name]
        for name in ("organisation", "country", "region", "theme", "target-group")
    },
    "fund": _("Fund"),
    "programme": _("What pays"),
    "strand": _("Strand or call"),
    "project": _("Project or practice"),
    "year": _("Year"),
    "of": _("What it is paid for"),
    "year-of": _("What the year is of"),
    "kind": _("Kind of money"),
    "phase": _("Phase of money"),
    "currency": _("Currency"),
    PERIOD: _("Period"),
}
# What money can go through, in the order in which it does.
STEPS = (
    "fund", "programme", "strand", "project", "organisation", "region", "country", "theme",
    "target-group", "year", "of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoneyAsked:
    """A view of money: all that its address says.

    `money` is a sort by its name, such as total.approved.EUR; None is the one of which there are
    most amounts. `target` is the currency to convert to, `top` the bands of a step told apart.
    """

    through: tuple[str, ...]
    filters: Mapping[str, str]
    money: str | None = None
    top: int = TOP
    target: str | None = None

    def address(self, path: str = "/money") -> Address:
        """Give its address, without what is as it would be anyway."""
        through = ",".join(self.through)
        state = {
            "through": "" if through == THROUGH else through,
            "money": self.money or "",
            **self.filters,
            "top": "" if self.top == TOP else str(self.top),
            "in": self.target or "",
        }
        return Address(path, {name: text for name, text in state.items() if text})


def read_steps(text: str) -> tuple[str, ...]:
    """Read steps that are divided by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def sort_name(sort: Sort) -> str:
    """Name a sort of money for an address."""
    return ".".join(UNKNOWN if part is None else part.replace("; ", ";") for part in sort)


def sort_filters(name: str) -> dict[str, str]:
    """Give the filters that find exactly one sort of money; ParameterError if the name is none."""
    parts = name.split(".")
    if len(parts) != _SORTED or not all(parts):
        raise ParameterError(
            f"money cannot be “{name[:80]}”: expected are kind, phase and currency, divided by "
            f"points, such as total.approved.EUR, each of them perhaps {UNKNOWN}"
        )
    return {
        dimension: f"{ONLY}{part}" if ";" in part else part
        for dimension, part in zip(MONEY, parts, strict=True)
    }


def plain(facts: Facts, filters: Mapping[str, str]) -> dict[str, str]:
    """Give filters by dimension alone: a period becomes the years in it that there is money of.

    ParameterError if the period is none.
    """
    found = {name: text for name, text in filters.items() if name != PERIOD}
    period = filters.get(PERIOD)
    if period and "year" not in found:
        found["year"] = ",".join(
            year for part in period.split(",") for year in _years(facts, part.strip())
        )
    return found


def _years(facts: Facts, text: str) -> list[str]:
    if text == UNKNOWN:
        return [text]
    match = _YEARS.fullmatch(text)
    if match is None:
        raise ParameterError(
            f"{PERIOD} cannot be “{text[:80]}”: expected is a year, a range such as 2021-2027, or "
            f"{UNKNOWN}, several divided by commas"
        )
    first, last = match["first"], match["last"] or match["first"]
    # A period without money finds nothing, and says so as any filter does.
    return [year for year in years_of_money(facts) if first <= year <= last] or [first]


def years_of_money(facts: Facts, money: str | None = None) -> list[str]:
    """Give the years that money is told of, or those in which there is some of a sort."""
    where, values = "year IS NOT NULL", {}
    if money is not None:
        kept = conditions(facts, FUNDING, sort_filters(money))
        where, values = " AND ".join([where, "NOT missing", *kept.all]), kept.values
    sql = f"SELECT DISTINCT year FROM {FUNDING.source} AS facts WHERE {where} ORDER BY year"  # noqa: S608  # names of ours
    return facts.remembered(
        ("years of money", money), lambda: [year for (year,) in facts.ask(sql, values)]
    )
