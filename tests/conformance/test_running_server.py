"""A running server says what the application says, also where it takes a shorter way."""

from __future__ import annotations

import re
import socket
from urllib.parse import quote

import httpx2
import pytest

from tests.conformance.serving import DATA

ASK = quote("ASK {}")
SELECT = quote("SELECT * WHERE { ?s ?p ?o }")
CONSTRUCT = quote("CONSTRUCT WHERE { ?s ?p ?o }")
_FORM = "application/x-www-form-urlencoded"
# Of a message alone, or of the server.
_OWN = {"date", "server", "x-request-id", "connection", "transfer-encoding"}
# A problem names its request.
_REQUEST = re.compile(rb'"request": ?"[^"]*"')

REQUESTS = [
    ("GET", f"/sparql?query={ASK}", {}, ""),
    ("GET", f"/sparql?query={SELECT}", {"accept": "text/csv"}, ""),
    ("GET", f"/sparql?query={SELECT}&format=xml", {"accept": "text/csv"}, ""),
    ("GET", f"/sparql?query={CONSTRUCT}", {"accept": "text/turtle"}, ""),
    ("GET", f"/sparql?query={SELECT}", {"accept": "text/turtle"}, ""),
    ("GET", f"/sparql?query={SELECT}", {"accept": ""}, ""),
    ("GET", f"/sparql?query={SELECT}&format=nonsense", {}, ""),
    ("GET", f"/sparql?query={SELECT}&default-graph-uri={quote(DATA, safe='')}g1", {}, ""),
    ("GET", f"/sparql?query={SELECT}&default-graph-uri=no%20iri", {}, ""),
    ("GET", f"/sparql?query={ASK}&query={ASK}", {}, ""),
    ("GET", f"/sparql?query={ASK}&other=1", {}, ""),
    ("GET", "/sparql?query=SELECT", {}, ""),
    ("GET", "/sparql?query=%FF", {}, ""),
    ("GET", "/sparql?query=ASK%7B%C3%A9%7D", {}, ""),
    ("GET", "/sparql?query=", {}, ""),
    ("GET", "/sparql?query=%zz", {}, ""),
    ("GET", "/sparql?QUERY=ASK%7B%7D", {}, ""),
    ("GET", "/sparql?update=CLEAR%20ALL", {}, ""),
    (
        "GET",
        f"/sparql?query={quote('SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }')}",
        {},
        "",
    ),
    ("GET", f"/sparql?query={ASK}", {"origin": "https://pages.example"}, ""),
    ("GET", f"/sparql?query={ASK}&release=1", {}, ""),
    ("GET", f"/sparql?query={ASK}&release=7", {}, ""),
    ("HEAD", f"/sparql?query={SELECT}", {}, ""),
    ("OPTIONS", f"/sparql?query={SELECT}", {}, ""),
    ("PUT", f"/sparql?query={SELECT}", {}, ""),
    ("POST", "/sparql", {"content-type": _FORM}, f"query={SELECT}"),
    ("POST", "/sparql", {"content-type": _FORM}, "query=SELECT"),
    ("POST", "/sparql", {"content-type": "application/sparql-query"}, "ASK {}"),
    ("POST", "/sparql", {"content-type": "application/sparql-query"}, "ASK {"),
    ("POST", "/sparql", {"content-type": "text/plain"}, "ASK {}"),
    ("POST", "/sparql", {"content-type": "application/sparql-update"}, "CLEAR ALL"),
]


@pytest.mark.parametrize(("method", "address", "headers", "body"), REQUESTS)
def test_the_server_says_what_the_application_says(
    within: httpx2.Client,
    running: httpx2.Client,
    method: str,
    address: str,
    headers: dict[str, str],
    body: str,
) -> None:
    first, second = (
        client.request(method, address, headers=headers, content=body)
        for client in (within, running)
    )
    assert second.status_code == first.status_code
    assert _REQUEST.sub(b"", second.content) == _REQUEST.sub(b"", first.content)
    told = [
        {name: value for name, value in answer.headers.items() if name not in _OWN}
        for answer in (first, second)
    ]
    if first.status_code >= 400:  # the length is that of the request's name, too
        told = [{**one, "content-length": ""} for one in told]
    assert told[1] == told[0]


def _exchange(client: httpx2.Client, sent: bytes, answers: int) -> list[bytes]:
    """Send bytes on one connection; gives the statuses of the answers."""
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        found: list[bytes] = []
        while len(found) < answers and (piece := connection.recv(65_536)):
            received += piece
            found = re.findall(rb"HTTP/1\.1 ([0-9]{3})", received)
    return found


def test_requests_on_one_connection_are_answered_in_their_order(running: httpx2.Client) -> None:
    """RFC 9112, 9.3.2: pipelined requests, some of which take the shorter way."""
    lines = [
        f"GET /sparql?query={ASK}",
        "GET /sparql?query=SELECT",
        "OPTIONS /sparql",
        f"GET /sparql?query={SELECT}",
        "DELETE /sparql",
        f"GET /sparql?query={quote('SELECT (RAND() AS ?x) {}')}",
        "GET /none",
        f"GET /sparql?query={ASK}",
    ]
    sent = "".join(f"{line} HTTP/1.1\r\nHost: localhost\r\n\r\n" for line in lines)
    expected = [b"200", b"400", b"204", b"200", b"405", b"200", b"404", b"200"]
    assert _exchange(running, sent.encode(), len(lines)) == expected


@pytest.mark.parametrize("cut", [1, 3, 10, 30, 60, 90])
def test_a_request_in_pieces_is_answered(running: httpx2.Client, cut: int) -> None:
    sent = (
        f"GET /sparql?query={ASK} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n".encode()
    )
    address = (running.base_url.host, running.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (sent[:cut], sent[cut:]):
            connection.sendall(piece)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET /sparql?query={ASK} HTTP/1.0\r\n",
        f"GET http://localhost/sparql?query={ASK} HTTP/1.1\r\nHost: localhost\r\n",
        f"GET /sparql?query={ASK} HTTP/1.1\r\nhOsT: localhost\r\naCCept:*/*\r\n",
        f"GET /sparql?query={ASK} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
        f"GET /sparql?query={ASK}#part HTTP/1.1\r\nHost: localhost\r\n",
    ],
)
def test_every_way_to_write_a_request_is_read(running: httpx2.Client, request_line: str) -> None:
    assert _exchange(running, f"{request_line}\r\n".encode(), 1) == [b"200"]
