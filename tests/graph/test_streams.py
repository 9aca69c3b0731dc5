"""What the engine writes wrongly is put right: carriage returns in XML, commas in CSV."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree as ET

import pytest

from graph.engine import Query
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from graph.results import Limits, Spool
from graph.store import Store, new_buffer, serialise
from graph.store.streams import CsvStream, MisfitError, XmlStream
from graph.terms import Term

_TEXT = 'one\r\ntwo, "three"'
_COMMA = "http://data.example/a,b"
_ROWS = 20_000


def _form(name: str) -> Format:
    form = by_name((*RESULT_FORMATS, *GRAPH_FORMATS), name)
    assert form is not None
    return form


@pytest.fixture
def store() -> Store:
    """Hold one statement with a comma in an IRI and a carriage return in a text."""
    store = Store.in_memory()
    statement = (Term("uri", _COMMA), Term("uri", "http://data.example/p"), Term("literal", _TEXT))
    store.load(serialise([statement], _form("nquads")), _form("nquads"))
    return store


def _records(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))


def test_an_iri_with_a_comma_is_one_field_of_csv(store: Store) -> None:
    _, body = store.answer(Query("SELECT ?s ?o { ?s ?p ?o }"), lambda _: _form("csv"))
    assert _records(body) == [["s", "o"], [_COMMA, _TEXT]]
    assert body.startswith(b"s,o\r\n")


def test_many_records_are_written_anew_from_their_beginning(store: Store) -> None:
    values = " ".join(f'(<http://data.example/{n}> "{n}" UNDEF)' for n in range(_ROWS))
    query = Query(f"SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ {values} (<{_COMMA}> '' UNDEF) }} }}")
    _, body = store.answer(query, lambda _: _form("csv"))
    records = _records(body)
    assert len(records) == _ROWS + 2
    assert records[1] == ["http://data.example/0", "0", ""]
    assert records[-1] == [_COMMA, "", ""]


def test_records_that_are_written_anew_are_cut_alike(store: Store) -> None:
    """A limit holds for the slower way, too."""
    query = Query(f"SELECT ?s ?n {{ BIND(<{_COMMA}> AS ?s) VALUES ?n {{ 1 2 3 4 5 }} }}")
    spool = Spool(Limits(rows=2))
    store.write_answer(query, lambda _: _form("csv"), spool)
    body = spool.finish()
    assert isinstance(body, bytes)
    assert _records(body) == [["s", "n"], [_COMMA, "1"], [_COMMA, "2"]]
    assert spool.cut is not None
    assert spool.cut.rows == 2


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_commas_are_counted_in_pieces_of_any_size(size: int) -> None:
    good = b'a,b\r\n"x,""\n""",2\r\n,\r\n1,"2"\r\n'
    bad = good + b"http://a/,b,2\r\n3,4\r\n"

    def write(text: bytes) -> bytes:
        target = io.BytesIO()
        stream = CsvStream(target, 2)
        for start in range(0, len(text), size):
            stream.write(text[start : start + size])
        return target.getvalue()

    assert write(good) == good
    with pytest.raises(MisfitError):
        write(bad)


def test_a_carriage_return_is_kept_in_xml(store: Store) -> None:
    query = Query("SELECT ?o { ?s ?p ?o }")
    _, body = store.answer(query, lambda _: _form("xml"))
    root = ET.fromstring(body)  # noqa: S314  # our own
    texts = [node.text for node in root.iter("{http://www.w3.org/2005/sparql-results#}literal")]
    assert texts == [_TEXT]


def test_a_carriage_return_is_kept_in_rdf_xml(store: Store) -> None:
    form, buffer = _form("rdfxml"), new_buffer()
    store.dump(buffer, form)
    made = serialise(
        [(Term("uri", "http://a/s"), Term("uri", "http://a/p"), Term("literal", _TEXT))], form
    )
    asked = store.construct(Query("CONSTRUCT WHERE { ?s ?p ?o }"), form)
    for body in (buffer.getvalue(), made, asked):
        root = ET.fromstring(body)  # noqa: S314  # our own
        assert root[0][0].text == _TEXT


def test_a_stream_tells_how_much_it_took() -> None:
    target = io.BytesIO()
    assert XmlStream(target).write(b"\r\n") == 2
    assert target.getvalue() == b"&#xD;\n"


def test_escapes_are_undone_outside_of_strings_as_well(store: Store) -> None:
    query = Query(r"SELECT ?\u006F { ?s <http://data.example/\u0070> ?\U0000006F }")
    assert store.select(query).values("o") == [_TEXT]
    assert store.select(Query(r'SELECT ("\\u0041" AS ?x) {}')).values("x") == [r"\u0041"]
