"""IRIs are minted under one base, and read back only in the form in which they are minted."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.engine import Query
from graph.identity import DEFAULT_BASE, Identity, Reference, encode_key
from graph.terms import is_absolute_iri

IDENTITY = Identity("https://example.org/graph/")
keys = st.text(st.characters(codec="utf-8"), min_size=1)


@given(keys)
@example(".")
@example("..")
@example("../../etc/passwd")
@example("a/b?c#d%20é +&\x00\n\ufffe")
def test_every_key_makes_an_iri_that_is_read_back(key: str) -> None:
    made = IDENTITY.entity("organisation", key)
    assert is_absolute_iri(made)
    assert IDENTITY.parse(made) == Reference("organisation", key)


@given(keys)
def test_a_key_stays_one_step_of_the_path(key: str) -> None:
    encoded = encode_key(key)
    assert not set(encoded) & set("/?#\\ <>\"'")
    assert encoded not in {".", ".."}


@given(keys, keys)
def test_two_keys_never_share_an_iri(one: str, other: str) -> None:
    assert (encode_key(one) == encode_key(other)) == (one == other)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/graph/id/organisation/",
        "https://example.org/graph/id/organisation",
        "https://example.org/graph/id//x",
        "https://example.org/graph/id/Organisation/x",
        "https://example.org/graph/id/../organisation/x",
        "https://example.org/graph/id/organisation/a/b",
        "https://example.org/graph/id/organisation/a?b",
        "https://example.org/graph/id/organisation/a#b",
        "https://example.org/graph/id/organisation/é",
        "https://example.org/graph/id/organisation/%c3%a9",
        "https://example.org/graph/id/organisation/%61",
        "https://example.org/graph/id/organisation/%FF",
        "https://example.org/graph/id/organisation/..",
        "https://example.org/other/id/organisation/x",
        "http://example.org/graph/id/organisation/x",
        "",
    ],
)
def test_an_iri_that_is_not_minted_here_is_none_of_ours(iri: str) -> None:
    """Two spellings of one IRI are two IRIs: the second names nothing."""
    assert IDENTITY.parse(iri) is None
    assert IDENTITY.path(iri, "page") is None


def test_pages_and_data_stand_beside_the_identifier() -> None:
    iri = IDENTITY.entity("organisation", "a/b é")
    assert IDENTITY.path(iri, "page") == "/page/organisation/a%2Fb%20%C3%A9"
    assert IDENTITY.path(iri, "data") == "/data/organisation/a%2Fb%20%C3%A9"


def test_rows_tables_and_graphs_have_names() -> None:
    base = "https://example.org/graph/id/"
    assert IDENTITY.row("consortia", 17) == f"{base}row/consortia-17"
    assert IDENTITY.row("consortia", 17, "Sheet 1") == f"{base}row/consortia.Sheet%201-17"
    assert IDENTITY.table("consortia") == f"{base}table/consortia"
    assert IDENTITY.graph("receipts") == f"{base}graph/receipts"


@pytest.mark.parametrize(
    "base",
    [
        DEFAULT_BASE,
        "https://example.org/",
        "https://example.org/a/b/",
        "http://[::1]:8000/",
        "http://127.0.0.1:8000/",
        "https://näide.ee/",
    ],
)
def test_an_address_that_ends_in_a_slash_is_a_base(base: str) -> None:
    assert Identity(base).entity("organisation", "x") == f"{base}id/organisation/x"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "example.org/",
        "http://example.org",
        "http:///",
        "http://example.org/a",
        "http://example.org/?a/",
        "http://example.org/#/",
        "http://example.org/a b/",
        "http://example.org/%zz/",
        "http://example.org:port/",
        "http://user:secret@example.org/",
        "http://[::1/",
        "ftp://example.org/",
        "file:///etc/",
        'http://example.org/"/',
        "http://example.org/\n/",
        "http://example.org/\n",
    ],
)
def test_another_address_is_no_base(base: str) -> None:
    with pytest.raises(ValueError, match="is no http\\(s\\) address that ends in a slash"):
        Identity(base)


def test_everything_under_the_base_in_a_release_is_minted_in_one_form(dataset: Dataset) -> None:
    found = dataset.store.select(
        Query(
            "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?p ?x } UNION { GRAPH ?x { ?s ?p ?o } } "
            f'FILTER(STRSTARTS(STR(?x), "{dataset.identity.base}id/")) }}'
        )
    ).values("x")
    assert len(found) > 500
    assert [item for item in found if dataset.identity.parse(item) is None] == []
