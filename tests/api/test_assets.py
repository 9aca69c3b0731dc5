"""What is built for browsers: found where it is, done without where it is not, sent compressed."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import assets
from api.assets import Built, Bundle, bundle, static

SCRIPT = b"export const answer = 42;\n" * 20


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Give a folder as a build leaves it."""
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "editor-ABCDEFG1.js").write_bytes(SCRIPT)
    (folder / "editor-ABCDEFG1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "editor-ABCDEFG1.js.br").write_bytes(b"brotli")
    names = {
        "editor": {
            "script": "editor-ABCDEFG1.js",
            "style": "editor-ABCDEFG2.css",
            "parts": ["part-ABCDEFG3.js"],
        }
    }
    (folder / "manifest.json").write_text(json.dumps(names))
    return folder


@pytest.fixture
def files(built: Path) -> TestClient:
    """Serve the folder."""
    app = FastAPI()
    app.mount("/static/built", Built(directory=built))
    return TestClient(app)


def test_a_bundle_is_named_by_its_manifest(built: Path) -> None:
    named = bundle("editor", built)
    assert named == Bundle(
        "/static/built/editor-ABCDEFG1.js",
        "/static/built/editor-ABCDEFG2.css",
        ("/static/built/part-ABCDEFG3.js",),
    )


def test_a_bundle_that_was_not_built_is_none(built: Path) -> None:
    assert bundle("network", built) is None


def test_there_is_no_bundle_where_nothing_is_built(tmp_path: Path) -> None:
    assert bundle("editor", tmp_path / "nothing") is None


def test_a_file_named_by_its_content_is_kept_for_ever(files: TestClient) -> None:
    answer = files.get("/static/built/editor-ABCDEFG1.js", headers={"accept-encoding": "identity"})
    assert answer.content == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in answer.headers


def test_other_files_are_not_kept_for_ever(files: TestClient) -> None:
    assert "immutable" not in files.get("/static/built/manifest.json").headers.get(
        "cache-control", ""
    )


def test_a_file_is_sent_compressed_to_whoever_takes_it(files: TestClient) -> None:
    answer = files.get("/static/built/editor-ABCDEFG1.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == SCRIPT


def test_a_coding_that_is_refused_is_not_sent(files: TestClient) -> None:
    headers = {"accept-encoding": "br;q=0, gzip"}
    answer = files.get("/static/built/editor-ABCDEFG1.js", headers=headers)
    assert answer.headers["content-encoding"] == "gzip"


def test_the_page_is_a_plain_form_where_nothing_is_built(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    answer = client.get("/sparql", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "<textarea" in answer.text
    assert "<script" not in answer.text


def test_the_page_loads_the_editor_where_it_is_built(
    client: TestClient, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "BUILT", built)
    page = client.get("/sparql", headers={"accept": "text/html"}).text
    assert '<script type="module" src="/static/built/editor-ABCDEFG1.js"></script>' in page
    data = page.partition('id="editor-data">')[2].partition("</script>")[0]
    assert json.loads(data)["prefixes"]["skos"] == "http://www.w3.org/2004/02/skos/core#"


def test_a_file_of_pages_is_kept_for_ever_by_the_hash_of_its_content(client: TestClient) -> None:
    address = static("style.css")
    assert re.fullmatch(r"/static/style\.css\?h=[0-9a-f]{8}", address)
    kept = client.get(address)
    assert kept.status_code == 200
    assert "immutable" in kept.headers["cache-control"]
    for other in ("/static/style.css", "/static/style.css?h=00000000", f"{address}&x=1"):
        assert client.get(other).headers["cache-control"] == "no-cache"
        again = {"if-none-match": client.get(other).headers["etag"]}
        assert client.get(other, headers=again).status_code == 304
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/static/../app.py").status_code == 404


def test_every_file_that_a_page_loads_has_its_hash(client: TestClient) -> None:
    for path in ("/", "/find", "/page/consortium/esia"):
        loaded = re.findall(r'(?:href|src)="(/static/[^"]*)"', client.get(path).text)
        assert loaded
        for address in loaded:
            assert "immutable" in client.get(address).headers["cache-control"], address
