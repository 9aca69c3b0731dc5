"""What is looked up of a thing is what queries would tell of it."""

from __future__ import annotations

import pytest

from graph.dataset import Dataset
from graph.engine import Holder, Query
from graph.entities import read_entity
from graph.formats import GRAPH_FORMATS, Format, by_name
from graph.identity import Identity, Reference
from graph.labels import read_names
from graph.store import Store, serialise
from graph.terms import Solutions, iri, literal
from ontology import Property, expand


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


def test_of_very_many_links_some_are_shown_each_with_its_row() -> None:
    identity = Identity()
    store = Store.in_memory()
    this, row = identity.entity("country", "EE"), identity.entity("row", "list-1")
    named = [identity.entity("project", f"p{number}") for number in range(1500)]
    stated = [(iri(project), iri(Property.COUNTRY.value), iri(this)) for project in named]
    only_follows = [(iri(project), iri(expand("dcterms:spatial")), iri(this)) for project in named]
    about = (iri(this), iri(expand("skos:prefLabel")), literal("Estonia"))
    nquads = by_name(GRAPH_FORMATS, "nquads") or GRAPH_FORMATS[0]
    quads = [(*statement, iri(row)) for statement in [*stated, about]]
    store.load(serialise([*stated, *only_follows, about, *quads], nquads), nquads)
    found = read_entity(store, identity, Reference("country", "EE"), limit=40)
    assert 1 < len(found.incoming) <= 40
    assert not found.incoming_complete
    assert {item.graphs for item in found.incoming} == {(row,)}
    assert {item.property for item in found.incoming} == {Property.COUNTRY.value}


def test_links_beside_very_many_participations_are_all_shown() -> None:
    identity = Identity()
    store = Store.in_memory()
    this, row = identity.entity("organisation", "o"), identity.entity("row", "list-1")
    taking = [identity.entity("participation", f"t{number}") for number in range(1200)]
    stated = [(iri(part), iri(Property.PARTICIPANT.value), iri(this)) for part in taking]
    for name in ("a", "b"):
        project = iri(identity.entity("project", name))
        stated.append((project, iri(Property.LEAD_PARTNER.value), iri(this)))
    stated.append((iri(this), iri(expand("skos:prefLabel")), literal("O")))
    nquads = by_name(GRAPH_FORMATS, "nquads") or GRAPH_FORMATS[0]
    quads = [(*statement, iri(row)) for statement in stated]
    store.load(serialise([*stated, *quads], nquads), nquads)
    found = read_entity(store, identity, Reference("organisation", "o"), limit=40)
    assert len(found.incoming) == 2
    assert found.incoming_complete
    assert not found.parts_complete
