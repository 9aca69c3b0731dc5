"""Comparing what a table says beside a name with what the graph holds: from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from graph.identities.names import read_name
from graph.identities.schemes import SCHEMES, identifier
from graph.identities.scoring import Rarity, liken
from graph.identity import Identity
from graph.labels import Names
from graph.terms import Term

_DATE = re.compile(r"-?[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T.*)?")
_LIKE = 0.8  # likeness from which two texts count as one, by as much
_LABELS = 12  # languages in which the name of a value is looked at, after exact comparison


@dataclass(frozen=True, slots=True)
class Given:
    """A value beside a name: a text, a number or a truth, or the id of a thing."""

    text: str
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What the graph holds: the values of one property of a thing, and the names of things."""

    property: str
    values: Sequence[Term]
    country: str
    names: Names
    identity: Identity


def agreement(given: Iterable[Given], held: Held) -> float | None:
    """Give how well the best of the given values fits one that is held; None if none is held."""
    if not held.values:
        return None
    return max((_fits(one, value, held) for one in given for value in held.values), default=0.0)


def _fits(given: Given, value: Term, held: Held) -> float:
    if value.kind == "uri":
        return _fits_thing(given, value.value, held)
    if given.is_id:
        return 0.0
    if held.property in SCHEMES:
        wanted = identifier(held.property, given.text, {held.country} - {""})
        found = identifier(held.property, value.value, {held.country} - {""})
        if wanted is not None and found is not None:
            return float(wanted == found)
    return _fits_text(given.text, value.value, held.country)


def _fits_thing(given: Given, address: str, held: Held) -> float:
    reference = held.identity.parse(address)
    text = given.text.strip()
    plain = address.removeprefix(f"{held.identity.base}id/")
    if text in {address, plain} or (not given.is_id and _address(text) == _address(address)):
        return 1.0
    if given.is_id or reference is None:
        return 0.0
    if text.casefold() == reference.key.casefold():
        return 1.0
    labels = [label.value for label in held.names[address].texts]
    if text.casefold() in {label.casefold() for label in labels}:
        return 1.0
    return max((_fits_text(text, label, "") for label in labels[:_LABELS]), default=0.0)


def _fits_text(given: str, held: str, country: str) -> float:
    if given.strip().casefold() == held.strip().casefold():
        return 1.0
    if _DATE.fullmatch(held) and _DATE.fullmatch(given.strip()):
        # The less exact of two dates is the beginning of the other, or another date.
        short, long = sorted((given.strip().partition("T")[0], held.partition("T")[0]), key=len)
        return float(long.startswith(short))
    numbers = _number(given), _number(held)
    if None not in numbers:
        return float(numbers[0] == numbers[1])
    likeness = liken(read_name(given, country), read_name(held, country), Rarity(())).score
    return likeness if likeness >= _LIKE else 0.0


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _address(text: str) -> str:
    """Write a web address without what is often written differently."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
