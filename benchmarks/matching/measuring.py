"""Measuring: precision and recall of proposals, as a whole and by language and alteration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.matching.gold import Gold, Question

# What was proposed for a question: things of the register, with scores.
Answers = Mapping[str, Sequence[tuple[str, float]]]
Matcher = Callable[[Gold], Answers]
_NORMAL = 1.96  # standard deviations that hold 95 %


@dataclass(slots=True)
class Tally:
    """Counts of proposals: right ones, wrong ones, and questions that have an answer."""

    right: int = 0
    wrong: int = 0
    answerable: int = 0
    asked: int = 0

    @property
    def precision(self) -> float:
        """Give the share of proposals that are right; 1 where nothing was proposed."""
        proposed = self.right + self.wrong
        return self.right / proposed if proposed else 1.0

    @property
    def recall(self) -> float:
        """Give the share of answers that were proposed."""
        return self.right / self.answerable if self.answerable else 1.0

    def plus(self, other: Tally) -> Tally:
        """Give both together."""
        return Tally(
            self.right + other.right,
            self.wrong + other.wrong,
            self.answerable + other.answerable,
            self.asked + other.asked,
        )

    @property
    def between(self) -> tuple[float, float]:
        """Give where the precision lies with 95 % confidence, by Wilson's interval."""
        proposed = self.right + self.wrong
        if not proposed:
            return 0.0, 1.0
        share, square = self.precision, _NORMAL**2 / proposed
        middle = share + square / 2
        half = _NORMAL * sqrt(share * (1 - share) / proposed + square / (4 * proposed))
        return (middle - half) / (1 + square), (middle + half) / (1 + square)

    def row(self, label: str) -> str:
        """Write a row of a table."""
        least, most = self.between
        cells = (label, f"{self.asked:,}", f"{self.right + self.wrong:,}", f"{self.wrong}")
        return (
            f"| {' | '.join(cells)} | {self.precision:.4f} | {least:.3f} to {most:.3f} "
            f"| {self.recall:.4f} |"
        )


def tally(questions: Iterable[Question], answers: Answers, threshold: float) -> Tally:
    """Count what was proposed from a threshold on."""
    found = Tally()
    for question in questions:
        proposed = [
            thing for thing, score in answers.get(question.profile.thing, ()) if score >= threshold
        ]
        found.asked += 1
        found.answerable += question.answer is not None
        right = sum(thing == question.answer for thing in proposed)
        found.right += right
        found.wrong += len(proposed) - right
    return found


def by(
    key: Callable[[Question], str],
    questions: Sequence[Question],
    answers: Answers,
    threshold: float,
) -> Mapping[str, Tally]:
    """Count by a property of the questions, the most frequent first."""
    groups: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        groups[key(question)].append(question)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: tally(group, answers, threshold) for name, group in ordered}


def same_names(gold: Gold, answers: Answers, threshold: float) -> tuple[int, int]:
    """Count the wrong proposals, and among them those in which both bear the very same name."""
    names = {profile.thing: set(map(_squeezed, profile.names)) for profile in gold.register}
    wrong = [
        _squeezed(question.profile.names[0]) in names[thing]
        for question in gold.questions
        for thing, score in answers.get(question.profile.thing, ())
        if score >= threshold and thing != question.answer
    ]
    return sum(wrong), len(wrong)


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def best_threshold(gold: Sequence[tuple[Gold, Answers]], precision: float) -> float:
    """Give the least threshold at which all gold sets together reach a precision."""
    for step in range(40, 100):
        threshold = step / 100
        total = Tally()
        for one, answers in gold:
            found = tally(one.questions, answers, threshold)
            total = total.plus(found)
        if total.precision >= precision:
            return threshold
    return 1.0
