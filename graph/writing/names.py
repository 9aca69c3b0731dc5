"""The names of entities, read from a store or from its lines for the search index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from graph.engine import Query
from graph.identity import Identity
from graph.lines import Lines, language, lexical, references
from graph.search import Name
from graph.store import Store
from graph.terms import Term
from ontology import expand

_NAMES = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?name ?preferred WHERE {{{slot}
  {{ ?thing skos:prefLabel ?name BIND(true AS ?preferred) }}
  UNION
  {{ ?thing skos:altLabel|sikg:acronym ?name BIND(false AS ?preferred) }}
}} ORDER BY ?thing ?name
"""
_PREFERRED = {
    f"<{expand(name)}>": preferred
    for name, preferred in (
        ("skos:prefLabel", True),
        ("skos:altLabel", False),
        ("sikg:acronym", False),
    )
}
_AT_ONCE = 100_000  # names that are objects of Python at the same time


def all_names(lines: Lines, identity: Identity) -> Iterator[Name]:
    """Give the names of all entities, in their order."""
    found = lines.triples().filter(pl.col("p").is_in(list(_PREFERRED))).unique()
    names = found.collect(engine="streaming")
    things = references(names["s"], identity)
    told = names.select(
        iri=pl.col("s").str.strip_chars("<>"),
        segment=things["kind"],
        name=lexical(names["o"]),
        language=language("o").fill_null("und"),
        preferred=pl.col("p").replace_strict(_PREFERRED, return_dtype=pl.Boolean),
    )
    told = told.drop_nulls("segment").sort(told.columns)
    for some in told.iter_slices(_AT_ONCE):
        yield from (Name(*row) for row in some.iter_rows())


def names_of(store: Store, identity: Identity, things: Collection[str]) -> Mapping[str, list[Name]]:
    """Give the names that some things have, which may be none, by their IRIs."""
    found: dict[str, list[Name]] = {thing: [] for thing in sorted(things)}
    if found:
        query = Query(_NAMES.format(slot=" VALUES ?thing { UNDEF }"))
        terms = [Term("uri", thing) for thing in found]
        for name in _read(store, identity, query.bind(thing=terms)):
            found[name.iri].append(name)
    return found


def _read(store: Store, identity: Identity, query: Query) -> Iterator[Name]:
    for row in store.select(query):
        reference = identity.parse(row["thing"].value)
        if reference is not None:
            name = row["name"]
            yield Name(
                iri=row["thing"].value,
                segment=reference.segment,
                name=name.value,
                language=name.language or "und",
                preferred=row["preferred"].value == "true",
            )
