"""Statistics of a release: what its default graph holds in all, by class and by property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from graph.identity import Identity
from graph.lines import Lines
from ontology import SIKG, expand

_TYPE = f"<{expand('rdf:type')}>"
_NAME = f"<{expand('skos:prefLabel')}>"
_LINKS = ("skos:exactMatch", "skos:closeMatch", "owl:sameAs", "rdfs:seeAlso", "foaf:homepage")
_EXAMPLES = ("organisation", "consortium", "practice", "programme", "project", "policy")


@dataclass(frozen=True, slots=True)
class Part:
    """What has one property: statements, and distinct subjects and objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of the default graph of a release, and of its named graphs.

    `classes` counts the instances of a class, `used` the statements that those have of each
    property, by (class, property), for the classes of our ontology; `links` the statements that
    lead elsewhere, by (property, start of the address). All keys are IRIs.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    properties: Mapping[str, Part]
    classes: Mapping[str, int]
    used: Mapping[tuple[str, str], int]
    links: Mapping[tuple[str, str], int]
    examples: Sequence[str]
    graphs: Mapping[str, int]
    stated: int


def measure(lines: Lines, identity: Identity) -> Statistics:
    """Count the statements of a release.

    Terms are told apart by 64 bits of their hash: among ten million, two fall together with a
    probability of one in a million.
    """
    hashed = _hashed(lines, identity)
    types = hashed.filter(pl.col("class").is_not_null()).select("s", "class")
    wanted = [_NAME, *(f"<{expand(name)}>" for name in _LINKS)]
    few = lines.triples().filter(pl.col("p").is_in(wanted))
    links = few.unique().collect(engine="streaming")
    graphs = lines.counts().collect(engine="streaming")
    kept = (f"<{identity.graph(name)}>" for name in ("ontology", "receipts"))
    return Statistics(
        triples=hashed.height,
        subjects=hashed["s"].n_unique(),
        objects=hashed["o"].n_unique(),
        entities=hashed.filter("ours")["s"].n_unique(),
        properties=_properties(hashed),
        classes=_numbers(types.group_by("class").len(), "class"),
        used=_used(hashed, types),
        links=_links(links, identity),
        examples=_examples(links, identity),
        graphs=_numbers(graphs.filter(pl.col("graph").is_in(list(kept))), "graph"),
        stated=int(graphs["statements"].sum()),
    )


def _hashed(lines: Lines, identity: Identity) -> pl.DataFrame:
    """Give each statement once, by the hashes of its terms, with the class where it states one."""
    selected = lines.triples().select(
        s=pl.col("s").hash(1),
        p=pl.col("p").cast(pl.Categorical),
        o=pl.col("o").hash(2),
        ours=pl.col("s").str.starts_with(f"<{identity.base}id/"),
        **{"class": pl.when(pl.col("p") == _TYPE).then("o").cast(pl.Categorical)},
    )
    return selected.unique().collect(engine="streaming")


def _properties(hashed: pl.DataFrame) -> dict[str, Part]:
    counted = hashed.group_by(pl.col("p").cast(pl.String)).agg(
        triples=pl.len(), subjects=pl.col("s").n_unique(), objects=pl.col("o").n_unique()
    )
    return {_iri(p): Part(*numbers) for p, *numbers in counted.sort("p").iter_rows()}


def _used(hashed: pl.DataFrame, types: pl.DataFrame) -> dict[tuple[str, str], int]:
    ours = types.filter(pl.col("class").cast(pl.String).str.starts_with(f"<{SIKG}")).lazy()
    joined = hashed.lazy().select("s", "p").join(ours, on="s").group_by("class", "p").len()
    found = joined.collect(engine="streaming")
    return {(_iri(class_), _iri(p)): count for class_, p, count in sorted(found.iter_rows())}


def _links(terms: pl.DataFrame, identity: Identity) -> dict[tuple[str, str], int]:
    found = (
        terms.filter(pl.col("p") != _NAME, pl.col("o").str.starts_with("<http"))
        .filter(~pl.col("o").str.starts_with(f"<{identity.base}"))
        .filter(pl.col("s").str.starts_with(f"<{identity.base}id/"))
        .with_columns(host=pl.col("o").str.extract(r"^<(https?://[^/?#>]+)"))
        .group_by("p", "host")
        .len()
    )
    return {(_iri(p), f"{host}/"): count for p, host, count in sorted(found.iter_rows())}


def _examples(terms: pl.DataFrame, identity: Identity) -> list[str]:
    starts = [f"<{identity.base}id/{kind}/" for kind in _EXAMPLES]
    kinds = [pl.col("s").str.starts_with(start) for start in starts]
    firsts = [pl.col("s").filter(kind).min().alias(str(n)) for n, kind in enumerate(kinds)]
    return [_iri(term) for term in terms.select(firsts).row(0) if term is not None]


def _numbers(frame: pl.DataFrame, name: str) -> dict[str, int]:
    return {_iri(term): count for term, count in sorted(frame.select(name, pl.nth(1)).iter_rows())}


def _iri(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")
