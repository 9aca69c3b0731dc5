"""Statements in few words: a thing and what is said of it, property by property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from urllib.parse import quote

from graph.identity import Identity
from graph.terms import XSD, Term, iri, is_absolute_iri, literal, text
from ontology import expand

Statement = tuple[Term, ...]
Said = Term | str | None | Iterable[Term]

# Vocabularies that only the catalogue uses, beside the prefixes of the project.
_MORE = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


def name(prefixed: str) -> Term:
    """Give the term that a prefixed name of the catalogue stands for."""
    prefix, _, local = prefixed.partition(":")
    return iri(_MORE[prefix] + local if prefix in _MORE else expand(prefixed))


def say(subject: Term, said: Mapping[str, Said]) -> Iterator[Statement]:
    """Say of a subject what the mapping holds: terms, or a prefixed name; None says nothing."""
    for property_, value in said.items():
        if value is None:
            continue
        if isinstance(value, str):
            yield subject, name(property_), name(value)
        elif isinstance(value, Term):
            yield subject, name(property_), value
        else:
            for one in value:
                yield subject, name(property_), one


def part(identity: Identity, key: str) -> Term:
    """Name a part of the catalogue by a key of ours."""
    return iri(f"{identity.base}catalogue#{quote(key, safe='')}")


def hashed(identity: Identity, kind: str, value: str) -> Term:
    """Name a part of the catalogue that has no key, the same for the same text."""
    return part(identity, f"{kind}-{sha256(value.encode()).hexdigest()[:12]}")


def english(value: str) -> Term:
    """Make an English text."""
    return text(value, "en")


def day(value: date) -> Term:
    """Make a day."""
    return literal(value.isoformat(), f"{XSD}date")


def moment(value: datetime) -> Term:
    """Make a moment in whole seconds, as the store keeps it."""
    told = value.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return literal(told, f"{XSD}dateTime")


def size(value: int) -> Term:
    """Make a size in bytes, with the datatype that DCAT asks for."""
    return literal(str(value), f"{XSD}nonNegativeInteger")


def address(value: str | None) -> Term | None:
    """Make an IRI of an address; None where it is none."""
    return iri(value) if value is not None and is_absolute_iri(value) else None
