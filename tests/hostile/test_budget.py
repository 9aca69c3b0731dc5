"""The budget of a query holds, is told where it is passed, and leaves everyone else alone."""

from __future__ import annotations

import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hostile.conftest import ENDLESS, NAME, POINT, PROBLEM, Said, Serve, Server, encoded

ALL = "SELECT * { ?s ?p ?o }"
# Takes memory, and no step of it takes long.
GREEDY = "SELECT DISTINCT ?a ?d ?c ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f"


def _heavy(server: Server, number: int) -> Said:
    """Ask for what no worker has at hand: each time another query."""
    return server.query(f"{ENDLESS} # {number}")


def test_a_query_without_end_is_ended_and_told_so(well: Server) -> None:
    said = _heavy(well, 0)
    assert said.status == 504
    assert said.headers["content-type"] == PROBLEM
    assert said.document["type"] == "/problems#time-limit"
    assert "2 s (setting query_seconds)" in said.document["detail"]


def test_a_browser_gets_a_page_that_says_so(well: Server) -> None:
    said = well.ask(f"/sparql?query={encoded(ENDLESS)}", accept="text/html")
    assert said.status == 504
    assert "query_seconds" in said.body.decode()


def test_memory_has_a_limit_that_is_told(serve: Serve) -> None:
    server = serve(query_seconds=60, query_memory=60_000_000)
    said = server.query(GREEDY)
    assert said.status == 503
    assert said.headers["content-type"] == PROBLEM
    assert said.document["type"] == "/problems#memory-limit"
    assert "60 MB of memory (setting query_memory)" in said.document["detail"]
    server.check()


CUTS = {
    "application/sparql-results+json": re.compile(rb'"cut":\{"rows":10000,"limit":"result_rows"'),
    "application/sparql-results+xml": re.compile(rb"<!-- cut after 10000 rows by the limit"),
    "text/csv": None,
    "text/tab-separated-values": None,
}
GRAPHS = {
    "text/turtle": re.compile(rb"# cut after \d+ rows by the limit result_rows"),
    "application/n-triples": re.compile(rb"# cut after 10000 rows by the limit result_rows"),
    "application/rdf+xml": re.compile(rb"<!-- cut after \d+ rows by the limit result_rows"),
}


@pytest.mark.parametrize("media_type", [*CUTS, *GRAPHS])
def test_a_result_with_too_many_rows_says_that_it_is_cut(well: Server, media_type: str) -> None:
    graph = media_type in GRAPHS
    said = well.query("CONSTRUCT WHERE { ?s ?p ?o }" if graph else ALL, accept=media_type)
    assert said.status == 206
    assert said.headers["content-type"].startswith(media_type)
    assert re.fullmatch(r"rows=\d+; limit=result_rows", said.headers["sikg-cut"])
    assert "etag" not in said.headers
    mark = {**CUTS, **GRAPHS}[media_type]
    if mark is not None:
        assert mark.search(said.body)
    if media_type.endswith("results+json"):
        assert len(said.document["results"]["bindings"]) == 10_000
    elif media_type == "text/csv":
        assert len(said.body.splitlines()) == 10_001


def test_a_result_with_too_many_bytes_says_that_it_is_cut(serve: Serve) -> None:
    server = serve(result_bytes=200_000)
    said = server.query(ALL)
    assert said.status == 206
    assert said.headers["sikg-cut"].endswith("limit=result_bytes")
    assert 100_000 < len(said.body) < 240_000
    assert said.document["cut"]["limit"] == "result_bytes"
    assert len(said.document["results"]["bindings"]) == said.document["cut"]["rows"]
    graph = server.query("CONSTRUCT WHERE { ?s ?p ?o }", accept="application/n-triples")
    assert graph.status == 206
    assert graph.body.rstrip().splitlines()[-1].startswith(b"# cut after")
    server.check()


def test_point_lookups_are_answered_while_heavy_queries_run(serve: Serve) -> None:
    """Eight heavy queries without a pause, over the processors of any machine of today."""
    server = serve(workers=2, query_seconds=10, slow_workers=10, client_slow=10)
    ending = threading.Event()
    statuses: list[int] = []

    def press(number: int) -> None:
        while not ending.is_set():
            statuses.append(_heavy(server, number).status)

    with ThreadPoolExecutor(8) as pressing:
        running = [pressing.submit(press, number) for number in range(8)]
        try:
            assert server.wait_for(lambda: server.metric("sikg_workers_busy ") >= 8)
            for number in range(200):
                said = server.query(f"{POINT} # fair {number}")
                assert said.status == 200
                assert NAME in said.body.decode()
                assert server.ask("/data/consortium/esia").status == 200
        finally:
            ending.set()
        for one in running:
            one.result()
    assert set(statuses) == {504}


def test_one_client_may_ask_only_so_much_at_once(serve: Serve) -> None:
    server = serve(client_queries=3, query_seconds=3)
    with ThreadPoolExecutor(8) as asking:
        answers = list(asking.map(lambda number: _heavy(server, number), range(8)))
    refused = [said for said in answers if said.status == 429]
    assert len(refused) >= 5
    assert all("setting client_queries" in said.document["detail"] for said in refused)
    assert all(said.headers["content-type"] == PROBLEM for said in refused)
    assert server.metric('sikg_query_seconds_count{outcome="refused"}') == len(refused)
    server.check()


def test_a_client_that_goes_frees_its_worker(serve: Serve) -> None:
    """Long before the limit of time; a plain request and one that the framework answers."""
    server = serve(query_seconds=600, memory_quads=0)
    server.check()  # from now on there are workers that plain requests are handed to at once
    target = f"GET /sparql?query={encoded(ENDLESS)} HTTP/1.1\r\nHost: x\r\n".encode()
    opened = [server.connect(), server.connect()]
    opened[0].sendall(target + b"\r\n")
    opened[1].sendall(target + b"X-Request-ID: request-1\r\n\r\n")
    assert server.wait_for(lambda: server.metric("sikg_workers_busy ") == 2)
    for one in opened:
        one.close()
    assert server.wait_for(lambda: server.metric("sikg_workers_busy ") == 0)
    assert server.wait_for(lambda: not server.at_work())
    assert server.metric('sikg_query_seconds_count{outcome="cancelled"}') == 2
    server.check()


def test_a_worker_killed_in_mid_answer_is_told_and_replaced(serve: Serve) -> None:
    server = serve(query_seconds=600, memory_quads=0)
    with ThreadPoolExecutor(1) as asking:
        future = asking.submit(_heavy, server, 1)
        assert server.wait_for(lambda: server.metric("sikg_workers_busy ") == 1)

        def killed() -> bool:
            for pid in server.at_work():  # another may have been at work in its place
                os.kill(pid, signal.SIGKILL)
            return future.done()

        assert server.wait_for(killed)
        said = future.result()
    assert said.status in {500, 503}
    assert said.headers["content-type"] == PROBLEM
    assert server.metric('sikg_query_seconds_count{outcome="killed"}') == 1
    server.check()
    assert server.wait_for(lambda: server.metric("sikg_workers ") >= 2)


def test_a_process_that_is_killed_is_replaced(serve: Serve) -> None:
    """The clients of one process lose their connections; those of the other notice nothing."""
    server = serve(workers=2)
    before = _listening(server)
    assert len(before) == 2
    killed = min(before)
    os.kill(killed, signal.SIGKILL)

    def replaced() -> bool:
        after = _listening(server)
        try:
            # Until it is gone from the list it may still be dealt connections, which are reset.
            return (
                len(after) == 2
                and killed not in after
                and server.metric('sikg_processes{scope="server"}') == 2
            )
        except OSError:  # a connection that it had been dealt before it ended
            return False

    assert server.wait_for(replaced, 60)
    for _ in range(20):
        server.check()


def _listening(server: Server) -> set[int]:
    """Give the processes that take requests, as the kernel knows them now."""
    parent = server.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {int(pid) for pid in children if _listens(int(pid))}


def _listens(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it ended since the list was read
        return False
