"""Licences: under which terms a table is published, as far as the file says it itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loaders.suggesting.constants import Constant, period
from loaders.suggesting.suggestion import Suggestion

_TOLD, _LEGAL, _UNKNOWN = 0.9, 0.5, 0.1
_NOT_EVALUATED = "http://rightsstatements.org/vocab/CNE/1.0/"


def licence(found: Suggestion, licences: Mapping[str, tuple[str, ...]]) -> Constant:
    """Give the address of the licence that the file names, or of what is known in its place.

    Of `licences`, each address has the phrases that name it; the longest that stands counts.
    """
    texts = [text.casefold() for text in _texts(found)]
    named = [
        (len(phrase), address)
        for address, phrases in licences.items()
        for phrase in phrases
        if any(phrase.casefold() in text for text in texts)
    ]
    if named:
        return Constant("licence", max(named)[1], _TOLD, "the file names it")
    act = found.choice.target.model.published_under.get(period(found))
    if act:
        why = "none is named; this obliges to publish such tables"
        return Constant("licence", act, _LEGAL, why)
    return Constant("licence", _NOT_EVALUATED, _UNKNOWN, "none is named; ask the publisher")


def _texts(found: Suggestion) -> Iterator[str]:
    """Give what stands in a file beside its records, and what all of them have in common."""
    yield from found.grid.notes
    yield from found.layout.titles
    yield from (next(filter(None, row)) for row in found.layout.data if sum(map(bool, row)) == 1)
    for column in found.columns:
        if column.profile.features.get("constant"):
            yield column.profile.sample
