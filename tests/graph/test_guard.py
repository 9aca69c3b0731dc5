"""No query gets past the guard that would make the engine talk to another host, or break it.

What a query does is found out by asking it: an engine that is told to call a listener on this
machine either does so, or it does not.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from graph.engine import Query
from graph.errors import ForbiddenError, QueryError, SikgError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.guard import MAX_CHAIN, MAX_NESTING, MAX_PATTERNS, check_service, check_size
from graph.store import Store

OK = "https://example.org/sparql"
PLACE = "http://e/"  # stands for the address of the listener in queries


class Listener:
    """Counts who calls, and answers with empty results."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        body = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
            f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.calls += 1
                with connection:
                    connection.recv(65536)
                    connection.sendall(head.encode() + body)

    def close(self) -> None:
        """Take no more calls."""
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def calls(query: str, listener: Listener) -> bool:
    """Tell whether the engine calls the listener to answer the query."""
    store = Store.in_memory()
    store.load(b"<http://a/s> <http://a/p> <http://a/o> .", GRAPH_FORMATS[1])
    before = listener.calls

    def choose(form: object) -> Format:
        return GRAPH_FORMATS[1] if getattr(form, "value", "") == "graph" else RESULT_FORMATS[0]

    with suppress(SikgError):
        store.answer(Query(query.replace(PLACE, listener.address)), choose)
    return listener.calls > before


def refused(query: str, *allowed: str) -> bool:
    try:
        check_service(query, allowed)
    except ForbiddenError:
        return True
    return False


ATTACKS = {
    "plain": "SELECT * { SERVICE <http://e/> {} }",
    "silent": "SELECT * { SERVICE SILENT <http://e/> {} }",
    "small letters": "SELECT * { service<http://e/>{} }",
    "mixed letters": "SELECT * { SeRvIcE\tsIlEnT\n<http://e/>{}}",
    "ask": "ASK { SERVICE <http://e/> {} }",
    "construct": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o SERVICE <http://e/> {} }",
    "describe": "DESCRIBE ?s { ?s ?p ?o SERVICE <http://e/> {} }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <http://e/> {} } } }",
    "in a filter": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://e/> {} } }",
    "in an optional": "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <http://e/> {} } }",
    "after a point": "SELECT * { ?s ?p ?o.SERVICE<http://e/>{} }",
    "after a comment": "SELECT * { # no call\nSERVICE <http://e/> {} }",
    "after a comment ended by a carriage return": "SELECT * { # no\rSERVICE <http://e/> {}\r}",
    "comment within": "SELECT * { SERVICE # <http://ok/>\n <http://e/> {} }",
    "comment with quotes": "SELECT * { # it's \"\nSERVICE <http://e/> {} # '\n}",
    "comment with three quotes": 'SELECT * { # """\nSERVICE <http://e/> {} # """\n}',
    "hash in an IRI": "SELECT * { OPTIONAL { ?s <http://a/#> ?o } SERVICE <http://e/> {} }",
    "quotes in IRIs": (
        "SELECT * { OPTIONAL { ?s <http://a/'> ?o } SERVICE <http://e/> {} "
        "OPTIONAL { ?s <http://a/'> ?o } }"
    ),
    "relative IRI as an operator and a comment": (
        "BASE <http://a/> SELECT * { OPTIONAL { ?s <=#> ?o } SERVICE <http://e/> {} }"
    ),
    "relative IRIs as operators and quotes": (
        "BASE <http://a/> SELECT * { OPTIONAL { ?s <='> ?o } SERVICE <http://e/> {} "
        "OPTIONAL { ?s <='> ?o } }"
    ),
    "relative IRI of a hash": (
        "BASE <http://a/> SELECT * { OPTIONAL { ?s <#> ?o } SERVICE <http://e/> {} }"
    ),
    "IRI without authority and a hash": (
        "SELECT * { OPTIONAL { ?s <urn:a#b> ?o } SERVICE <http://e/> {} }"
    ),
    "less-than signs": "SELECT * { FILTER(1<2) SERVICE <http://e/> {} FILTER(3>2) }",
    "less-than and quotes": ("SELECT * { FILTER('a'<'b') SERVICE <http://e/> {} FILTER('d'>'c') }"),
    "less-than and hash": "SELECT * { FILTER(1<2#>\n) SERVICE <http://e/> {} }",
    "quote in a string": """SELECT * { BIND("'" AS ?a) SERVICE <http://e/> {} BIND("'" AS ?b) }""",
    "escaped quote": r'SELECT * { BIND("\"" AS ?a) SERVICE <http://e/> {} BIND("\"" AS ?b) }',
    "escaped backslash": r'SELECT * { BIND("\\" AS ?a) SERVICE <http://e/> {} BIND("\\" AS ?b) }',
    "quote as a codepoint": (
        r'SELECT * { BIND("\u0022" AS ?a) SERVICE <http://e/> {} BIND("x" AS ?b) }'
    ),
    "quote as a long codepoint": (
        r"SELECT * { BIND('\U00000027' AS ?a) SERVICE <http://e/> {} BIND('x' AS ?b) }"
    ),
    "hash as a codepoint": (
        r'SELECT * { BIND("\u0022#" AS ?a) SERVICE <http://e/> {} BIND("x" AS ?b) }'
    ),
    "line end as a codepoint": r'SELECT * { BIND("\u000A" AS ?a) SERVICE <http://e/> {} }',
    "hash in a string": 'SELECT * { BIND("#" AS ?a) SERVICE <http://e/> {} }',
    "long string": 'SELECT * { BIND("""a""b"c""" AS ?a) SERVICE <http://e/> {} }',
    "long string with four quotes": (
        "SELECT * { BIND('''a\\'''' AS ?a) SERVICE <http://e/> {} BIND('''''' AS ?b) }"
    ),
    "empty strings": "SELECT * { BIND('' AS ?a) SERVICE <http://e/> {} BIND('' AS ?b) }",
    "empty strings side by side": (
        """SELECT * { VALUES ?a { ""'' } SERVICE <http://e/> {} VALUES ?b { ''"" } }"""
    ),
    "language tag": 'SELECT * { BIND("a"@en AS ?a) SERVICE <http://e/> {} }',
    "language tag with direction": (
        'SELECT * { BIND("a"@en--ltr AS ?a) SERVICE <http://e/> {} BIND("b"@ar--rtl AS ?b) }'
    ),
    "escaped local name": (
        r"PREFIX ex: <http://a/> SELECT * { OPTIONAL { ?s ex:a\#b ?o } SERVICE <http://e/> {} }"
    ),
    "local names with escaped quotes": (
        r"PREFIX ex: <http://a/> SELECT * { OPTIONAL { ?s ex:a\'b ?o } SERVICE <http://e/> {} "
        r"OPTIONAL { ?s ex:a\'b ?o } }"
    ),
    "percent in a local name": (
        "PREFIX ex: <http://a/> SELECT * { OPTIONAL { ?s ex:a%27 ?o } SERVICE <http://e/> {} }"
    ),
    "prefixed name": "PREFIX e: <http://e/> SELECT * { SERVICE e: {} }",
    "prefixed name, not apart": "PREFIX : <http://e/> SELECT * { SERVICE:x{} }",
    "prefix called service": "PREFIX service: <http://e/> SELECT * { SERVICE service:x {} }",
    "relative endpoint": "BASE <http://e/> SELECT * { SERVICE <> {} }",
    "relative path as endpoint": "BASE <http://e/> SELECT * { SERVICE </sparql> {} }",
    "name of an object before": (
        "PREFIX : <http://a/> SELECT * { OPTIONAL { ?s ?p :o. } SERVICE <http://e/> {} }"
    ),
    "blank node before": "SELECT * { OPTIONAL { ?s ?p _:b. } SERVICE <http://e/> {} }",
    "variable called service before": (
        "SELECT * { OPTIONAL { ?service ?p $service } SERVICE <http://e/> {} }"
    ),
    "string with the word before": 'SELECT * { BIND("service" AS ?x) SERVICE <http://e/> {} }',
    "reified triple": (
        "SELECT * { OPTIONAL { << ?s ?p ?o >> ?q 'x' } SERVICE <http://e/> {} BIND('' AS ?a) }"
    ),
    "endpoint in the data": ("SELECT * { VALUES ?e { <http://e/> } ?s ?p ?o . SERVICE ?e {} }"),
    "byte order mark": "\ufeffSELECT * { SERVICE <http://e/> {} }",
    "null in a comment": "SELECT * { # \x00\nSERVICE <http://e/> {} }",
    "null in a string": "SELECT * { BIND('\x00' AS ?x) SERVICE <http://e/> {} }",
    "escape in an IRI": r"SELECT * { ?s ?p ?o SERVICE <http://e\u002F> {} }",
}
# Forms that this engine does not take as calls, and another may.
ELSEWHERE = {
    "keyword in codepoints": r"SELECT * { \u0053ERVICE <http://e/> {} }",
    "keyword in long codepoints": r"SELECT * { S\U00000045RVICE <http://e/> {} }",
    "line end of a comment as a codepoint": r"SELECT * { # \u000ASERVICE <http://e/> {} }",
}


@pytest.mark.parametrize(
    "query", [*ATTACKS.values(), *ELSEWHERE.values()], ids=[*ATTACKS, *ELSEWHERE]
)
def test_a_call_is_refused_in_whatever_form(query: str) -> None:
    assert refused(query)


def test_the_attacks_are_real(listener: Listener) -> None:
    """A test of the test: most of these queries do call; others are not taken by this engine."""
    harmless = {name for name, query in ATTACKS.items() if not calls(query, listener)}
    assert harmless <= {"endpoint in the data", "byte order mark", "escape in an IRI"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?service { ?service ?p $serviceKind }",
        'SELECT * { ?s ?p "social service" }',
        "SELECT * { ?s ?p 'employment service'@en }",
        'SELECT * { ?s ?p """a "service" of\nthe state""" }',
        "SELECT * { ?s ?p ?o } # every service\n",
        "# SERVICE <http://example.org/> {}\nSELECT * {}",
        "SELECT * { ?s a <http://example.org/Service#employment> }",
        "SELECT * { <http://example.org/service/1> ?p ?o }",
        "PREFIX ex: <http://example.org/service/> SELECT * { ?s ex:service ?o }",
        "PREFIX ex: <http://example.org/> SELECT * { ?s ex:public-service ex:Service }",
        "SELECT * { ?s ?p ?o FILTER(CONTAINS(?o, 'service') && 1 < 2 && ?x <= 3) }",
        "SELECT * { ?s ?p ?o FILTER(?o<3 && 'service' = ?o) }",
        "SELECT * { ?s <urn:example:service> ?o }",
        r"SELECT * { ?s ?p 'se\u0072vice' }",
        r"SELECT * { ?s <http://example.org/s\u00E9rvice> 'service' }",
        'SELECT * { ?s ?p "service"@en--ltr }',
    ],
)
def test_the_word_may_stand_in_names_strings_comments_and_iris(query: str) -> None:
    assert not refused(query)
    Store.in_memory().select(Query(query))


def test_a_sign_that_hides_what_follows_is_told() -> None:
    with pytest.raises(ForbiddenError, match="write a space after each less-than sign"):
        check_service("SELECT * { ?s <#service> 'a' }")


# Allowed endpoints


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <{OK}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <{OK}>{{}} service\n<{OK}> {{}} }}",
        f"SELECT * {{ SERVICE # ours\n <{OK}> {{}} }}",
        f"PREFIX x: <{OK}> SELECT * {{ ?s x:service 'service' SERVICE <{OK}> {{}} }}",
    ],
)
def test_a_call_of_an_allowed_endpoint_passes(query: str) -> None:
    check_service(query, [OK])
    assert refused(query, "https://example.org/other")
    assert refused(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> {} }",
        f"SELECT * {{ SERVICE <{OK}> {{ SERVICE <http://e/> {{}} }} }}",
        f"SELECT * {{ SERVICE <{OK}> {{}} SERVICE <http://e/> {{}} }}",
        f"SELECT * {{ SERVICE <{OK}/> {{}} }}",
        f"SELECT * {{ SERVICE <{OK}?x> {{}} }}",
        f"SELECT * {{ SERVICE <{OK.upper()}> {{}} }}",
        f"PREFIX ok: <{OK}> SELECT * {{ SERVICE ok: {{}} }}",
        f"BASE <{OK}> SELECT * {{ SERVICE <> {{}} }}",
        f"SELECT * {{ VALUES ?e {{ <http://e/> }} SERVICE ?e {{ VALUES ?x {{ <{OK}> }} }} }}",
        f"SELECT * {{ BIND(<{OK}> AS ?x) SERVICE ?x {{}} }}",
        f"PREFIX service: <http://e/> SELECT * {{ SERVICE service:<{OK}> {{}} }}",
        "SELECT * { SERVICE <0> {} }",
        f"SELECT * {{ <{OK}> ?p ?o . SERVICE <0> {{}} }}",
        f"BASE <http://e/> SELECT * {{ ?s <{OK}> ?o . SERVICE <0> {{}} }}",
        "SELECT * { SERVICE <99> {} }",
    ],
)
def test_a_call_of_another_is_refused(query: str) -> None:
    assert refused(query, OK)


def test_the_allowed_are_named() -> None:
    with pytest.raises(ForbiddenError, match=f"service_allow; now: <{OK}>"):
        check_service("ASK { SERVICE <http://e/> {} }", [OK])
    with pytest.raises(ForbiddenError, match="now: none"):
        check_service("ASK { SERVICE <http://e/> {} }")


# Pieces of which queries are made: a call, what may stand around it, and what may hide it.
CALL = st.sampled_from(
    [
        "SERVICE <http://e/> {}",
        "service<http://e/>{}",
        "SERVICE SILENT <http://e/> { ?s ?p ?o }",
        "SERVICE:x{}",
        "SERVICE e:x {}",
        "SERVICE <x> {}",
        "SERVICE#\n<http://e/>{}",
        "SERVICE <http://e/#'> {}",
        "SERVICE\x0c<http://e/> {}",
        "SERVICE ex:\\' {}",
    ]
)
STRING = st.builds(
    "{0}{1}{0}".format,
    st.sampled_from(["'", '"', "'''", '"""']),
    st.lists(
        st.sampled_from(
            [
                "'",
                '"',
                "''",
                '""',
                "\\'",
                '\\"',
                "\\\\",
                "\\u0022",
                "\\u0027",
                "\\U0000005C",
                "\n",
                "\\u000A",
                "#",
                "<",
                ">",
                "<=",
                "a",
                "service",
                "\\n",
                "{",
                "}",
                "\\u005C",
                "\r",
            ]
        ),
        max_size=4,
    ).map("".join),
)
IRI = st.builds(
    "<{}{}>".format,
    st.sampled_from(["http://a/", "", "=", "urn:a", "#", "'", "?", "$", "//a/", "\\u0027", "x://"]),
    st.lists(
        st.sampled_from(
            ["'", "#", "=", "?a", "&&", "\\u0023", ":b", "@en", "service", "-", ".", "!"]
        ),
        max_size=3,
    ).map("".join),
)
NAME = st.sampled_from(
    [
        "ex:a",
        "ex:a\\#",
        "ex:a\\'",
        "ex:",
        ":a",
        ":",
        "ex:a.b",
        "ex:-",
        "ex:%27",
        "ex:a:b",
        "_:b",
        "ex:\\-x",
        "?s",
        "$o",
        "ex:a\\?",
        "service:a",
        "ex:service",
        "ex:1",
        "ex:õ",
        "a",
    ]
)
TERM = STRING | IRI | NAME | st.builds("{}{}".format, STRING, st.sampled_from(["@en", "@en--ltr"]))
GAP = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\t",
        "#\n",
        "# '\n",
        '# "\r',
        "# <\n",
        "#'''\n",
        " . ",
        ".",
        ";",
        "# service\n",
    ]
)
PIECE = st.one_of(
    st.builds("OPTIONAL {{ ?s {} ?o }}".format, IRI | NAME),
    st.builds("OPTIONAL {{ ?s{}{} {}}}".format, GAP, IRI | NAME, TERM),
    st.builds("BIND({} AS ?b)".format, TERM),
    st.builds(
        "FILTER({}{}{})".format, TERM, st.sampled_from(["<", "<=", "=", ">", "&&", "< "]), TERM
    ),
    st.builds("VALUES ?v {{ {}{} }}".format, TERM, TERM),
    st.builds("OPTIONAL {{ ?s {}{} ?o }}".format, NAME, st.sampled_from(["?", "*", "+", "/ex:a"])),
    GAP,
)
QUERY = st.builds(
    "{}SELECT * {{ {} }}{}".format,
    st.sampled_from(
        [
            "BASE <http://e/> PREFIX e: <http://e/> PREFIX ex: <http://a/> PREFIX : <http://e/>\n",
            "BASE <http://e/>PREFIX ex:<http://e/#>PREFIX:<http://e/'>PREFIX e:<http://e/>",
        ]
    ),
    st.tuples(st.lists(PIECE, max_size=3), GAP, CALL, GAP, st.lists(PIECE, max_size=3)).map(
        lambda parts: "".join([*parts[0], *parts[1:4], *parts[4]])
    ),
    st.sampled_from(["", "#", "# '", "LIMIT 1"]),
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=QUERY)
@example(query=ATTACKS["relative IRIs as operators and quotes"])
@example(query=ATTACKS["quote as a codepoint"])
def test_whatever_the_engine_calls_for_is_refused(listener: Listener, query: str) -> None:
    called = calls(query, listener)
    event(f"called: {called}")
    if called:
        assert refused(query)


def test_a_long_query_is_read_in_a_moment() -> None:
    """No text of a megabyte may keep the reader busy: its time grows with the length only."""
    for piece in (
        "'", '"""\\"', "<http://a/service>", "<a", "<='> ", "\\u0022", "SERVICE <http://e/> {}",
        "SERVICE ", "?s ", ":a", "#", "<http://", "'''a", "@en-", "\\", "service<http://a/>\n",
    ):  # fmt: skip
        query = f"SELECT * {{ service {piece * (1_000_000 // len(piece))} }}"
        began = time.process_time()
        refused(query, OK)
        with suppress(QueryError):
            check_size(query)
        assert time.process_time() - began < 3, piece


# Each would end the process that evaluates it, or hold it for hours.
BREAKING = {
    "groups": f"SELECT * {'{' * 5000}{'}' * 5000}",
    "parentheses": f"SELECT ({'(' * 7000}1{')' * 7000} AS ?x) {{}}",
    "calls": f"SELECT ({'STR(' * 3000}1{')' * 3000} AS ?x) {{}}",
    "filters": "SELECT * {" + "FILTER EXISTS {" * 3000 + "}" * 3001,
    "subqueries": "SELECT * " + "{ SELECT * " * 4000 + "{}" + "}" * 4000,
    "triple terms": f"SELECT * {{ ?s ?p {'<<( ?s ?p ' * 7000}1{')>>' * 7000} }}",
    "collections": f"SELECT * {{ {'(' * 5000}1{')' * 5000} ?p ?o }}",
    "negations": f"SELECT ({'!' * 20000}1 AS ?x) {{}}",
    "sums": f"SELECT ({'1+' * 20000}1 AS ?x) {{}}",
    "products": f"SELECT ({'1*' * 20000}1 AS ?x) {{}}",
    "conjunctions": f"SELECT * {{ FILTER({'true && ' * 20000}true) }}",
    "disjunctions": f"SELECT * {{ FILTER({'true || ' * 20000}true) }}",
    "unions": f"SELECT * {{ {'{} UNION ' * 20000}{{}} }}",
    "minus": f"SELECT * {{ {'MINUS {} ' * 5000} }}",
    "binds": f"SELECT * {{ {' '.join(f'BIND(1 AS ?v{i})' for i in range(5000))} }}",
    "projections": f"SELECT {' '.join(f'(1 AS ?v{i})' for i in range(5000))} {{}}",
    "many filters": f"SELECT * {{ {'FILTER(1) ' * 20000} }}",
    "alternatives": f"SELECT * {{ ?s {'<http://a/b>|' * 20000}<http://a/b> ?o }}",
    "sequences": f"SELECT * {{ ?s {'<http://a/b>/' * 800}<http://a/b> ?o }}",
    "patterns": f"SELECT * {{ {'?s ?p ?o . ' * 800} }}",
    "predicates": f"SELECT * {{ ?s ?p ?o {'; ?p ?o ' * 800} }}",
    "objects": f"SELECT * {{ ?s ?p ?o {', ?o ' * 800} }}",
    "hidden by quotes that are none": (
        f"BASE <http://a/> SELECT * {{ ?s <='> ?o . {'{' * 5000}{'}' * 5000} ?s <='> ?o }}"
    ),
    "with ends that are none": (
        "BASE <http://a/> SELECT * { ?s <='> ?o . " + "{ #}\n" * 5000 + "}" * 5001
    ),
    "with ends in strings": ("SELECT * " + "{ BIND('}' AS ?x) " * 3000 + "}" * 3000),
}


@pytest.mark.parametrize("query", BREAKING.values(), ids=BREAKING)
def test_a_query_that_would_break_the_engine_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="at most"):
        Store.in_memory().answer(Query(query), lambda _: RESULT_FORMATS[0])


def test_such_queries_do_break_it() -> None:
    """A test of the test: without the guard the process ends."""
    script = """
        import pyoxigraph
        pyoxigraph.Store().query("SELECT * " + "{" * 5000 + "}" * 5000)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False
    )
    assert ended.returncode < 0


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {'{' * (MAX_NESTING - 1)}{'}' * (MAX_NESTING - 1)}",
        f"SELECT ({'1+' * (MAX_CHAIN - 1)}1 AS ?x) {{}}",
        f"SELECT * {{ {'?s ?p ?o . ' * (MAX_PATTERNS // 2)} }}",
        f"SELECT * {{ VALUES ?x {{ {' '.join(f'<http://a.eu/{i}>' for i in range(5000))} }} }}",
        f"SELECT * {{ VALUES ?x {{ {' '.join(f'1.{i}' for i in range(5000))} }} }}",
        f"SELECT * {{ VALUES (?x ?y) {{ {'(1.5 UNDEF) ' * 5000} }} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({', '.join(map(str, range(5000)))})) }}",
        f"SELECT * {{ ?s ?p '{'{[(+.;' * 5000}' }} # {'{[(+.;' * 5000}",
        f"PREFIX a: <http://a/> SELECT * {{ VALUES ?x {{ {'a:b-c ' * 5000} }} }}",
    ],
)
def test_a_query_of_many_values_or_some_depth_is_evaluated(query: str) -> None:
    Store.in_memory().select(Query(query))
