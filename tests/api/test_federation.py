"""SERVICE between two of our own servers, and what it must not reach."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.settings import Settings
from graph.addresses import check_resolved
from graph.errors import EndpointError, ForbiddenError
from tests.api.odd import publish_odd
from tests.api.test_wire import Reply, Server, get, read, serve

NAMES = "SELECT ?name { SERVICE <%s> { <http://localhost:8000/id/country/EE> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } } ORDER BY ?name"  # noqa: E501


def ask(server: Server, query: str) -> Reply:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as connection:
        connection.sendall(get(query))
        return read(connection)


@pytest.fixture(scope="module")
def far(release_home: Path) -> Iterator[Server]:
    with serve(Settings(home=release_home, access_log="off")) as server:
        yield server


def test_one_server_asks_another_where_that_is_allowed(far: Server, tmp_path: Path) -> None:
    publish_odd(tmp_path)
    endpoint = f"http://127.0.0.1:{far.port}/sparql"
    allowed = Settings(home=tmp_path, service_allow=frozenset({endpoint}), access_log="off")
    with serve(allowed) as near:
        reply = ask(near, NAMES % endpoint)
        names = [row["name"]["value"] for row in json.loads(reply.body)["results"]["bindings"]]
        assert "Eesti" in names
        direct = ask(far, (NAMES % endpoint).replace(f"SERVICE <{endpoint}>", ""))
        assert json.loads(direct.body) == json.loads(reply.body)
        # Nothing that another server says is remembered.
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
        refused = ask(near, NAMES % f"http://127.0.0.1:{far.port}/other")
        assert refused.status == 403
    with serve(Settings(home=tmp_path, access_log="off")) as near:
        assert ask(near, NAMES % endpoint).status == 403


def test_a_far_server_that_takes_too_long_does_not_hold_a_worker(tmp_path: Path) -> None:
    publish_odd(tmp_path)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings = Settings(
            home=tmp_path,
            service_allow=frozenset({endpoint}),
            query_seconds=0.5,
            access_log="off",
        )
        with serve(settings) as near:
            assert ask(near, NAMES % endpoint).status == 504
            assert ask(near, "ASK {}").status == 200


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host == "unknown.example":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        inner = {"public.example": "93.184.216.34", "rebound.example": "10.0.0.7"}[host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (inner, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    check_resolved("https://public.example/sparql")
    check_resolved("http://127.0.0.1:9/sparql")
    check_resolved("http://[::1]/sparql")
    check_resolved("http://localhost:8000/sparql")
    with pytest.raises(ForbiddenError, match="inner address"):
        check_resolved("https://rebound.example/sparql")
    with pytest.raises(EndpointError, match="cannot be found"):
        check_resolved("https://unknown.example/sparql")
