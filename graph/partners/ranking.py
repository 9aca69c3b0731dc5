"""Ranking partners: points of each organisation by aspect, from the fact tables of a release.

One question to the tables scores all organisations; nothing is read of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.facts.reading import Facts
from graph.partners.asking import Question
from graph.partners.aspects import ASPECTS, WHOLE
from graph.partners.basis import Basis, read_basis

_SQL = (Path(__file__).parent / "ranking.sql").read_text("utf-8")
_NOBODY = -1  # the number of no organisation
# The weight of each aspect in the question to the tables, in the order of its columns.
_WEIGHTS = {
    "theme": "w_themes",
    "target-group": "w_groups",
    "role": "w_roles",
    "call": "w_calls",
    "shared-partner": "w_shared",
    "new": "w_fresh",
    "experience": "w_experience",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation in a ranking: its points in all and by aspect, and how many things it does.

    Points are from 0 to 1000.
    """

    organisation: int
    points: int
    aspects: Mapping[str, int]
    things: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best partners for a question, how many there are in all, and what counted."""

    question: Question
    basis: Basis
    weights: Mapping[str, int]
    standings: tuple[Standing, ...]
    number: int


def rank(facts: Facts, question: Question, *, limit: int = 10, offset: int = 0) -> Ranking:
    """Rank the organisations that fit a question, the most points first, then by IRI.

    An aspect that can speak for nobody has the weight 0. O(n) in the lines of the tables.
    """
    basis = read_basis(facts, question)
    weights = {name: question.weight(name) if basis.applies(name) else 0 for name in ASPECTS}
    values: dict[str, Any] = {
        "we": _NOBODY if question.organisation is None else question.organisation,
        "themes": sum(basis.themes.values()),
        "groups": sum(basis.groups.values()),
        "sought": bool(basis.themes or basis.groups or basis.calls),
        "limit": limit,
        "offset": offset,
        **_wanted(basis),
        **_filters(question),
        **{column: weights[name] for name, column in _WEIGHTS.items()},
    }
    found = facts.ask(_SQL, values)
    most = sum(weights.values()) or 1
    standings = tuple(
        Standing(
            line[0],
            line[-2] // most,
            dict(zip(_WEIGHTS, line[1:8], strict=True)),
            line[8],
        )
        for line in found
    )
    number = found[0][-1] if found else _number(facts, values) if offset else 0
    return Ranking(question, basis, weights, standings, number)


def _number(facts: Facts, values: Mapping[str, Any]) -> int:
    """Count all that fit, where the page asked for lies behind the last of them."""
    first = facts.ask(_SQL, {**values, "limit": 1, "offset": 0})
    return int(first[0][-1]) if first else 0


def _wanted(basis: Basis) -> dict[str, list[Any]]:
    lines: list[tuple[str, str, int, int]] = [
        *(("theme", "theme", value, part) for value, part in basis.themes.items()),
        *(("target-group", "target-group", value, part) for value, part in basis.groups.items()),
        *(("role", "role", value, WHOLE) for value in basis.roles),
        *(("call", "programme", value, call.points) for value, call in basis.calls.items()),
    ]
    return _columns(("aspects", "held", "values", "parts"), lines)


def _filters(question: Question) -> dict[str, Any]:
    narrowed = [
        (place, item.name, value)
        for place, item in enumerate(question.filters)
        for value in item.values
    ]
    left_open = [(place, item.name) for place, item in enumerate(question.filters) if item.unknown]
    return {
        "filters": len(question.filters),
        **_columns(("filter", "of", "is"), narrowed),
        **_columns(("open", "open_of"), left_open),
    }


def _columns(names: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Turn lines into lists side by side, as the tables take them."""
    listed = list(lines)
    return {name: [line[place] for line in listed] for place, name in enumerate(names)}
