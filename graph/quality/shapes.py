"""Results of SHACL by source: whose rows state what a result is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.engine import Engine, Query
from graph.identity import Identity
from graph.report import ShapeResult
from graph.terms import iri, is_absolute_iri

_STATING = Query("""
SELECT ?focus ?property ?row WHERE {
  VALUES ?focus { UNDEF }
  GRAPH ?row { ?focus ?property ?value }
}
""")


@dataclass(frozen=True, slots=True)
class ShapeCounts:
    """How many violations and warnings each source has a part in, by its name."""

    violations: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


def by_source(results: Sequence[ShapeResult], engine: Engine, identity: Identity) -> ShapeCounts:
    """Count results for each source that states the property at fault, or else the thing.

    A result in which rows of two sources meet counts for both.
    """
    counts = ShapeCounts()
    focuses = sorted({item.focus for item in results if is_absolute_iri(item.focus)})
    if not focuses:
        return counts
    stated = _stated(focuses, engine, identity)
    for item in results:
        by_property = stated.get(item.focus, {})
        sources = by_property.get(item.path or "") or set().union(*by_property.values())
        counted = counts.violations if item.severity == "Violation" else counts.warnings
        counted.update(sources)
    return counts


def _stated(
    focuses: Sequence[str], engine: Engine, identity: Identity
) -> Mapping[str, Mapping[str, set[str]]]:
    """Give the sources that say something, by thing and property."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in engine.select(_STATING.bind(focus=[iri(focus) for focus in focuses])):
        reference = identity.parse(row["row"].value)
        if reference is None or reference.segment != "row":
            continue  # the ontology, or an edit
        table = reference.key.rpartition("-")[0]
        source = table.partition(".")[0]  # a sheet follows the point, and no name has one
        by_property = found.setdefault(row["focus"].value, {})
        by_property.setdefault(row["property"].value, set()).add(source)
    return found
