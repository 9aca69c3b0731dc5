"""The federated query tests, against endpoints of our own on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from graph.engine import Query
from graph.formats import RESULT_FORMATS
from graph.store import Store, new_buffer
from tests.conformance.comparing import same_table
from tests.conformance.loading import NQUADS, always, store_of
from tests.conformance.manifests import Documents, Entry
from tests.conformance.results import Table, read_json
from tests.conformance.test_query_suite import expected_of, query_of

_JSON = RESULT_FORMATS[0]


class _Endpoint(BaseHTTPRequestHandler):
    """Answers a query that is sent as the body of a POST request."""

    stores: dict[str, Store]

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["content-length"])).decode("utf-8")
        store = self.stores.get(self.path)
        if store is None:
            self.send_error(404)
            return
        _, body = store.answer(Query(query), always(_JSON))
        self.send_response(200)
        self.send_header("content-type", _JSON.media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name it has
        """Say nothing."""


@contextmanager
def endpoints(stores: dict[str, Store]) -> Iterator[str]:
    """Serve each store at its path; gives the address before the paths."""

    class Handler(_Endpoint):
        pass

    Handler.stores = stores
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _here(entry: Entry, base: str) -> dict[str, str]:
    """Give for each endpoint that a test names one of ours."""
    named = [address for address, _ in entry.services]
    return {
        "http://invalid.endpoint.org/sparql": f"{base}/none",
        **{address: f"{base}/{place}" for place, address in enumerate(named)},
    }


def _rewritten(text: str, places: dict[str, str]) -> str:
    for address, place in places.items():
        text = text.replace(address, place)
    return text


@pytest.mark.suite("FederatedQueryTest")
def test_a_federated_query_has_the_answer_of_the_suite(entry: Entry) -> None:
    stores = {
        f"/{place}": store_of(Documents(data)) for place, (_, data) in enumerate(entry.services)
    }
    with endpoints(stores) as base:
        places = _here(entry, base)
        buffer = new_buffer()
        store_of(entry.data).dump(buffer, NQUADS)
        store = Store.in_memory()
        store.load(_rewritten(buffer.getvalue().decode(), places).encode(), NQUADS)
        query = _rewritten(query_of(entry).text, places)
        _, body = store.answer(Query(query), always(_JSON))
    back = {place: address for address, place in places.items()}
    found, expected = read_json(_rewritten(body.decode(), back).encode()), expected_of(entry)
    assert isinstance(found, Table)
    assert isinstance(expected, Table)
    assert same_table(expected, found), (expected, found)
