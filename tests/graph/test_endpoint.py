"""The remote engine against a small server of this test, good and bad."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.endpoint import AGENT, Endpoint, Limits
from graph.engine import Engine, Query
from graph.errors import EndpointError, ForbiddenError, QueryError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, by_name
from graph.identity import Identity
from graph.terms import Term

# A key and a certificate for graph.example, made for these tests and of no other use.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguU76uyzzq0kbXVBj
hng+rl8CFDzrRjn1pyGCQDijHAShRANCAAQAduEzKDlrYpM858HNvzWr3vyD+wBr
YwNXB0faiWKkn/qP1x2gFm2k9iGvoj5VOTnb2r1vbhua1tKqugj6duEH
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBoDCCAUegAwIBAgIUMfEzuVWgpXsU2jWDBeND4Liw3NQwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNZ3JhcGguZXhhbXBsZTAgFw0yNjExMjIwMzUxMTVaGA8yMTI2
MTAyOTAzNTExNVowGDEWMBQGA1UEAwwNZ3JhcGguZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABAB24TMoOWtikzznwc2/Nave/IP7AGtjA1cHR9qJYqSf
+o/XHaAWbaT2Ia+iPlU5OdvavW9uG5rW0qq6CPp24QejbTBrMB0GA1UdDgQWBBQe
wEhWHwxzrO7a0uyJmRW6WJ0ukzAfBgNVHSMEGDAWgBQewEhWHwxzrO7a0uyJmRW6
WJ0ukzAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDWdyYXBoLmV4YW1wbGUw
CgYIKoZIzj0EAwIDRwAwRAIgXWxpK1ffK7zQ1l8hC3U4/cx6nwyaTXdewYog16CH
D4kCIClRTeivHeSS1+jvmlRdNOlUpX+UpqgqJuckBYeUMjA7
-----END CERTIFICATE-----
"""

RESULTS = "application/sparql-results+json"
EMPTY = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
ONE = (
    '{"head": {"vars": ["x"]}, "results": {"bindings": '
    '[{"x": {"type": "literal", "value": "õ", "xml:lang": "et"}}]}}'
).encode()
SELECT = Query("SELECT ?x { ?x ?y ?z }")
QUICK = Limits(timeout=2.0, retries=2, pause=0.01, max_bytes=100_000)


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    fields: dict[str, list[str]]


Answer = Callable[["Handler", int], None]


class Handler(BaseHTTPRequestHandler):
    """Notes each request and leaves the answer to the test."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Take a query from the address."""
        self.take(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Take a query from a form."""
        self.take(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def take(self, encoded: str) -> None:
        """Note the request and answer."""
        asked = Asked(
            self.command,
            self.path,
            {k.lower(): v for k, v in self.headers.items()},
            parse_qs(encoded),
        )
        self.server.asked.append(asked)
        self.server.answer(self, len(self.server.asked))

    def reply(
        self, body: bytes, media_type: str = RESULTS, status: int = 200, **headers: str
    ) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


class Server(ThreadingHTTPServer):
    """A server on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.answer: Answer = lambda handler, _: handler.reply(ONE)

    def handle_error(self, *_: object) -> None:
        """Let clients that hang up go in silence."""

    @property
    def url(self) -> str:
        """Give the address of the endpoint."""
        return f"http://127.0.0.1:{self.server_port}/sparql"


@dataclass
class Pair:
    """A server with an endpoint that may ask it."""

    server: Server
    limits: Limits = field(default=QUICK)

    @property
    def endpoint(self) -> Endpoint:
        """Give an endpoint to which this machine is allowed."""
        return Endpoint(self.server.url, allow={"127.0.0.1"}, limits=self.limits)


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Serve in a thread for one test."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Pair(server)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_select_is_answered_with_plain_values(pair: Pair) -> None:
    """Ask by the protocol, politely, and read the results."""
    engine: Engine = pair.endpoint
    answer = engine.select(
        Query("SELECT ?x { ?x ?y ?z }", ["http://a/"], ["http://b/", "http://c/"])
    )
    assert list(answer) == [{"x": Term("literal", "õ", "et")}]
    [asked] = pair.server.asked
    assert asked.method == "GET"
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept"] == RESULTS
    assert asked.fields == {
        "query": ["SELECT ?x { ?x ?y ?z }"],
        "default-graph-uri": ["http://a/"],
        "named-graph-uri": ["http://b/", "http://c/"],
    }


def test_a_long_query_is_posted(pair: Pair) -> None:
    """Keep long queries out of the address."""
    text = f"SELECT ?x {{ ?x ?y '{'õ' * 3000}' }}"
    pair.endpoint.select(Query(text))
    [asked] = pair.server.asked
    assert (asked.method, asked.path) == ("POST", "/sparql")
    assert asked.fields["query"] == [text]


def test_words_in_comments_do_not_change_the_kind_of_query(pair: Pair) -> None:
    """Send every query of the catalogue as a query, though headers speak of dropping or adding."""
    identity = Identity()
    for query in Catalogue.read():
        bound = query.bound({p.name: "http://x/" for p in query.parameters if p.required}, identity)
        pair.endpoint.select(Query("# drop\n# delete the address\n" + bound.text))
        asked = pair.server.asked[-1]
        assert asked.headers["accept"] == RESULTS
        assert set(asked.fields) == {"query"}
        assert asked.fields["query"][0].endswith(bound.text)


def test_the_catalogue_runs_on_a_remote_engine(pair: Pair, dataset: Dataset) -> None:
    """Give the same answers from an endpoint as from the store beside it."""
    names = ["consortium-partners", "seed-statements", "money-by-programme-country-year"]
    pair.server.answer = lambda handler, _: handler.reply(
        dataset.store.answer(
            Query(pair.server.asked[-1].fields["query"][0]), lambda _: RESULT_FORMATS[0]
        )[1]
    )
    for name in names:
        query = Catalogue.read().get(name).bound({}, dataset.identity)
        assert len(query.text) > 500
        assert pair.endpoint.select(query) == dataset.store.select(query)
    assert {asked.method for asked in pair.server.asked} == {"GET", "POST"}


@pytest.mark.parametrize("truth", [True, False])
def test_an_ask_is_answered(truth: bool, pair: Pair) -> None:  # noqa: FBT001  # what is tested
    """Read a boolean."""
    body = json.dumps({"head": {}, "boolean": truth}).encode()
    pair.server.answer = lambda handler, _: handler.reply(body, "application/json; charset=utf-8")
    assert pair.endpoint.ask(Query("ASK {}")) is truth


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_a_construct_is_answered_in_the_format_asked_for(name: str, pair: Pair) -> None:
    """Ask for the format and give its bytes as they came."""
    form = by_name(GRAPH_FORMATS, name)
    assert form is not None
    pair.server.answer = lambda handler, _: handler.reply(b"graph", form.content_type)
    assert pair.endpoint.construct(Query("CONSTRUCT WHERE { ?s ?p ?o }"), form) == b"graph"
    assert pair.server.asked[0].headers["accept"] == form.media_type


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<!doctype html><title>Welcome</title>", "text/html; charset=utf-8"),
        (ONE, "text/plain"),
        (ONE, ""),
        (b"x\ny\n", "text/csv"),
    ],
)
def test_something_else_than_results_is_told(body: bytes, media_type: str, pair: Pair) -> None:
    """Name the type that came instead, status 200 or not, and ask no second time."""
    pair.server.answer = lambda handler, _: handler.reply(body, media_type)
    with pytest.raises(EndpointError, match=r"instead of .*address of a SPARQL endpoint"):
        pair.endpoint.select(SELECT)
    assert len(pair.server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"boolean": true}', b"\xff\xfe", b'{"head": {"vars": []}}', b"[" * 90_000],
)
def test_broken_results_are_told(body: bytes, pair: Pair) -> None:
    """Refuse what only calls itself results."""
    pair.server.answer = lambda handler, _: handler.reply(body)
    with pytest.raises(EndpointError, match="no SPARQL results"):
        pair.endpoint.select(SELECT)


@pytest.mark.parametrize("body", [b"1", b"{}", b'{"boolean": "true"}', b"<", b"[" * 90_000])
def test_a_broken_boolean_is_told(body: bytes, pair: Pair) -> None:
    """Take nothing but true and false."""
    pair.server.answer = lambda handler, _: handler.reply(body)
    with pytest.raises(EndpointError, match=r"no SPARQL results|neither true nor false"):
        pair.endpoint.ask(Query("ASK {}"))


def test_a_malformed_query_is_the_askers_mistake(pair: Pair) -> None:
    """Pass on what the endpoint says of the query."""
    pair.server.answer = lambda handler, _: handler.reply(b"line 1:\n  oops", "text/plain", 400)
    with pytest.raises(QueryError, match="refuses the query: line 1: oops"):
        pair.endpoint.select(Query("SELECT"))
    assert len(pair.server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again(status: int, pair: Pair) -> None:
    """Try again after a pause, and give the answer that comes then."""

    def answer(handler: Handler, turn: int) -> None:
        if turn < 3:
            handler.reply(b"busy", "text/plain", status)
        else:
            handler.reply(ONE)

    pair.server.answer = answer
    assert len(pair.endpoint.select(SELECT)) == 1
    assert len(pair.server.asked) == 3


def test_a_lasting_failure_is_told_after_a_few_attempts(pair: Pair) -> None:
    """Give up after the retries, with the status."""
    pair.server.answer = lambda handler, _: handler.reply(b"", "text/plain", 503)
    with pytest.raises(EndpointError, match="failed 3 times: status 503"):
        pair.endpoint.select(SELECT)
    assert len(pair.server.asked) == 3


@pytest.mark.parametrize("status", [401, 403, 404, 406, 414])
def test_a_refusal_is_not_asked_again(status: int, pair: Pair) -> None:
    """Tell other failures at once."""
    pair.server.answer = lambda handler, _: handler.reply(b"go away", "text/plain", status)
    with pytest.raises(EndpointError, match=rf"status {status} .*: go away"):
        pair.endpoint.select(SELECT)
    assert len(pair.server.asked) == 1


@pytest.mark.parametrize(
    ("told", "least", "most"), [("1", 1.0, 2.0), ("999", 0.3, 1.0), ("Sun, 22 Nov 2026", 0.0, 0.3)]
)
def test_the_endpoint_may_ask_for_a_longer_pause(
    told: str, least: float, most: float, pair: Pair
) -> None:
    """Keep Retry-After in seconds, but not for ever."""
    longest = 1.5 if told == "1" else 0.3
    pair.limits = Limits(timeout=2.0, retries=1, pause=0.01, longest_pause=longest)

    def answer(handler: Handler, turn: int) -> None:
        if turn == 1:
            handler.reply(b"", "text/plain", 429, Retry_After=told)
        else:
            handler.reply(EMPTY)

    pair.server.answer = answer
    began = time.monotonic()
    assert len(pair.endpoint.select(SELECT)) == 0
    assert least <= time.monotonic() - began < most


def test_a_dropped_connection_is_asked_again(pair: Pair) -> None:
    """Survive an endpoint that hangs up, before or within its answer."""

    def answer(handler: Handler, turn: int) -> None:
        if turn == 1:
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif turn == 2:
            handler.send_response(200)
            handler.send_header("Content-Type", RESULTS)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(ONE[:10])
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            handler.reply(ONE)

    pair.server.answer = answer
    assert len(pair.endpoint.select(SELECT)) == 1
    assert len(pair.server.asked) == 3


def test_nobody_there_is_told() -> None:
    """Say that the connection failed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    endpoint = Endpoint(f"http://127.0.0.1:{port}/", allow={"127.0.0.1"}, limits=QUICK)
    with pytest.raises(EndpointError, match=r"failed 3 times: the connection failed \(.*refused"):
        endpoint.select(SELECT)


@pytest.mark.parametrize("way", ["silent", "header", "trickle", "endless"])
def test_a_slow_endpoint_is_cut_at_the_deadline(way: str, pair: Pair) -> None:
    """Bound each attempt as a whole, however the endpoint spins it out, and do not ask again."""
    pair.limits = Limits(timeout=0.4, retries=2, pause=0.01)
    ended = threading.Event()

    def answer(handler: Handler, _: int) -> None:
        if way in {"trickle", "endless"}:
            handler.send_response(200)
            handler.send_header("Content-Type", RESULTS)
            if way == "trickle":
                handler.send_header("Content-Length", "100000")
            else:
                handler.close_connection = True
            handler.end_headers()
        elif way == "header":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not ended.wait(0.05):
            if way != "silent":
                handler.wfile.write(b" ")
                handler.wfile.flush()

    pair.server.answer = answer
    began = time.monotonic()
    with pytest.raises(EndpointError, match=r"did not answer within 0\.4 seconds"):
        pair.endpoint.select(SELECT)
    ended.set()
    assert time.monotonic() - began < 1.5
    assert len(pair.server.asked) == 1


@pytest.mark.parametrize("length", [True, False])
def test_a_huge_answer_is_cut_at_the_limit(
    length: bool,  # noqa: FBT001  # what is tested
    pair: Pair,
) -> None:
    """Stop reading at the limit, whether the length was told or not."""
    sent = []

    def answer(handler: Handler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", RESULTS)
        if length:
            handler.send_header("Content-Length", str(10**9))
        handler.close_connection = True
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b" " * 100_000)
            sent.append(1)

    pair.server.answer = answer
    with pytest.raises(EndpointError, match="more than 100000 bytes"):
        pair.endpoint.select(SELECT)
    assert len(sent) < 1_000
    assert len(pair.server.asked) == 1


def test_an_answer_of_just_the_limit_is_taken(pair: Pair) -> None:
    """Take what is not above the limit."""
    body = EMPTY + b" " * (QUICK.max_bytes - len(EMPTY))
    pair.server.answer = lambda handler, _: handler.reply(body)
    assert len(pair.endpoint.select(SELECT)) == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, pair: Pair) -> None:
    """Say where it leads and ask nobody there, be it on the same machine."""
    other = Server()
    thread = threading.Thread(target=other.serve_forever, args=(0.01,))
    thread.start()
    try:
        pair.server.answer = lambda handler, _: handler.reply(
            b"", "text/plain", status, Location=other.url
        )
        with pytest.raises(EndpointError, match=f"redirects to {other.url}, which is not followed"):
            pair.endpoint.select(SELECT)
    finally:
        other.shutdown()
        thread.join()
        other.server_close()
    assert other.asked == []


def test_an_inner_address_is_refused_before_anything_is_sent(pair: Pair) -> None:
    """Refuse this machine unless it was named."""
    with pytest.raises(ForbiddenError, match=r"127\.0\.0\.1 is at the inner address"):
        Endpoint(pair.server.url).select(SELECT)
    assert pair.server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",  # noqa: S104  # refused, not bound
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_name_with_any_inner_address_is_refused(
    address: str, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check all addresses of a name: one inner address among public ones is enough."""
    addresses = ["93.184.215.14"]
    addresses.insert(place, address)

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", never)
    with pytest.raises(ForbiddenError, match="inner address"):
        Endpoint("http://data.example/sparql").select(SELECT)


def never(*_: object) -> None:
    """Stand in for what must not happen."""
    raise AssertionError("a connection was opened")


def test_a_name_is_resolved_once_and_its_checked_address_used(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave no second look-up that could be answered otherwise."""
    looked_up = []
    port = pair.server.server_port

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    endpoint = Endpoint(
        f"http://graph.example:{port}/sparql", allow={"Graph.Example"}, limits=QUICK
    )
    assert len(endpoint.select(SELECT)) == 1
    assert looked_up == ["graph.example"]
    assert pair.server.asked[0].headers["host"] == f"graph.example:{port}"


def test_an_unknown_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that the name leads nowhere, without trying again."""
    tries = []

    def resolve(*_: object, **__: object) -> None:
        tries.append(1)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(EndpointError, match=r"the host of http://no\.example/ is not known"):
        Endpoint("http://no.example/", limits=QUICK).select(SELECT)
    assert len(tries) == 1


def test_proxies_of_the_environment_are_not_used(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Go straight, since the address behind a proxy cannot be checked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert len(pair.endpoint.select(SELECT)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.example/sparql",
        "file:///etc/passwd",
        "ftp://graph.example/",
        "http://",
        "http://user:secret@graph.example/",
        "http://graph.example/?query=x",
        "http://graph.example/#x",
        "http://graph.example:port/",
        "http://[::1/",
        "http://graph.example/a b",
        "http://graph.example/\r\nX: y",
        "http://õ.example/",
    ],
)
def test_only_plain_web_addresses_are_endpoints(url: str) -> None:
    """Refuse what is no http(s) address of an endpoint."""
    with pytest.raises(ForbiddenError, match="no address of an endpoint"):
        Endpoint(url)


@pytest.fixture
def secure(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Pair, Path]:
    """Put the server behind TLS under the name graph.example."""
    file = tmp_path / "certificate.pem"
    file.write_text(CERTIFICATE, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    pair.server.socket = context.wrap_socket(
        pair.server.socket, server_side=True, do_handshake_on_connect=False
    )
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", pair.server.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    return pair, file


def test_https_is_spoken_with_the_name_of_the_host(
    secure: tuple[Pair, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take an answer under TLS where the certificate is trusted and of that name."""
    pair, file = secure
    trusting = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    port = pair.server.server_port
    names = {"graph.example", "other.example"}
    endpoint = Endpoint(f"https://graph.example:{port}/sparql", allow=names, limits=QUICK)
    assert len(endpoint.select(SELECT)) == 1
    other = Endpoint(f"https://other.example:{port}/sparql", allow=names, limits=QUICK)
    with pytest.raises(EndpointError, match=r"certificate of https://other\.example"):
        other.select(SELECT)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[Pair, Path]) -> None:
    """Send no query to a host that cannot prove its name, and do not insist."""
    pair, _ = secure
    endpoint = Endpoint(
        f"https://graph.example:{pair.server.server_port}/", allow={"graph.example"}, limits=QUICK
    )
    with pytest.raises(EndpointError, match="is not valid"):
        endpoint.select(SELECT)
    assert pair.server.asked == []


def test_a_silent_server_is_cut_in_the_handshake() -> None:
    """Hold the deadline before the first byte of TLS, too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = Endpoint(
            f"https://127.0.0.1:{silent.getsockname()[1]}/",
            allow={"127.0.0.1"},
            limits=Limits(timeout=0.3, retries=2, pause=0.01),
        )
        began = time.monotonic()
        with pytest.raises(EndpointError, match="did not answer within"):
            endpoint.select(SELECT)
    assert time.monotonic() - began < 1.0


def test_a_server_that_speaks_no_tls_is_told(pair: Pair) -> None:
    """Say that the connection failed where https is asked of an http server."""
    endpoint = Endpoint(
        pair.server.url.replace("http:", "https:"), allow={"127.0.0.1"}, limits=QUICK
    )
    with pytest.raises(EndpointError, match="the connection failed"):
        endpoint.select(SELECT)
    assert pair.server.asked == []
