"""Things of other nodes: listed by node, shown with their rows, and given as linked data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Graph, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.identity import Identity
from tests.api.odd import BROWSER, IDENTITY, publish_odd

THEIRS = Identity("https://peer.example/")
THING = THEIRS.entity("organisation", "lv-ngo")
OTHER = THEIRS.entity("practice", "kitchen")
OTHERS = tuple(THEIRS.entity("practice", f"p{number}") for number in range(45))
STREAM = "https://data.example/stream"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SIKG = "https://w3id.org/sikg/ontology#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


def lines() -> Iterator[str]:
    row, table = THEIRS.row("table", 7), THEIRS.table("table")
    stated = (
        (THING, TYPE, f"<{SIKG}Organisation>"),
        (THING, LABEL, '"Biedrība <b>"@lv'),
        (OTHER, LABEL, '"Kitchen"@en'),
        *(
            (THEIRS.entity("practice", f"p{n}"), f"{SIKG}carriedBy", f"<{THING}>")
            for n in range(45)
        ),
        (OTHER, f"{SIKG}carriedBy", f"<{THING}>"),
    )
    for subject, name, value in stated:
        yield f"<{subject}> <{name}> {value} ."
        yield f"<{subject}> <{name}> {value} <{row}> ."
    receipts = f"<{THEIRS.graph('receipts')}>"
    yield f"<{row}> <{SIKG}fromTable> <{table}> {receipts} ."
    yield f'<{table}> <{SIKG}fileName> "theirs.csv" {receipts} .'
    integer = '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    yield f"<{row}> <{SIKG}rowNumber> {integer} {receipts} ."
    ours = f"<{IDENTITY.graph('receipts')}>"
    kind = f"<{TYPE}> <http://www.w3.org/ns/dcat#Dataset>"
    yield f"<{THEIRS.base}> {kind} {ours} ."
    yield f"<{THEIRS.base}> <http://purl.org/dc/terms/source> <{THEIRS.base}feed> {ours} ."
    yield f'<{THEIRS.base}> <https://schema.org/version> "12" {ours} .'
    dcterms, member = "http://purl.org/dc/terms/", f"<{IDENTITY.graph('peers')}/data/1>"
    yield f"<{STREAM}> {kind} {ours} ."
    yield f"<{STREAM}> <{dcterms}source> <{STREAM}> {ours} ."
    moment = '"2026-02-03T04:05:06Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    yield f"<{STREAM}> <{dcterms}modified> {moment} {ours} ."
    yield f"{member} <{dcterms}isPartOf> <{STREAM}> {ours} ."
    yield f"<{STREAM}/thing> <{TYPE}> <{STREAM}/Class> {member} ."


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("union")
    publish_odd(home, more=lines())
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def address(thing: str) -> str:
    return f"/peers/thing?iri={quote(thing, safe='')}"


def test_other_nodes_are_listed_with_things_of_theirs(union: TestClient) -> None:
    page = union.get("/peers", headers={"accept": BROWSER}).text
    assert f'href="{THEIRS.base}feed"' in page
    assert f'href="{address(THING)}"' in page
    assert "Biedrība &lt;b&gt;" in page
    assert IDENTITY.entity("theme", "care") not in page
    assert union.get("/peers?page=2").status_code == 404
    # A stream of somebody else has no releases, and its things have pages there alone.
    assert "2026-02-03T04:05:06Z" in page
    assert f'href="{STREAM}/thing"' in page


def test_a_thing_of_another_node_is_shown_with_its_rows(union: TestClient) -> None:
    page = union.get(address(THING), headers={"accept": BROWSER})
    assert page.headers["link"] == f'<{THING}>; rel="canonical"'
    assert "theirs.csv" in page.text
    assert THEIRS.base in page.text
    assert f'href="{address(OTHER)}"' in page.text  # what links to it
    assert "The first 40 of 46 that are read here" in page.text


def test_it_is_given_as_linked_data_under_its_own_address(union: TestClient) -> None:
    found = union.get(address(THING), headers={"accept": "text/turtle"})
    graph = Graph().parse(data=found.content, format="turtle")
    assert [str(name) for name in graph.objects(URIRef(THING), URIRef(LABEL))] == ["Biedrība <b>"]
    assert "7" in union.get(f"{address(THING)}&format=trig").text
    assert union.get(address(THING), headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("thing", "status"),
    [
        (THEIRS.entity("organisation", "nobody"), 404),
        (IDENTITY.entity("theme", "care"), 404),
        ("https://third.example/id/organisation/x", 404),
        ("javascript:alert(1)", 404),
        ("x" * 3000, 400),
    ],
)
def test_what_no_node_that_is_followed_has_is_not_there(
    union: TestClient, thing: str, status: int
) -> None:
    assert union.get(address(thing)).status_code == status


def test_a_release_without_other_nodes_says_so(odd: TestClient) -> None:
    assert "holds nothing of other nodes" in odd.get("/peers", headers={"accept": BROWSER}).text
