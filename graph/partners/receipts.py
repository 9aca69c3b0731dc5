"""The rows that state what paths are made of, read from the store in one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.engine import Engine, Query
from graph.identity import Identity
from graph.partners.paths import Statement
from graph.rows import Receipts, read_receipts
from graph.terms import iri

_STATED = Query("""
SELECT ?subject ?property ?value ?graph WHERE {
  VALUES ?subject { UNDEF }
  GRAPH ?graph { ?subject ?property ?value }
}
""")


def read_rows(
    engine: Engine, identity: Identity, statements: Iterable[Statement]
) -> tuple[Mapping[Statement, tuple[str, ...]], Receipts]:
    """Give the rows that state each statement, by IRI in their order, and their receipts.

    A statement that no row states, such as one that follows from another, has none.
    """
    wanted = sorted(set(statements))
    found: dict[Statement, list[str]] = {statement: [] for statement in wanted}
    if not wanted:
        return {}, Receipts()
    # By subject alone: engines look up what is bound twice as a product of both lists.
    query = _STATED.bind(subject=[iri(name) for name in sorted({item.subject for item in wanted})])
    for line in engine.select(query):
        said = Statement(line["subject"].value, line["property"].value, line["value"].value)
        if said in found:
            found[said].append(line["graph"].value)
    receipts = read_receipts(engine, identity, {row for rows in found.values() for row in rows})
    told = {
        statement: tuple(sorted({row for row in rows if row in receipts}))
        for statement, rows in found.items()
    }
    return told, receipts
