"""The names of entities, read from a store for the search index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from graph.engine import Query
from graph.identity import Identity
from graph.search import Name
from graph.store import Store
from graph.terms import Term

_NAMES = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?name ?preferred WHERE {{{slot}
  {{ ?thing skos:prefLabel ?name BIND(true AS ?preferred) }}
  UNION
  {{ ?thing skos:altLabel|sikg:acronym ?name BIND(false AS ?preferred) }}
}} ORDER BY ?thing ?name
"""


def all_names(store: Store, identity: Identity) -> Iterator[Name]:
    """Give the names of all entities."""
    yield from _read(store, identity, Query(_NAMES.format(slot="")))


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
