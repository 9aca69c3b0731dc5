"""The catalogue, the dumps and what crawlers read, as a service gives them."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.dumps.checking import digest_of
from graph.identity import Identity
from graph.release import Releases
from ontology import PREFIXES
from tests.api.odd import BROWSER

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
STATEMENTS = "/dumps/1/statements.nq.gz"


@pytest.fixture(scope="module")
def dumping(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Ask a service whose dumps were made when the first of them was asked for."""
    home = tmp_path_factory.mktemp("dumping") / "home"
    shutil.copytree(release_home, home, copy_function=os.link)
    settings = Settings(home=home, address="https://example.org/graph/")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        assert client.get("/api/v1/dumps/latest").json()["made"] is False
        answer = client.get(STATEMENTS)
        for _ in range(10):  # on a busy machine it takes longer than a client waits
            if answer.status_code != 503:
                break
            assert answer.headers["retry-after"]
            answer = client.get(STATEMENTS)
        assert answer.status_code == 200, answer.text
        yield client


@pytest.mark.parametrize(
    ("path", "accept", "parser"),
    [
        ("/catalogue.ttl", "*/*", "turtle"),
        ("/catalogue", "application/ld+json", "json-ld"),
        ("/catalogue?format=rdf", BROWSER, "xml"),
    ],
)
def test_the_catalogue_is_given_in_formats_of_rdf(
    client: TestClient, path: str, accept: str, parser: str
) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.status_code == 200
    read = Graph().parse(data=answer.content, format=parser)
    (catalogue,) = read.subjects(RDF.type, DCAT.Catalog)
    assert catalogue == URIRef("http://localhost:8000/catalogue")
    assert '<http://data.europa.eu/r5r/>; rel="profile"' in answer.headers["link"]
    assert 'rel="alternate"' in answer.headers["link"]


def test_the_page_shows_sources_and_holds_what_search_engines_read(client: TestClient) -> None:
    text = client.get("/catalogue", headers={"accept": BROWSER}).text
    for source in client.get("/api/v1/releases/current").json()["sources"]:
        assert f'<a href="/page/source/{source["name"]}"' in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    document = json.loads(found[1])
    assert document["@type"] == "Dataset"
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert '<a href="/catalogue">Data</a>' in text


def test_other_suffixes_are_not_there(client: TestClient) -> None:
    assert client.get("/catalogue.docx").status_code == 404
    assert client.get("/ontology.docx").status_code == 404


def test_the_catalogue_tells_sizes_and_checksums_once_dumps_are_made(dumping: TestClient) -> None:
    read = Graph().parse(data=dumping.get("/catalogue.ttl").content, format="turtle")
    this = URIRef("http://localhost:8000/catalogue#1-statements.nq.gz")
    content = dumping.get(STATEMENTS).content
    assert int(str(read.value(this, DCAT.byteSize))) == len(content)
    checksum = read.value(this, URIRef("http://spdx.org/rdf/terms#checksum"))
    value = read.value(checksum, URIRef("http://spdx.org/rdf/terms#checksumValue"))
    assert str(value) == hashlib.sha256(content).hexdigest()
    assert str(read.value(this, DCAT.downloadURL)) == f"http://localhost:8000{STATEMENTS}"


def test_a_dump_has_the_digest_that_is_told(dumping: TestClient) -> None:
    listed = dumping.get("/api/v1/dumps/1").json()
    lines = gzip.decompress(dumping.get(STATEMENTS).content).splitlines(keepends=True)
    assert digest_of(iter(lines), Identity()) == listed["digest"]
    assert listed["made"] is True
    assert {item["holds"] for item in listed["items"]} == {"statements", "table", "network"}


def test_every_listed_file_is_there_with_its_checksum(dumping: TestClient) -> None:
    listed = dumping.get("/api/v1/dumps/1").json()["items"]
    sums = dumping.get("/dumps/1/SHA256SUMS").text
    for item in listed:
        content = dumping.get(item["address"]).content
        assert hashlib.sha256(content).hexdigest() == item["sha256"]
        assert f"{item['sha256']}  {item['name']}\n" in sums
    names = {item["name"] for item in listed}
    assert {"network-organisations.graphml", "network-organisations.gexf"} <= names


def test_a_download_is_taken_up_again(dumping: TestClient) -> None:
    whole = dumping.get(STATEMENTS)
    tag = whole.headers["etag"]
    rest = dumping.get(STATEMENTS, headers={"range": "bytes=1000-", "if-range": tag})
    assert rest.status_code == 206
    assert whole.content[:1000] + rest.content == whole.content
    changed = dumping.get(STATEMENTS, headers={"range": "bytes=1000-", "if-range": '"other"'})
    assert changed.status_code == 200
    beyond = dumping.get(STATEMENTS, headers={"range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


def test_a_head_tells_the_size_and_a_tag_saves_the_download(dumping: TestClient) -> None:
    whole = dumping.get(STATEMENTS)
    head = dumping.head(STATEMENTS)
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    again = dumping.get(STATEMENTS, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_latest_and_a_day_lead_to_a_release(dumping: TestClient) -> None:
    day = dumping.get("/api/v1/releases/current").json()["created"][:10]
    for asked in ("latest", day):
        answer = dumping.get(f"/dumps/{asked}/statements.nq.gz")
        assert answer.status_code == 307
        assert answer.headers["location"] == STATEMENTS
        assert answer.headers["cache-control"] == "no-cache"
    name = f'filename="sikg-{day}-r1-statements.nq.gz"'
    assert name in dumping.get(STATEMENTS).headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/9/statements.nq.gz",
        "/dumps/1/nothing.csv",
        "/dumps/1/dumps.json",
        "/dumps/1/..%2Fmanifest.json",
        "/dumps/1999-01-01/statements.nq.gz",
        "/dumps/tomorrow",
        "/dumps/99999999999",
    ],
)
def test_what_is_no_dump_is_not_found(dumping: TestClient, path: str) -> None:
    assert dumping.get(path).status_code == 404


def test_the_page_of_dumps_lists_all_files(dumping: TestClient) -> None:
    text = dumping.get("/dumps/latest", headers={"accept": BROWSER}).text
    for item in dumping.get("/api/v1/dumps/1").json()["items"]:
        assert f'href="{item["address"]}"' in text


def test_sitemaps_lead_to_pages_that_are_there(dumping: TestClient, client: TestClient) -> None:
    robots = dumping.get("/robots.txt").text
    assert "Sitemap: https://example.org/graph/sitemap.xml" in robots
    index = ET.fromstring(dumping.get("/sitemap.xml").content)  # noqa: S314  # our own
    maps = [str(item.text) for item in index.iter(f"{SITEMAP}loc")]
    assert "https://example.org/graph/sitemaps/organisation-1.xml" in maps
    addresses: list[str] = []
    for address in maps:
        path = address.removeprefix("https://example.org/graph")
        found = ET.fromstring(dumping.get(path).content)  # noqa: S314  # as above
        listed = [str(item.text) for item in found.iter(f"{SITEMAP}loc")]
        assert listed
        addresses += listed
    assert len(set(addresses)) == len(addresses) > 400
    for address in addresses[20::150]:
        path = address.removeprefix("https://example.org/graph")
        assert client.get(path, headers={"accept": BROWSER}).status_code == 200


def test_without_a_setting_sitemaps_are_of_the_address_that_was_asked(client: TestClient) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


@pytest.mark.parametrize("name", ["nothing-1", "organisation-2", "organisation", "funding-1", "-"])
def test_other_sitemaps_are_not_there(client: TestClient, name: str) -> None:
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_prefixes_are_given_for_people_and_machines(client: TestClient) -> None:
    assert client.get("/prefixes?format=json").json() == dict(PREFIXES)
    text = client.get("/prefixes?format=sparql").text
    assert f"PREFIX sikg: <{PREFIXES['sikg']}>\n" in text
    sh = Namespace(PREFIXES["sh"])
    turtle = client.get("/prefixes", headers={"accept": "text/turtle"})
    read = Graph().parse(data=turtle.content, format="turtle")
    declared = {
        str(read.value(one, sh.prefix)): str(read.value(one, sh.namespace))
        for one in read.objects(URIRef("http://localhost:8000/prefixes"), sh.declare)
    }
    assert declared == dict(PREFIXES)
    page = client.get("/prefixes", headers={"accept": BROWSER}).text
    assert all(f"<code>{name}</code>" in page for name in PREFIXES)


def test_bridges_are_counted_with_their_evidence(client: TestClient) -> None:
    found = client.get("/api/v1/bridges").json()
    by_name = {(item["target"], item["source"]): item for item in found["items"]}
    countries = by_name["eu-country", "countries"]
    assert countries["property"] == "skos:exactMatch"
    assert countries["count"] > 30
    assert by_name["eurovoc", None]["count"] > 10
    query = client.get(countries["evidence"], headers={"accept": "application/json"}).json()
    rows = query["results"]["bindings"]
    assert len(rows) == countries["count"]
    assert {row["file"]["value"] for row in rows} == {"countries.csv"}
    page = client.get("/bridges", headers={"accept": BROWSER}).text
    assert "EuroVoc" in page


def test_the_ontology_is_given_by_version(client: TestClient) -> None:
    kept = client.get("/ontology/0.1.0", headers={"accept": "text/turtle"})
    assert kept.content == client.get("/ontology.ttl").content
    assert 'rel="canonical"' in kept.headers["link"]
    assert client.get("/ontology/0.0.9").status_code == 404
    page = client.get("/ontology?lang=et", headers={"accept": BROWSER}).text
    assert 'id="Organisation"' in page
    assert "organisatsioon" in page


def test_a_service_without_release_has_no_catalogue(empty: TestClient) -> None:
    for path in ("/catalogue", "/dumps/latest", "/sitemap.xml", "/bridges"):
        assert empty.get(path).status_code == 503


def test_releases_that_were_built_before_have_a_catalogue(odd: TestClient, odd_home: Path) -> None:
    assert Releases(odd_home).current().number == 1
    assert odd.get("/catalogue.ttl").status_code == 200
    assert odd.get("/catalogue", headers={"accept": BROWSER}).status_code == 200
    assert odd.get("/api/v1/bridges").json()["items"] == []
