"""The store answers in bytes and plain values, and tells every refusal in one sentence."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.engine import Form, Query
from graph.errors import (
    EndpointError,
    NotAcceptableError,
    NotFoundError,
    ParameterError,
    QueryError,
    SikgError,
    StorageError,
)
from graph.formats import BOOLEAN_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from graph.store import Choose, Store, new_buffer, parse, serialise
from graph.terms import Term, iri, literal, text

EX = "http://example.org/"
DATA = f"""
<{EX}a> <{EX}name> "sõna"@et .
<{EX}a> <{EX}knows> <{EX}b> .
<{EX}a> <{EX}knows> <{EX}b> <{EX}g> .
<{EX}b> <{EX}knows> <{EX}c> <{EX}h> .
"""
ALL = Query("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o")
TURTLE, NTRIPLES, NQUADS, TRIG, RDFXML, JSONLD = GRAPH_FORMATS


def always(form: Format) -> Choose:
    return lambda _: form


@pytest.fixture
def store() -> Store:
    made = Store.in_memory()
    made.load(DATA.encode(), NQUADS)
    return made


def in_folder(folder: Path, data: str = DATA) -> Path:
    """Make a checkpoint as a build does, and give its place."""
    file = folder / "statements.nq"
    file.write_text(data, encoding="utf-8")
    store = Store.create(folder / "work")
    store.load_statements(file)
    store.optimise()
    store.checkpoint(folder / "store")
    return folder / "store"


def dumped(store: Store, form: Format, graph: str | None = None) -> bytes:
    body = new_buffer()
    store.dump(body, form, graph=graph)
    return body.getvalue()


# Answers


def test_a_select_gives_plain_values(store: Store) -> None:
    assert list(store.select(ALL)) == [
        {"s": iri(f"{EX}a"), "o": iri(f"{EX}b")},
        {"s": iri(f"{EX}a"), "o": text("sõna", "et")},
    ]


def test_an_ask_gives_a_truth_value(store: Store) -> None:
    assert store.ask(Query(f"ASK {{ <{EX}a> ?p ?o }}")) is True
    assert store.ask(Query(f"ASK {{ <{EX}none> ?p ?o }}")) is False


def test_the_form_of_the_answer_decides_on_its_format(store: Store) -> None:
    asked: list[Form] = []

    def choose(form: Form) -> Format:
        asked.append(form)
        return GRAPH_FORMATS[1] if form is Form.GRAPH else RESULT_FORMATS[0]

    for query in ("SELECT * {}", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{EX}a>"):
        store.answer(Query(query), choose)
    assert asked == [Form.SOLUTIONS, Form.BOOLEAN, Form.GRAPH, Form.GRAPH]


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_solutions_are_written_in_every_format(store: Store, form: Format) -> None:
    given, body = store.answer(ALL, always(form))
    assert given is form
    assert "sõna" in body.decode()


@pytest.mark.parametrize("form", BOOLEAN_FORMATS, ids=lambda form: form.name)
def test_truth_values_are_written_in_every_format(store: Store, form: Format) -> None:
    assert b"true" in store.answer(Query("ASK {}"), always(form))[1]


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_graphs_are_written_in_every_format_and_read_again(store: Store, form: Format) -> None:
    body = store.construct(Query("CONSTRUCT WHERE { ?s ?p ?o }"), form)
    assert sorted(parse(body, form)) == sorted(
        [
            (iri(f"{EX}a"), iri(f"{EX}knows"), iri(f"{EX}b")),
            (iri(f"{EX}a"), iri(f"{EX}name"), text("sõna", "et")._replace(datatype=RDF_TEXT)),
        ]
    )


def test_an_answer_of_another_form_is_refused(store: Store) -> None:
    with pytest.raises(QueryError, match="answers with solutions"):
        store.select(Query("ASK {}"))
    with pytest.raises(QueryError, match="an ASK query is expected"):
        store.ask(ALL)
    with pytest.raises(QueryError, match="answers with graph"):
        store.construct(ALL)


def test_many_threads_may_ask_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.answer(ALL, always(RESULT_FORMATS[0])), [0] * 200))
    assert len({body for _, body in answers}) == 1


RDF_TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


# Dataset of the protocol


def test_default_graphs_are_merged(store: Store) -> None:
    query = Query(ALL.text, default_graphs=(f"{EX}g", f"{EX}h"))
    assert store.select(query).values("s") == [f"{EX}a", f"{EX}b"]


def test_other_graphs_are_out_of_reach_then(store: Store) -> None:
    named = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert store.select(Query(named, default_graphs=(f"{EX}g",))).values("g") == []
    assert store.select(Query(named, named_graphs=(f"{EX}h",))).values("g") == [f"{EX}h"]
    assert len(store.select(Query(ALL.text, named_graphs=(f"{EX}h",)))) == 0


def test_it_stands_above_that_of_the_query(store: Store) -> None:
    query = "SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }"
    assert store.select(Query(query)).values("s") == [f"{EX}a"]
    assert store.select(Query(query, default_graphs=(f"{EX}h",))).values("s") == [f"{EX}b"]


@pytest.mark.parametrize("name", ["", "no iri", "relative", "http://example.org/ x"])
def test_a_name_that_is_no_iri_is_refused(store: Store, name: str) -> None:
    with pytest.raises(ParameterError, match="no absolute IRI"):
        store.select(Query(ALL.text, default_graphs=(name,)))
    with pytest.raises(ParameterError, match="no absolute IRI"):
        store.select(Query(ALL.text, named_graphs=(name,)))


# Refused queries


@pytest.mark.parametrize(
    ("query", "line", "column", "told"),
    [
        ("", 1, 1, "cannot be read"),
        ("SELECT *\n{ ?s ?p }", 2, 10, "cannot be read"),
        ("SELECT * {", 1, 11, "cannot be read"),
        ("SELECT * { ?s foo:bar ?o }", 1, 22, "prefix is not declared"),
        ("SELECT ?y { ?x ?p ?o } GROUP BY ?x", 1, 35, "variable that is unbound"),
        ("SELECT * { ?s <a b> ?o }", 1, 20, "IRI"),
    ],
)
def test_a_malformed_query_is_told_with_its_place(
    store: Store, query: str, line: int, column: int, told: str
) -> None:
    with pytest.raises(QueryError, match=told) as error:
        store.select(Query(query))
    assert (error.value.line, error.value.column) == (line, column)
    assert str(error.value).startswith(f"line {line}, column {column}: ")
    assert len(str(error.value)) < 300
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "query",
    [
        "LOAD <http://example.org/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <http://example.org/g>",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP DEFAULT",
        "SELECT * {} ; LOAD <http://example.org/>",
        "CREATE GRAPH <http://example.org/g>",
    ],
)
def test_an_update_is_no_query(store: Store, query: str) -> None:
    with pytest.raises(QueryError):
        store.answer(Query(query), always(TURTLE))
    assert len(store) == 4


def test_a_lone_surrogate_is_refused(store: Store) -> None:
    with pytest.raises(QueryError, match="cannot be evaluated"):
        store.select(Query('SELECT * { ?s ?p "\ud800" }'))


def test_a_triple_term_is_refused_where_plain_values_are_asked(store: Store) -> None:
    query = Query("SELECT (TRIPLE(<a:a>, <a:b>, 1) AS ?t) {}")
    with pytest.raises(QueryError, match="not used in this graph"):
        store.select(query)
    body = store.answer(query, always(RESULT_FORMATS[0]))[1]
    assert json.loads(body)["results"]["bindings"][0]["t"]["type"] == "triple"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
        "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_an_endpoint_that_fails_is_told_as_such(store: Store, query: str) -> None:
    with pytest.raises(EndpointError, match="an endpoint that the query calls fails"):
        store.answer(Query(query), always(RESULT_FORMATS[0] if "CONS" not in query else TURTLE))


def test_a_truth_that_cannot_be_told_is_an_error_of_the_same_kind(store: Store) -> None:
    with pytest.raises(EndpointError):
        store.ask(Query("ASK { SERVICE <http://127.0.0.1:9/> {} }"))
    with pytest.raises(QueryError, match="line 1, column"):
        store.ask(Query("ASK {"))


def test_a_service_without_name_is_told_as_a_fault_of_the_query(store: Store) -> None:
    with pytest.raises(QueryError, match="cannot be evaluated"):
        store.select(Query("SELECT * { SERVICE ?endpoint {} }"))


# What xml cannot hold: the engine would write documents that no XML parser reads.


@pytest.mark.parametrize("value", ["\x00", "a\x01b", "\x0b", "\x1f", "\uffff"])
def test_control_characters_are_refused_in_xml_and_given_in_the_others(value: str) -> None:
    store = Store.in_memory()
    store.load(serialise([(iri(EX), iri(f"{EX}name"), literal(value))], NTRIPLES), NTRIPLES)
    select, construct = Query("SELECT * { ?s ?p ?o }"), Query("CONSTRUCT WHERE { ?s ?p ?o }")
    for query, form in ((select, RESULT_FORMATS[1]), (construct, RDFXML)):
        with pytest.raises(NotAcceptableError, match="ask for another format"):
            store.answer(query, always(form))
    assert store.select(select)[0]["o"].value == value
    assert parse(store.construct(construct, TURTLE), TURTLE)[0][2].value == value


@pytest.mark.parametrize("predicate", ["urn:1", "http://example.org/", "http://example.org/a/2"])
def test_a_property_without_a_name_is_refused_in_xml(predicate: str) -> None:
    store = Store.in_memory()
    store.load(serialise([(iri(EX), iri(predicate), literal("x"))], NTRIPLES), NTRIPLES)
    with pytest.raises(NotAcceptableError, match="ends in no XML name"):
        store.construct(Query("CONSTRUCT WHERE { ?s ?p ?o }"), RDFXML)


def test_tabs_and_line_ends_are_no_control_characters_here(store: Store) -> None:
    query = Query('SELECT ("a\\tb\\r\\nc" AS ?x) {}')
    assert b"a\tb" in store.answer(query, always(RESULT_FORMATS[1]))[1]


# Dumps


def test_a_format_of_quads_holds_everything(store: Store) -> None:
    again = Store.in_memory()
    again.load(dumped(store, NQUADS), NQUADS)
    assert sorted(dumped(again, NQUADS).splitlines()) == sorted(DATA.strip().encode().splitlines())
    assert sorted(store.named_graphs()) == [f"{EX}g", f"{EX}h"]


def test_another_format_holds_the_default_graph(store: Store) -> None:
    assert len(parse(dumped(store, NTRIPLES), NTRIPLES)) == 2


@pytest.mark.parametrize("form", [TURTLE, NTRIPLES, RDFXML])
def test_one_graph_can_be_dumped(store: Store, form: Format) -> None:
    assert parse(dumped(store, form, f"{EX}h"), form) == [
        (iri(f"{EX}b"), iri(f"{EX}knows"), iri(f"{EX}c"))
    ]


@pytest.mark.parametrize("form", [NQUADS, TRIG, JSONLD])
def test_a_format_of_quads_keeps_the_name_of_the_one_graph(store: Store, form: Format) -> None:
    again = Store.in_memory()
    again.load(dumped(store, form, f"{EX}h"), form)
    if form.quads:
        assert list(again.named_graphs()) == [f"{EX}h"]
    assert len(again) == 1


@pytest.mark.parametrize("graph", ["", "no iri", f"{EX}none"])
def test_a_graph_that_is_not_there_is_told(store: Store, graph: str) -> None:
    with pytest.raises(NotFoundError, match="there is no graph"):
        dumped(store, NQUADS, graph)


def test_a_full_disk_is_told(store: Store) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="the disk is full"):
        store.dump(Full(), NQUADS)


# Folders


def test_a_checkpoint_is_read_while_the_store_is_gone(tmp_path: Path) -> None:
    path = in_folder(tmp_path)
    readers = [Store.open_read_only(path) for _ in range(3)]
    assert [len(reader) for reader in readers] == [4, 4, 4]


def test_a_copy_in_memory_holds_all_graphs_and_outlives_the_files(tmp_path: Path) -> None:
    path = in_folder(tmp_path)
    copy = Store.open_read_only(path).copied_to_memory()
    shutil.rmtree(path)
    assert sorted(dumped(copy, NQUADS).splitlines()) == sorted(DATA.strip().encode().splitlines())


def test_a_checkpoint_does_not_change_with_the_store(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "work")
    store.checkpoint(tmp_path / "before")
    store.load(DATA.encode(), NQUADS)
    assert len(Store.open_read_only(tmp_path / "before")) == 0


@pytest.mark.parametrize("damage", ["missing", "empty", "file", "cut", "garbage"])
def test_a_store_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, damage: str) -> None:
    path = in_folder(tmp_path)
    if damage == "missing":
        path = tmp_path / "none"
    elif damage == "empty":
        (path := tmp_path / "empty").mkdir()
    elif damage == "file":
        (path := tmp_path / "file").write_text("x")
    else:
        for file in path.glob("*.sst" if damage == "cut" else "MANIFEST-*"):
            file.write_bytes(b"" if damage == "cut" else b"garbage")
    with pytest.raises(StorageError) as told:
        Store.open_read_only(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "use",
    [
        lambda _, path: Store.create(path / "file"),
        lambda store, path: store.checkpoint(path),
        lambda store, path: store.load_statements(path / "none.nq"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(
    tmp_path: Path, store: Store, use: Callable[[Store, Path], object]
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as told:
        use(store, tmp_path)
    assert str(tmp_path) in str(told.value)


# Documents


def test_relative_iris_stand_under_the_base() -> None:
    document = b"<id/a> <id/b> <id/c> ."
    base = "http://localhost:8000/"
    assert parse(document, TURTLE, base=base) == [
        (iri(f"{base}id/a"), iri(f"{base}id/b"), iri(f"{base}id/c"))
    ]
    store = Store.in_memory()
    store.load(document, TURTLE, base=base)
    assert store.select(ALL).values("s") == [f"{base}id/a"]


@pytest.mark.parametrize("read", [parse, Store.in_memory().load])
def test_a_malformed_document_is_told_with_its_line(
    read: Callable[[bytes, Format], object],
) -> None:
    with pytest.raises(QueryError) as told:
        read(b"<a:a> <a:b> <a:c> .\n<a:a> <a:b> .\n", TURTLE)
    assert told.value.line == 2


def test_quads_keep_their_graph() -> None:
    quad = (iri(f"{EX}a"), iri(f"{EX}b"), literal("c"), iri(f"{EX}g"))
    assert serialise([quad], NQUADS) == f'<{EX}a> <{EX}b> "c" <{EX}g> .\n'.encode()
    assert serialise([quad[:3]], NQUADS) == f'<{EX}a> <{EX}b> "c" .\n'.encode()


def test_blank_nodes_and_typed_values_are_written() -> None:
    number = literal("1", "http://www.w3.org/2001/XMLSchema#integer")
    body = serialise([(Term("bnode", "b"), iri(f"{EX}n"), number)], NTRIPLES)
    assert body == f'_:b <{EX}n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'.encode()


def test_a_statement_about_a_literal_is_refused() -> None:
    with pytest.raises(TypeError, match="subject that is no literal"):
        serialise([(literal("x"), iri(f"{EX}b"), literal("c"))], NTRIPLES)


def test_formats_are_found_by_name_and_suffix() -> None:
    assert by_name(GRAPH_FORMATS, "turtle") is by_name(GRAPH_FORMATS, "ttl") is TURTLE
    assert by_name(RESULT_FORMATS, "srj") is RESULT_FORMATS[0]
    assert by_name(GRAPH_FORMATS, "json") is None


def test_text_formats_name_their_charset() -> None:
    types = {form.name: form.content_type for form in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    assert types["csv"] == "text/csv; charset=utf-8"
    assert types["turtle"] == "text/turtle; charset=utf-8"
    assert types["jsonld"] == "application/ld+json"


def test_every_refusal_is_told_to_the_user() -> None:
    for kind in (QueryError, StorageError, NotAcceptableError, NotFoundError, EndpointError):
        assert issubclass(kind, SikgError)


@pytest.mark.parametrize("name", ["turtle", "trig"])
def test_the_same_statements_are_the_same_bytes_in_another_process(name: str) -> None:
    code = (
        "import sys; from graph.formats import *; from graph.store import serialise; "
        "from graph.terms import iri; "
        "skos = 'http://www.w3.org/2004/02/skos/core#'; "
        "triple = (iri('http://example.org/a'), iri(skos + 'broader'), iri(skos + 'b')); "
        f"sys.stdout.buffer.write(serialise([triple], by_name(GRAPH_FORMATS, '{name}')))"
    )
    told = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
        for _ in range(3)
    }
    assert len(told) == 1
    assert b"<http://example.org/a> skos:broader skos:b ." in told.pop()


@pytest.mark.parametrize("text", ["SELECT * WHERE { ?s ?p ?o }", "DESCRIBE <http://example.org/a>"])
def test_an_error_holds_no_results_that_another_thread_would_let_go_of(text: str) -> None:
    """The engine aborts where a result is dropped by another thread than its own."""

    def refuse(_: Form) -> Format:
        raise NotAcceptableError("none of these")

    def ask(store: Store) -> None:
        store.ask(Query(text))

    def answer(store: Store) -> None:
        store.answer(Query(text), refuse)

    for call in (ask, answer):
        store = Store.in_memory()
        store.load(b"<http://example.org/a> <http://example.org/p> 1 .", GRAPH_FORMATS[0])
        with pytest.raises((NotAcceptableError, QueryError)) as caught:
            call(store)
        frames = [frame.frame.f_locals for frame in caught.traceback]
        held = [type(value).__name__ for names in frames for value in names.values()]
        assert not {"QuerySolutions", "QueryTriples"} & set(held)
