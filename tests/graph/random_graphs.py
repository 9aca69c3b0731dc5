"""Seeded random graphs: small, skewed, and dirty where asked."""

from __future__ import annotations

import random

XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "http://example.org/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_WORDS = ("alpha", "Beta", "ΑΣ", "Straße", "İzmir", "a\\tb", 'q\\"x', "", "back\\\\slash", "k", "K")

# What is a value of some types, and malformed or in a form of its own for others.
_ODD = (
    *("1", "01", "1.50", "-0", "abc", "2010", "2010-02-30", "2010-02-03Z", "true", "1e3", "NaN"),
    *("2010-01-01T00:00:00", "99999999999999999999", "0.00000000001", "9223372036854775807", "+5"),
)

# Predicates: what sort of thing they lead from and to.
PREDICATES = {
    "country": ("project", "place"),
    "theme": ("project", "topic"),
    "funding": ("project", "money"),
    "partner": ("project", "organisation"),
    "seat": ("organisation", "place"),
    "broader": ("topic", "topic"),
    "amount": ("money", "decimal"),
    "count": ("money", "integer"),
    "year": ("money", "year"),
    "start": ("project", "date"),
    "label": ("project", "text"),
    "name": ("organisation", "text"),
    "code": ("place", "text"),
    "note": ("project", "any"),
}
SORTS = ("project", "place", "topic", "money", "organisation")


def graph(seed: int, *, dirty: bool) -> str:
    """Write a small skewed graph as N-Triples; a dirty one mixes types where one is expected."""
    chance = random.Random(f"graph {seed} {dirty}")  # noqa: S311  # no secret
    lines = [
        f"<{BASE}{sort}{number}> {_TYPE} <{BASE}{sort.title()}> ."
        for sort in SORTS
        for number in range(size(sort))
    ]
    for name, (source, target) in PREDICATES.items():
        for number in range(size(source)):
            for _ in range(chance.choices((0, 1, 2, 3), (15, 70, 10, 5))[0]):
                sort = chance.choice(("text", "decimal", "date")) if target == "any" else target
                odd = dirty and chance.random() < 0.1
                value = _odd(chance) if odd else _object(chance, sort)
                lines.append(f"<{BASE}{source}{number}> <{BASE}{name}> {value} .")
    return "\n".join(lines) + "\n"


def size(sort: str) -> int:
    """Count the things of a sort."""
    return {"project": 40, "money": 30, "organisation": 12, "place": 5, "topic": 6}[sort]


def _object(chance: random.Random, sort: str) -> str:
    if sort in SORTS:
        return f"<{BASE}{sort}{int(chance.random() ** 2 * size(sort))}>"
    match sort:
        case "decimal":
            value = chance.choice((1, 1, 1, -1)) * chance.randrange(0, 100000) / 100
            return f'"{value}"^^<{XSD}decimal>'
        case "integer":
            return f'"{chance.randrange(-3, 30)}"^^<{XSD}integer>'
        case "year":
            return f'"{chance.randrange(2007, 2012)}"^^<{XSD}gYear>'
        case "date":
            year, month, day = (
                chance.randrange(*span) for span in ((2007, 2012), (1, 10), (10, 20))
            )
            return f'"{year}-0{month}-{day}"^^<{XSD}date>'
    word = f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}".strip()
    tag = chance.choice(("", "@en", "@en", "@de", "@en-GB"))
    return f'"{word}"{tag}'


def _odd(chance: random.Random) -> str:
    kind = chance.choice(
        ("decimal", "integer", "date", "gYear", "boolean", "double", "dateTime", "int", "string")
    )
    value = chance.choice(_ODD)
    return chance.choice(
        (f'"{value}"^^<{XSD}{kind}>', f'"{value}"', "_:blank", f'"x"^^<{BASE}type>')
    )
