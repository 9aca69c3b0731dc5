"""Matching: which things a name may mean, how likely, and whether that is sure enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.dataset import Dataset
from graph.identities.names import read_name
from graph.identities.schemes import SCHEMES
from graph.identities.scoring import liken
from graph.labels import Names, read_names
from graph.reconciling.attributes import Attribute, Values, read_values
from graph.reconciling.comparing import Given, Held, agreement
from graph.reconciling.identifying import having, identified
from graph.reconciling.index import NameIndex, Near
from graph.reconciling.making import Sort
from graph.terms import Term
from ontology import Property

# Measured on the half of the gold sets that is not reported (docs/reconciliation.md).
SURE = 0.94
MARGIN = 0.04  # to the next candidate, so that it is clear which of the two is meant
_ACRONYM = 0.9  # an acronym is that of many
_DOUBTFUL = 0.95  # where legal forms or numbers differ, or both names have words of their own
_OTHERWISE = 0.998  # what is written in the very same way stands before what means the same
_LEAST = 0.35  # score below which nothing is proposed
_NAMES = 12  # names that are compared at least
_CLOSE = 3  # times the wanted candidates are compared by what stands beside their names
_OTHER_TYPE = 0.9
_NAMELESS = 0.9  # what has the values that are told, where no name is told
# What a score is multiplied with where a value beside the name differs, or is not known.
_DIFFERS, _UNKNOWN = 0.8, 0.985
_DIFFERS_MUCH = 0.6  # of places, and of identifiers
_AGREES = 0.75  # agreement from which a value speaks for a candidate
_TELLING = frozenset((Property.COUNTRY.value, Property.REGION.value, *SCHEMES))


@dataclass(frozen=True, slots=True)
class Condition:
    """What a table says beside a name: an attribute and its values, of which one is to fit."""

    attribute: Attribute
    given: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name to reconcile: of which kinds, how many candidates, and what stands beside it.

    No kinds are all kinds; `strict` leaves others out, else they come later. `country` is the
    key of the country in which to look first, as far as that is told.
    """

    name: str
    kinds: frozenset[str] = frozenset()
    strict: bool = True
    limit: int = 5
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may mean: by which of its names it was found, and what speaks for it.

    `thing` is what stands after `id/`, `score` from 0 to 1, `found` and `language` the name;
    `features` hold the likeness of names, and the agreement of each attribute that is known.
    """

    thing: str
    score: float
    found: str
    language: str = ""
    country: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
    match: bool = False


def reconcile(dataset: Dataset, queries: Sequence[NameQuery]) -> list[list[Candidate]]:
    """Give the candidates of each query, the likeliest first."""
    base = f"{dataset.identity.base}id/"
    close = [_close(dataset, query) for query in queries]
    asking = [number for number, query in enumerate(queries) if query.conditions]
    things = {f"{base}{item.thing}" for number in asking for item in close[number]}
    attributes = {
        condition.attribute.id: condition.attribute
        for number in asking
        for condition in queries[number].conditions
    }
    values = read_values(dataset, things, list(attributes.values())) if things else {}
    names = _names_of(dataset, values)
    for number in asking:
        close[number] = [
            _weighed(item, queries[number].conditions, values[f"{base}{item.thing}"], names)
            for item in close[number]
        ]
    return [_decided(found, query.limit) for found, query in zip(close, queries, strict=True)]


def _close(dataset: Dataset, query: NameQuery) -> list[Candidate]:
    """Give candidates by name and identifier alone, more than are wanted."""
    most = query.limit * _CLOSE + 5 if query.conditions else query.limit + 5
    kinds = query.kinds if query.strict else frozenset[str]()
    found = {item.thing: item for item in _by_name(dataset.names, query, kinds, most)}
    for thing, item in _by_value(dataset, query):
        kind = thing.partition("/")[0]
        if (not kinds or kind in kinds) and dataset.names.has(thing):
            found[thing] = item
    if not query.strict and query.kinds:
        for thing, item in found.items():
            if thing.partition("/")[0] not in query.kinds:
                found[thing] = replace(item, score=item.score * _OTHER_TYPE)
    return sorted(found.values(), key=_order)[:most]


def _by_value(dataset: Dataset, query: NameQuery) -> Iterable[tuple[str, Candidate]]:
    """Give what an identifier names, and where there is no name, what has the values beside it."""
    for thing in identified(dataset, query.name):
        yield thing, Candidate(thing, 1.0, query.name, features={"identifier": 100.0})
    for condition in query.conditions if not query.name else ():
        for thing in having(dataset, condition.attribute, condition.given):
            yield thing, Candidate(thing, _NAMELESS, "")


def _by_name(
    names: NameIndex, query: NameQuery, kinds: Collection[str], most: int
) -> Iterable[Candidate]:
    if not query.name:
        return
    country = _country(query.conditions)
    best: dict[str, Candidate] = {}
    for near in names.near(query.name, kinds, country, most=max(_NAMES, most)):
        score = _likeness(names, query.name, near, country)
        held = best.get(near.thing)
        if score >= _LEAST and (held is None or score > held.score):
            features = {"name": round(score * 100, 1)}
            best[near.thing] = Candidate(
                near.thing, score, near.text, near.language, near.country, features
            )
    yield from best.values()


def _likeness(names: NameIndex, asked: str, near: Near, country: str) -> float:
    place = near.country or country
    likeness = liken(read_name(asked, place), read_name(near.text, place), names.rarity)
    doubtful = likeness.notes or (likeness.only_left and likeness.only_right)
    factor = _ACRONYM if near.sort is Sort.SHORT else _DOUBTFUL if doubtful else 1.0
    return likeness.score * factor * (1.0 if asked == near.text else _OTHERWISE)


def _country(conditions: Iterable[Condition]) -> str:
    """Give the key of the country that is told beside a name, where it is told as a key or id."""
    for condition in conditions:
        if condition.attribute.property == Property.COUNTRY:
            for given in condition.given:
                key = given.text.strip().rpartition("/")[2]
                if len(key) == 2:  # noqa: PLR2004  # ISO 3166-1 alpha-2
                    return key.upper()
    return ""


def _names_of(dataset: Dataset, values: Mapping[str, Values]) -> Names:
    """Read the names of all things that are values."""
    terms: Iterable[Term] = (
        value for held in values.values() for found in held.values() for value in found
    )
    things = {value.value for value in terms if value.kind == "uri"}
    return read_names(dataset.store, dataset.identity, sorted(things))


def _weighed(
    item: Candidate, conditions: Sequence[Condition], values: Values, names: Names
) -> Candidate:
    """Weigh what stands beside the name: it can lower a score, and an identifier settles it."""
    score, features = item.score, dict(item.features)
    for condition in conditions:
        attribute = condition.attribute
        held = Held(
            attribute.property,
            values.get(attribute.id, ()),
            item.country,
            names,
            names.identity,
        )
        agreed = agreement(condition.given, held)
        if agreed is None:
            score *= _UNKNOWN
            continue
        features[attribute.id] = round(agreed * 100, 1)
        if agreed < _AGREES:
            score *= _DIFFERS_MUCH if attribute.property in _TELLING else _DIFFERS
        elif attribute.property in SCHEMES:
            score = 1.0
    return replace(item, score=score, features=features)


def _decided(found: Iterable[Candidate], limit: int) -> list[Candidate]:
    """Put candidates in order; the first is a match if it is sure and no other is as likely."""
    ordered = sorted((item for item in found if item.score >= _LEAST), key=_order)
    rival = ordered[1].score if len(ordered) > 1 else 0.0
    return [
        replace(item, match=not place and _is_sure(item.score, rival))
        for place, item in enumerate(ordered[:limit])
    ]


def _is_sure(score: float, rival: float) -> bool:
    return score >= SURE and score - rival >= MARGIN


def _order(item: Candidate) -> tuple[float, int, str]:
    return -item.score, len(item.found), item.thing
