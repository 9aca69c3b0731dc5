"""Tests that shapes make of single values, as functions of columns of them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.lines import lexical

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
# What is told apart. Whatever else a shape may say is refused, not passed over.
_TESTS = ("pattern", "minLength", "maxLength", "in", "hasValue")
_BOUNDS = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
_KNOWN = frozenset({
    *_TESTS,
    *_BOUNDS,
    *("path", "targetClass", "targetSubjectsOf", "property", "or", "and", "not", "xone"),
    *("datatype", "nodeKind", "class", "minCount", "maxCount", "flags", "uniqueLang", "languageIn"),
    *("severity", "message", "name", "description", "deactivated", "order", "group"),
})  # fmt: skip
_LEAST = 1e-300  # below which floats are not told apart

# Tells which values of a column `o` pass.
Test = Callable[[pl.DataFrame], pl.Series]


def read_tests(shapes: rdflib.Graph) -> dict[str, list[Test]]:
    """Read which tests the shapes make of the values of each property."""
    import rdflib  # noqa: PLC0415  # as above

    sh = rdflib.Namespace(_SH)
    used = {str(name)[len(_SH) :] for name in shapes.predicates() if str(name).startswith(_SH)}
    if used - _KNOWN:
        raise ValueError(f"shapes say what profiles do not tell apart: {sorted(used - _KNOWN)}")
    tests: dict[str, list[Test]] = {}
    for shape, path in shapes.subject_objects(sh.path):
        if not isinstance(path, rdflib.URIRef) or (shape, sh.property, None) in shapes:
            raise ValueError(f"the path of a shape is no single step: {path}")
        for part in _within(shapes, shape, sh):
            tests.setdefault(f"<{path}>", []).extend(_tests_of(shapes, part, sh))
    for part in set(shapes.subjects()) - {
        part for shape in shapes.subjects(sh.path) for part in _within(shapes, shape, sh)
    }:
        if any((part, sh[name], None) in shapes for name in (*_TESTS, *_BOUNDS)):
            raise ValueError(f"a shape tests the thing itself: {part}")
    return {name: found for name, found in tests.items() if found}


def _within(shapes: rdflib.Graph, shape: Node, sh: rdflib.Namespace) -> Iterator[Node]:
    """Give a shape and those that it is made of by `or`, `and`, `xone` and `not`."""
    yield shape
    for name in ("or", "and", "xone"):
        for several in shapes.objects(shape, sh[name]):
            for one in shapes.items(several):
                yield from _within(shapes, one, sh)
    for one in shapes.objects(shape, sh["not"]):
        yield from _within(shapes, one, sh)


def _tests_of(shapes: rdflib.Graph, shape: Node, sh: rdflib.Namespace) -> Iterator[Test]:
    flags = str(shapes.value(shape, sh.flags) or "")
    for value in shapes.objects(shape, sh.pattern):
        yield _by_pattern(re.compile(str(value), re.IGNORECASE if "i" in flags else 0))
    for name in ("minLength", "maxLength"):
        for value in shapes.objects(shape, sh[name]):
            yield _by_length(int(str(value)), least=name == "minLength")
    for several in shapes.objects(shape, sh["in"]):
        yield _by_term({one.n3() for one in shapes.items(several)})
    for value in shapes.objects(shape, sh.hasValue):
        yield _by_term({value.n3()})
    for name in _BOUNDS:
        for value in shapes.objects(shape, sh[name]):
            # On the bound is inside for one shape and outside for another: both are told.
            yield _by_bound(Decimal(str(value)), operator.gt)
            yield _by_bound(Decimal(str(value)), operator.lt)


def _by_pattern(pattern: re.Pattern[str]) -> Test:
    def passed(part: pl.DataFrame) -> pl.Series:
        texts = lexical(part["o"])
        found = [text is not None and pattern.search(text) is not None for text in texts]
        return pl.Series(found, dtype=pl.Boolean)

    return passed


def _by_term(terms: set[str]) -> Test:
    return lambda part: part["o"].is_in(sorted(terms))


def _by_length(length: int, *, least: bool) -> Test:
    def passed(part: pl.DataFrame) -> pl.Series:
        found = lexical(part["o"]).str.len_chars().fill_null(0)
        return found >= length if least else found <= length

    return passed


def _by_bound(bound: Decimal, compare: Callable[[Any, Any], Any]) -> Test:
    """Compare numbers with a bound: as floats, and exactly where those are near it."""

    def passed(part: pl.DataFrame) -> pl.Series:
        texts = lexical(part["o"])
        numbers = texts.cast(pl.Float64, strict=False)
        near = (numbers - float(bound)).abs() <= abs(float(bound)) * 1e-9 + _LEAST
        places = (near | numbers.is_null()).fill_null(value=True).arg_true()
        judged = [_exactly(texts[place], bound, compare) for place in places]
        told = pl.Series(compare(numbers, float(bound)), dtype=pl.Boolean)
        return told.fill_null(value=False).scatter(places, judged)

    return passed


def _exactly(text: str | None, bound: Decimal, compare: Callable[[Any, Any], Any]) -> bool:
    try:
        return bool(compare(Decimal(text or ""), bound))
    except InvalidOperation:
        return False
