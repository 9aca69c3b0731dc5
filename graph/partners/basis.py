"""What counts for a question: its own themes, groups and roles, or those of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path

from graph.facts.reading import Facts
from graph.partners.asking import Question
from graph.partners.aspects import WHOLE, completing

_CALLS = (Path(__file__).parent / "calls.sql").read_text("utf-8")
_TOPICS = """
SELECT DISTINCT topic.direct FROM partner_doing AS doing
JOIN partner_topic AS topic USING (thing)
WHERE doing.organisation = $we AND topic.aspect = $aspect ORDER BY 1
"""
_SPREAD = """
SELECT value, count(*) FROM partner_profile
WHERE aspect = $aspect AND list_contains($values::INTEGER[], value) GROUP BY value ORDER BY value
"""
_ALL = "SELECT count(*) FROM partner_profile WHERE aspect = 'doing'"
_HELD = """
SELECT thing.key FROM partner_profile AS profile JOIN thing ON thing.id = profile.value
WHERE profile.aspect = 'role' AND profile.organisation = $we
"""
_ROLES = """
SELECT id FROM thing WHERE kind = 'role' AND list_contains($keys::VARCHAR[], key) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that is open, by number, and what it is worth; its deadline where one is known."""

    call: int
    points: int
    deadline: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What counts: themes and groups with their rarity, roles, and open calls by programme.

    `completed` says that roles are those which complete who asks, and not named by the question.
    """

    themes: Mapping[int, int]
    groups: Mapping[int, int]
    roles: tuple[int, ...]
    calls: Mapping[int, OpenCall]
    completed: bool
    asking: bool

    def applies(self, aspect: str) -> bool:
        """Tell whether an aspect can speak for anybody here."""
        known = {
            "theme": bool(self.themes),
            "target-group": bool(self.groups),
            "role": bool(self.roles),
            "call": bool(self.calls),
            "experience": True,
        }
        return known.get(aspect, self.asking)


def read_basis(facts: Facts, question: Question) -> Basis:
    """Find what counts for a question, from what it names or from what its organisation does."""
    we = question.organisation
    return Basis(
        themes=_rarities(facts, question, "theme"),
        groups=_rarities(facts, question, "target-group"),
        roles=question.values("role") or _completing(facts, we),
        calls={} if we is None else _open(facts, we, question.day),
        completed=not question.values("role"),
        asking=we is not None,
    )


def _rarities(facts: Facts, question: Question, aspect: str) -> dict[int, int]:
    values = list(question.values(aspect))
    if not values and question.organisation is not None:
        asked = {"we": question.organisation, "aspect": aspect}
        values = [value for (value,) in facts.ask(_TOPICS, asked)]
    if not values:
        return {}
    ((everyone,),) = facts.ask(_ALL)
    spread = dict(facts.ask(_SPREAD, {"aspect": aspect, "values": values}))
    # What nobody does has no rarity that could be met.
    return {value: round(WHOLE * log(1 + everyone / count)) for value, count in spread.items()}


def _completing(facts: Facts, we: int | None) -> tuple[int, ...]:
    if we is None:
        return ()
    keys = completing(key for (key,) in facts.ask(_HELD, {"we": we}))
    return tuple(number for (number,) in facts.ask(_ROLES, {"keys": sorted(keys)}))


def _open(facts: Facts, we: int, day: str) -> dict[int, OpenCall]:
    found: dict[int, OpenCall] = {}
    for programme, call, deadline, distance in facts.ask(_CALLS, {"we": we, "day": day}):
        points = WHOLE // distance if deadline else WHOLE // (2 * distance)
        if programme not in found or points > found[programme].points:
            found[programme] = OpenCall(call, points, deadline)
    return found
