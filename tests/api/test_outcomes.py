"""How queries end is counted and, where they were slow, logged with the id of their request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import BusyError, TooManyError
from api.outcomes import outcome_of
from api.settings import Settings
from api.tickets import Result
from graph.errors import (
    EndpointError,
    EngineError,
    LimitError,
    MemoryLimitError,
    NotAcceptableError,
    QueryError,
    StorageError,
    TimeLimitError,
)
from graph.results import Cut

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d) }"


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (Result("json", 0, b""), "answered"),
        (Result("json", 0, b"", Cut(1, "result_rows")), "cut"),
        (TimeLimitError(""), "timed_out"),
        (MemoryLimitError(""), "killed"),
        (EngineError(""), "killed"),
        (LimitError(""), "refused"),
        (BusyError(""), "refused"),
        (TooManyError(""), "refused"),
        (QueryError(""), "malformed"),
        (NotAcceptableError(""), "malformed"),
        (StorageError(""), "failed"),
        (EndpointError(""), "failed"),
        (ValueError(""), "failed"),
        (None, "cancelled"),
    ],
)
def test_each_end_has_a_name(ended: Result | Exception | None, outcome: str) -> None:
    assert outcome_of(ended) == outcome


def test_queries_are_counted_and_slow_ones_logged(
    release_home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=release_home, query_seconds=0.5, slow_seconds=0.4, access_log="off")
    with TestClient(create_app(settings)) as client:
        headers = {"x-request-id": "request-1"}
        statuses = [
            client.post("/sparql", data={"query": query}, headers=headers).status_code
            for query in ("ASK{}", "ASK{}", "ASK", ENDLESS)
        ]
        told = client.get("/metrics").text
    assert statuses == [200, 200, 400, 504]
    # The second was remembered, and asked of no worker.
    for outcome in ("answered", "malformed", "timed_out"):
        assert f'sikg_query_seconds_count{{outcome="{outcome}"}} 1' in told
    assert "sikg_workers_killed_total 1" in told
    assert 'sikg_query_seconds_bucket{outcome="timed_out",le="0.25"} 0' in told
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    (slow,) = [line for line in lines if line["event"] == "slow query"]
    assert slow["outcome"] == "timed_out"
    assert slow["request"] == "request-1"
    assert slow["seconds"] >= 0.4
    assert slow["shape"].startswith("SELECT ( COUNT ( * ) AS ?v1 ) { ?v2 ?v3 ?v4")
