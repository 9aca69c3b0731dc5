"""The query tests of SPARQL 1.0 and 1.1: every answer in every format that can hold it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from graph.engine import Form, Query
from graph.errors import EndpointError, QueryError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.store import Store, parse
from tests.conformance.comparing import Triple, same_graph, same_table
from tests.conformance.known_failures import BY_VALUE
from tests.conformance.loading import always, store_of, triples_of
from tests.conformance.manifests import Documents, Entry
from tests.conformance.results import READERS, Table, read_rdf
from tests.conformance.suites import suites

_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
# Where a query of a syntax test calls an endpoint, none answers and none is asked elsewhere.
_NOWHERE = "http://127.0.0.1:9/"
_READ_AS = {"srx": "xml", "srj": "json", "csv": "csv", "tsv": "tsv"}
_Answer = Table | bool | list[Triple]


def query_of(entry: Entry, *, base: str | None = None) -> Query:
    """Give the query of a test; what is relative in it is so to its own address or a base."""
    return Query(f"BASE <{base or entry.request}>\n{suites().text(entry.request)}")


def _documents(entry: Entry) -> Documents:
    """Give the documents of a test, with those that its query names itself."""
    named = [urljoin(entry.request, name) for name in _FROM.findall(suites().text(entry.request))]
    own = dict.fromkeys(name for name in named if name not in dict(entry.data.named))
    return Documents(entry.data.default, (*entry.data.named, *((name, name) for name in own)))


def expected_of(entry: Entry) -> _Answer:
    """Read the result that a test expects."""
    if not isinstance(entry.result, str):
        raise TypeError(f"{entry.name} expects no document")
    suffix, body = entry.result.rpartition(".")[2], suites().read(entry.result)
    if suffix in _READ_AS:
        return READERS[_READ_AS[suffix]](body)
    result = read_rdf(body, suffix, entry.result)
    return triples_of(entry.result) if result is None else result


def formats_of(form: Form) -> list[Format]:
    """Give the formats that can hold answers of a form."""
    if form is Form.GRAPH:
        return list(GRAPH_FORMATS)
    return list(RESULT_FORMATS if form is Form.SOLUTIONS else RESULT_FORMATS[:2])


def form_of_answer(store: Store, query: Query) -> Form:
    """Tell the form of the answer to a query."""
    forms: list[Form] = []

    def choose(form: Form) -> Format:
        forms.append(form)
        return formats_of(form)[0]

    store.answer(query, choose)
    return forms[0]


def read_answer(body: bytes, form: Format) -> _Answer:
    """Read an answer of ours."""
    return READERS[form.name](body) if form.name in READERS else parse(body, form)


def check_answer(entry: Entry, expected: _Answer, found: _Answer, form: Format) -> None:
    """Compare an answer in one format with what a test expects."""
    if isinstance(expected, bool):
        assert found is expected, form.name
    elif isinstance(expected, Table):
        assert isinstance(found, Table), form.name
        if form.name == "csv":
            expected, found = expected.without_types(), found.without_types()
        if entry.name in BY_VALUE:
            assert not same_table(expected, found), "remove it from BY_VALUE of known_failures.py"
            expected, found = _by_value(expected, form), _by_value(found, form)
        assert same_table(expected, found, lax=entry.lax), (form.name, expected, found)
    else:
        assert isinstance(found, list), form.name
        assert same_graph(expected, found), (form.name, expected, found)


def _by_value(table: Table, form: Format) -> Table:
    return table.by_value_of_text() if form.name == "csv" else table.by_value()


@pytest.mark.suite("QueryEvaluationTest", "CSVResultFormatTest")
def test_a_query_has_the_answer_of_the_suite(entry: Entry) -> None:
    store, query, expected = store_of(_documents(entry)), query_of(entry), expected_of(entry)
    only_text = isinstance(entry.result, str) and entry.result.endswith(".csv")
    for form in formats_of(form_of_answer(store, query)):
        if form.name == "csv" or not only_text:
            _, body = store.answer(query, always(form))
            check_answer(entry, expected, read_answer(body, form), form)


@pytest.mark.suite("PositiveSyntaxTest", "PositiveSyntaxTest11")
def test_a_query_in_the_grammar_is_read(entry: Entry) -> None:
    store = Store.in_memory()
    try:
        form_of_answer(store, query_of(entry, base=_NOWHERE))
    except QueryError as error:
        # Made-up functions and endpoints cannot be evaluated, which is no matter of grammar.
        assert not isinstance(error.__cause__, SyntaxError)  # noqa: PT017  # only if it is raised
    except EndpointError:
        pass


@pytest.mark.suite("NegativeSyntaxTest", "NegativeSyntaxTest11")
def test_a_query_outside_the_grammar_is_malformed(entry: Entry) -> None:
    error: QueryError | None = None
    try:
        form_of_answer(Store.in_memory(), query_of(entry, base=_NOWHERE))
    except QueryError as raised:
        error = raised
    assert error is not None
    assert isinstance(error.__cause__, SyntaxError)
