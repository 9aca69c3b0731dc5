"""Measuring: how often the right thing is proposed first, among five, and called certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.matching.gold import Question
from graph.dataset import Dataset
from graph.reconciling.attributes import find_attribute
from graph.reconciling.comparing import Given
from graph.reconciling.matching import Candidate, Condition, NameQuery, reconcile

_KINDS = frozenset({"organisation"})
_AT_ONCE = 20
TOP = 5

# A question with what was proposed for it.
Asked = tuple[Question, Sequence[Candidate]]


@dataclass(slots=True)
class Tally:
    """Counts of questions: asked, with an answer, answered first or among five, and certain."""

    asked: int = 0
    answerable: int = 0
    first: int = 0
    among: int = 0
    certain: int = 0
    right: int = 0

    def cells(self) -> list[str]:
        """Write the numbers of a row."""
        return [
            f"{self.asked:,}",
            _share(self.first, self.answerable),
            _share(self.among, self.answerable),
            _share(self.right, self.certain),
            _share(self.right, self.answerable),
        ]


def ask(dataset: Dataset, questions: Sequence[Question], *, country: bool) -> list[Asked]:
    """Reconcile the name of each question, with its country beside it or without."""
    queries = [_query(question, country=country) for question in questions]
    found: list[list[Candidate]] = []
    for place in range(0, len(queries), _AT_ONCE):
        found += reconcile(dataset, queries[place : place + _AT_ONCE])
    return list(zip(questions, found, strict=True))


def tally(answers: Iterable[Asked]) -> Tally:
    """Count answers."""
    made = Tally()
    for question, found in answers:
        things = [item.thing for item in found]
        made.asked += 1
        made.answerable += question.answer is not None
        if question.answer is not None:
            made.first += things[:1] == [question.answer]
            made.among += question.answer in things
        if found and found[0].match:
            made.certain += 1
            made.right += found[0].thing == question.answer
    return made


def by(key: Callable[[Question], str], answers: Iterable[Asked]) -> Mapping[str, Tally]:
    """Count by a property of the questions, the most frequent first."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for item in answers:
        groups[key(item[0])].append(item)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: tally(group) for name, group in ordered}


def _query(question: Question, *, country: bool) -> NameQuery:
    attribute = find_attribute("country")
    assert attribute is not None  # noqa: S101  # of our own ontology
    told = Condition(attribute, tuple(map(Given, sorted(question.profile.countries))))
    return NameQuery(
        question.profile.names[0], _KINDS, limit=TOP, conditions=(told,) if country else ()
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else ""
