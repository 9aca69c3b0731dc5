"""The names of what dimensions have, in the languages of a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.facts.reading import Facts
from graph.labels import Label, best
from graph.terms import Term

_NAMES = """
SELECT thing.key, label.value, label.language FROM thing JOIN label ON label.subject = thing.id
WHERE thing.kind = $kind ORDER BY ALL
"""


_LABELS = """
SELECT thing.key, label.value, label.language FROM thing JOIN label ON label.subject = thing.id
WHERE thing.kind = $kind AND thing.key IN (SELECT unnest($keys)) ORDER BY ALL
"""


def names(facts: Facts, segment: str, languages: Sequence[str]) -> Mapping[str, str]:
    """Give the text of the best name of each thing of a kind, by key."""
    found = labels(facts, segment, languages)
    return facts.remembered(
        ("names", segment, tuple(languages)),
        lambda: {key: label.text for key, label in found.items()},
    )


def labels(facts: Facts, segment: str, languages: Sequence[str]) -> Mapping[str, Label]:
    """Give the best name of each thing of a kind, by key."""
    return facts.remembered(
        ("labels", segment, tuple(languages)), lambda: _labels(facts, segment, languages)
    )


def _labels(facts: Facts, segment: str, languages: Sequence[str]) -> dict[str, Label]:
    texts: dict[str, list[Term]] = {}
    for key, value, language in facts.ask(_NAMES, {"kind": segment}):
        texts.setdefault(key, []).append(Term("literal", value, language))
    chosen = ((key, best(found, languages)) for key, found in texts.items())
    return {key: label for key, label in chosen if label is not None}


def labels_of(facts: Facts, numbers: Iterable[int], languages: Sequence[str]) -> dict[int, Label]:
    """Give the best name of each thing that has one, by its number in the tables."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    texts: dict[int, list[Term]] = {}
    rows = facts.ask(
        "SELECT subject, value, language FROM label WHERE subject IN (SELECT unnest($numbers)) "
        "ORDER BY ALL",
        {"numbers": wanted},
    )
    for number, value, language in rows:
        texts.setdefault(number, []).append(Term("literal", value, language))
    chosen = ((number, best(found, languages)) for number, found in texts.items())
    return {number: label for number, label in chosen if label is not None}


def labels_by_key(
    facts: Facts, segment: str, keys: Iterable[str], languages: Sequence[str]
) -> dict[str, Label]:
    """Give the best names of some things of a kind, by key; those without a name are left out."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    texts: dict[str, list[Term]] = {}
    for key, value, language in facts.ask(_LABELS, {"kind": segment, "keys": wanted}):
        texts.setdefault(key, []).append(Term("literal", value, language))
    chosen = ((key, best(found, languages)) for key, found in texts.items())
    return {key: label for key, label in chosen if label is not None}
