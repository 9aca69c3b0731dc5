"""Which rows state a property of some things: the way from a number back to its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph.engine import Engine, Query
from graph.terms import iri
from ontology import Property

_ROWS = Query("""
SELECT DISTINCT ?thing ?row WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?property { UNDEF }
  GRAPH ?row { ?thing ?property ?value }
}
ORDER BY ?thing ?row
""")
_AT_ONCE = 1_000  # things in one query


def rows_stating(
    engine: Engine, name: Property, things: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Give the graphs that state a property of each thing: rows, and edits; by IRI of the thing."""
    found: dict[str, list[str]] = {}
    for some in _batches(things):
        bound = _ROWS.bind(thing=[iri(thing) for thing in some], property=iri(name))
        for solution in engine.select(bound):
            found.setdefault(solution["thing"].value, []).append(solution["row"].value)
    return {thing: tuple(graphs) for thing, graphs in found.items()}


def _batches(things: Iterable[str]) -> Iterator[list[str]]:
    listed = list(things)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
