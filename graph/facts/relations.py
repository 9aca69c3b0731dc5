"""Relations: the statements of one property each, as a table of numbers and texts.

Things get numbers in the order of their IRIs, so that tables join on numbers and sort as the
store sorts. Nothing is chosen or combined here: a property with two values has two lines, and a
question asked of the relations is the question asked of the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import polars as pl

from graph.identity import Identity
from graph.lines import Lines, datatype, language, lexical, references
from graph.terms import XSD
from ontology import SIKG, declared


class Holds(Enum):
    """What the values of a relation are; others are counted as unfit."""

    THING = "thing"
    TEXT = "text"  # any literal
    PLAIN = "plain"  # a string without language
    INTEGER = "integer"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the statements of a property."""

    name: str
    property: str
    holds: Holds


RELATIONS = tuple(
    Relation(name, declared(prefixed), holds)
    for holds, named in {
        Holds.THING: {
            "is_a": "rdf:type",
            "broader": "skos:broader",
            "call": "sikg:call",
            "carried_by": "sikg:carriedBy",
            "consortium_of": "sikg:participatesInConsortium",
            "country": "sikg:country",
            "funded_by": "sikg:fundedBy",
            "funding": "sikg:funding",
            "funding_kind": "sikg:fundingKind",
            "funding_phase": "sikg:fundingPhase",
            "lead_country": "sikg:leadCountry",
            "lead_partner": "sikg:leadPartner",
            "level_of_action": "sikg:levelOfAction",
            "managed_by": "sikg:managedBy",
            "operator": "sikg:operator",
            "organisation_type": "sikg:organisationType",
            "part_of": "sikg:partOf",
            "participant": "sikg:participant",
            "participates_in": "sikg:participatesIn",
            "policy_type": "sikg:policyType",
            "principle": "sikg:principle",
            "programme_kind": "sikg:programmeKind",
            "region": "sikg:region",
            "related_programme": "sikg:relatedProgramme",
            "role": "sikg:role",
            "target_group": "sikg:targetGroup",
            "theme": "sikg:theme",
        },
        Holds.TEXT: {
            "acronym": "sikg:acronym",
            "alt_label": "skos:altLabel",
            "class_label": "rdfs:label",
            "deadline": "sikg:deadline",
            "document_date": "sikg:documentDate",
            "end_date": "sikg:endDate",
            "funding_source": "sikg:fundingSource",
            "funding_year": "sikg:fundingYear",
            "label": "skos:prefLabel",
            "open_date": "sikg:openDate",
            "place": "sikg:place",
            "start_date": "sikg:startDate",
        },
        Holds.PLAIN: {
            "currency": "sikg:currency",
            "notation": "skos:notation",
            "segment": "sikg:segment",
        },
        Holds.INTEGER: {"generation": "sikg:generation"},
        Holds.DECIMAL: {
            "amount": "sikg:amount",
            "latitude": "sikg:latitude",
            "longitude": "sikg:longitude",
        },
    }.items()
    for name, prefixed in named.items()
)
# Of the types, those of our own vocabulary say all that the questions ask for; and of the names
# that every thing has as `rdfs:label` too, those of the classes.
_OURS = f"<{SIKG}"
_ONLY_OURS = {"rdf:type": "o", "rdfs:label": "s"}
_DATATYPES = {Holds.PLAIN: f"{XSD}string", Holds.INTEGER: f"{XSD}integer"}
# Digits before the point that still leave room for sums of a million million amounts.
_LARGEST = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,6})?$"


def write_relations(lines: Lines, identity: Identity, folder: Path) -> Mapping[str, int]:
    """Write `thing.parquet` and one file a relation; give the number of unfit values of each."""
    wanted = [f"<{relation.property}>" for relation in RELATIONS]
    kept = pl.col("p").is_in(wanted)
    for name, column in _ONLY_OURS.items():
        ours = pl.col(column).str.starts_with(_OURS)
        kept &= (pl.col("p") != f"<{declared(name)}>") | ours
    found = lines.triples().filter(kept).collect(engine="streaming").partition_by("p", as_dict=True)
    empty = pl.DataFrame(schema={"s": pl.String, "p": pl.String, "o": pl.String})
    parts = {
        relation.name: found.pop((f"<{relation.property}>",), empty).select("s", "o").unique()
        for relation in RELATIONS
    }
    things = _things(parts, identity)
    things.select("id", "iri", "kind", "key").write_parquet(folder / "thing.parquet")
    numbers = things.select("term", "id")
    unfit = {}
    for relation in RELATIONS:
        table, bad = _table(parts.pop(relation.name), relation.holds, numbers)
        table.write_parquet(folder / f"{relation.name}.parquet")
        if bad:
            unfit[relation.name] = bad
    return unfit


def _things(parts: Mapping[str, pl.DataFrame], identity: Identity) -> pl.DataFrame:
    """Give all subjects and objects that are IRIs a number, in the order of their text."""
    subjects = [part["s"].rename("term") for part in parts.values()]
    objects = [
        parts[relation.name]["o"].rename("term")
        for relation in RELATIONS
        if relation.holds is Holds.THING
    ]
    terms = pl.concat([*subjects, *objects]).unique()
    things = terms.filter(terms.str.starts_with("<")).to_frame()
    iris = things.with_columns(iri=pl.col("term").str.slice(1).str.strip_suffix(">")).sort("iri")
    named = references(iris["term"], identity)
    return iris.with_columns(
        kind=named["kind"], key=pl.coalesce(named["key"], pl.col("iri"))
    ).with_row_index("id")


def _table(part: pl.DataFrame, holds: Holds, numbers: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Give the table of a relation, and how many values do not fit it."""
    subjects = part.join(numbers.rename({"id": "subject"}), left_on="s", right_on="term")
    if holds is Holds.THING:
        table = subjects.join(numbers.rename({"id": "object"}), left_on="o", right_on="term")
        return table.select("subject", "object").sort("subject", "object"), len(part) - len(table)
    values = subjects.with_columns(value=lexical(subjects["o"])).with_columns(
        language=language("o"), datatype=datatype("o")
    )
    fit = _fit(holds)
    if holds is Holds.TEXT:
        table = values.filter(fit).select("subject", "value", "language", "datatype")
    else:
        table = values.filter(fit).select("subject", _typed(holds))
    return table.sort("subject", "value"), len(part) - len(table)


def _fit(holds: Holds) -> pl.Expr:
    literal = pl.col("o").str.starts_with('"')
    kind = pl.col("datatype").fill_null(
        pl.when(pl.col("language").is_null()).then(pl.lit(f"{XSD}string"))
    )
    match holds:
        case Holds.DECIMAL:
            return (
                literal & (kind == f"{XSD}decimal") & pl.col("value").str.contains(_LARGEST)
            ).fill_null(value=False)
        case Holds.PLAIN | Holds.INTEGER:
            return (literal & (kind == _DATATYPES[holds])).fill_null(value=False)
        case _:
            return literal


def _typed(holds: Holds) -> pl.Expr:
    value = pl.col("value")
    match holds:
        case Holds.DECIMAL:
            return value.cast(pl.Decimal(38, 6))
        case Holds.INTEGER:
            return value.cast(pl.Int64, strict=False)
        case _:
            return value
