"""The names of what dimensions have, in the languages of a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.facts.reading import Facts
from graph.labels import best
from graph.terms import Term

_NAMES = """
SELECT thing.key, label.value, label.language FROM thing JOIN label ON label.subject = thing.id
WHERE thing.kind = $kind ORDER BY ALL
"""


def names(facts: Facts, segment: str, languages: Sequence[str]) -> Mapping[str, str]:
    """Give the best name of each thing of a kind, by key."""
    return facts.remembered(
        ("names", segment, tuple(languages)), lambda: _names(facts, segment, languages)
    )


def _names(facts: Facts, segment: str, languages: Sequence[str]) -> dict[str, str]:
    texts: dict[str, list[Term]] = {}
    for key, value, language in facts.ask(_NAMES, {"kind": segment}):
        texts.setdefault(key, []).append(Term("literal", value, language))
    chosen = ((key, best(found, languages)) for key, found in texts.items())
    return {key: label.text for key, label in chosen if label is not None}
