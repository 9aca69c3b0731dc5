"""History: all that was judged of each pair, and the line that takes a judgement back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph.errors import ParameterError
from graph.identities.ledger import Judgement, Pair, in_force, one_line
from graph.identities.redirects import Joined


@dataclass(frozen=True, slots=True)
class History:
    """The judgements on one pair, the latest first; `valid` is the one that counts, if any does."""

    judgements: tuple[Judgement, ...]
    valid: Judgement | None

    @property
    def pair(self) -> Pair:
        """Give the two things in the order of their names."""
        return self.judgements[0].pair


def histories(judgements: Iterable[Judgement]) -> list[History]:
    """Give the history of each pair, what was judged last first."""
    listed = sorted(judgements, key=lambda item: item.date)  # stable: place decides then
    valid = in_force(listed)
    lines: dict[Pair, list[Judgement]] = defaultdict(list)
    for item in reversed(listed):
        lines[item.pair].append(item)
    return [History(tuple(items), valid.get(pair)) for pair, items in lines.items()]


def withdrawal(judgement: Judgement, reviewer: str, day: date, reason: str) -> Judgement:
    """Make the line that takes a judgement back; ParameterError where no reason is given.

    It is never dated before what it takes back, since it would not count then.
    """
    evidence = _said(reason)
    left, right, later = judgement.left, judgement.right, max(day, judgement.date)
    return Judgement(left, right, "withdrawn", None, evidence, reviewer, later)


def separation(joined: Joined, reviewer: str, day: date, reason: str) -> Judgement:
    """Make the line that takes apart what identifiers joined; ParameterError without a reason."""
    evidence = f"{_said(reason)}; despite {one_line('; '.join(joined.why))}"
    return Judgement(joined.canonical, joined.merged, "different", None, evidence, reviewer, day)


def _said(reason: str) -> str:
    said = one_line(reason)
    if not said:
        raise ParameterError("say why: the reason stands in the ledger")
    return said
