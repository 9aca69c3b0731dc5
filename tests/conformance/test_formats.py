"""Random solutions read the same from every format of results."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.engine import Query
from graph.errors import NotAcceptableError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.store import Store, parse, serialise
from graph.terms import XSD, Term
from tests.conformance.comparing import Triple, same_graph, same_table
from tests.conformance.loading import NQUADS, always
from tests.conformance.results import READERS, Table, read_rdf_xml

_NAMES = ("a", "b", "c")
_P = "http://data.example/p/"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_texts = st.text(
    st.one_of(
        st.sampled_from("\t\r\n \"'\\,;<>&?_:@^.+-0eé😀\x01\x7f\x85\u2028\ufeff\uffff"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=8,
)
_types = st.sampled_from(
    [f"{XSD}{name}" for name in ("integer", "decimal", "double", "boolean", "date", "string")]
    + [f"{_P}type", f"{XSD}int", "http://data.example/,\u00e9"]
)
_numbers = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.floats().map(repr),
    st.sampled_from(["INF", "-INF", "NaN", "01", "+1", "1.", ".5", "1e0", "true", "2026-01-01Z"]),
)
_literals = st.one_of(
    st.builds(lambda text: Term("literal", text), _texts),
    st.builds(
        lambda text, tag: Term("literal", text, tag), _texts, st.sampled_from(["en", "et", "de-at"])
    ),
    st.builds(lambda text, kind: Term("literal", text, None, kind), _texts | _numbers, _types),
)
_nodes = st.one_of(
    st.sampled_from(["x", "y,z", "a%20b", "é", "q?r=1&s='2'", "n#f", "p(1)"]).map(
        lambda name: Term("uri", f"http://data.example/{name}")
    ),
    st.sampled_from(["b1", "b2", "x.y", "0"]).map(lambda name: Term("bnode", name)),
)
_solutions = st.lists(
    st.dictionaries(st.sampled_from(_NAMES), st.one_of(_literals, _nodes)), max_size=6
)
_SHAPES = (
    "SELECT {names} WHERE {{ {pattern} }}",
    "SELECT DISTINCT {names} WHERE {{ {pattern} }}",
    "SELECT {names} WHERE {{ {pattern} }} ORDER BY ?b ?s LIMIT 4",
    "SELECT * WHERE {{ {pattern} }}",
    "SELECT (COUNT(?a) AS ?c) (SAMPLE(?b) AS ?b) WHERE {{ {pattern} }} GROUP BY ?a",
)


def _store_of(solutions: list[dict[str, Term]]) -> Store:
    """State each solution as properties of a subject of its own."""
    statements = [
        (Term("uri", f"http://data.example/s{number}"), Term("uri", f"{_P}{name}"), term)
        for number, solution in enumerate(solutions)
        for name, term in {"is": Term("literal", "solution"), **solution}.items()
    ]
    store = Store.in_memory()
    store.load(serialise(statements, NQUADS), NQUADS)
    return store


@settings(max_examples=300, deadline=None, derandomize=True)
@given(_solutions, st.sampled_from(_SHAPES), st.permutations(_NAMES), st.integers(1, 3))
def test_solutions_read_the_same_from_every_format(
    solutions: list[dict[str, Term]], shape: str, names: list[str], shown: int
) -> None:
    store = _store_of(solutions)
    pattern = f'?s <{_P}is> "solution" ' + " ".join(
        f"OPTIONAL {{ ?s <{_P}{name}> ?{name} }}" for name in _NAMES
    )
    query = Query(
        shape.format(names=" ".join(f"?{name}" for name in names[:shown]), pattern=pattern)
    )
    read: dict[str, Table] = {}
    for form in RESULT_FORMATS:
        try:
            _, body = store.answer(query, always(form))
        except NotAcceptableError:
            assert form.name == "xml"
            assert any(
                _NOT_IN_XML.search(term.value) for row in read["json"].rows for term in row.values()
            )
            continue
        table = READERS[form.name](body)
        assert isinstance(table, Table)
        read[form.name] = table
    expected = read.pop("json")
    assert same_table(expected.without_types(), read.pop("csv").without_types())
    for name, table in read.items():
        assert same_table(expected, table), (name, expected, table)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(_solutions)
def test_graphs_read_the_same_from_every_format(solutions: list[dict[str, Term]]) -> None:
    store = _store_of(solutions)
    read: dict[str, list[Triple]] = {}
    for form in GRAPH_FORMATS:
        try:
            body = store.construct(Query("CONSTRUCT WHERE { ?s ?p ?o }"), form)
        except NotAcceptableError:
            assert form.name == "rdfxml"
            texts = [term.value for triple in read["ntriples"] for term in triple]
            assert any(map(_NOT_IN_XML.search, texts))
            continue
        read[form.name] = read_rdf_xml(body) if form.name == "rdfxml" else parse(body, form)
    expected = read.pop("ntriples")
    for name, triples in read.items():
        assert same_graph(expected, triples), (name, expected, triples)
