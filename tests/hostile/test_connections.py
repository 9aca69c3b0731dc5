"""Clients that open connections and then take their time, by the thousand."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.hostile.conftest import Serve, Server, encoded, read_answer

MANY = 10_000
HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
ALL = "SELECT * { ?s ?p ?o }"


@contextmanager
def _files(number: int) -> Iterator[None]:
    """Let this process open so many files, or skip where the system allows no process to."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < number:
        pytest.skip(f"a process may open {most} files here, and {number} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, number), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))


def _is_closed(opened: socket.socket) -> bool:
    """Tell whether the server has closed a connection on which nothing is to be read."""
    opened.settimeout(0)
    try:
        return opened.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_ten_thousand_open_connections(serve: Serve) -> None:
    """Half of them idle, half in the middle of a head; all others are served meanwhile."""
    with _files(MANY + 500), ExitStack() as stack:
        server = serve(client_seconds=600)
        opened: list[socket.socket] = []
        for number in range(MANY):
            one = stack.enter_context(server.connect())
            if number % 2:
                one.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
            opened.append(one)
            if number % 500 == 0:
                server.check()
        for _ in range(20):
            server.check()
        assert not any(_is_closed(one) for one in opened[::100])
        for one in opened[1:2000:2]:
            one.settimeout(60)
            one.sendall(b"Connection: close\r\n\r\n")
        assert all(b" 200 OK" in read_answer(one) for one in opened[1:2000:2])
        server.check()
    server.check()


def test_heads_and_bodies_that_do_not_come_are_given_up(serve: Serve) -> None:
    server = serve(client_seconds=1)
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(4)]
        slow[1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        slow[2].sendall(HEAD + b"Content-Length: 1000\r\n\r\nASK")
        slow[3].sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n")
        waiting = list(slow)

        def all_closed() -> bool:
            for one in list(waiting):
                try:
                    one.settimeout(1)
                    # One more byte of a header, a body or the size of a chunk: that is no progress.
                    if one is not slow[0]:
                        one.sendall(b"1")
                except OSError:
                    waiting.remove(one)
                    continue
                if _is_closed(one):
                    waiting.remove(one)
            return not waiting

        assert server.wait_for(all_closed, 30)
    server.check()


def test_a_client_that_is_slow_but_moves_is_served(serve: Serve) -> None:
    """Nothing here takes as long as what is given up in the test above."""
    server = serve(client_seconds=600)
    with server.connect() as opened:
        query = b"ASK{}" + b" " * 40
        for byte in HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(query) + query:
            opened.sendall(bytes([byte]))
        assert b" 200 OK" in read_answer(opened)


def test_answers_that_nobody_takes_are_given_up(serve: Serve) -> None:
    server = serve(client_seconds=1)
    plain = f"GET /sparql?query={encoded(ALL)} HTTP/1.1\r\nHost: x\r\n".encode()
    with ExitStack() as stack:
        deaf = [stack.enter_context(server.connect(receive_buffer=4096)) for _ in range(4)]
        for number, one in enumerate(deaf):
            one.sendall(plain + (b"X-Request-ID: request-1\r\n\r\n" if number % 2 else b"\r\n"))

        def all_given_up() -> bool:
            return _connections(server) == 0

        assert server.wait_for(lambda: _connections(server) == 4)
        assert server.wait_for(all_given_up, 30)
    server.check()


def test_an_answer_that_is_taken_slowly_is_whole(serve: Serve) -> None:
    server = serve()
    with server.connect(receive_buffer=4096) as opened:
        request = f"GET /sparql?query={encoded(ALL)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        opened.sendall(request.encode() + b"Accept: text/csv\r\n\r\n")
        for _ in range(20):
            server.check()
        received = b"".join(iter(lambda: opened.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert b" 200 OK" in head
    assert b"content-length: %d" % len(body) in head.lower()
    assert len(body) > 1_000_000


def _connections(server: Server) -> int:
    """Count the connections that the server holds, from the kernel's table."""
    port = f":{server.port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:  # noqa: PTH123  # no file of ours
        rows = [row.split() for row in table.readlines()[1:]]
    return sum(row[1].endswith(port) and row[3] == "01" for row in rows)
