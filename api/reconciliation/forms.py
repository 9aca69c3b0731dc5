"""The form of the page: names that somebody pastes, and what is proposed for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.dependencies import Reader
from api.errors import TooLargeError
from api.reconciliation.reading import BATCH, Sent
from api.reconciliation.writing import Told, type_of_kind, types
from graph.errors import ParameterError
from graph.facts.names import names as names_of_kind
from graph.labels import label_of_term
from graph.reconciling.attributes import find_attribute
from graph.reconciling.comparing import Given
from graph.reconciling.kinds import Type, find_type
from graph.reconciling.matching import Candidate, Condition, NameQuery

HEADS = ("asked", "place", "id", "iri", "name", "score", "match", "type", "country", "found_as")
_SHOWN = 3  # proposals of a name on the page
_LISTED = 5  # in the file
_LONGEST = 500  # characters of a name that are looked at
_FIELDS = ("names", "type", "country", "format")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in: names, a type or none, the key of a country or none, and the format."""

    names: tuple[str, ...] = ()
    type: str = ""
    country: str = ""
    format: str = ""

    @classmethod
    def read(cls, fields: Mapping[str, Sequence[str]], known: Mapping[str, Type]) -> Form:
        """Read the fields of the form; ParameterError for others, TooLargeError for many names."""
        if set(fields) - set(_FIELDS) or any(len(values) > 1 for values in fields.values()):
            raise ParameterError(f"the fields are {', '.join(_FIELDS)}, each once")
        given = {name: values[0].strip() for name, values in fields.items()}
        names = [" ".join(line.split()) for line in given.get("names", "").splitlines()]
        names = [name[:_LONGEST] for name in names if name]
        if len(names) > BATCH:
            raise TooLargeError(f"at most {BATCH:,} names are looked for at once: send fewer lines")
        if given.get("type") and find_type(known, given["type"]) is None:
            raise ParameterError(f"there is no type “{given['type'][:80]}”")
        return cls(
            tuple(names), given.get("type", ""), given.get("country", ""), given.get("format", "")
        )

    def queries(self, known: Mapping[str, Type]) -> list[Sent]:
        """Make the queries, one a name."""
        type_ = find_type(known, self.type) if self.type else None
        kinds = frozenset[str]() if type_ is None else type_.kinds
        country = find_attribute("country")
        beside: tuple[Condition, ...] = ()
        if self.country and country is not None:
            beside = (Condition(country, (Given(self.country),)),)
        return [
            Sent(str(place), NameQuery(name, kinds, limit=_LISTED, conditions=beside))
            for place, name in enumerate(self.names)
        ]


def choices(reader: Reader) -> dict[str, Any]:
    """Give what can be chosen: types and countries, each with its name, in the order of these."""
    offered = [
        (item.id, label_of_term(item.iri, reader.languages).text) for item in types(reader).values()
    ]
    countries = names_of_kind(reader.dataset.facts, "country", reader.languages)
    return {
        "types": sorted(offered, key=lambda item: item[1].casefold()),
        "countries": sorted(countries.items(), key=lambda item: item[1].casefold()),
    }


def proposals(
    reader: Reader, form: Form, found: Sequence[Sequence[Candidate]]
) -> list[dict[str, Any]]:
    """Tell what is proposed for each name, as the page shows it."""
    told = _told(reader, found)
    return [
        {
            "asked": name,
            "match": bool(items) and items[0].match,
            "proposed": [_proposed(reader, told, item) for item in items[:_SHOWN]],
        }
        for name, items in zip(form.names, found, strict=True)
    ]


def lines(
    reader: Reader, form: Form, found: Sequence[Sequence[Candidate]]
) -> Iterator[Sequence[object]]:
    """Give the lines of a file: one a proposal, and one for each name that has none."""
    told = _told(reader, found)
    base = f"{reader.identity.base}id/"
    for name, items in zip(form.names, found, strict=True):
        if not items:
            yield name, *(None for _ in HEADS[1:])
        for place, item in enumerate(items, 1):
            document = told.candidate(item)
            yield (
                name,
                place,
                item.thing,
                base + item.thing,
                document["name"],
                document["score"],
                "yes" if item.match else "no",
                document["type"][0]["name"],
                item.country,
                item.found,
            )


def _told(reader: Reader, found: Sequence[Sequence[Candidate]]) -> Told:
    return Told.of(reader, sorted({item.thing for items in found for item in items}))


def _proposed(reader: Reader, told: Told, item: Candidate) -> dict[str, Any]:
    name = told.name(item.thing)
    return {
        "name": name,
        "page": reader.identity.path(f"{reader.identity.base}id/{item.thing}", "page"),
        "kind": type_of_kind(item.thing.partition("/")[0], reader)["name"],
        "country": item.country,
        "found": "" if item.found in {name, item.thing, ""} else item.found,
        "language": item.language,
        "score": round(item.score * 100),
        "match": item.match,
    }
