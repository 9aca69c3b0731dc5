"""Columns of terms tell of things and names what the store and the identity tell of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.lines import Lines, references
from graph.store import Store
from graph.writing.names import all_names, names_of

IDENTITY = Identity("https://example.org/graph/")
NAMED = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sikg: <https://w3id.org/sikg/ontology#> .
<id/organisation/a> skos:prefLabel "A \\"one\\""@en, "Ä"@et ; skos:altLabel "Aa", "Ä"@et .
<id/consortium/a%20b> sikg:acronym "AB" ; skos:prefLabel "A\\nB"@lv .
<id/organisation/b> skos:note "no name"@en .
<https://elsewhere.example/x> skos:prefLabel "Elsewhere"@en .
"""


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0"))))
@example(["", ".", "..", "%2E", "%2e%2E", "%C3%A4", "%c3%a4", "ä", "a/b", "a b", "a~b._-", "%41"])
def test_things_are_told_as_the_identity_reads_them(keys: list[str]) -> None:
    starts = [f"{IDENTITY.base}id/organisation/", f"{IDENTITY.base}id/Organisation/", "urn:"]
    iris = [start + key for start in starts for key in keys]
    terms = [*(f"<{iri}>" for iri in iris), '"literal"', "_:blank"]
    found = references(pl.Series(terms, dtype=pl.String), IDENTITY)
    read = [*map(IDENTITY.parse, iris), None, None]
    expected = [(None, None) if item is None else (item.segment, item.key) for item in read]
    assert found.rows() == expected


def test_names_are_those_that_the_store_tells(tmp_path: Path) -> None:
    store = Store.in_memory()
    store.load(NAMED.encode(), GRAPH_FORMATS[0], base=IDENTITY.base)
    found = list(all_names(Lines.dumped(store, tmp_path), IDENTITY))
    assert [(name.name, name.language, name.preferred) for name in found] == [
        ("A\nB", "lv", True),
        ("AB", "und", False),
        ('A "one"', "en", True),
        ("Aa", "und", False),
        ("Ä", "et", False),
        ("Ä", "et", True),
    ]
    told = names_of(store, IDENTITY, {name.iri for name in found})
    assert set(found) == {name for names in told.values() for name in names}
    assert {name.segment for name in found} == {"organisation", "consortium"}


@pytest.mark.parametrize("name", ["merged", "stated"])
def test_files_without_lines_are_none_to_read(tmp_path: Path, name: str) -> None:
    empty = tmp_path / f"{name}.nq"
    empty.touch()
    for lines in (Lines([], []), Lines([empty], [empty])):
        assert lines.triples().collect().shape == (0, 3)
        assert lines.counts().collect().shape == (0, 2)
