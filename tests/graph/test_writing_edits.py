"""Edits: after any sequence of them the default graph is what it would be if it were made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ontology
from graph.digest import Digest
from graph.errors import ForbiddenError, ParameterError
from graph.identity import Identity
from graph.store.writing import Change, Quad, WritableStore
from graph.terms import Term, iri, n3
from graph.writing.edits import Edits, Tally, carry
from graph.writing.ownership import Ownership
from ontology import Class, Property, expand

IDENTITY = Identity()
BASE = IDENTITY.base
ROW = iri(IDENTITY.row("things", 2))
GRAPHS = [iri(f"{BASE}id/graph/edits/{name}") for name in "ab"] + [iri("http://other/graph")]
TYPE = iri(expand("rdf:type"))
THINGS = [iri(IDENTITY.entity("organisation", name)) for name in ("x", "y")]
# One class above another, and properties that entail others, so that premises overlap.
TRIPLES = [
    (thing, TYPE, iri(kind))
    for thing in THINGS
    for kind in (Class.PUBLIC_ORGANISATION, Class.ORGANISATION, Class.ACTOR, expand("foaf:Agent"))
] + [
    (thing, iri(name), value)
    for thing in THINGS
    for name, value in (
        (expand("skos:prefLabel"), Term("literal", "X", "en", f"{expand('rdf:langString')}")),
        (expand("skos:altLabel"), Term("literal", "X", "en", f"{expand('rdf:langString')}")),
        (expand("rdfs:label"), Term("literal", "X", "en", f"{expand('rdf:langString')}")),
        (Property.ACRONYM, Term("literal", "X", "en", f"{expand('rdf:langString')}")),
        (Property.PARTICIPATES_IN_CONSORTIUM, THINGS[0]),
        (Property.PARTICIPATES_IN, THINGS[0]),
    )
]

Step = tuple[bool, int, int]
STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, len(GRAPHS) - 1), st.integers(0, len(TRIPLES) - 1)),
    max_size=30,
)


def consequences(triple: Quad) -> Iterator[Quad]:
    """Give a statement and what the alignments entail of it, with nothing of the writer."""
    yield triple
    subject, predicate, value = triple
    if predicate == TYPE:
        for parent in ontology.superclasses(value.value):
            yield subject, predicate, iri(parent)
    for parent in ontology.superproperties(predicate.value):
        yield subject, iri(parent), value


def started(rows: set[int]) -> Edits:
    """Give edits over a store in which one row states some of the statements."""
    store = WritableStore.in_memory()
    stated = [TRIPLES[place] for place in rows]
    default = {found for triple in stated for found in consequences(triple)}
    store.apply(Change(inserted=[*((*triple, ROW) for triple in stated), *default]))
    tally = Tally(Digest(), len(default), len(store))
    tally.digest.add_lines(lines([(*triple, ROW) for triple in stated]))
    return Edits(store, IDENTITY, tally)


def lines(quads: list[Quad]) -> list[bytes]:
    return [(" ".join(map(n3, quad)) + " .").encode() for quad in quads]


def assert_whole(edits: Edits) -> None:
    """Hold the default graph, the counts and the digest to what the named graphs say."""
    named = [quad for graph in edits.store.named_graphs() for quad in edits.store.quads(graph)]
    default = set(edits.store.quads(None))
    assert default == {found for quad in named for found in consequences(quad[:3])}
    assert edits.tally.statements == len(default)
    assert edits.tally.quads == len(edits.store) == len(default) + len(named)
    digest = Digest()
    digest.add_lines(lines(named))
    assert edits.tally.digest.hexdigest() == digest.hexdigest()


def change(step: Step) -> Change:
    inserts, graph, triple = step
    quads: list[Quad] = [(*TRIPLES[triple], GRAPHS[graph])]
    return Change(inserted=quads) if inserts else Change(removed=quads)


@settings(deadline=None)
@given(st.sets(st.integers(0, len(TRIPLES) - 1), max_size=6), STEPS)
def test_the_default_graph_follows_every_edit(rows: set[int], steps: list[Step]) -> None:
    edits = started(rows)
    for step in steps:
        edits.apply(change(step))
    assert_whole(edits)


@settings(deadline=None)
@given(STEPS, STEPS)
def test_edits_are_taken_back_and_repeated(first: list[Step], second: list[Step]) -> None:
    edits = started({0, 5, 9})
    for step in first:
        edits.apply(change(step))
    edits.keep()
    before = set(edits.store.quads(None)), edits.tally.digest.hexdigest(), edits.tally.quads
    for step in second:
        edits.apply(change(step))
    after = set(edits.store.quads(None)), edits.tally.digest.hexdigest(), edits.tally.quads
    taken = edits.take_back()
    back = set(edits.store.quads(None)), edits.tally.digest.hexdigest(), edits.tally.quads
    assert back == before
    edits.repeat(taken)
    again = set(edits.store.quads(None)), edits.tally.digest.hexdigest(), edits.tally.quads
    assert again == after


@settings(deadline=None, max_examples=50)
@given(STEPS, STEPS, st.sets(st.integers(0, len(TRIPLES) - 1), max_size=6))
def test_a_build_takes_edits_over_and_then_what_came_meanwhile(
    first: list[Step], second: list[Step], rows: set[int]
) -> None:
    served, built = started({1, 2}), started(rows)
    for steps in (first, second):
        for step in steps:
            served.apply(change(step))
        carry(served.store, IDENTITY, built)
        assert_whole(built)
        for graph in GRAPHS:
            assert set(built.store.quads(graph.value)) == set(served.store.quads(graph.value))
    assert not list(built.store.quads(IDENTITY.row("things", 3)))


def test_graphs_move_with_their_receipts_to_a_new_base() -> None:
    other = Identity("https://example.org/kg/")
    old = Edits(WritableStore.in_memory(), other, Tally(Digest(), 0, 0))
    graph = f"{other.base}id/graph/edits/a"
    row = iri(other.row("things", 2))
    old.store.apply(Change(inserted=[(*TRIPLES[0], row)]))
    old.apply(Change(inserted=[(*TRIPLES[0], iri(graph))]))
    new = started(set())
    carry(old.store, other, new)
    assert list(new.store.named_graphs()) == [graph]


OWN = Ownership(IDENTITY)


@pytest.mark.parametrize(
    "graph",
    [
        None,
        f"{BASE}id/row/organisations-2",
        f"{BASE}id/graph/receipts",
        f"{BASE}id/graph/ontology",
        f"{BASE}id/graph/void",
        f"{BASE}id/graph/edits",
        f"{BASE}id/graph/edits/",
        f"{BASE}id/graph/anything",
    ],
)
def test_what_sources_own_nobody_writes(graph: str | None) -> None:
    with pytest.raises(ForbiddenError, match=f"GRAPH <{BASE}id/graph/edits/NAME>"):
        OWN.check(graph, ["*"])


@pytest.mark.parametrize(
    ("graph", "scopes", "refused"),
    [
        (f"{BASE}id/graph/edits/a", [], ""),
        ("http://other/graph", [], "does not reach"),
        ("http://other/graph", ["*"], ""),
        ("http://other/graph", ["http://other/*"], ""),
        ("http://other/graph", ["http://other/g"], "does not reach"),
        ("http://other/graph", ["http://other/graph"], ""),
        ("http://other/graphs", ["http://other/graph"], "does not reach"),
        (f"{BASE}id/graph/edits/a", ["http://other/*"], "does not reach"),
        (f"{BASE}id/graph/edits/ab", [f"{BASE}id/graph/edits/a*"], ""),
    ],
)
def test_a_token_reaches_to_the_graphs_of_its_scopes(
    graph: str, scopes: list[str], refused: str
) -> None:
    with pytest.raises(ForbiddenError, match=refused) if refused else nullcontext():
        OWN.check(graph, scopes)


@pytest.mark.parametrize(
    "graph", ["relative", "", "http://x/\r\nSet-Cookie: a", "http://x/ y", "_:b"]
)
def test_a_graph_is_named_by_an_absolute_iri(graph: str) -> None:
    with pytest.raises(ParameterError, match="no absolute IRI"):
        OWN.check(graph, ["*"])
