"""Preferred names: which of the names of merged things stays the preferred one of its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from graph.identity import Identity
from loaders.building.check import Checked
from loaders.engine import PREFERRED, Engine

_TAG = r'"@([A-Za-z0-9-]+)$'
_WORDLESS = "zxx"  # a code that stands for a name


def demoted(
    sources: Sequence[Checked], identity: Identity, canonical: Mapping[str, str]
) -> pl.DataFrame | None:
    """Give the names, as `s` and `o`, that are alternative ones; None where nothing is merged.

    `canonical` gives what stands for each merged thing, by kind and encoded key. One name a
    language stays preferred: what rows name by the address that stays comes before what they name
    by another; then what most rows say; then what is first in order. A code gives way to any name.
    """
    if not canonical:
        return None
    stands = {**{to: to for to in canonical.values()}, **canonical}
    prefix = f"<{identity.base}id/"
    merged = pl.DataFrame(
        {
            "named": [f"{prefix}{thing}>" for thing in stands],
            "s": [f"{prefix}{to}>" for to in stands.values()],
        }
    )
    kinds = {thing.partition("/")[0] for thing in stands}
    schema = {"named": pl.String, "o": pl.String, "rows": pl.UInt32}
    told = pl.concat([pl.DataFrame(schema=schema), *_told(sources, identity, kinds)])
    names = (
        told.join(merged, on="named")
        .group_by("s", "o")
        .agg(own=(pl.col("named") == pl.col("s")).any(), rows=pl.col("rows").sum())
        .with_columns(language=pl.col("o").str.extract(_TAG).str.to_lowercase())
        .sort(["own", "rows", "o"], descending=[True, True, False])
    )
    code = pl.col("language") == _WORDLESS
    first = pl.int_range(pl.len()).over("s", "language") == 0
    preferred = first & (~code | code.all().over("s"))
    return names.filter(~preferred).select("s", "o").sort("s", "o")


def _told(
    sources: Sequence[Checked], identity: Identity, kinds: set[str]
) -> Iterator[pl.DataFrame]:
    """Count the rows by which each source names each thing of some kinds."""
    for source in sources:
        if kinds.isdisjoint(entity.type for entity in source.mapping.entities.values()):
            continue
        engine = Engine(source.mapping, identity)
        for strand in engine.some_strands(engine.first_rows(source.good), {PREFERRED}):
            yield strand.frame.group_by(named="s", o="o").agg(rows=pl.len())
