"""Missing: what kinds of answers were not proposed, and which of them no name can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from benchmarks.matching.gold import Gold
from benchmarks.matching.measuring import Answers
from graph.identities.concepts import meant
from graph.identities.names import Name, is_connective, read_name
from graph.identities.spelling import latin

NUMBER, NOTHING = "a number of a unit, such as UMR 5104", "no word or meaning in common"
ACRONYM = "an acronym, spelt out in the other name"
PART, SOME = "a part of the other name", "some words or meanings in common"
KINDS = (NUMBER, NOTHING, ACRONYM, PART, SOME)
UNTOLD = (NUMBER, NOTHING)  # what no comparison of names can find

_UNIT = re.compile(r"[A-Z]{1,5}[ -]?[0-9]{2,5}([ -][0-9]+)?")


def kinds(gold: Gold) -> Counter[str]:
    """Count the questions that have an answer by what their names have in common with it."""
    register = {profile.thing: profile for profile in gold.register}
    return Counter(
        _kind(question.profile.names[0], register[question.answer].names, country)
        for question in gold.questions
        if question.answer is not None
        for country in question.profile.countries
    )


def missed(gold: Gold, answers: Answers) -> Counter[str]:
    """Count, in the same way, the questions of which the answer was not proposed."""
    found: Mapping[str, Collection[str]] = {
        asked: {thing for thing, _ in proposed} for asked, proposed in answers.items()
    }
    left = tuple(
        question
        for question in gold.questions
        if question.answer is not None
        and question.answer not in found.get(question.profile.thing, ())
    )
    return kinds(Gold(gold.name, gold.register, left))


def _kind(asked: str, names: Collection[str], country: str) -> str:
    """Give the first kind that one of the names is of, those that tell most first."""
    found = {_of_two(asked, name, country) for name in names}
    return next(kind for kind in reversed(KINDS) if kind in found)


def _of_two(asked: str, name: str, country: str) -> str:
    if _UNIT.fullmatch(asked.strip()) or _UNIT.fullmatch(name.strip()):
        return NUMBER
    first, second = read_name(asked, country), read_name(name, country)
    words, others = _telling(first), _telling(second)
    if words & others:
        return PART if words <= others or others <= words else SOME
    if _spells(asked, second) or _spells(name, first):
        return ACRONYM
    return NOTHING


def _telling(name: Name) -> set[str]:
    """Give the words and meanings of a name."""
    both = {*name.words, *meant(name).words}
    return {word for word in both if not is_connective(word)}


def _spells(short: str, long: Name) -> bool:
    """Tell whether a word is made of first letters of the words of a name, in their order."""
    letters = "".join(filter(str.isalpha, latin(short)))
    initials = iter([word[0] for word in long.words])
    return len(short.split()) == 1 and len(letters) > 1 and all(one in initials for one in letters)
