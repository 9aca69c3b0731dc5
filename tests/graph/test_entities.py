"""What is looked up of a thing is what queries would tell of it."""

from __future__ import annotations

import pytest

from graph.dataset import Dataset
from graph.engine import Holder, Query
from graph.entities import read_entity
from graph.formats import Format
from graph.identity import Reference
from graph.labels import read_names
from graph.terms import Solutions


class Asked:
    """An engine that can only be asked in queries, as one elsewhere."""

    def __init__(self, dataset: Dataset) -> None:
        self._store = dataset.store

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query."""
        return self._store.select(query)

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        return self._store.ask(query)

    def construct(self, query: Query, form: Format) -> bytes:
        """Answer a CONSTRUCT query."""
        return self._store.construct(query, form)


THINGS = [
    ("consortium", "esia"),
    ("country", "EE"),
    ("organisation", "ee-kysk"),
    ("participation", "ee-kysk-esia-national-coordinator"),
    ("funding", "buicasus-eu"),
    ("row", "consortia-3"),
    ("source", "consortia"),
]


@pytest.mark.parametrize(("segment", "key"), THINGS)
def test_a_thing_is_the_same_looked_up_and_asked_for(
    dataset: Dataset, segment: str, key: str
) -> None:
    assert isinstance(dataset.store, Holder)
    asked = Asked(dataset)
    assert not isinstance(asked, Holder)
    reference = Reference(segment, key)
    one = read_entity(dataset.store, dataset.identity, reference)
    other = read_entity(asked, dataset.identity, reference)
    assert one.statements == other.statements
    assert one.statements
    assert one.parts == other.parts
    assert dict(one.receipts) == dict(other.receipts)
    assert sorted(one.receipts.quads) == sorted(other.receipts.quads)
    things = {item.subject for item in one.all_statements()}
    things |= {item.value.value for item in one.all_statements() if item.value.kind == "uri"}
    for thing in things:
        for languages in (("en",), ("et",), ()):
            assert one.names[thing].label(languages) == other.names[thing].label(languages)


def test_what_nothing_is_said_of_has_no_name(dataset: Dataset) -> None:
    thing = dataset.identity.entity("organisation", "no-such")
    assert read_names(dataset.store, dataset.identity, [thing])[thing].label(()).text == "no-such"
