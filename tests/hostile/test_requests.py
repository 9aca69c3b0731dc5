"""Requests that are broken, contradictory, or meant to be read as something else."""

from __future__ import annotations

import json

import pytest

from tests.hostile.conftest import NAME, POINT, PROBLEM, Server, encoded

PLANTED = "X-Planted"
CHUNKED = b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked"


def _request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    told = (b"Host: localhost", b"Connection: close", *headers)
    return b"\r\n".join((line, *told, b"", body))


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "target",
    [
        b"/sparql?query=%FF%FE",
        b"/sparql?query=ASK%7B%7D&default-graph-uri=%C0%AF",
        b"/id/organisation/%FF",
        b"/data/organisation/%C3%28",
        b"/page/organisation/%ED%A0%80",
        b"/api/v1/organisation?q=%FF",
        b"/api/v1/search?q=%C0%80",
        b"/api/v1/organisation/%F5",
        b"/search?q=%FF%00",
        b"/browse/organisation?q=%FE",
        b"/queries/%FF",
        b"/maps/%FF",
        b"/%FF",
        b"/static/%FF",
        b"/static/%00",
        b"/static/..%2f..%2fsettings.py",
        b"/api/v1/organisation?%FF=1",
        b"/sparql?query=%",
        b"/sparql?query=%zz",
        b"/graph-store?graph=%FF",
    ],
)
def test_broken_encodings_are_told_or_passed_by(well: Server, target: bytes) -> None:
    for accept in (b"*/*", b"text/html", b"text/turtle"):
        answer = well.send(_request(b"GET " + target + b" HTTP/1.1", b"Accept: " + accept))
        assert _status(answer) in {200, 301, 303, 400, 401, 403, 404, 406}


@pytest.mark.parametrize(
    "body",
    [
        b"ASK { ?s ?p '\xff' }",
        b"\xed\xa0\x80",
        b"\x00",
        b"ASK{}\x00",
        b"\xfe\xff\x00A",
        b"\xef\xbb\xbfASK{}",
    ],
)
def test_queries_that_are_no_utf_8_are_told(well: Server, body: bytes) -> None:
    length = b"Content-Length: %d" % len(body)
    kind = b"Content-Type: application/sparql-query"
    answer = well.send(_request(b"POST /sparql HTTP/1.1", length, kind, body=body))
    assert _status(answer) in {200, 400}
    if b"\xff" in body or b"\xed" in body:
        assert _status(answer) == 400


@pytest.mark.parametrize(
    "header",
    [
        b"Accept: \xff\xfe/\x80",
        b"Accept: " + b"a/b;q=0.1," * 5000,
        b'Accept: "' + b"\\" * 5000,
        b"Accept-Language: \xff, " + b"x-" * 3000,
        b"If-None-Match: " + b'W/"' * 10_000,
        b"X-Request-ID: \xff\xfe",
        b"Traceparent: 00-\xff",
        b"Content-Type: \xff",
        b"Authorization: Bearer \xff\xff",
        b"Content-Length: 0",
        b"Range: bytes=5-2,\xff",
        b"Expect: 100-continue",
        b"Origin: \xff",
        b"Access-Control-Request-Method: \xff",
        b"Cookie: \xff=\xff",
        b"Transfer-Encoding: identity",
        b"Upgrade: websocket\r\nConnection: Upgrade",
    ],
)
def test_broken_headers_do_no_harm(well: Server, header: bytes) -> None:
    for path in (b"/sparql?query=ASK%7B%7D", b"/data/consortium/esia", b"/api/v1/releases", b"/"):
        answer = well.send(_request(b"GET " + path + b" HTTP/1.1", header))
        assert _status(answer) in {200, 400, 403, 406, 413, 431, 501}


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  /  HTTP/1.1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //x.example/%2e%2e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}",
        CHUNKED + b"\r\nContent-Length: 5\r\n\r\nASK{}",
        CHUNKED + b"\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx",
        CHUNKED + b"\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_request_is_refused(well: Server, request_: bytes) -> None:
    with well.connect() as opened:
        opened.sendall(request_)
        opened.shutdown(1)
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    assert not answer or _status(answer) in {200, 303, 400, 404, 405, 501, 505}
    assert b"Traceback" not in answer


def test_two_lengths_never_make_two_requests_of_one(well: Server) -> None:
    """What a server before this one reads as one request must not be read as two here."""
    hidden = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for lengths in (
        b"Content-Length: 0\r\nContent-Length: %d" % len(hidden),
        b"Content-Length: %d\r\nTransfer-Encoding: chunked" % len(hidden),
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ):
        request = b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n\r\n0\r\n\r\n" + hidden
        with well.connect() as opened:
            opened.sendall(request)
            opened.shutdown(1)
            answer = b"".join(iter(lambda: opened.recv(65536), b""))
        assert b'"status":"ok"' not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=ASK{}&query=SELECT",
        "/sparql?query=ASK{}&format=json&format=xml",
        "/api/v1/organisation?country=EE&country=LV",
        "/api/v1/organisation?limit=5&limit=6",
        "/api/v1/search?q=a&q=b",
        "/api/v1/queries/conflicts?format=csv&format=json",
        "/find?q=a&q=b",
        "/ontology?format=turtle&format=xml",
    ],
)
def test_repeated_parameters_are_refused(well: Server, path: str) -> None:
    said = well.ask(path)
    assert said.status == 400
    assert said.headers["content-type"] == PROBLEM


def test_a_query_in_address_and_body_is_refused(well: Server) -> None:
    data = f"query={encoded(POINT)}".encode()
    said = well.ask(f"/sparql?query={encoded('ASK{}')}", data)
    assert said.status == 400
    assert "2 times" in said.document["detail"]


def test_a_thousand_parameters_are_refused_or_read_once(well: Server) -> None:
    many = "&".join(f"p{number}=x" for number in range(5000))
    for path in ("/sparql?", "/api/v1/organisation?", "/search?"):
        assert well.ask(path + many).status == 400


@pytest.mark.parametrize("planted", ["%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D"])
@pytest.mark.parametrize(
    "path",
    [
        "/id/organisation/x{}",
        "/id/consortium/esia?format=turtle{}",
        "/id/consortium/esia{}",
        "/data/organisation/x{}",
        "/page/organisation/x{}",
        "/api/v1/organisation?limit=1&q={}",
        "/api/v1/organisation?limit=1&lang={}",
        "/api/v1/queries/conflicts?format={}",
        "/browse/organisation?q={}",
        "/search?q={}",
        "/maps/{}",
        "/sparql?query=ASK{{}}&format={}",
        "/sparql?query={}",
        "/nothing{}",
        "/static/{}",
        "/context.jsonld{}",
    ],
)
def test_no_parameter_becomes_a_header(server: Server, path: str, planted: str) -> None:
    target = path.format(f"{planted}{PLANTED}:%201{planted}{planted}%3Cb%3E")
    for accept in (b"*/*", b"text/html", b"text/turtle"):
        line = b"GET " + target.encode() + b" HTTP/1.1"
        answer = server.send(_request(line, b"Accept: " + accept))
        head, _, body = answer.partition(b"\r\n\r\n")
        names = [row.partition(b":")[0].strip().lower() for row in head.splitlines()[1:]]
        assert PLANTED.lower().encode() not in names
        assert _status(answer) < 500
        if b"text/html" in head.lower():
            assert b"<b>" not in body


def test_a_header_of_a_client_never_splits_an_answer(well: Server) -> None:
    header = b"X-Request-ID: abcdefgh\r\x0bX-Planted: 1"
    answer = well.send(_request(b"GET /health HTTP/1.1", header))
    assert b"x-planted" not in answer.partition(b"\r\n\r\n")[0].lower()


def test_large_bodies_and_addresses_are_refused_before_they_are_read(well: Server) -> None:
    with well.connect() as opened:
        opened.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 50000000000\r\n\r\n"
        )
        answer = opened.recv(65536)
    assert _status(answer) == 413
    endless = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    endless += b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 20
    assert _status(well.send(endless)) == 413
    long = well.send(_request(b"GET /sparql?query=" + b"a" * 1_000_001 + b" HTTP/1.1"))
    assert _status(long) in {400, 413, 414}
    headers = well.send(_request(b"GET / HTTP/1.1", *[b"X-%d: y" % n for n in range(200_000)]))
    assert _status(headers) == 431


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "POST", "TRACE", "BREW"])
def test_other_methods_change_nothing(well: Server, method: str) -> None:
    for path in ("/", "/health", "/id/a/b", "/data/a/b", "/api/v1/organisation", "/maps"):
        line = f"{method} {path} HTTP/1.1".encode()
        answer = well.send(_request(line, b"Content-Length: 2", body=b"xx"))
        assert _status(answer) in {400, 401, 403, 405}


def test_requests_in_a_row_are_answered_in_their_order(well: Server) -> None:
    """Also where quick and ordinary ways alternate on one connection."""
    point = f"/sparql?query={encoded(POINT)}".encode()
    paths = [b"/health", point, b"/sparql?query=x", b"/data/a/b", point, b"/ready"] * 5
    rows = [b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n" for path in paths]
    rows[-1] = _request(b"GET /ready HTTP/1.1")
    with well.connect() as opened:
        opened.sendall(b"".join(rows))
        received = b"".join(iter(lambda: opened.recv(65536), b""))
    told = [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]
    assert told == [200, 200, 400, 404, 200, 200] * 5
    assert received.count(NAME.encode()) == 10


def test_problems_name_what_was_asked_without_repeating_all_of_it(well: Server) -> None:
    said = well.ask("/" + "x" * 5000)
    assert said.status == 404
    assert len(json.dumps(said.document)) < 1500
