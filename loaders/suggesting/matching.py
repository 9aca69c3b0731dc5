"""Matching: which column is which field, by its name, its values and its relations.

Each column has a score for each field, from its name and from its values. Columns and fields are
then paired so that the sum of the scores is the largest (the assignment problem: D. F. Crouse,
"On implementing 2D rectangular assignment algorithms", 2016, as in scipy; O(n³)). A column may
stay without a field where no score is high enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from loaders.suggesting.meanings import IGNORED, Meaning
from loaders.suggesting.values import Profile
from loaders.suggesting.vocabulary import Nearness

Matrix = NDArray[np.float64]
Row = NDArray[np.float64]
_EASE = 0.3  # a column that is nothing needs no wide margin
_DOUBT = 0.75  # how sure at most what is known by values alone
_NAMELESS = 0.9  # of a column without a name, what values that fit wholly reach
_AGAIN = 0.06  # how much less a field counts for a second column


@dataclass(frozen=True, slots=True)
class Weights:
    """How much names and values count, and from which score on a column is mapped at all."""

    name: float = 0.7
    value: float = 0.3
    least: float = 0.42


@dataclass(frozen=True, slots=True)
class Match:
    """What a column is: its field or None, how sure that is, and the runners-up.

    `reason` is the pseudo-field that explains why a column is ignored, such as `contact`; `why`
    says what hinders a column from being the field that it looks like.
    """

    field: str | None
    confidence: float
    score: float
    others: tuple[tuple[str, float], ...]
    reason: str | None = None
    term: str = ""
    why: str = ""


def match(
    names: Sequence[Nearness],
    profiles: Sequence[Profile],
    fields: Mapping[str, Meaning],
    weights: Weights,
) -> list[Match]:
    """Pair columns with fields; a column that has names in two languages is judged by both.

    The columns of each nearness are the fields in their order.
    """
    near = reduce(np.maximum, [item.scores for item in names])
    order = list(fields)
    scores = _scores(near, profiles, fields, weights)
    open_fields = [place for place, name in enumerate(order) if fields[name].sort != IGNORED]
    closed = [place for place in range(len(order)) if place not in open_fields]
    again = [place for place in open_fields if fields[order[place]].several]
    slots = np.hstack([scores[:, open_fields], scores[:, again] - _AGAIN])
    chosen = _assigned(slots, scores[:, closed], weights.least)
    places = [*open_fields, *again]
    found: list[Match] = []
    for row, place in enumerate(chosen):
        field = None if place is None else places[place]
        named = [(item.scores[row], item.nearest[row]) for item in names]
        told = _told(field, scores[row], named, order, closed, weights.least)
        nameless = not near[row].any()
        found.append(replace(told, confidence=min(told.confidence, _DOUBT)) if nameless else told)
    return found


def _scores(
    near: Matrix,
    profiles: Sequence[Profile],
    fields: Mapping[str, Meaning],
    weights: Weights,
) -> Matrix:
    scores = np.zeros_like(near)
    whole = weights.name + weights.value
    for row, profile in enumerate(profiles):
        nameless = not near[row].any()
        for column, field in enumerate(fields.values()):
            # A column without values can only be known by its name.
            fit = field.fitness(profile.features) if profile.filled else 0.0
            if fit is not None:
                named = weights.name * near[row, column]
                both = (named + weights.value * fit) / whole
                if nameless:
                    both = _NAMELESS * fit
                alone = field.alone * fit * bool(weights.value)
                scores[row, column] = max(both, alone) * (1 - field.rare)
    return scores


def _assigned(scores: Matrix, ignored: Matrix, least: float) -> list[int | None]:
    """Pair rows with columns; a row stays alone where that scores more than any column left."""
    rows = len(scores)
    alone = np.full((rows, rows), -1.0)
    bound = np.maximum(ignored.max(axis=1), least) if ignored.size else np.full(rows, least)
    np.fill_diagonal(alone, bound)
    places, columns = linear_sum_assignment(np.hstack([scores, alone]), maximize=True)
    pairs = dict(zip(places.tolist(), columns.tolist(), strict=True))
    return [pairs[row] if pairs[row] < scores.shape[1] else None for row in range(rows)]


def _told(
    field: int | None,
    scores: Row,
    names: Sequence[tuple[Row, list[str]]],
    order: Sequence[str],
    closed: Sequence[int],
    least: float,
) -> Match:
    """Say what was chosen for a column, and what else it could be."""
    ranked = [int(place) for place in np.argsort(-scores)]
    others = tuple(
        (order[place], round(float(scores[place]), 2))
        for place in ranked
        if place != field and place not in closed and scores[place] > least / 2
    )[:3]
    if field is None:
        best = max((float(scores[place]) for place in ranked if place not in closed), default=0.0)
        told = ranked[0] in closed and scores[ranked[0]] > least
        sure = _confidence(1 - best, least - best + _EASE)
        if told:
            return Match(None, sure, float(scores[ranked[0]]), others, order[ranked[0]])
        return Match(None, sure, best, others)
    own = float(scores[field])
    rival = max((float(scores[place]) for place in ranked if place != field), default=0.0)
    term = max(names, key=lambda item: float(item[0][field]))[1][field]
    return Match(order[field], _confidence(own, own - rival), own, others, None, term)


def _confidence(score: float, margin: float) -> float:
    """Tell how sure a choice is: it scores high, and well above the next best."""
    return round(float(1 / (1 + np.exp(-(6 * (score - 0.6) + 4 * margin)))), 2)
