"""Reasons for partners: the paths in the graph behind the points of each aspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from graph.facts.reading import Facts
from graph.partners.aspects import ASPECTS
from graph.partners.evidence import SHOWN, Doing, Evidence, Topic, read_evidence
from graph.partners.paths import Hop, Path, Statement
from graph.partners.ranking import Ranking, Standing
from ontology import Property, expand

_LINKS = {
    "lead_partner": Property.LEAD_PARTNER.value,
    "carried_by": Property.CARRIED_BY.value,
    "operator": Property.OPERATOR.value,
}
_BROADER = expand("skos:broader")
_ABOVE = {
    "broader": "SELECT subject, object, iri FROM broader JOIN thing ON id = object ORDER BY ALL",
    "part_of": "SELECT subject, object, iri FROM part_of JOIN thing ON id = object ORDER BY ALL",
}
_ABOUT = {"theme": Property.THEME.value, "target-group": Property.TARGET_GROUP.value}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an aspect speaks for a partner: its points, on how many things they rest, and paths.

    `things` are what it rests on, of which at most three are given, and as many paths. `open_call`
    is the IRI of a call, with its deadline if known.
    """

    aspect: str
    points: int
    number: int
    things: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    open_call: str | None = None
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A partner by IRI, where it is, the reasons for it, and what both have done together."""

    organisation: str
    countries: tuple[str, ...]
    reasons: tuple[Reason, ...]
    together: tuple[str, ...]


def reasons(facts: Facts, ranking: Ranking) -> tuple[Proposal, ...]:
    """Give the reasons for each organisation of a ranking, in its order."""
    found = _Finder(facts, ranking, read_evidence(facts, ranking))
    return tuple(found.proposal(standing) for standing in ranking.standings)


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds paths in what was read for a ranking."""

    facts: Facts
    ranking: Ranking
    evidence: Evidence

    def proposal(self, standing: Standing) -> Proposal:
        partner = standing.organisation
        together = self.evidence.together.get(partner, [])
        return Proposal(
            self.evidence.iris[partner],
            tuple(self.evidence.iris[item] for item in self.evidence.countries.get(partner, [])),
            tuple(self._reasons(standing)),
            tuple(self.evidence.iris[thing] for thing in together),
        )

    def _reasons(self, standing: Standing) -> Iterator[Reason]:
        for aspect in ASPECTS:
            points = standing.aspects[aspect]
            if points and self.ranking.basis.applies(aspect):
                yield self._reason(aspect, points, standing)

    def _reason(self, aspect: str, points: int, standing: Standing) -> Reason:
        partner = standing.organisation
        match aspect:
            case "theme" | "target-group":
                return self._topics(aspect, points, partner)
            case "role":
                return self._role(points, partner)
            case "call":
                return self._call(points, partner)
            case "shared-partner":
                return self._shared(points, partner)
            case "experience":
                path = self._does(partner, self.evidence.first[partner])
                return Reason(aspect, points, standing.things, path.nodes[1:], (path,))
            case _:
                return Reason(aspect, points, 0)

    def _topics(self, aspect: str, points: int, partner: int) -> Reason:
        basis = self.ranking.basis
        rarity = basis.themes if aspect == "theme" else basis.groups
        found = [
            topic
            for topic in self.evidence.topics.get((partner, aspect), [])
            if topic.value in rarity
        ]
        found.sort(key=lambda topic: (-rarity[topic.value], topic.value))
        shown = found[:SHOWN]
        paths = tuple(self._through(aspect, topic, partner) for topic in shown)
        things = tuple(self.evidence.iris[topic.value] for topic in shown)
        return Reason(aspect, points, len(found), things, paths)

    def _role(self, points: int, partner: int) -> Reason:
        held = self.evidence.roles[partner]
        paths = tuple(self._does(partner, item.thing, item.role) for item in held[:SHOWN])
        things = tuple(self.evidence.iris[item.role] for item in held[:SHOWN])
        return Reason("role", points, sum(item.number for item in held), things, paths)

    def _call(self, points: int, partner: int) -> Reason:
        calls, iris = self.ranking.basis.calls, self.evidence.iris
        found = [
            topic
            for topic in self.evidence.topics.get((partner, "programme"), [])
            if topic.value in calls
        ]
        best = min(found, key=lambda topic: (-calls[topic.value].points, topic.value))
        call = calls[best.value]
        path = self._through("programme", best, partner)
        part = self._upwards(call.call, best.value, Property.PART_OF.value)
        things = (iris[best.value],)
        return Reason("call", points, 1, things, (path, part), iris[call.call], call.deadline)

    def _shared(self, points: int, partner: int) -> Reason:
        shared = self.evidence.shared[partner]
        paths = tuple(
            self._does(self._we(), item.ours)
            .then(self._does(item.through, item.ours).back())
            .then(self._does(item.through, item.theirs))
            .then(self._does(partner, item.theirs).back())
            for item in shared
        )
        things = tuple(self.evidence.iris[item.through] for item in shared)
        number = self.evidence.shared_numbers[partner]
        return Reason("shared-partner", points, number, things, paths)

    def _through(self, aspect: str, topic: Topic, partner: int) -> Path:
        """Go from us, where we do something about it too, over a topic to the partner."""
        theirs = self._about(aspect, partner, topic).back()
        we = self.ranking.question.organisation
        ours = [] if we is None else self.evidence.topics.get((we, aspect), [])
        shared = next((item for item in ours if item.value == topic.value), None)
        return theirs if shared is None else self._about(aspect, self._we(), shared).then(theirs)

    def _about(self, aspect: str, organisation: int, topic: Topic) -> Path:
        iris = self.evidence.iris
        if aspect == "programme":
            called = (topic.thing, topic.direct) in self.evidence.called
            property_, upwards = (
                (Property.CALL if called else Property.FUNDED_BY).value,
                Property.PART_OF.value,
            )
        else:
            property_, upwards = _ABOUT[aspect], _BROADER
        ends = iris[topic.thing], iris[topic.direct]
        step = Path(ends, (Hop((Statement(ends[0], property_, ends[1]),), property_),))
        whole = self._does(organisation, topic.thing).then(step)
        return whole.then(self._upwards(topic.direct, topic.value, upwards))

    def _upwards(self, low: int, high: int, property_: str) -> Path:
        """Go from a thing to one above it by the shortest way, in the order of IRIs."""
        above = _above(self.facts, "broader" if property_ == _BROADER else "part_of")
        ways: dict[int, tuple[str, ...]] = {low: (self.evidence.iris[low],)}
        edge = [low]
        while edge and high not in ways:
            reached = []
            for thing in edge:
                for parent, iri in above.get(thing, ()):
                    if parent not in ways:
                        ways[parent] = (*ways[thing], iri)
                        reached.append(parent)
            edge = reached
        hops = (
            Hop((Statement(one, property_, other),), property_)
            for one, other in pairwise(ways[high])
        )
        return Path(ways[high], tuple(hops))

    def _does(self, organisation: int, thing: int, role: int | None = None) -> Path:
        """Go from an organisation to something that it does, in a role where one is wanted."""
        said = self.evidence.doing[organisation, thing]
        found = next((item for item in said if role is not None and item.role == role), said[0])
        iris = self.evidence.iris
        ends = iris[organisation], iris[thing]
        return Path(ends, (_hop(found, ends, iris),))

    def _we(self) -> int:
        we = self.ranking.question.organisation
        assert we is not None  # noqa: S101  # only where somebody asks there is anything shared
        return we


def _hop(doing: Doing, ends: tuple[str, str], iris: Mapping[int, str]) -> Hop:
    if doing.participation is None:
        property_ = _LINKS[doing.link]
        return Hop((Statement(ends[1], property_, ends[0]),), property_, along=False)
    part = iris[doing.participation]
    role = None if doing.role is None else iris[doing.role]
    said = [
        Statement(part, Property.PARTICIPANT.value, ends[0]),
        Statement(part, Property.PARTICIPATES_IN.value, ends[1]),
    ]
    if role is not None:
        said.append(Statement(part, Property.ROLE.value, role))
    return Hop(tuple(said), Property.PARTICIPATES_IN.value, role)


def _above(facts: Facts, table: str) -> Mapping[int, list[tuple[int, str]]]:
    """Give what is directly above each thing, with its IRI and in the order of these."""

    def read() -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        for subject, value, iri in facts.ask(_ABOVE[table]):
            found.setdefault(subject, []).append((value, iri))
        return found

    return facts.remembered(("above", table), read)
