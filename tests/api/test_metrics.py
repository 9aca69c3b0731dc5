"""What is counted, read by the official parser, in one process and over several."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.app import create_app
from api.metrics import MEDIA_TYPE, Metrics
from api.settings import Settings

CHILD = """
import os, sys
from pathlib import Path
from api.metrics import Metrics
metrics = Metrics(Path(sys.argv[1]))
metrics.observe_request("sparql", "GET", 200, 0.2, 50)
metrics.count("cache_hits", 3)
metrics.gauge("workers", 4)
metrics.gauge("release_number", 7)
print("ready", flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def _families(text: str | bytes) -> dict[str, Metric]:
    told = text.decode() if isinstance(text, bytes) else text
    return {family.name: family for family in text_string_to_metric_families(told)}


def _value(text: str | bytes, sample: str, **labels: str) -> float:
    found = [
        item.value
        for family in _families(text).values()
        for item in family.samples
        if item.name == sample and labels.items() <= item.labels.items()
    ]
    return sum(found)


@pytest.fixture
def counted(release_home: Path) -> Iterator[TestClient]:
    """Ask a service of which nothing is counted yet."""
    app = create_app(Settings(home=release_home, access_log="off"))
    with TestClient(app, follow_redirects=False) as client:
        yield client


def test_requests_are_counted_by_group_method_and_status(counted: TestClient) -> None:
    counted.get("/sparql?query=ASK{}")
    counted.head("/id/consortium/esia")
    counted.get("/wp-login.php")
    counted.request("BREW", "/sparql")
    counted.get("/sparql?query=x")
    answer = counted.get("/metrics")
    assert answer.headers["content-type"] == MEDIA_TYPE
    requests = {
        (item.labels["group"], item.labels["method"], item.labels["status"]): item.value
        for item in _families(answer.text)["sikg_requests"].samples
    }
    assert requests == {
        ("sparql", "GET", "200"): 1,
        ("id", "HEAD", "303"): 1,
        ("other", "GET", "404"): 1,
        ("sparql", "other", "405"): 1,
        ("sparql", "GET", "400"): 1,
    }
    assert _value(answer.text, "sikg_request_seconds_count", group="sparql") == 3
    assert _value(answer.text, "sikg_request_seconds_bucket", group="sparql", le="+Inf") == 3


def test_bytes_of_bodies_are_counted(counted: TestClient) -> None:
    sizes = [len(counted.get(path).content) for path in ("/data/consortium/esia", "/data/x/y")]
    text = counted.get("/metrics").text
    assert _value(text, "sikg_response_bytes_total", group="data") == sum(sizes) > 0


def test_nothing_of_a_request_becomes_a_label(counted: TestClient) -> None:
    planted = "planted12345"
    counted.get(f"/{planted}?{planted}={planted}", headers={"x-request-id": planted})
    counted.request(planted.upper(), f"/data/{planted}/{planted}")
    assert planted not in counted.get("/metrics").text.lower()


def test_the_cache_and_the_release_are_told(counted: TestClient) -> None:
    for _ in range(3):
        counted.get("/data/consortium/esia")
    text = counted.get("/metrics").text
    assert _value(text, "sikg_cache_misses_total") == 1
    assert _value(text, "sikg_cache_hits_total") == 2
    assert _value(text, "sikg_cache_bytes") > 1000
    assert _value(text, "sikg_cache_answers") == 1
    assert _value(text, "sikg_release_number") == 1
    assert _value(text, "sikg_release_statements") > 10_000
    assert _value(text, "sikg_release_created_seconds") > 1.7e9


def test_a_process_without_a_folder_says_that_it_tells_of_itself(counted: TestClient) -> None:
    assert _value(counted.get("/metrics").text, "sikg_processes", scope="process") == 1


def test_queries_and_writes_are_told_by_outcome() -> None:
    metrics = Metrics()
    metrics.observe_query("timed_out", 2.0)
    metrics.observe_query("timed_out", 70.0)
    metrics.observe_query("answered", 0.0)
    metrics.count("writes_refused")
    text = metrics.text()
    assert _value(text, "sikg_query_seconds_count", outcome="timed_out") == 2
    assert _value(text, "sikg_query_seconds_sum", outcome="timed_out") == 72
    assert _value(text, "sikg_query_seconds_bucket", outcome="timed_out", le="2.5") == 1
    assert _value(text, "sikg_query_seconds_bucket", outcome="answered", le="0.0005") == 1
    assert _value(text, "sikg_writes_total", outcome="refused") == 1


def _child(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def _kill(child: subprocess.Popen[str]) -> None:
    child.communicate()
    assert child.returncode == -9


def test_one_process_tells_of_all_and_forgets_no_count_of_one_that_was_killed(
    tmp_path: Path,
) -> None:
    own = Metrics(tmp_path)
    own.observe_request("sparql", "GET", 200, 0.001, 5)
    own.gauge("workers", 2)
    own.gauge("release_number", 6)
    children = [_child(tmp_path), _child(tmp_path)]
    during = own.text()
    for child in children:
        _kill(child)
    after = own.text()
    assert [_value(text, "sikg_processes", scope="server") for text in (during, after)] == [3, 1]
    assert [_value(text, "sikg_workers") for text in (during, after)] == [10, 2]
    assert [_value(text, "sikg_release_number") for text in (during, after)] == [7, 6]
    for text in (during, after):
        assert _value(text, "sikg_requests_total") == 3
        assert _value(text, "sikg_cache_hits_total") == 6
        assert _value(text, "sikg_response_bytes_total") == 105


def test_a_new_process_counts_on_in_the_file_of_one_that_ended(tmp_path: Path) -> None:
    _kill(_child(tmp_path))
    follower = Metrics(tmp_path)
    follower.count("cache_hits")
    assert len(list(tmp_path.iterdir())) == 1
    assert _value(follower.text(), "sikg_cache_hits_total") == 4
    assert _value(follower.text(), "sikg_workers") == 0


def test_files_of_another_version_are_passed_by(tmp_path: Path) -> None:
    Metrics(tmp_path).count("cache_hits")
    (made,) = tmp_path.iterdir()
    (tmp_path / f"{made.name.split('-')[0]}-9.counts").write_bytes(b"\x01" * 8)
    (tmp_path / "0123456789ab-0.counts").write_bytes(b"\x01" * 80)
    assert _value(Metrics(tmp_path).text(), "sikg_cache_hits_total") == 1
