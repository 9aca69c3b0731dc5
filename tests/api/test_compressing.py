"""Pages and answers travel compressed to those who read gzip, and as they are to all others."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.compressing import takes_gzip
from api.settings import Settings

PATHS = ("/page/consortium/esia", "/api/v1/networks/organisations", "/find?kind=practice")


@pytest.fixture(scope="module")
def web(release_home: Path) -> Iterator[TestClient]:
    """Serve the release."""
    with TestClient(create_app(Settings(home=release_home, access_log="off"))) as client:
        client.get("/ready")  # opens the release
        yield client


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_same_comes_shorter(web: TestClient, path: str, method: str) -> None:
    plain = web.get(path, headers={"accept-encoding": "identity"})
    for _ in range(2):  # made, and remembered
        with web.stream(method, path, headers={"accept-encoding": "br, gzip"}) as packed:
            raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["vary"]
        assert packed.headers["etag"] != plain.headers["etag"]
        length = int(packed.headers["content-length"])
        assert length < len(plain.content) / 2
        assert method == "HEAD" or (len(raw), gzip.decompress(raw)) == (length, plain.content)
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]


def test_what_is_known_is_not_sent_again(web: TestClient) -> None:
    first = web.get(PATHS[0], headers={"accept-encoding": "gzip"})
    again = {"accept-encoding": "gzip", "if-none-match": first.headers["etag"]}
    assert web.get(PATHS[0], headers=again).status_code == 304
    assert web.get(PATHS[0], headers={**again, "accept-encoding": "identity"}).status_code == 200


@pytest.mark.parametrize("path", ["/networks/organisations.png", "/api/v1/practice?limit=1"])
def test_pictures_and_short_answers_stay_as_they_are(web: TestClient, path: str) -> None:
    answer = web.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("gzip", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
        ("", False),
        ("x-gzip-like", False),
    ],
)
def test_a_client_says_what_it_reads(sent: str, taken: bool) -> None:  # noqa: FBT001  # a table
    assert takes_gzip(sent) is taken
