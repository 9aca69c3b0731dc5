"""Terms are written as the engine itself writes them, and what is no term is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.errors import QueryError
from graph.formats import GRAPH_FORMATS
from graph.store import parse, serialise
from graph.terms import XSD, Solutions, Term, iri, is_absolute_iri, is_language, literal, n3, text

NTRIPLES = GRAPH_FORMATS[1]

THING = iri("http://example.org/thing")
SAYS = iri("http://example.org/says")

any_text = st.text(st.characters(codec="utf-8"))
iri_text = st.builds(
    "{}{}{}".format,
    st.sampled_from(["http://example.org", "https://example.org:80/a", "urn:x", "http://[::1]/"]),
    st.sampled_from(["", "/", "?", "#", "/%", "/%C3", "//"]),
    st.text(st.characters(codec="utf-8"), max_size=6),
)


def line(value: Term) -> str:
    return f"{n3(THING)} {n3(SAYS)} {n3(value)} .\n"


def read_back(value: Term) -> Term:
    [(_, _, found)] = parse(line(value).encode(), NTRIPLES)
    return found


@given(any_text)
@example('"\\\n\r\t\b\f\x00\x1f\x7f\x80\ufffe\uffff\U0010ffff')
def test_a_literal_is_written_as_the_engine_writes_it(value: str) -> None:
    """So that a digest over our own lines is that over a dump of the store."""
    written = serialise([(THING, SAYS, literal(value))], NTRIPLES)
    assert line(literal(value)).encode() == written


@given(any_text)
def test_a_literal_is_read_back_as_it_was(value: str) -> None:
    assert read_back(literal(value)) == Term("literal", value, None, f"{XSD}string")


@given(iri_text)
@example("http://example.org/[b]")
@example("http://example.org/#a#b")
@example("http://example.org/\ue000")
@example("http://example.org/?\ue000")
@example("http://example.org:x/")
@example("http://a@b@c/")
@example("x:")
@example("//example.org/")
def test_every_iri_that_is_taken_is_one_for_the_engine(value: str) -> None:
    if is_absolute_iri(value):
        assert read_back(Term("uri", value)) == Term("uri", value)
    else:
        with pytest.raises(ValueError, match="is no absolute IRI"):
            iri(value)


@given(iri_text)
def test_no_iri_that_the_engine_takes_is_refused(value: str) -> None:
    try:
        read_back(Term("uri", value))
    except QueryError:
        return
    assert is_absolute_iri(value)


@pytest.mark.parametrize(
    "value",
    [
        "http://example.org/id/organisation/ee-kysk",
        "http://publications.europa.eu/resource/celex/32021R1057",
        "https://example.org:8080/a/b?c=d&e=%C3%A9#f",
        "http://user:secret@example.org/",
        "http://[2001:db8::1]:8000/",
        "http://example.org/õ/Ελλάδα/😀",
        "urn:isbn:0451450523",
        "mailto:info@example.org",
    ],
)
def test_iris_of_all_schemes_and_scripts_are_taken(value: str) -> None:
    assert iri(value) == Term("uri", value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no scheme",
        "relative/path",
        "1http://example.org/",
        "http://example.org/a b",
        "http://example.org/a\nb",
        'http://example.org/"',
        "http://example.org/<>",
        "http://example.org/{x}",
        "http://example.org/\\",
        "http://example.org/%zz",
        "http://example.org/\x85",
        "http://example.org/> . <http://example.org/b",
    ],
)
def test_what_is_no_absolute_iri_is_refused(value: str) -> None:
    assert not is_absolute_iri(value)
    with pytest.raises(ValueError, match="is no absolute IRI"):
        iri(value)


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match="is no absolute IRI") as told:
        iri("a" * 10_000_000)
    assert len(str(told.value)) < 300


@pytest.mark.parametrize("tag", ["en", "et", "und", "sr-Latn-RS", "de-1996", "x-ours", "en-GB"])
def test_language_tags_are_kept_in_lower_case(tag: str) -> None:
    """As the store keeps them: otherwise one text would have two forms."""
    made = text("sõna", tag)
    assert made == Term("literal", "sõna", tag.lower())
    assert read_back(Term("literal", "sõna", tag)).language == tag.lower()
    assert n3(Term("literal", "sõna", tag)) == f'"sõna"@{tag.lower()}'


@pytest.mark.parametrize("tag", ["", "e", "en_GB", "en-", "-en", "en--ltr", "abcdefghi", "12", "õ"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is no language tag"):
        text("word", tag)


@given(
    st.lists(
        st.text(st.sampled_from("abcxXz019"), min_size=1, max_size=9), min_size=1, max_size=5
    ).map("-".join)
)
def test_every_language_tag_that_is_taken_is_one_for_the_engine(tag: str) -> None:
    if is_language(tag):
        assert read_back(Term("literal", "word", tag)).language == tag.lower()


def test_the_datatype_of_plain_strings_is_left_out() -> None:
    assert n3(literal("a", f"{XSD}string")) == '"a"'
    assert n3(literal("1", f"{XSD}integer")) == f'"1"^^<{XSD}integer>'
    assert n3(Term("bnode", "b0")) == "_:b0"


def results(*rows: dict[str, Any], names: tuple[str, ...] = ("x", "y")) -> bytes:
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": rows}}).encode()


def test_solutions_are_read_in_order_with_unbound_variables_left_out() -> None:
    body = results(
        {"x": {"type": "uri", "value": "http://example.org/a"}},
        {
            "x": {"type": "literal", "value": "sõna", "xml:lang": "et"},
            "y": {"type": "literal", "value": "1", "datatype": f"{XSD}integer"},
        },
        {"y": {"type": "bnode", "value": "b0"}},
    )
    found = Solutions.from_json(body)
    assert found.variables == ("x", "y")
    assert list(found) == [
        {"x": Term("uri", "http://example.org/a")},
        {"x": Term("literal", "sõna", "et"), "y": Term("literal", "1", None, f"{XSD}integer")},
        {"y": Term("bnode", "b0")},
    ]
    assert len(found) == 3
    assert found[-1]["y"].value == "b0"
    assert found.values("x") == ["http://example.org/a", "sõna"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"head": {}, "boolean": true}',
        b'{"head": {"vars": ["x"]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"value": "a"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [["x"]]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": "no"}}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_result_in_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Solutions.from_json(body)


def test_a_kind_of_term_that_is_not_ours_is_refused() -> None:
    """Read as a literal, the value of a triple term would be a mapping in place of a text."""
    triple = {"type": "triple", "value": {"subject": {}, "predicate": {}, "object": {}}}
    with pytest.raises(ValueError, match="kind 'triple' are not used"):
        Solutions.from_json(results({"x": triple}))
