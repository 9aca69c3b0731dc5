"""Parts: what is said alike of things that turned out to be one is said once.

A participation and an amount of money are nodes of their own. Where two sources describe one
project, each has its own nodes for the same partner and the same grant; left apart, they would be
counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from graph.identity import Identity
from loaders.building.check import Checked
from loaders.engine import Engine, Keys
from loaders.reading.readers import ROW
from ontology import Property

_JOINS = (Property.PARTICIPATES_IN, Property.PARTICIPANT)
_PARTICIPATION = (*_JOINS, Property.ROLE, Property.START_DATE, Property.END_DATE)
_MONEY = (
    Property.AMOUNT,
    Property.CURRENCY,
    Property.FUNDING_KIND,
    Property.FUNDING_PHASE,
    Property.FUNDING_YEAR,
)
_OF = "of"  # what an amount is of, among its statements

# What each source says: its engine and its rows.
_Described = Sequence[tuple[Engine, pl.DataFrame]]


def equal_parts(
    sources: Sequence[Checked], identity: Identity, known: Keys, canonical: Mapping[str, str]
) -> Mapping[str, str]:
    """Give the participations and amounts that are one with others, each with what it is.

    `canonical` gives what stands for each merged thing, by kind and encoded key, as the answer
    does. Parts of two sources are one where they say the same by what things are now, and did not
    before; several equal ones of one source stay as many.
    """
    if not canonical:
        return {}
    prefix = f"<{identity.base}id/"
    stands = {f"{prefix}{thing}>": f"{prefix}{to}>" for thing, to in canonical.items()}
    described = []
    for source in sources:
        engine = Engine(source.mapping, identity, known)
        described.append((engine, engine.first_rows(source.good)))
    taking = _equal(_participations(described, stands), stands)
    paid = _equal(_amounts(described, stands | taking), stands | taking)
    return {
        part.removeprefix(prefix)[:-1]: to.removeprefix(prefix)[:-1]
        for part, to in {**taking, **paid}.items()
    }


def _participations(described: _Described, stands: Mapping[str, str]) -> Iterator[pl.DataFrame]:
    """Give what is said of the participations of merged things."""
    for engine, rows in described:
        joins = _stated(engine, rows, _JOINS)
        joins = joins.filter(pl.col("o").is_in([*stands, *stands.values()]))
        few = rows.filter(pl.col(ROW).is_in(joins[ROW].implode()))
        told = _stated(engine, few, _PARTICIPATION) if len(few) else joins
        yield told.filter(pl.col("s").is_in(joins["s"].implode()))


def _amounts(described: _Described, stands: Mapping[str, str]) -> Iterator[pl.DataFrame]:
    """Give what is said of the amounts of merged things, and of which thing each is."""
    for engine, rows in described:
        joins = _stated(engine, rows, (Property.FUNDING,))
        joins = joins.filter(pl.col("s").is_in([*stands, *stands.values()]))
        few = rows.filter(pl.col(ROW).is_in(joins[ROW].implode()))
        told = _stated(engine, few, _MONEY) if len(few) else joins.clear()
        yield told.filter(pl.col("s").is_in(joins["o"].implode()))
        yield joins.select(ROW, "source", s="o", p=pl.lit(_OF), o="s")


def _stated(engine: Engine, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    """Give the statements of some properties, with the row and the source of each."""
    columns = {ROW: rows.schema[ROW], **dict.fromkeys(("s", "o", "p", "source"), pl.String())}
    source = pl.lit(engine.mapping.name)
    return pl.concat(
        [
            pl.DataFrame(schema=columns),
            *(
                strand.frame.select(ROW, "s", "o", p=pl.lit(strand.predicate), source=source)
                for strand in engine.some_strands(rows, wanted)
            ),
        ]
    )


def _equal(stated: Iterator[pl.DataFrame], stands: Mapping[str, str]) -> dict[str, str]:
    """Give the parts that are one with another, from all that is said of each."""
    things = pl.col("o").replace(list(stands), list(stands.values()))
    columns = ("s", "p", "o", "source")
    told = pl.concat([frame.select(columns) for frame in stated]).unique()
    parts = (
        told.with_columns(before=pl.col("p") + " " + pl.col("o"), now=pl.col("p") + " " + things)
        .group_by("s")
        .agg(
            pl.col("source").min(),
            pl.col("before").unique().sort().str.join("\n"),
            pl.col("now").unique().sort().str.join("\n"),
        )
        .sort(pl.col("before") != pl.col("now"), "s")
        .with_columns(place=pl.int_range(pl.len()).over("source", "now"))
    )
    groups = ["now", "place"]
    one = parts.with_columns(first=pl.col("s").first().over(groups)).filter(
        (pl.col("before").n_unique().over(groups) > 1) & (pl.col("s") != pl.col("first"))
    )
    return dict(one.select("s", "first").sort("s").iter_rows())
