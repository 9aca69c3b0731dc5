"""What speaks for partners, read from the fact tables: who does what, on what, with whom.

Everything is read for all partners of one page at once; of several lines that say the same, the
first by IRI is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.facts.reading import Facts
from graph.partners.ranking import Ranking

SHOWN = 3  # paths of one reason

_TOPICS = """
SELECT DISTINCT ON (organisation, aspect, value) organisation, aspect, value, thing, direct
FROM partner_doing JOIN partner_topic USING (thing)
WHERE list_contains($organisations::INTEGER[], organisation)
  AND list_contains($values::INTEGER[], value)
ORDER BY organisation, aspect, value, direct <> value, thing, direct
"""
_ROLES = """
SELECT organisation, role, min(thing), count(DISTINCT thing) AS things FROM partner_doing
WHERE list_contains($organisations::INTEGER[], organisation)
  AND list_contains($roles::INTEGER[], role)
GROUP BY organisation, role ORDER BY organisation, things DESC, role
"""
_SHARED = """
WITH mine AS (
  SELECT DISTINCT thing FROM partner_doing WHERE organisation = $we
), met AS (
  SELECT other.organisation, known.organisation AS through, min(other.thing) AS theirs
  FROM partner_doing AS other JOIN partner_doing AS known USING (thing)
  WHERE list_contains($organisations::INTEGER[], other.organisation)
    AND known.organisation NOT IN (other.organisation, $we)
  GROUP BY ALL
), ours AS (
  SELECT organisation AS through, min(thing) AS ours FROM partner_doing SEMI JOIN mine USING (thing)
  WHERE organisation <> $we GROUP BY organisation
)
SELECT met.organisation, met.through, ours.ours, met.theirs,
  count(*) OVER (PARTITION BY met.organisation) AS number
FROM met JOIN ours USING (through)
JOIN partner_profile AS all_told ON all_told.organisation = met.through
  AND all_told.aspect = 'doing'
QUALIFY row_number() OVER (
  PARTITION BY met.organisation ORDER BY all_told.things, met.through) <= $shown
ORDER BY met.organisation, all_told.things, met.through
"""
_TOGETHER = """
SELECT DISTINCT organisation, thing FROM partner_doing
WHERE list_contains($organisations::INTEGER[], organisation)
  AND thing IN (SELECT thing FROM partner_doing WHERE organisation = $we)
ORDER BY organisation, thing
"""
_COUNTRIES = """
SELECT organisation, value FROM partner_profile
WHERE aspect = 'country' AND list_contains($organisations::INTEGER[], organisation)
ORDER BY organisation, value
"""
_FIRST = """
SELECT organisation, min(thing) FROM partner_doing
WHERE list_contains($organisations::INTEGER[], organisation)
GROUP BY organisation ORDER BY organisation
"""
_DOING = """
SELECT organisation, thing, participation, role, link FROM partner_doing
WHERE list_contains($organisations::INTEGER[], organisation)
  AND list_contains($things::INTEGER[], thing)
ORDER BY organisation, thing, participation NULLS LAST, role NULLS LAST, link
"""
_IRIS = "SELECT id, iri FROM thing WHERE list_contains($ids::INTEGER[], id)"
_CALLED = "SELECT subject, object FROM call WHERE list_contains($things::INTEGER[], subject)"


class Topic(NamedTuple):
    """That a thing which an organisation does is about a value, or about a narrower one."""

    value: int
    thing: int
    direct: int


class Held(NamedTuple):
    """That an organisation has a role in so many things, one of which is named."""

    role: int
    thing: int
    number: int


class Shared(NamedTuple):
    """That an organisation did something with us, and something with the partner."""

    through: int
    ours: int
    theirs: int


class Doing(NamedTuple):
    """How it is said that an organisation does something."""

    participation: int | None
    role: int | None
    link: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of some organisations, by number, and the IRIs of all that is named."""

    topics: Mapping[tuple[int, str], list[Topic]]
    roles: Mapping[int, list[Held]]
    shared: Mapping[int, list[Shared]]
    shared_numbers: Mapping[int, int]
    together: Mapping[int, list[int]]
    countries: Mapping[int, list[int]]
    first: Mapping[int, int]
    doing: Mapping[tuple[int, int], list[Doing]]
    called: frozenset[tuple[int, int]]
    iris: Mapping[int, str]


def read_evidence(facts: Facts, ranking: Ranking) -> Evidence:
    """Read what speaks for the organisations of a ranking."""
    basis, we = ranking.basis, ranking.question.organisation
    partners = [standing.organisation for standing in ranking.standings]
    everyone = [*partners, *([] if we is None else [we])]
    among = {"organisations": partners}
    values = [*basis.themes, *basis.groups, *basis.calls]
    topics: dict[tuple[int, str], list[Topic]] = defaultdict(list)
    for line in facts.ask(_TOPICS, {"organisations": everyone, "values": values}):
        topics[line[0], line[1]].append(Topic(*line[2:]))
    roles: dict[int, list[Held]] = defaultdict(list)
    for line in facts.ask(_ROLES, {**among, "roles": list(basis.roles)}):
        roles[line[0]].append(Held(*line[1:]))
    shared: dict[int, list[Shared]] = defaultdict(list)
    numbers: dict[int, int] = {}
    together: dict[int, list[int]] = {}
    if we is not None:
        for line in facts.ask(_SHARED, {**among, "we": we, "shown": SHOWN}):
            shared[line[0]].append(Shared(*line[1:4]))
            numbers[line[0]] = line[4]
        together = _listed(facts, _TOGETHER, {**among, "we": we})
    countries = _listed(facts, _COUNTRIES, among)
    first = dict(facts.ask(_FIRST, among))
    things = _things(topics, roles, shared, together) | set(first.values())
    others = {item.through for found in shared.values() for item in found}
    doing = _doing(facts, {*everyone, *others}, things)
    used = {*values, *everyone, *others, *things, *basis.roles}
    used |= {call.call for call in basis.calls.values()}
    used |= {topic.direct for found in topics.values() for topic in found}
    used |= {item for found in countries.values() for item in found}
    used |= {number for found in doing.values() for item in found for number in item[:2] if number}
    return Evidence(
        topics=topics,
        roles=roles,
        shared=shared,
        shared_numbers=numbers,
        together=together,
        countries=countries,
        first=first,
        doing=doing,
        called=frozenset(facts.ask(_CALLED, {"things": sorted(things)})),
        iris=dict(facts.ask(_IRIS, {"ids": sorted(used)})),
    )


def _things(
    topics: Mapping[tuple[int, str], list[Topic]],
    roles: Mapping[int, list[Held]],
    shared: Mapping[int, list[Shared]],
    together: Mapping[int, list[int]],
) -> set[int]:
    """Give all that organisations do in what was read."""
    things = {topic.thing for found in topics.values() for topic in found}
    things |= {held.thing for found in roles.values() for held in found}
    things |= {thing for found in shared.values() for item in found for thing in item[1:]}
    return things | {thing for found in together.values() for thing in found}


def _listed(facts: Facts, sql: str, values: Mapping[str, Any]) -> dict[int, list[int]]:
    """Read pairs as lists by their first number."""
    found: dict[int, list[int]] = {}
    for first, second in facts.ask(sql, values):
        found.setdefault(first, []).append(second)
    return found


def _doing(
    facts: Facts, organisations: Iterable[int], things: Iterable[int]
) -> dict[tuple[int, int], list[Doing]]:
    asked: dict[str, Any] = {"organisations": sorted(organisations), "things": sorted(things)}
    found: dict[tuple[int, int], list[Doing]] = defaultdict(list)
    for line in facts.ask(_DOING, asked):
        found[line[0], line[1]].append(Doing(*line[2:]))
    return found
