"""Whether two results are the same but for the names of blank nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from graph.terms import Term
from tests.conformance.results import Row, Table, plain

Triple = tuple[Term, Term, Term]
_Names = tuple[dict[str, str], dict[str, str]]


def same_table(expected: Table, found: Table, *, lax: bool = False) -> bool:
    """Compare solutions as bags, or as sequences where the order is part of the result.

    `lax` is the cardinality that REDUCED leaves open: every solution at least once, and at most
    as often as expected.
    """
    if expected.variables != found.variables:
        return False
    if lax:
        wanted, got = (Counter(map(_key, table.rows)) for table in (expected, found))
        return set(wanted) == set(got) and all(got[key] <= wanted[key] for key in got)
    if len(expected.rows) != len(found.rows):
        return False
    if expected.ordered:
        names: _Names = ({}, {})
        pairs = zip(expected.rows, found.rows, strict=True)
        return all(_match(first, second, names) for first, second in pairs)
    return _same_bag(expected.rows, found.rows)


def _key(row: Row) -> tuple[tuple[str, Term], ...]:
    return tuple(sorted((name, plain(term)) for name, term in row.items()))


def _shape(row: Row) -> tuple[tuple[str, Term], ...]:
    """Give a row without the names of its blank nodes."""
    return tuple(
        (name, Term("bnode", "") if term.kind == "bnode" else term) for name, term in _key(row)
    )


def _same_bag(expected: Sequence[Row], found: Sequence[Row]) -> bool:
    if Counter(map(_shape, expected)) != Counter(map(_shape, found)):
        return False
    # Rows that no other resembles settle names first, which keeps the search short.
    often = Counter(map(_shape, expected))
    ordered = sorted(_with_blank(expected), key=lambda row: often[_shape(row)])
    return _search(ordered, _with_blank(found), ({}, {}))


def _with_blank(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if any(term.kind == "bnode" for term in row.values())]


def _search(expected: Sequence[Row], found: Sequence[Row], names: _Names) -> bool:
    if not expected:
        return True
    first, *rest = expected
    for place, row in enumerate(found):
        tried: _Names = (dict(names[0]), dict(names[1]))
        others = [*found[:place], *found[place + 1 :]]
        if _match(first, row, tried) and _search(rest, others, tried):
            return True
    return False


def _match(first: Row, second: Row, names: _Names) -> bool:
    if _shape(first) != _shape(second):
        return False
    there, back = names
    for name, term in first.items():
        if term.kind != "bnode":
            continue
        other = second[name].value
        if there.setdefault(term.value, other) != other:
            return False
        if back.setdefault(other, term.value) != term.value:
            return False
    return True


def same_graph(expected: Iterable[Triple], found: Iterable[Triple]) -> bool:
    """Compare graphs by isomorphism."""
    return isomorphic(_rdflib(expected), _rdflib(found))


def _rdflib(triples: Iterable[Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(tuple(map(_node, triple)))  # type: ignore[arg-type]  # terms where they can stand
    return graph


def _node(term: Term) -> URIRef | BNode | Literal:
    term = plain(term)
    if term.kind == "uri":
        return URIRef(term.value)
    if term.kind == "bnode":
        return BNode(term.value)
    # All of a literal in one string: rdflib would compare numbers by value.
    return Literal(repr(term))
