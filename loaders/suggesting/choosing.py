"""Choosing: which model a table fits, by what its columns would be in each.

A model fits where the table has what every table of the sort has, where most columns find a field
in it, and where titles, the name of the file and names of columns speak of its things. It does not
where each row should be another thing and rows repeat them: a table of organisations names each of
them once. What the fit of one model is above that of the others tells how sure the choice is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from loaders.suggesting.matching import Match, Weights, match
from loaders.suggesting.meanings import Target
from loaders.suggesting.values import Profile
from loaders.suggesting.vocabulary import Nearness, Vocabulary

_TOLD = 0.4  # what the groups of fields count that tell a model; the rest, the columns explained
_SPOKEN = 0.1  # what it counts that titles or names of columns speak of the things of a model
_CHANCE = 3  # the power of scores that counts: what comes near by chance counts little
_USUAL = 0.02  # what the sort of table that is published most has ahead of the others
_REPEATED = 0.4  # what it counts that rows repeat what should tell them apart
_APART = 0.9  # the share of rows that differ where each row is another thing
_SHARP = 22.0  # how much a difference in fit speaks for the better model


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that fits best, how sure that is from 0 to 1, and how well the others fit."""

    target: Target
    confidence: float
    fit: float
    others: tuple[tuple[str, float], ...]


def choose(
    targets: Mapping[str, Target],
    vocabulary: Vocabulary,
    names: Sequence[Nearness],
    spoken: Mapping[str, float],
    profiles: Sequence[Profile],
    weights: Weights,
) -> Choice:
    """Choose the model of a table; `names` are near to the lists of a vocabulary.

    `spoken` tells how much is spoken of the things of each model, from 0.
    """
    matches = {
        name: match(
            [_folded(item, vocabulary, target) for item in names], profiles, target.fields, weights
        )
        for name, target in targets.items()
    }
    filled = [place for place, profile in enumerate(profiles) if profile.filled]
    best = [max(_explains(found[place]) for found in matches.values()) for place in filled]
    fits = {
        name: fit(target, [matches[name][place] for place in filled], best)
        + _SPOKEN * spoken.get(name, 0.0)
        + _USUAL * target.model.usual
        - _REPEATED * _repeated(target, matches[name], profiles)
        for name, target in targets.items()
    }
    ranked = sorted(fits, key=fits.__getitem__, reverse=True)
    shares = np.exp([_SHARP * (fits[name] - fits[ranked[0]]) for name in ranked])
    sure = round(float(shares[0] / shares.sum()) * min(1.0, fits[ranked[0]] / 0.5), 2)
    others = tuple((name, round(fits[name], 2)) for name in ranked[1:3])
    return Choice(targets[ranked[0]], sure, round(fits[ranked[0]], 2), others)


def fit(target: Target, matches: Sequence[Match], best: Sequence[float]) -> float:
    """Tell from 0 to 1 how well columns fit a model that were paired with its fields.

    `best` is how well the model that explains a column best does so: a column that only another
    model has a field for speaks against this one, and one that none has for against no model.
    """
    scores: dict[str, float] = {}
    for found in matches:
        if found.field is not None:
            scores[found.field] = max(scores.get(found.field, 0.0), found.score)
    groups = target.model.told_by
    # What a thing is called or known by counts twice: without it there is no table of such things.
    told = sum(max(scores.get(name, 0.0) for name in group) for group in (*groups[:1], *groups))
    mapped = sum(_explains(found) for found in matches if found.field is not None)
    open_columns = sum(found.reason is None for found in matches)
    compared = sum(map(_explains, matches)) / max(sum(best), 1.0)
    explained = (mapped / max(open_columns, 1) + compared) / 2
    return _TOLD * told / (len(groups) + 2) + (1 - _TOLD) * explained


def _explains(found: Match) -> float:
    """Tell how well a column is explained, by a field or as one to be ignored."""
    known = found.field is not None or found.reason is not None
    return found.score**_CHANCE if known else 0.0


def _folded(near: Nearness, vocabulary: Vocabulary, target: Target) -> Nearness:
    """Tell how near names come to the fields of a model: as near as to the nearest of its lists."""
    place = {name: number for number, name in enumerate(vocabulary.fields)}
    columns = [[place[name] for name in item.named] for item in target.fields.values()]
    scores = np.stack([near.scores[:, item].max(axis=1) for item in columns], axis=1)
    return Nearness(scores, [[""] * len(columns)] * len(near.nearest))


def _repeated(target: Target, matches: Sequence[Match], profiles: Sequence[Profile]) -> float:
    """Tell how much rows repeat what tells the things of a model apart; 0 where no column does."""
    unique = [
        profile.features["unique"]
        for found, profile in zip(matches, profiles, strict=True)
        if found.field in target.model.apart_by and profile.filled
    ]
    return max(0.0, _APART - max(unique)) if unique else 0.0
