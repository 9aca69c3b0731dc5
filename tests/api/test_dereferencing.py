"""Profiles, pages of links, tombstones, and addresses under a base that is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.identity import Identity
from graph.incoming import read_incoming
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings
from tests.api.odd import BROWSER, LINKED, publish_odd

KYSK = "/data/organisation/ee-kysk"
SCHEMA = Namespace("https://schema.org/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
THIS = URIRef("http://localhost:8000/id/organisation/ee-kysk")


def _read(client: TestClient, path: str, **headers: str) -> Graph:
    answer = client.get(path, headers={"accept": "text/turtle", **headers})
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.content, format="turtle")


@pytest.mark.parametrize(
    ("query", "wished"),
    [
        ("?_profile=schema", ""),
        ("?_profile=https://schema.org/", ""),
        ("", "<https://schema.org/>"),
        ("", "<urn:nobody>, <http://www.w3.org/2004/02/skos/core>;q=0.2, <https://schema.org/>"),
    ],
)
def test_a_document_is_given_in_the_profile_that_is_wanted_most(
    client: TestClient, query: str, wished: str
) -> None:
    headers = {"accept-profile": wished} if wished else {}
    answer = client.get(KYSK + query, headers={"accept": "text/turtle", **headers})
    assert answer.headers["content-profile"] == "<https://schema.org/>"
    assert "Accept-Profile" in answer.headers["vary"]
    read = Graph().parse(data=answer.content, format="turtle")
    assert (THIS, RDF.type, SCHEMA.Organization) in read
    assert str(read.value(THIS, SCHEMA.name)) == "National Foundation of Civil Society"
    terms = {*read.predicates(), *read.objects(None, RDF.type)} - {RDF.type}
    assert all(str(term).startswith(str(SCHEMA)) for term in terms)


@pytest.mark.parametrize("wished", ["<urn:nobody>", "<https://schema.org/>;q=0", "<<", "x" * 9000])
def test_without_a_known_profile_everything_is_given(client: TestClient, wished: str) -> None:
    answer = client.get(KYSK, headers={"accept": "text/turtle", "accept-profile": wished})
    assert answer.headers["content-profile"] == "<https://w3id.org/sikg/ontology>"
    assert answer.content == client.get(f"{KYSK}.ttl").content


def test_profiles_have_tags_of_their_own_and_name_each_other(client: TestClient) -> None:
    one, other = client.get(f"{KYSK}?_profile=schema"), client.get(KYSK)
    assert one.headers["etag"] != other.headers["etag"]
    assert (
        f'<{KYSK}?_profile=schema>; rel="alternate"; profile="https://schema.org/"'
        in (other.headers["link"])
    )


def test_the_way_from_a_name_to_its_document_keeps_what_was_wished(client: TestClient) -> None:
    asked = "/id/organisation/ee-kysk?format=ttl&_profile=schema"
    answer = client.get(asked)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{KYSK}.ttl?_profile=schema"


@pytest.mark.parametrize(
    ("query", "status"),
    [("_profile=nobody", 406), ("links=0", 400), ("links=x", 400), ("links=99", 404)],
)
def test_what_cannot_be_given_is_told(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"{KYSK}?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
def short(odd_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Ask a service whose pages hold three links of a thing."""
    monkeypatch.setattr(read_incoming, "__defaults__", (3,))
    with TestClient(create_app(Settings(home=odd_home, links=5))) as client:
        yield client


def test_all_links_are_found_page_by_page(short: TestClient) -> None:
    document = URIRef("http://localhost:8000/data/theme/care")
    theme = URIRef("http://localhost:8000/id/theme/care")
    cut = _read(short, "/data/theme/care")
    see = URIRef("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    following = cut.value(document, see)
    found: list[str] = []
    pages = 0
    while following is not None:
        path = str(following).removeprefix("http://localhost:8000")
        read = _read(short, path)
        assert (document, HYDRA.view, following) in read
        found += [str(subject) for subject in read.subjects(None, theme)]
        following = read.value(following, HYDRA.next)
        pages += 1
    assert pages == -(-LINKED // 3)
    assert len(found) == len(set(found)) == LINKED


def test_pages_of_links_are_linked_in_the_headers(short: TestClient) -> None:
    link = short.get("/data/theme/care?links=2").headers["link"]
    assert '</data/theme/care?links=3>; rel="next"' in link
    assert '</data/theme/care?links=1>; rel="prev"' in link
    assert short.get("/data/theme/none?links=1").status_code == 404


def test_people_read_the_same_pages_of_links(short: TestClient) -> None:
    pages = [
        short.get(f"/links/theme/care?page={number}", headers={"accept": BROWSER})
        for number in (1, 2, 3)
    ]
    assert [page.text.count('<tr><th scope="row">') for page in pages] == [3, 3, 2]
    assert 'href="/links/theme/care?page=2"' in pages[0].text
    assert "/links/theme/care?page=4" not in pages[2].text
    assert short.get("/links/theme/care?page=4").status_code == 404
    assert short.get("/links/theme/nothing").status_code == 404
    assert short.get("/links/theme/care?page=0").status_code == 400
    shown = short.get("/page/theme/care", headers={"accept": BROWSER}).text
    assert 'href="/links/theme/care"' in shown


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Ask a service from which a practice was withdrawn."""
    home = tmp_path_factory.mktemp("gone")
    release = publish_odd(home)
    (release.path / "withdrawn.csv").write_text(
        "thing,release,told,gone\npractice/x,3,2026-01-02,2026-02-03\n"
        "practice/p1,3,2026-01-02,2026-02-03\n",
        encoding="utf-8",
    )
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/id/practice/x", "/data/practice/x", "/data/practice/x.ttl"])
def test_what_was_withdrawn_has_a_tombstone(gone: TestClient, path: str) -> None:
    answer = gone.get(path, headers={"accept": "text/turtle"})
    if path.startswith("/id/"):
        assert answer.status_code == 303
        answer = gone.get(answer.headers["location"], headers={"accept": "text/turtle"})
    assert answer.status_code == 410
    read = Graph().parse(data=answer.content, format="turtle")
    streams = Namespace("https://www.w3.org/ns/activitystreams#")
    this = URIRef("http://localhost:8000/id/practice/x")
    assert (this, RDF.type, streams.Tombstone) in read
    assert str(read.value(this, streams.deleted)) == "2026-02-03T00:00:00+00:00"


@pytest.mark.parametrize("path", ["/id/practice/x", "/page/practice/x", "/api/v1/practice/x"])
def test_people_and_programs_are_told_since_when_it_is_gone(gone: TestClient, path: str) -> None:
    page = gone.get(path, headers={"accept": BROWSER})
    assert page.status_code == 410
    assert "release 3 of 2026-01-02 was the last to tell of it" in page.text
    told = gone.get(path.replace("/id/", "/page/"), headers={"accept": "application/json"})
    assert told.json()["type"].endswith("#withdrawn")


def test_what_is_told_of_again_by_an_edit_is_not_gone(gone: TestClient) -> None:
    assert gone.get("/data/practice/p1").status_code == 200
    assert gone.get("/id/practice/p1").status_code == 303
    assert gone.get("/data/practice/never").status_code == 404


def test_names_under_a_persistent_domain_work_from_any_host(tmp_path: Path) -> None:
    """What a redirect of the domain leads here is found by its path, and led on by paths."""
    base = "https://w3id.org/example/"
    mappings = [item for item in read_mappings() if item.name == "countries"]
    data = Path(__file__).parents[2] / "data"
    build(Releases(tmp_path), Inputs(mappings, data, Identity(base)))
    with TestClient(create_app(Settings(home=tmp_path)), follow_redirects=False) as client:
        answer = client.get("/id/country/EE", headers={"accept": "text/turtle"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/data/country/EE")
        read = _read(client, "/data/country/EE")
        assert (URIRef(f"{base}id/country/EE"), RDF.type, None) in read
        catalogue = _read(client, "/catalogue.ttl")
        dcat = Namespace("http://www.w3.org/ns/dcat#")
        assert (URIRef(f"{base}catalogue"), RDF.type, dcat.Catalog) in catalogue
