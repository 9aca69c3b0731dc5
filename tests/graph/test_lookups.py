"""Lookups: what is surely one, and that nothing else is taken for one."""

from __future__ import annotations

import pytest

from graph.engine import Query
from graph.lookups import is_lookup

LOOKUPS = [
    "SELECT ?p ?o WHERE { <http://e/s> ?p ?o }",
    "select * { <http://e/s> ?p ?o . } limit 10",
    "PREFIX e: <http://e/>\nPREFIX : <http://f/>\nSELECT ?o\nWHERE { e:s a ?o } # why not",
    "SELECT ?o { <http://e/s> <http://e/p> ?o }",
]
OTHERS = {
    "an open subject": "SELECT ?s WHERE { ?s ?p <http://e/o> }",
    "two patterns": "SELECT * WHERE { <http://e/s> ?p ?o . ?o ?q ?r }",
    "two values": "SELECT * WHERE { <http://e/s> ?p ?o, ?r }",
    "a path": "SELECT * WHERE { <http://e/s> <http://e/p>+ ?o }",
    "an inverse": "SELECT * WHERE { <http://e/s> ^<http://e/p> ?o }",
    "a filter": "SELECT * WHERE { <http://e/s> ?p ?o FILTER(REGEX(?o, '(a+)+b')) }",
    "a service": "SELECT * WHERE { SERVICE <http://e/s> { ?s ?p ?o } }",
    "a graph": "SELECT * WHERE { GRAPH ?g { <http://e/s> ?p ?o } }",
    "distinct": "SELECT DISTINCT ?o WHERE { <http://e/s> ?p ?o }",
    "an aggregate": "SELECT (COUNT(*) AS ?n) WHERE { <http://e/s> ?p ?o }",
    "an order": "SELECT ?o WHERE { <http://e/s> ?p ?o } ORDER BY ?o",
    "a dataset": "SELECT ?o FROM <http://e/g> WHERE { <http://e/s> ?p ?o }",
    "two lines after a comment": "SELECT ?o WHERE { <http://e/s> ?p ?o } # a\n ORDER BY ?o",
    "an escape": r"SELECT ?o WHERE { <http://e/\u0073> ?p ?o }",
    "a construct": "CONSTRUCT WHERE { <http://e/s> ?p ?o }",
    "much text": "SELECT ?o WHERE { <http://e/s> ?p ?o }" + " " * 2_000,
}


@pytest.mark.parametrize("text", LOOKUPS)
def test_a_pattern_with_a_given_subject_is_a_lookup(text: str) -> None:
    assert is_lookup(Query(text))


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_anything_else_is_none(text: str) -> None:
    assert not is_lookup(Query(text))


def test_a_dataset_of_the_protocol_is_none() -> None:
    assert not is_lookup(Query(LOOKUPS[0], default_graphs=("http://e/g",)))
    assert not is_lookup(Query(LOOKUPS[0], named_graphs=("http://e/g",)))


def test_a_text_built_to_be_slow_is_read_at_once() -> None:
    assert not is_lookup(Query("SELECT " + "?a " * 600 + "{"))
    assert not is_lookup(Query("PREFIX a: <b> " * 140 + "SELECT"))
