"""Seeded random conditions and values for random queries."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.graph.random_graphs import SORTS, size

_WORDS = ("a", "al", "BETA", "Stra", "i̇", "ς", "k", "\\t", " ", "", "ss", "b A")
_PATTERNS = ("^a", "a.b", "k$", "[a-f]+ ", "ß", "(al|be)")
_FLAGS = ("", ", 'i'", ", 'is'")
_TAGS = ("en", "de", "", "en-gb", "EN", "*", "fr")
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_TEXTS = ("{}", "STR({})", "LCASE({})", "LCASE(STR({}))", "UCASE(STR({}))", "SUBSTR(STR({}), 2, 3)")
_CONSTANTS = {
    "decimal": ("0.0", "12.5", "-3.25", "500.000", "333.333", "1000000.0"),
    "integer": ("0", "5", "05", "-2", "+7", "100", "'3'^^xsd:integer"),
    "text": ("'alpha Beta'", "'k'@en", "'K K'@en-gb", "''", "'alpha'@DE"),
    "date": ("'2010-03-11'^^xsd:date", "'2008-07-19'^^xsd:date", "'2011-01-10'^^xsd:date"),
    "year": ("'2010'^^xsd:gYear", "'2011'^^xsd:gYear"),
    "any": (":place1", "'k'", "5", "2.5", "'k'@en", "'2010-03-11'^^xsd:date"),
}
_FUNCTIONS = (
    "YEAR({})",
    "STR({})",
    "LCASE(STR({}))",
    "STRLEN(STR({}))",
    "SUBSTR(STR({}), 1, 4)",
    "{} > 3",
    "LANG({}) = 'en'",
)
Sorts = Mapping[str, str]


def constant(chance: random.Random, sort: str) -> str:
    """Write a constant of a sort."""
    if sort in SORTS:
        return f":{sort}{chance.randrange(size(sort) + 1)}"
    return chance.choice(_CONSTANTS.get(sort, _CONSTANTS["any"]))


def function(chance: random.Random, name: str) -> str:
    """Write a value that is calculated from a variable."""
    return chance.choice(_FUNCTIONS).format(f"?{name}")


def condition(chance: random.Random, sorts: Sorts) -> str:
    """Write a condition on variables."""
    kind = chance.random()
    if kind < 0.2:
        joint = chance.choice(("&&", "||"))
        return f"({condition(chance, sorts)} {joint} {condition(chance, sorts)})"
    if kind < 0.28:
        return f"!({condition(chance, sorts)})"
    name, other = (chance.choice(list(sorts)) for _ in range(2))
    if kind < 0.36:
        return f"?{name} {chance.choice(_COMPARISONS)} ?{other}"
    if kind < 0.4:
        return f"sameTerm(?{name}, ?{other})"
    sort = sorts[name] if chance.random() < 0.9 else "any"
    return _ASKED.get(sort, _of_thing if sort in SORTS else _of_any)(chance, f"?{name}", sort)


def _of_number(chance: random.Random, name: str, _: str) -> str:
    number = constant(chance, chance.choice(("decimal", "integer")))
    return f"{name} {chance.choice(_COMPARISONS)} {number}"


def _of_day(chance: random.Random, name: str, sort: str) -> str:
    compared = chance.choice(_COMPARISONS)
    year = f"YEAR({name}) {compared} {chance.randrange(2006, 2013)}"
    return chance.choice((f"{name} {compared} {constant(chance, sort)}", year))


def _of_thing(chance: random.Random, name: str, sort: str) -> str:
    some = ", ".join(constant(chance, sort) for _ in range(3))
    return chance.choice(
        (
            f"{name} IN ({some})",
            f"{name} NOT IN ({some})",
            f"{name} != {constant(chance, sort)}",
            f"STRENDS(STR({name}), '1')",
            f"isIRI({name})",
            f"BOUND({name})",
        )
    )


def _of_any(chance: random.Random, name: str, _: str) -> str:
    return chance.choice(
        (
            f"BOUND({name})",
            f"!BOUND({name})",
            f"isLITERAL({name})",
            f"isBLANK({name})",
            f"{name} {chance.choice(_COMPARISONS)} {constant(chance, 'any')}",
            f"LANG({name}) = 'en'",
            f"STRLEN(STR({name})) > 6",
        )
    )


def _of_text(chance: random.Random, name: str, _: str) -> str:
    text, word = chance.choice(_TEXTS).format(name), chance.choice(_WORDS)
    compared = chance.choice(_COMPARISONS)
    return chance.choice(
        (
            f"CONTAINS({text}, '{word}')",
            f"STRSTARTS({text}, '{word}')",
            f"STRENDS({text}, '{word}')",
            f"REGEX({text}, '{chance.choice(_PATTERNS)}'{chance.choice(_FLAGS)})",
            f"{text} {compared} '{word}'",
            f"{name} {compared} {constant(chance, 'text')}",
            f"LANG({name}) {chance.choice(_COMPARISONS[:2])} '{chance.choice(_TAGS)}'",
            f"LANGMATCHES(LANG({name}), '{chance.choice(_TAGS)}')",
            f"STRLEN({text}) {compared} 7",
        )
    )


_ASKED: Mapping[str, Callable[[random.Random, str, str], str]] = {
    "decimal": _of_number,
    "integer": _of_number,
    "date": _of_day,
    "year": _of_day,
    "text": _of_text,
}
