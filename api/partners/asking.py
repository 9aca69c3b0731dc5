"""What a reader asks of partners: who asks, what is looked for, and what counts how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from api.addresses import Address
from graph.errors import ParameterError
from graph.partners import ASPECTS, FILTERS, HEAVIEST, PERIOD

MOST = 100  # partners at once
WEIGHT = "weight-"  # begins the parameter that gives an aspect its weight
PARAMETERS: Mapping[str, str] = {
    **{
        name: f"Only partners with this {name}, by key; several are divided by commas, and "
        "unknown finds what has none."
        for name in FILTERS
    },
    PERIOD: "Only partners with something that began in this year, or in years as in 2021-2027; "
    "several are divided by commas.",
    **{
        f"{WEIGHT}{aspect.name}": f"What this weighs, from 0 to {HEAVIEST} ({aspect.weight} where "
        f"nothing is said). {aspect.method}"
        for aspect in ASPECTS.values()
    },
}


@dataclass(frozen=True, slots=True)
class PartnersAsked:
    """What a reader asks for: who asks, by key, filters, weights, a day, and which of the ranks."""

    organisation: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    on: str | None = None
    limit: int = 10
    offset: int = 0

    @property
    def empty(self) -> bool:
        """Tell whether nothing is asked."""
        return self.organisation is None and not self.filters

    @property
    def state(self) -> dict[str, str]:
        """Give the parameters that ask the same again, from the first rank on."""
        state = {} if self.organisation is None else {"organisation": self.organisation}
        state |= self.filters
        state |= {f"{WEIGHT}{name}": str(weight) for name, weight in self.weights.items()}
        return state if self.on is None else {**state, "on": self.on}


@dataclass(frozen=True, slots=True)
class View:
    """A request for the page: what is asked, and words of the name of who asks."""

    asked: PartnersAsked
    we: str = ""

    @property
    def address(self) -> Address:
        """Give the address of the same ranks."""
        page = self.asked.offset // self.asked.limit + 1
        more = {"page": str(page)} if page > 1 else {}
        return Address("/partners", {**self.asked.state, **more})


def read_asked(
    given: Mapping[str, str], *, on: str | None, limit: int, offset: int
) -> PartnersAsked:
    """Read what is asked from the parameters of a request; empty ones count as not given.

    ParameterError for a weight that is no small number, or a day that there is not.
    """
    weights = {}
    for name in ASPECTS:
        text = given.get(f"{WEIGHT}{name}", "")
        if text and (len(text) != 1 or not text.isdecimal() or int(text) > HEAVIEST):
            raise ParameterError(f"{WEIGHT}{name} is a number from 0 to {HEAVIEST}")
        if text:
            weights[name] = int(text)
    try:
        day = date.fromisoformat(on).isoformat() if on else None
    except ValueError:
        raise ParameterError("on is a day such as 2026-11-22") from None
    return PartnersAsked(
        given.get("organisation") or None,
        {name: given[name] for name in (*FILTERS, PERIOD) if given.get(name)},
        weights,
        day,
        limit,
        offset,
    )
