"""Values come into queries as terms only: whatever their text, it is never read as query."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.engine import Query
from graph.errors import ParameterError
from graph.store import Store
from graph.terms import XSD, Term, iri, literal, text

ECHO = Query("SELECT ?value WHERE { VALUES ?value { UNDEF } }")
TWO = Query('SELECT ?a ?b WHERE { VALUES ?a { "default" } VALUES ?b { UNDEF } }')

STORE = Store.in_memory()

hostile = st.lists(
    st.sampled_from(
        [
            '"',
            "'",
            "\\",
            "u0022",
            "U00000022",
            "{",
            "}",
            "\n",
            "\x00",
            "VALUES ?b { ",
            "UNDEF",
            "#",
            "<http://example.org/>",
            "SERVICE",
            "\\u005C",
            "@en",
            "^^",
            " } LOAD ",
            "õ",
            "\ufffe",
        ]
    ),
    max_size=12,
).map("".join)


def values(query: Query, name: str = "value") -> list[Term]:
    return [row[name] for row in STORE.select(query) if name in row]


@given(hostile | st.text(st.characters(codec="utf-8")))
@example('"} UNION { ?value ?p ?o } #')
@example("\\u0022 } SERVICE <http://example.org/> {} #")
@example("\\\x01")
@example("\\\\u0041")
def test_a_text_comes_out_as_it_went_in(value: str) -> None:
    assert values(ECHO.bind(value=literal(value))) == [Term("literal", value)]


@given(hostile, hostile)
def test_the_text_of_one_value_is_never_searched_for_the_slot_of_another(a: str, b: str) -> None:
    at_once = TWO.bind(a=literal(a), b=literal(b))
    one_by_one = TWO.bind(a=literal(a)).bind(b=literal(b))
    for query in (at_once, one_by_one):
        assert values(query, "a") == [Term("literal", a)]
        assert values(query, "b") == [Term("literal", b)]


@given(hostile)
def test_codepoint_escapes_undone_before_parsing_change_nothing(value: str) -> None:
    """SPARQL 1.1, 19.2, lets an endpoint undo them first, in the whole text."""
    bound = ECHO.bind(value=literal(value)).text
    undone = Query(bound.replace("\\\\\\u0075", "\\\\u").replace("\\u007B", "{"))
    undone = Query(undone.text.replace("\\\\\\u0055", "\\\\U").replace("\\u007D", "}"))
    assert values(undone) == [Term("literal", value)]
    # Left to right, an escaped backslash is never followed by what would be such an escape.
    assert "\\\\u" not in bound.replace("\\\\\\u", "")


def test_terms_of_all_kinds_are_bound() -> None:
    given_terms = [
        iri("http://example.org/a"),
        literal("plain"),
        text("sõna", "et"),
        literal("7", f"{XSD}integer"),
    ]
    assert values(ECHO.bind(value=given_terms)) == given_terms


def test_no_term_at_all_leaves_no_solution() -> None:
    assert values(ECHO.bind(value=[])) == []


def test_the_default_stands_where_nothing_is_bound() -> None:
    assert values(TWO, "a") == [Term("literal", "default")]
    assert values(TWO.bind(b=literal("x")), "a") == [Term("literal", "default")]


def test_a_slot_can_be_bound_again() -> None:
    assert values(ECHO.bind(value=literal("{first}")).bind(value=literal("second"))) == [
        Term("literal", "second")
    ]


def test_slots_may_be_spread_over_lines() -> None:
    query = Query("SELECT ?value {\n  VALUES\n ?value\t{\n UNDEF # nothing yet\n }\n}")
    assert values(query.bind(value=literal("x"))) == [Term("literal", "x")]


def test_binding_leaves_the_query_and_its_dataset_as_they_are() -> None:
    query = Query(ECHO.text, ("http://example.org/g",), ("http://example.org/n",))
    bound = query.bind(value=literal("x"))
    assert (bound.default_graphs, bound.named_graphs) == (query.default_graphs, query.named_graphs)
    assert query.text == ECHO.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("SELECT ?x { VALUES ?x { UNDEF } }", 0),
        ("SELECT ?x { VALUES ?valueX { UNDEF } }", 0),
        ("SELECT ?x { { VALUES ?value { 1 } } UNION { VALUES ?value { 2 } } }", 2),
    ],
)
def test_a_query_without_exactly_one_slot_is_refused(query: str, count: int) -> None:
    with pytest.raises(ParameterError, match=f"has {count} slots .*VALUES \\?value"):
        Query(query).bind(value=literal("x"))


@pytest.mark.parametrize(
    "term",
    [
        Term("bnode", "b0"),
        Term("uri", "http://example.org/> } SERVICE <http://example.org/"),
        Term("uri", "relative"),
        Term("literal", "x", "en } SELECT"),
        Term("literal", "x", ""),
        Term("literal", "x", None, "integer"),
        Term("literal", "x", None, "http://example.org/> } #"),
    ],
)
def test_a_term_that_is_none_is_refused(term: Term) -> None:
    """A term can be made by hand, past the checks of `iri` and `text`."""
    with pytest.raises(ParameterError):
        ECHO.bind(value=term)
