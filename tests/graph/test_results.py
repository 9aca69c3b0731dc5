"""Results within limits: what is cut is whole up to the cut, and says so."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import suppress
from typing import IO
from xml.etree import ElementTree as ET

import pytest

from graph.engine import Form, Query
from graph.errors import LimitError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.results import Cut, EnoughError, Limits, Spool
from graph.store import Choose, Store, parse

# Values that look like the end of a row in one format or another.
ODD = (
    "plain",
    'quote " and backslash \\',
    '}},{"x":{"type":"uri","value":"a',
    "ends in }},{",
    "two\r\nlines\nand a tab\t",
    "</result><result>",
    "",
    "comma, comma",
    '"',
    "\\",
    "õäöü 漢字",
)
ROWS = 3000
XML = "{http://www.w3.org/2005/sparql-results#}"


def _choose(form: Format) -> Choose:
    return lambda _: form


def _body(result: bytes | IO[bytes]) -> bytes:
    if isinstance(result, bytes):
        return result
    with result as file:
        return file.read()


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store.in_memory()
    lines = []
    for number in range(ROWS):
        value = json.dumps(ODD[number % len(ODD)] + str(number // len(ODD)), ensure_ascii=True)
        lines.append(f"<http://x/{number}> <http://x/p> {value} .")
    store.load("\n".join(lines).encode(), GRAPH_FORMATS[1])
    return store


def _rows(form: str, body: bytes) -> list[str]:
    """Read the values of ?o by a reader that is not ours."""
    if form == "json":
        return [row["o"]["value"] for row in json.loads(body)["results"]["bindings"]]
    if form == "xml":
        found = ET.fromstring(body.decode()).iter(f"{XML}literal")  # noqa: S314  # our own
        return [item.text or "" for item in found]
    if form == "csv":
        return [row[0] for row in csv.reader(io.StringIO(body.decode(), newline=""))][1:]
    return body.decode().splitlines()[1:]


SELECT = Query("SELECT ?o { ?s <http://x/p> ?o }")


@pytest.mark.parametrize("rows", [1, 2, 10, 999, ROWS - 1])
@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_solutions_are_cut_after_exactly_so_many_rows(
    store: Store, form: Format, rows: int
) -> None:
    whole = _rows(form.name, store.answer(SELECT, _choose(form))[1])
    spool = Spool(Limits(rows=rows))
    store.write_answer(SELECT, _choose(form), spool)
    body = _body(spool.finish())
    assert spool.cut == Cut(rows, "result_rows")
    assert spool.size == len(body)
    assert _rows(form.name, body) == whole[:rows]


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_a_result_that_just_fits_is_whole(store: Store, form: Format) -> None:
    whole = store.answer(SELECT, _choose(form))[1]
    spool = Spool(Limits(rows=ROWS, size=len(whole)))
    store.write_answer(SELECT, _choose(form), spool)
    assert _body(spool.finish()) == whole
    assert spool.cut is None


@pytest.mark.parametrize("size", [3000, 20_000, 150_000])
@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_a_result_above_the_size_is_cut_at_the_end_of_a_row(
    store: Store, form: Format, size: int
) -> None:
    whole = _rows(form.name, store.answer(SELECT, _choose(form))[1])
    spool = Spool(Limits(size=size), inline=10_000)
    store.write_answer(SELECT, _choose(form), spool)
    kept = _rows(form.name, _body(spool.finish()))
    if spool.cut is None:
        assert kept == whole
        return
    assert spool.cut == Cut(len(kept), "result_bytes")
    assert kept == whole[: len(kept)]
    assert 0 < len(kept) < ROWS


def test_the_cut_is_told_where_the_format_can_tell_it(store: Store) -> None:
    told = {}
    for form in (*RESULT_FORMATS, *GRAPH_FORMATS):
        query = SELECT if form in RESULT_FORMATS else Query("CONSTRUCT WHERE { ?s ?p ?o }")
        spool = Spool(Limits(rows=5))
        store.write_answer(query, _choose(form), spool)
        body = _body(spool.finish())
        told[form.name] = b"result_rows" in body
        if form in GRAPH_FORMATS:
            assert len(parse(body, form)) == 5
    assert told.pop("csv") is told.pop("tsv") is told.pop("jsonld") is False
    assert all(told.values())
    spool = Spool(Limits(rows=5))
    store.write_answer(SELECT, _choose(RESULT_FORMATS[0]), spool)
    cut = json.loads(_body(spool.finish()))["cut"]
    assert cut == {"rows": 5, "limit": "result_rows"}


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_graph_above_the_size_is_cut_after_a_statement(store: Store, form: Format) -> None:
    spool = Spool(Limits(size=20_000))
    store.write_answer(Query("CONSTRUCT WHERE { ?s ?p ?o }"), _choose(form), spool)
    kept = parse(_body(spool.finish()), form)
    assert spool.cut == Cut(len(kept), "result_bytes")
    assert 0 < len(kept) < ROWS


def test_rows_without_values_cannot_be_cut_and_are_refused() -> None:
    values = "UNDEF " * 120
    product = Query(f"SELECT * {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} }}")
    spool = Spool(Limits(size=20_000))
    with pytest.raises(LimitError, match="result_bytes"):
        Store.in_memory().write_answer(product, _choose(RESULT_FORMATS[0]), spool)


def test_pieces_of_any_size_are_read_alike(store: Store) -> None:
    for form in RESULT_FORMATS:
        whole = store.answer(SELECT, _choose(form))[1]
        kept = set()
        for step in (1, 7, 8192, len(whole)):
            spool = Spool(Limits(rows=40))
            spool.begin(form.name, counted=True)
            with suppress(EnoughError):
                for start in range(0, len(whole), step):
                    spool.write(whole[start : start + step])
            kept.add(_body(spool.finish()))
        assert len(kept) == 1


def test_small_results_stay_in_memory_and_large_ones_go_to_a_file(store: Store) -> None:
    spool = Spool(Limits(), inline=100)
    store.write_answer(Query("ASK {}"), _choose(RESULT_FORMATS[0]), spool)
    assert isinstance(spool.finish(), bytes)
    spool = Spool(Limits(), inline=100)
    store.write_answer(SELECT, _choose(RESULT_FORMATS[0]), spool)
    file = spool.finish()
    assert not isinstance(file, bytes)
    assert _body(file) == store.answer(SELECT, _choose(RESULT_FORMATS[0]))[1]


def test_patterns_are_found_across_the_pieces_of_a_file() -> None:
    spool = Spool(Limits(), inline=0)
    spool.begin("xml", counted=False)
    spool.write(b"x" * ((1 << 20) - 2))
    spool.write(b"\xef\xbf\xbe")
    assert spool.contains(re.compile(rb"\xef\xbf[\xbe\xbf]"))
    assert not spool.contains(re.compile(rb"y"))
    _body(spool.finish())


def test_forms_of_answers_are_told_apart(store: Store) -> None:
    seen = []

    def choose(form: Form) -> Format:
        seen.append(form)
        return GRAPH_FORMATS[0] if form is Form.GRAPH else RESULT_FORMATS[0]

    for text in ("ASK {}", "SELECT * { ?s ?p ?o }", "DESCRIBE <http://x/1>"):
        _body_of = Spool(Limits(rows=2))
        store.write_answer(Query(text), choose, _body_of)
    assert seen == [Form.BOOLEAN, Form.SOLUTIONS, Form.GRAPH]
