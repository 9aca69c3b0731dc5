"""Verdicts: which samples of profiles no shape can tell apart, so that one of them speaks for all.

A profile counts the values of every sort. But no shape asks for more than a number of them, or
looks at properties that it does not name; and of languages it asks only whether one is there twice.
What is alike in the rest passes or fails together, though with another number of results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SHARE = 1 << 24  # as in profiles: so that sums of hashes stay within 64 bits
_SORT = ("p", "form", "told", "kind", "twice")


def verdicts(values: pl.DataFrame, shapes: rdflib.Graph) -> pl.DataFrame:
    """Give `s`, and `u` and `v`, which name a verdict, of things by all their values.

    Those have `s`, `p`, `form`, `tagged` (whether there is a language), `told` and `kind`.
    """
    named = pl.Series([f"<{name}>" for name in _looked_at(shapes)]).hash(2)
    held = values.select("s").unique()
    values = values.filter(pl.col("p").is_in(named.implode()))
    twice = pl.col("tagged") & (pl.len().over("s", "p", "form") > 1)
    if not any(shapes.objects(None, _term("languageIn"))):
        form = pl.when("tagged").then(pl.lit(0, dtype=values.schema["form"])).otherwise("form")
        values = values.with_columns(twice=twice, form=form)
    else:
        values = values.with_columns(twice=twice)
    counted = values.group_by("s", *_SORT).agg(n=pl.len().clip(upper_bound=_most(shapes) + 1))
    sorts = counted.select(*_SORT, "n")
    hashed = [(sorts.hash_rows(seed) // _SHARE).alias(name) for seed, name in ((1, "u"), (2, "v"))]
    summed = counted.select("s", *hashed).group_by("s").agg(pl.col("u", "v").sum())
    return held.join(summed, on="s", how="left")


def _looked_at(shapes: rdflib.Graph) -> set[str]:
    """Name the properties that some shape looks at."""
    named: Iterable[Node] = (
        name for at in ("path", "targetSubjectsOf") for name in shapes.objects(None, _term(at))
    )
    return {_TYPE, *map(str, named)}


def _most(shapes: rdflib.Graph) -> int:
    """Give the largest number of values that a shape asks for."""
    bounds = ("minCount", "maxCount")
    return max((int(str(n)) for at in bounds for n in shapes.objects(None, _term(at))), default=0)


def _term(name: str) -> rdflib.URIRef:
    # why: only the build needs it
    from rdflib import URIRef  # noqa: PLC0415

    return URIRef(_SH + name)
