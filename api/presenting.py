"""Presenting: what is read from a release as documents for one reader, labels chosen.

Pages and REST answers are made from the same documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from api import models
from api.exchange import converted_amount
from graph import rows
from graph.documents import notices
from graph.entity import Entity, Statement
from graph.identity import Identity
from graph.labels import Label, Names, label_of_term
from graph.rates import Exchange
from graph.terms import Term
from ontology import Property, compact, expand

_TYPE = expand("rdf:type")
_PREFERRED = expand("skos:prefLabel")
_START = Property.START_DATE.value
_OF_MONEY = {
    "kind": Property.FUNDING_KIND,
    "phase": Property.FUNDING_PHASE,
    "currency": Property.CURRENCY,
    "year": Property.FUNDING_YEAR,
}


def label_model(label: Label) -> models.Label:
    """Give a label as a document."""
    return models.Label(text=label.text, language=label.language, asked=label.asked)


@dataclass(frozen=True, slots=True)
class Presenter:
    """Makes documents for a reader of some languages, with names that were read.

    An exchange converts each amount beside what it is.
    """

    identity: Identity
    names: Names
    languages: Sequence[str]
    exchange: Exchange | None = None

    def thing(self, iri: str) -> models.Thing:
        """Give a thing with its label, and its page where it is one of ours."""
        reference = self.identity.parse(iri)
        if reference is None:
            return models.Thing(iri=iri, label=label_model(label_of_term(iri, self.languages)))
        return models.Thing(
            iri=iri,
            label=label_model(self.names[iri].label(self.languages)),
            kind=reference.segment,
            key=reference.key,
            page=self.identity.path(iri, "page"),
        )

    def things(self, iris: Iterable[str]) -> tuple[models.Thing, ...]:
        """Give several things, in their order."""
        return tuple(self.thing(iri) for iri in iris)

    def entity(self, entity: Entity) -> models.Entity:
        """Give everything about one thing."""
        apart = {_TYPE, _PREFERRED, Property.FUNDING.value}
        return models.Entity(
            iri=entity.iri,
            kind=entity.reference.segment,
            key=entity.reference.key,
            label=label_model(entity.names[entity.iri].label(self.languages)),
            types=self.things(entity.types),
            names=tuple(
                models.Text(text=text.value, language=text.language or "")
                for text in entity.names[entity.iri].texts
            ),
            properties=tuple(
                self._values(entity, name, list(items))
                for name, items in groupby(entity.asserted, key=lambda item: item.property)
                if name not in apart
            ),
            money=tuple(self._money(entity)),
            participations=tuple(self._participations(entity)),
            incoming=tuple(self._incoming(entity)),
            receipts={row: self.receipt(found) for row, found in entity.receipts.items()},
            notices=tuple(notices(entity)),
            links={
                view: self.identity.path(entity.iri, view) or "" for view in ("id", "page", "data")
            },
        )

    def named(self, entity: Entity) -> models.PropertyValues:
        """Give the preferred names of a thing with the rows that state them."""
        return self._values(entity, _PREFERRED, entity.values(_PREFERRED))

    def content(self, entity: Entity) -> list[tuple[models.Thing, list[models.PropertyValues]]]:
        """Give what a row states, thing by thing."""
        ordered = sorted(entity.content, key=lambda item: item.subject)  # sorting is stable
        return [
            (
                self.thing(subject),
                [
                    self._values(entity, name, list(found))
                    for name, found in groupby(items, key=lambda item: item.property)
                ],
            )
            for subject, items in groupby(ordered, key=lambda item: item.subject)
        ]

    def receipt(self, found: rows.Receipt) -> models.Receipt:
        """Give the receipt of a row."""
        return models.Receipt(
            row=found.row,
            number=found.number,
            file=found.file,
            sheet=found.sheet,
            sha256=found.sha256,
            cited=tuple(item.value for item in found.cited),
            confidence=found.confidence,
            source=found.source,
            title=found.title,
            publisher=found.publisher,
            licence=found.licence,
            retrieved=found.retrieved,
            mapping_version=found.mapping_version,
            edited=found.edited,
            writers=found.writers,
            through=found.through,
            page=self.identity.path(found.row, "page"),
        )

    def _values(
        self, entity: Entity, name: str, items: Sequence[Statement]
    ) -> models.PropertyValues:
        return models.PropertyValues(
            property=compact(name),
            iri=name,
            label=label_model(label_of_term(name, self.languages)),
            conflict=name in entity.conflicts,
            values=tuple(self._value(entity, item, item.value) for item in items),
        )

    def _value(self, entity: Entity, item: Statement, value: Term) -> models.Value:
        stated = entity.rows(item)
        if value.kind == "uri":
            thing = self.thing(value.value)
            return models.Value(thing=thing, rows=stated, overruled=item.overruled)
        return models.Value(
            text=value.value,
            language=value.language,
            datatype=compact(value.datatype) if value.datatype and not value.language else None,
            rows=stated,
            overruled=item.overruled,
        )

    def _incoming(self, entity: Entity) -> Iterable[models.IncomingLinks]:
        for name, items in groupby(entity.incoming, key=lambda item: item.property):
            yield models.IncomingLinks(
                property=compact(name),
                iri=name,
                label=label_model(label_of_term(name, self.languages)),
                links=tuple(self._value(entity, item, Term("uri", item.subject)) for item in items),
            )

    def _money(self, entity: Entity) -> Iterable[models.Money]:
        began = min((item.value.value for item in entity.values(_START)), default=None)
        for part in _Part.of(entity):
            for amount in part.statements(Property.AMOUNT):
                year = part.only(Property.FUNDING_YEAR)
                currency = part.only(Property.CURRENCY)
                yield models.Money(
                    funding=self.thing(part.iri),
                    amount=amount.value.value,
                    currency=currency,
                    kind=self._only_thing(part, Property.FUNDING_KIND),
                    phase=self._only_thing(part, Property.FUNDING_PHASE),
                    year=year,
                    several=tuple(
                        name for name, held in _OF_MONEY.items() if len(part.values(held)) > 1
                    ),
                    converted=converted_amount(
                        self.exchange, amount.value, currency, year or began, self.identity
                    ),
                    rows=entity.rows(amount),
                )

    def _participations(self, entity: Entity) -> Iterable[models.Participation]:
        for part in _Part.of(entity):
            taking = part.statements(Property.PARTICIPANT)
            if taking and part.iri != entity.iri:
                yield models.Participation(
                    participation=self.thing(part.iri),
                    organisation=self._first_thing(part, Property.PARTICIPANT),
                    in_=self.things(part.values(Property.PARTICIPATES_IN)),
                    roles=self.things(part.values(Property.ROLE)),
                    start=part.values(Property.START_DATE),
                    end=part.values(Property.END_DATE),
                    rows=tuple(sorted({row for item in taking for row in entity.rows(item)})),
                )

    def _only_thing(self, part: _Part, name: Property) -> models.Thing | None:
        found = part.only(name)
        return None if found is None else self.thing(found)

    def _first_thing(self, part: _Part, name: Property) -> models.Thing | None:
        found = part.first(name)
        return None if found is None else self.thing(found)


@dataclass(frozen=True, slots=True)
class _Part:
    """A participation or an amount, read by property."""

    iri: str
    entity: Entity
    all: tuple[Statement, ...]

    @classmethod
    def of(cls, entity: Entity) -> list[_Part]:
        """Give the parts of a thing; a funding or participation is a part of itself."""
        own = cls(entity.iri, entity, entity.statements)
        return [own, *(cls(iri, entity, items) for iri, items in entity.parts.items())]

    def statements(self, name: Property) -> list[Statement]:
        return [item for item in self.all if item.property == name]

    def values(self, name: Property) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.value.value for item in self.statements(name)))

    def first(self, name: Property) -> str | None:
        return next(iter(self.values(name)), None)

    def only(self, name: Property) -> str | None:
        """Give the one value that there is; None where there are several."""
        values = self.values(name)
        return values[0] if len(values) == 1 else None
