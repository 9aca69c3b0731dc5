"""The update tests of SPARQL 1.1."""

from __future__ import annotations

import pytest

from graph.errors import QueryError
from graph.store.writing import WritableStore
from tests.conformance.comparing import same_graph
from tests.conformance.loading import fill, graphs_in, graphs_of
from tests.conformance.manifests import Documents, Entry
from tests.conformance.suites import suites


@pytest.mark.suite("UpdateEvaluationTest")
def test_an_update_leaves_the_dataset_of_the_suite(entry: Entry) -> None:
    store = WritableStore.in_memory()
    fill(store, entry.data)
    store.update(suites().text(entry.request), base=entry.request)
    assert isinstance(entry.result, Documents)
    expected, found = graphs_of(entry.result), graphs_in(store)
    assert set(expected) == set(found)
    for name, triples in expected.items():
        assert same_graph(triples, found[name]), name


@pytest.mark.suite("PositiveUpdateSyntaxTest11")
def test_an_update_in_the_grammar_is_read(entry: Entry) -> None:
    store = WritableStore.in_memory()
    text = suites().text(entry.request)
    assert isinstance(store.operations(text, entry.request), list)


@pytest.mark.suite("NegativeUpdateSyntaxTest11")
def test_an_update_outside_the_grammar_is_malformed(entry: Entry) -> None:
    error: QueryError | None = None
    try:
        WritableStore.in_memory().operations(suites().text(entry.request), entry.request)
    except QueryError as raised:
        error = raised
    assert error is not None
