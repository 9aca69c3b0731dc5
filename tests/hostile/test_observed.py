"""What a running server tells of itself: all its processes together, and lines of JSON."""

from __future__ import annotations

import json

from tests.hostile.conftest import ENDLESS, NAME, Serve, encoded

PLANTED = "s3cr3tPlanted"


def test_one_scrape_tells_of_all_processes(serve: Serve) -> None:
    server = serve(workers=3)
    before = server.metric('sikg_requests_total{group="data",method="GET",status="200"}')
    for _ in range(60):  # over connections of their own, which the processes share among them
        assert server.ask("/data/consortium/esia").status == 200
    told = {
        server.metric('sikg_requests_total{group="data",method="GET",status="200"}')
        for _ in range(20)
    }
    assert told == {before + 60}
    assert server.metric('sikg_processes{scope="server"}') == 3
    assert server.metric("sikg_release_number") == 1


def test_all_lines_of_the_log_are_documents_without_secrets(serve: Serve) -> None:
    server = serve(query_seconds=1, slow_seconds=0.5, access_log="address")
    secret = {"authorization": f"Bearer {PLANTED}", "cookie": f"session={PLANTED}"}
    server.ask(f"/sparql?query={encoded('ASK{}')}&access_token={PLANTED}", None, **secret)
    server.ask(f"/api/v1/organisation?access_token={PLANTED}", None, **secret)
    server.query(f"{ENDLESS} # {PLANTED}", x_request_id="request-1", **secret)
    server.query(f'INSERT DATA {{ <x:a> <x:b> "{PLANTED}" }}', **secret)
    server.ask(
        "/sparql",
        f'INSERT DATA {{ <x:a> <x:b> "{PLANTED}" }}'.encode(),
        content_type="application/sparql-update",
        **secret,
    )
    server.send(b"GARBAGE " + PLANTED.encode() + b"\r\n\r\n")
    assert server.wait_for(lambda: b'"event":"slow query"' in server.log.read_bytes())
    assert server.wait_for(lambda: b'"logger":"uvicorn.error"' in server.log.read_bytes())
    first, *lines = server.log.read_text().splitlines()
    assert first.startswith("Serving release 1")
    documents = [json.loads(line) for line in lines]
    assert {"request", "slow query", "log"} <= {document["event"] for document in documents}
    slow = [document for document in documents if document["event"] == "slow query"]
    assert [(item["outcome"], item["request"]) for item in slow] == [("timed_out", "request-1")]
    assert PLANTED not in "".join(lines)
    assert NAME in server.ask("/data/consortium/esia.jsonld").body.decode()
