"""The shape of a query holds nothing that its author made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.shape import shape
from ontology import PREFIXES

SECRET = "MariMaasikas"

PLACES = [
    '"{}"',
    "'{}'",
    '"""\n{}"""',
    "'''{}",
    '"{}',
    "# {}\n",
    "?{}",
    "${}",
    "<http://localhost:8000/id/person/{}>",
    "<{}>",
    "PREFIX {}: <http://x.example/> {}:p",
    "PREFIX p: <http://x.example/{}> p:{}",
    "p:{}",
    "_:{}",
    '"x"@{}',
    '"1"^^<http://x.example/{}>',
    "{}",
    "SELECT {} (",
    "\\{}",
    "<< {} >>",
    "<https://w3id.org/sikg/ontology#/{}>",
]


@pytest.mark.parametrize("place", PLACES)
def test_what_a_client_made_up_is_left_out(place: str) -> None:
    written = shape("SELECT * WHERE { ?s ?p ?o } " + place.replace("{}", SECRET))
    assert SECRET.lower() not in written.lower()
    assert written.startswith("SELECT * WHERE { ?v1 ?v2 ?v3 }")


def test_words_and_known_terms_are_kept() -> None:
    query = """
    PREFIX mine: <https://w3id.org/sikg/ontology#>
    SELECT ?actor (count(*) AS ?number) WHERE {
      ?actor a mine:Organisation ; <http://www.w3.org/2004/02/skos/core#prefLabel> "A"@en .
      FILTER (?number >= 5)
    } LIMIT 10"""
    assert shape(query) == (
        "SELECT ?v1 ( COUNT ( * ) AS ?v2 ) WHERE { ?v1 a sikg:Organisation ; "
        'skos:prefLabel "…" @… . FILTER ( ?v2 >= 0 ) } LIMIT 0'
    )


def test_long_lists_of_values_leave_one_mark() -> None:
    values = " ".join(f'"{number}"' for number in range(1000))
    assert shape(f"VALUES ?x {{ {values} }}") == 'VALUES ?v1 { "…" }'


def test_a_shape_is_short() -> None:
    assert len(shape("{ ?s ?p ?o . " * 5000)) == 1000


@given(st.text(alphabet=st.sampled_from("ab<>\"'\\:?@#.{}\n_ "), max_size=200))
def test_only_known_words_come_out_of_any_text(text: str) -> None:
    names = {f"{prefix}:" for prefix in PREFIXES}
    for word in shape(text).split():
        letters = {letter for letter in word if letter.isalpha()}
        assert (
            not letters
            or word == "a"
            or word[:2] == "?v"
            or word.isupper()
            or any(word.startswith(name) for name in names)
        )
