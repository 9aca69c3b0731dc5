"""Profiles: what the shapes can tell apart about a thing, so that one of each sort is validated.

A shape looks at the classes of a thing and, property by property, at how many values there are,
of which kind, datatype, language and class, and at some tests of their text. Things that are alike
in all of that get the same verdict. A million rows make some hundred profiles.
"""

from __future__ import annotations

import operator
import random
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.lines import Lines, lexical
from ontology import Property

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# What a profile keeps apart. Whatever else a shape may say is refused, not passed over.
_TESTS = ("pattern", "minLength", "maxLength", "in", "hasValue")
_BOUNDS = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
_KNOWN = frozenset({
    *_TESTS,
    *_BOUNDS,
    *("path", "targetClass", "targetSubjectsOf", "property", "or", "and", "not", "xone"),
    *("datatype", "nodeKind", "class", "minCount", "maxCount", "flags", "uniqueLang", "languageIn"),
    *("severity", "message", "name", "description", "deactivated", "order", "group"),
})  # fmt: skip
# Literals that are surely well formed; others are looked at one by one.
_PLAIN_FORMS = {
    f"{_XSD}decimal": r'^"-?[0-9]+(\.[0-9]+)?"',
    f"{_XSD}integer": r'^"-?[0-9]+"',
    f"{_XSD}gYear": r'^"[0-9]{4}"',
    f"{_XSD}gYearMonth": r'^"[0-9]{4}-(0[1-9]|1[0-2])"',
    f"{_XSD}date": r'^"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"',
    f"{_XSD}string": r'^"',
    f"{_XSD}anyURI": r'^"[A-Za-z0-9:/.#?&=_~-]*"',
}
_SHARE = 1 << 24  # that hashes are divided by where they are added up
_LEAST = 1e-300  # below which floats are not told apart
_BITS = 40  # of each of two random numbers a sort of value, so that sums stay within 64


@dataclass(frozen=True, slots=True)
class Profiles:
    """The things of a graph: `things` has `s`, a hash, and `x` and `y`, which name a profile."""

    lines: Lines
    things: pl.DataFrame

    def samples(self) -> dict[str, int]:
        """Give one thing of each profile, by its IRI, with the number of things like it."""
        few = self.things.group_by("x", "y").agg(s=pl.col("s").min(), alike=pl.len())
        named = self._named(few).join(few, on="s")
        return dict(sorted(named.select("iri", "alike").iter_rows()))

    def like(self, samples: Collection[str], most: int) -> list[str]:
        """Give the first things, by their IRIs, whose profile is that of one of the samples."""
        named = pl.DataFrame({"s": [f"<{iri}>" for iri in samples]}, schema={"s": pl.String})
        of = self.things.join(named.select(_thing("s")), on="s", how="semi")
        of = of.select("x", "y").unique()
        alike = self.things.join(of, on=["x", "y"], how="semi")
        return self._named(alike)["iri"].sort()[:most].to_list()

    def _named(self, things: pl.DataFrame) -> pl.DataFrame:
        found = self.lines.triples().select("s", hashed=_thing("s"))
        wanted = things.lazy().select(hashed="s")
        named = found.join(wanted, on="hashed", how="semi").unique("hashed")
        iri = pl.col("s").str.strip_prefix("<").str.strip_suffix(">")
        return named.select(iri=iri, s="hashed").collect(engine="streaming")


def profile(lines: Lines, shapes: rdflib.Graph) -> Profiles | None:
    """Sort the things of the default graph by profile; None if one of them has no IRI.

    ValueError for shapes that look at more than a profile tells. Terms are told apart by 64 bits
    of their hash, profiles by 80.
    """
    values = _values(lines, _read(shapes))
    if values["blank"].any():
        return None
    is_type = pl.col("p") == _property(_TYPE)
    types = values.filter(is_type).group_by("s").agg(kind=(pl.col("o") // _SHARE).sum())
    values = values.join(types.rename({"s": "o"}), on="o", how="left")
    # Of a class that is stated, which it is matters, and not what is said of it.
    values = values.with_columns(kind=pl.when(is_type).then("o").otherwise("kind")).drop(
        "o", "blank"
    )
    sort = [name for name in values.columns if name != "s"]
    values = values.join(_numbered(values.select(sort).unique()), on=sort, nulls_equal=True)
    return Profiles(lines, values.group_by("s").agg(pl.col("x").sum(), pl.col("y").sum()))


def may_end_before_start(lines: Lines) -> list[str]:
    """Give things of which one row tells an end that is before the start of the same or another.

    Dates are compared as far as both are exact.
    """
    date = pl.col("o").str.extract(r'^"([^"]*)"')
    starts, ends = (
        lines.triples().filter(pl.col("p") == f"<{name}>").select("s", date.alias(column))
        for column, name in (("start", Property.START_DATE), ("end", Property.END_DATE))
    )
    exact = pl.min_horizontal(pl.col("start").str.len_chars(), pl.col("end").str.len_chars())
    later = pl.col("start").str.slice(0, exact) > pl.col("end").str.slice(0, exact)
    found = starts.join(ends, on="s").filter(later).select(pl.col("s").unique())
    return sorted(term.strip("<>") for term in found.collect(engine="streaming")["s"])


def _numbered(sorts: pl.DataFrame) -> pl.DataFrame:
    """Give each sort of value two random numbers, of which a profile is the sum."""
    chance = random.Random(0)  # noqa: S311  # the same for the same sorts
    ordered = sorts.sort(sorts.columns, nulls_last=True)
    numbers = [[chance.getrandbits(_BITS) for _ in range(len(ordered))] for _ in "xy"]
    return ordered.with_columns(
        pl.Series(name, column, dtype=pl.Int64) for name, column in zip("xy", numbers, strict=True)
    )


def _values(lines: Lines, tests: Mapping[str, list[_Test]]) -> pl.DataFrame:
    """Give each statement once: hashes of its terms, and what can be said of its value."""
    suffix = pl.col("o").str.extract(r'"(@[A-Za-z0-9-]+|\^\^<[^<>]*>)$').fill_null("text")
    form = (
        pl.when(pl.col("o").str.starts_with('"'))
        .then(suffix.str.to_lowercase())
        .otherwise(pl.col("o").str.slice(0, 1))
    )
    triples = lines.triples()
    found = triples.select(
        s=_thing("s"),
        p=_property("p"),
        o=_thing("o"),
        form=(form.hash(3) // _SHARE),
        blank=pl.col("s").str.starts_with("_:"),
    )
    values = found.unique().collect(engine="streaming")
    told = _told(triples, tests)
    return values.join(told, on=["p", "o"], how="left").with_columns(pl.col("told").fill_null(0))


def _thing(name: str) -> pl.Expr:
    return pl.col(name).hash(1)


def _property(name: str) -> pl.Expr:
    """Give the number of a property, from a column or for a constant."""
    return (pl.lit(name) if name.startswith("<") else pl.col(name)).hash(2)


def _told(triples: pl.LazyFrame, tests: Mapping[str, list[_Test]]) -> pl.DataFrame:
    """Say which tests a value passes, as bits; the lowest says that it is ill-typed."""
    doubtful = _doubtful(pl.col("o"))
    few = triples.select("p", "o", doubtful=doubtful)
    few = few.filter(pl.col("p").is_in(list(tests)) | pl.col("doubtful")).unique()
    told = [pl.DataFrame(schema={"p": pl.UInt64, "o": pl.UInt64, "told": pl.Int64})]
    for (name,), part in few.collect(engine="streaming").group_by("p"):
        bits = _ill_typed(part)
        for place, test in enumerate(tests.get(str(name), []), start=1):
            bits += test(part).cast(pl.Int64) * (1 << place)
        told.append(part.select(p=_property("p"), o=_thing("o"), told=bits))
    return pl.concat(told)


def _doubtful(term: pl.Expr) -> pl.Expr:
    """Tell whether a literal has a datatype, and may be none of it."""
    datatype = term.str.extract(r'"\^\^<([^<>]*)>$')
    plain = [(datatype == name) & term.str.contains(form) for name, form in _PLAIN_FORMS.items()]
    return datatype.is_not_null() & ~reduce(operator.or_, plain)


def _ill_typed(part: pl.DataFrame) -> pl.Series:
    # why: only the build needs it
    from rdflib.util import from_n3  # noqa: PLC0415

    def ill(term: str, *, doubtful: bool) -> int:
        return int(doubtful and bool(getattr(from_n3(term), "ill_typed", False)))

    rows = part.select("o", "doubtful").iter_rows()
    return pl.Series("told", [ill(term, doubtful=asked) for term, asked in rows], dtype=pl.Int64)


_Test = Callable[[pl.DataFrame], pl.Series]


def _read(shapes: rdflib.Graph) -> dict[str, list[_Test]]:
    """Read which tests the shapes make of the values of each property."""
    import rdflib  # noqa: PLC0415  # as above

    sh = rdflib.Namespace(_SH)
    used = {str(name)[len(_SH) :] for name in shapes.predicates() if str(name).startswith(_SH)}
    if used - _KNOWN:
        raise ValueError(f"shapes say what profiles do not tell apart: {sorted(used - _KNOWN)}")
    tests: dict[str, list[_Test]] = {}
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


def _tests_of(shapes: rdflib.Graph, shape: Node, sh: rdflib.Namespace) -> Iterator[_Test]:
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


def _by_pattern(pattern: re.Pattern[str]) -> _Test:
    def passed(part: pl.DataFrame) -> pl.Series:
        texts = lexical(part["o"])
        found = [text is not None and pattern.search(text) is not None for text in texts]
        return pl.Series(found, dtype=pl.Boolean)

    return passed


def _by_term(terms: set[str]) -> _Test:
    return lambda part: part["o"].is_in(sorted(terms))


def _by_length(length: int, *, least: bool) -> _Test:
    def passed(part: pl.DataFrame) -> pl.Series:
        found = lexical(part["o"]).str.len_chars().fill_null(0)
        return found >= length if least else found <= length

    return passed


def _by_bound(bound: Decimal, compare: Callable[[Any, Any], Any]) -> _Test:
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
