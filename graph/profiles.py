"""Profiles: what the shapes can tell apart about a thing, so that one of each sort is validated.

A shape looks at the classes of a thing and, property by property, at how many values there are,
of which kind, datatype, language and class, and at some tests of their text. Things that are alike
in all of that get the same verdict. A million rows make some hundred profiles.
"""

from __future__ import annotations

import operator
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from graph.lines import Lines
from graph.shape_tests import Test, read_tests
from graph.verdicts import verdicts
from ontology import Property

if TYPE_CHECKING:
    import rdflib

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
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
_BITS = 40  # of each of two random numbers a sort of value, so that sums stay within 64


@dataclass(frozen=True, slots=True)
class Profiles:
    """The things of a graph: `things` has `s`, a hash, and `x` and `y`, which name a profile.

    `verdicts` has `u` and `v` for one `s` of each profile (`graph.verdicts`).
    """

    lines: Lines
    things: pl.DataFrame
    verdicts: pl.DataFrame

    def samples(self) -> dict[str, int]:
        """Give one thing of each profile, by its IRI, with the number of things like it."""
        return {iri: alike for iri, alike, _ in self._sampled()}

    def speakers(self) -> dict[str, list[str]]:
        """Give, of the samples that get the same verdict, the first, with all of them."""
        found: dict[int, list[str]] = {}
        for iri, _, verdict in self._sampled():
            found.setdefault(verdict, []).append(iri)
        return {several[0]: several for several in found.values()}

    def like(self, samples: Collection[str], most: int) -> list[str]:
        """Give the first things, by their IRIs, whose profile is that of one of the samples."""
        named = pl.DataFrame({"s": [f"<{iri}>" for iri in samples]}, schema={"s": pl.String})
        of = self.things.join(named.select(_thing("s")), on="s", how="semi")
        of = of.select("x", "y").unique()
        alike = self.things.join(of, on=["x", "y"], how="semi")
        return self._named(alike)["iri"].sort()[:most].to_list()

    def _sampled(self) -> list[tuple[str, int, int]]:
        """Give each sample by its IRI, how many things are like it, and a number of its verdict."""
        few = _samples(self.things).join(self.verdicts, on="s")
        few = few.with_columns(verdict=pl.struct("u", "v").rank("dense"))
        named = self._named(few).join(few, on="s")
        return sorted(named.select("iri", "alike", "verdict").iter_rows())

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
    values = _values(lines, read_tests(shapes))
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
    things = values.group_by("s").agg(pl.col("x").sum(), pl.col("y").sum())
    of_samples = values.join(_samples(things), on="s", how="semi")
    return Profiles(lines, things, verdicts(of_samples, shapes))


def _samples(things: pl.DataFrame) -> pl.DataFrame:
    return things.group_by("x", "y").agg(s=pl.col("s").min(), alike=pl.len())


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


def _values(lines: Lines, tests: Mapping[str, list[Test]]) -> pl.DataFrame:
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
        tagged=suffix.str.starts_with("@") & pl.col("o").str.starts_with('"'),
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


def _told(triples: pl.LazyFrame, tests: Mapping[str, list[Test]]) -> pl.DataFrame:
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
