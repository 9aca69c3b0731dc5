"""Selections: which things of a kind a reader's filters keep, as a question to the fact tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.errors import NotFoundError, ParameterError
from graph.facts.dimensions import near
from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.narrowing import read_filter
from graph.facts.reading import Facts


@dataclass(frozen=True, slots=True)
class Selection:
    """A question for the numbers of things (`thing`), and the values that are bound in it."""

    kind: str
    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


def select(facts: Facts, kind: str, chosen: Mapping[str, str], mark: str = "") -> Selection:
    """Select the things of a kind that all filters keep.

    The names of bound values begin with `mark`, so that several selections fit in one question.
    `chosen` has keys by facet, several divided by commas, `unknown` for what has none; the period
    is a year, years, or a range such as 2021-2027. NotFoundError for an unknown kind,
    ParameterError for a facet that the kind has not, and for impossible values.
    """
    counted = kinds(facts)
    if kind not in counted:
        raise NotFoundError(f"there is no kind “{kind[:80]}”{near(kind, counted)}")
    known = filters_of(kind)
    values: dict[str, Any] = {f"{mark}kind": kind}
    conditions = [f"kind = ${mark}kind"]
    for place, (name, text) in enumerate(chosen.items()):
        if name != PERIOD and name not in known:
            raise ParameterError(
                f"{kind} has no facet “{name[:80]}”{near(name, [*known, PERIOD])} "
                f"(it has: {', '.join([*known, PERIOD])})"
            )
        part = read_filter(facts, name, text, f"{mark}{place}", [*known.values()])
        conditions.append(part.condition)
        values |= part.values
    return Selection(kind, f"SELECT thing FROM listed WHERE {' AND '.join(conditions)}", values)
