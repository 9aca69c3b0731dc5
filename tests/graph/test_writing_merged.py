"""Edits of merged things are said of the canonical one, and say what they said when these part."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.digest import Digest
from graph.errors import StorageError
from graph.identities.clusters import Resolution
from graph.identities.redirects import Redirects, write_redirects
from graph.identity import Identity
from graph.store.writing import Change, Quad, WritableStore
from graph.takedowns import Takedown, Takedowns
from graph.terms import Term, iri
from graph.writing.as_written import FILE, AsWritten
from graph.writing.edits import Edits, Tally, carry
from graph.writing.overruling import graph_of_corrections, overruling
from graph.writing.withheld import withheld
from ontology import Property, expand

IDENTITY = Identity()
GRAPH = iri(f"{IDENTITY.base}id/graph/edits/a")
KEPT, MERGED, OTHER = (
    iri(IDENTITY.entity("organisation", name)) for name in ("kept", "merged", "other")
)
NAMED, ALSO, SAME = (
    iri(expand(name)) for name in ("skos:prefLabel", "skos:altLabel", "owl:sameAs")
)
PARTNER = iri(expand("dcterms:relation"))
NAME = Term("literal", "Käsi", "et", expand("rdf:langString"))
REDIRECTS = Redirects({"organisation/merged": "organisation/kept"})
QUADS: list[Quad] = [
    (thing, *about, GRAPH)
    for thing in (KEPT, MERGED, OTHER)
    for about in ((NAMED, NAME), (ALSO, NAME), (PARTNER, OTHER), (PARTNER, MERGED))
]


def empty(redirects: Redirects | None = None) -> Edits:
    canonical = (redirects or Redirects()).addresses(IDENTITY)
    store = WritableStore.in_memory()
    return Edits(store, IDENTITY, Tally(Digest(), 0, 0), AsWritten(canonical))


def carried(edits: Edits, redirects: Redirects | None = None) -> Edits:
    """Give what the next build makes of edits, under other redirects."""
    new = empty(redirects)
    carry(edits.store, IDENTITY, new, as_written=edits.as_written)
    return new


def stated(edits: Edits) -> set[Quad]:
    return set(edits.store.quads(GRAPH.value))


def test_what_is_said_of_a_merged_thing_is_said_of_the_canonical_one() -> None:
    edits = empty(REDIRECTS)
    edits.apply(Change(inserted=[(MERGED, PARTNER, OTHER, GRAPH), (OTHER, PARTNER, MERGED, GRAPH)]))
    assert stated(edits) == {(KEPT, PARTNER, OTHER, GRAPH), (OTHER, PARTNER, KEPT, GRAPH)}
    assert {quad[:2] for quad in edits.store.quads(None)} == {(KEPT, PARTNER), (OTHER, PARTNER)}


def test_a_name_that_a_merged_thing_prefers_is_another_name_of_the_canonical_one() -> None:
    edits = empty(REDIRECTS)
    edits.apply(Change(inserted=[(MERGED, NAMED, NAME, GRAPH), (OTHER, NAMED, NAME, GRAPH)]))
    assert stated(edits) == {(KEPT, ALSO, NAME, GRAPH), (OTHER, NAMED, NAME, GRAPH)}


def test_that_the_two_are_the_same_stays_as_it_is() -> None:
    edits = empty(REDIRECTS)
    edits.apply(Change(inserted=[(KEPT, SAME, MERGED, GRAPH)]))
    assert stated(edits) == {(KEPT, SAME, MERGED, GRAPH)}


@pytest.mark.parametrize("thing", [KEPT, MERGED])
def test_it_is_taken_away_in_either_writing(thing: Term) -> None:
    edits = empty(REDIRECTS)
    edits.apply(Change(inserted=[(MERGED, PARTNER, OTHER, GRAPH)]))
    edits.apply(Change(removed=[(thing, PARTNER, OTHER, GRAPH)]))
    assert stated(edits) == set()
    assert set(edits.store.quads(None)) == set()
    assert stated(carried(edits)) == set()


@settings(deadline=None, max_examples=60)
@given(*[st.sets(st.sampled_from(QUADS))] * 3)
def test_parted_again_each_says_what_was_written_of_it(
    before: set[Quad], while_merged: set[Quad], later: set[Quad]
) -> None:
    edits = empty()
    edits.apply(Change(inserted=list(before)))
    edits = carried(edits, REDIRECTS)
    edits.apply(Change(inserted=list(while_merged)))
    edits = carried(edits, REDIRECTS)
    edits.apply(Change(inserted=list(later)))
    assert MERGED not in {term for quad in edits.store.quads(None) for term in quad}
    assert stated(carried(edits)) == before | while_merged | later


def test_what_was_replaced_is_not_remembered() -> None:
    edits = empty(REDIRECTS)
    of_merged, of_kept = (MERGED, PARTNER, OTHER, GRAPH), (KEPT, PARTNER, OTHER, GRAPH)
    edits.apply(Change(inserted=[of_merged]))
    edits.apply(Change(removed=list(edits.store.quads(GRAPH.value)), inserted=[of_kept]))
    assert stated(carried(edits)) == {of_kept}


def test_the_file_of_a_release_holds_what_still_stands(tmp_path: Path) -> None:
    edits = empty(REDIRECTS)
    edits.as_written.write(tmp_path, edits.store.has)
    assert not (tmp_path / FILE).exists()
    edits.apply(Change(inserted=[(MERGED, NAMED, NAME, GRAPH), (MERGED, PARTNER, OTHER, GRAPH)]))
    edits.apply(Change(removed=[(KEPT, PARTNER, OTHER, GRAPH)]))
    edits.as_written.write(tmp_path, edits.store.has)
    write_redirects(tmp_path, Resolution(REDIRECTS.targets, {"organisation/merged": ("why",)}))
    found = AsWritten.read(tmp_path, IDENTITY)
    assert found.written == {(KEPT, ALSO, NAME, GRAPH): {(MERGED, NAMED, NAME, GRAPH)}}
    assert found.canonical == {MERGED.value: KEPT.value}


@pytest.mark.parametrize("content", [b"<a> <b>", b"\xff\n", b"<http://a> <http://b> 1 ."])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StorageError, match=f"{FILE} is damaged"):
        AsWritten.read(tmp_path, IDENTITY)


def test_a_damaged_list_of_redirects_is_told(tmp_path: Path) -> None:
    (tmp_path / "identities.csv").write_text("merged,canonical,why\na,b\n", encoding="utf-8")
    with pytest.raises(StorageError, match=r"identities\.csv is damaged"):
        Redirects.read(tmp_path)


def test_what_was_taken_down_is_not_kept_as_it_was_written(tmp_path: Path) -> None:
    edits = empty(REDIRECTS)
    edits.apply(Change(inserted=[(MERGED, ALSO, NAME, GRAPH), (KEPT, PARTNER, OTHER, GRAPH)]))
    taken = withheld(Takedowns((Takedown.of("iri", MERGED.value, "asked for", "2026-11-22"),)))
    new = empty()  # what was taken down is merged with nothing
    assert carry(edits.store, IDENTITY, new, taken, edits.as_written) == 1
    assert stated(new) == {(KEPT, PARTNER, OTHER, GRAPH)}
    new.as_written.write(tmp_path, new.store.has)
    assert list(tmp_path.iterdir()) == []


ROW = iri(f"{IDENTITY.base}id/row/names-2")


def told_by_rows(*triples: Quad, redirects: Redirects | None = None) -> Edits:
    """Give edits of a store in which a row states something."""
    edits = empty(redirects)
    quads = [*triples, *((*triple, ROW) for triple in triples)]
    edits.store.apply(Change(inserted=quads))
    return edits


def test_a_name_that_was_corrected_stays_so_when_its_thing_is_merged_and_parted() -> None:
    before = told_by_rows((MERGED, NAMED, NAME))
    before.apply(Change(inserted=overruling(IDENTITY, "c1", (MERGED, NAMED, NAME))))
    assert (MERGED, NAMED, NAME) not in set(before.store.quads(None))
    # A build in which it is one with another thing: there the name is an alternative one.
    same = (KEPT, SAME, MERGED)
    merged = told_by_rows((KEPT, ALSO, NAME), same, redirects=REDIRECTS)
    carry(before.store, IDENTITY, merged, as_written=before.as_written)
    assert set(merged.store.quads(None)) & {(KEPT, ALSO, NAME), same} == {same}
    assert merged.store.has((KEPT, ALSO, NAME, ROW))
    # And one in which they are two again: the other's name was never corrected.
    parted = told_by_rows((KEPT, ALSO, NAME), (MERGED, NAMED, NAME))
    carry(merged.store, IDENTITY, parted, as_written=merged.as_written)
    found = set(parted.store.quads(None))
    assert found & {(KEPT, ALSO, NAME), (MERGED, NAMED, NAME)} == {(KEPT, ALSO, NAME)}
    # Corrected back where they were one: it is told again.
    correction = iri(f"{graph_of_corrections(IDENTITY)}#c1")
    merged.apply(
        Change(removed=list(merged.store.quads(graph_of_corrections(IDENTITY), correction)))
    )
    assert merged.store.has((KEPT, ALSO, NAME))


def test_a_preferred_name_that_is_corrected_may_be_an_alternative_one() -> None:
    edits = told_by_rows((KEPT, NAMED, NAME), (KEPT, ALSO, NAME), (KEPT, SAME, MERGED))
    edits.apply(Change(inserted=overruling(IDENTITY, "c1", (KEPT, NAMED, NAME))))
    # The preferred name entails none, so what remains is what the row says apart.
    assert set(edits.store.quads(None)) & {(KEPT, NAMED, NAME), (KEPT, ALSO, NAME)} == {
        (KEPT, ALSO, NAME)
    }


def test_receipts_are_written_as_they_are() -> None:
    edits = empty(REDIRECTS)
    about = iri(IDENTITY.graph("receipts"))
    edits.repeat([Change(inserted=[(MERGED, iri(Property.EDITED_BY), NAME, about)])])
    assert [quad[0] for quad in edits.store.quads(about.value)] == [MERGED]
