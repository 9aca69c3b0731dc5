"""The feed, differences, news and reading as of a release, over HTTP."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rdflib import RDF, Dataset, Graph, Namespace, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.atom import AtomEntry, AtomFeed
from api.settings import Settings
from graph.feed.log import Log
from graph.release import Releases
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from tests.api.odd import BROWSER

BASE = "http://localhost:8000/"
THING = f"{BASE}id/practice/of-hand"
EDITS = f"{BASE}id/graph/edits/mine"
SKOS, SIKG = "http://www.w3.org/2004/02/skos/core#", "https://w3id.org/sikg/ontology#"
LDES, TREE = Namespace("https://w3id.org/ldes#"), Namespace("https://w3id.org/tree#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def home(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with a build and two writes, of which the feed tells."""
    return Path(shutil.copytree(release_home, tmp_path_factory.mktemp("fed") / "home"))


@pytest.fixture(scope="module")
def fed(home: Path) -> Iterator[TestClient]:
    """Ask the service over that home."""
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        client.get("/feed")  # begins with the build
        say(home, "Sõnum & <b>bold</b>", f"<{SIKG}country> <{BASE}id/country/EE>")
        client.get("/feed")
        say(home, "Second", f"<{SIKG}theme> <{BASE}id/theme/care>")
        yield client


def say(home: Path, name: str, more: str) -> None:
    stated = f'<{THING}> <{SKOS}prefLabel> "{name}"@et ; {more}'
    text = f"INSERT DATA {{ GRAPH <{EDITS}> {{ {stated} }} }}"
    writer = Writer(Releases(home), place.folder(home))
    [outcome] = writer.write([Write("update", "me", "0" * 64, text.encode())])
    assert isinstance(outcome, Outcome)


def read_root(client: TestClient) -> Graph:
    answer = client.get("/feed", headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.content, format="turtle")


def pages_of(client: TestClient) -> list[str]:
    nodes = read_root(client).objects(None, TREE.node)
    found = {str(node).removeprefix(BASE[:-1]) for node in nodes}
    return sorted(found, key=lambda path: int(path.rpartition("/")[2]))


def test_the_root_is_a_view_of_a_stream(fed: TestClient) -> None:
    read = read_root(fed)
    stream = URIRef(f"{BASE}feed#stream")
    assert (stream, RDF.type, LDES.EventStream) in read
    assert read.value(stream, TREE.view) == URIRef(f"{BASE}feed")
    assert read.value(stream, LDES.timestampPath) == AS.published
    assert read.value(stream, LDES.versionOfPath) == AS.object
    assert read.value(stream, LDES.versionDeleteObject) == AS.Delete
    policy = read.value(URIRef(f"{BASE}feed"), LDES.retentionPolicy)
    assert read.value(policy, LDES.startingFrom) is not None
    assert len(list(read.objects(URIRef(f"{BASE}feed"), LDES.retentionPolicy))) == 1
    for relation in read.objects(None, TREE.relation):
        assert read.value(relation, TREE.path) == AS.published
        assert read.value(relation, TREE.value) is not None


@pytest.mark.parametrize("name", ["nquads", "trig", "json-ld"])
def test_members_hold_what_is_stated_and_its_origin(fed: TestClient, name: str) -> None:
    form = name.replace("-", "")
    answer = fed.get(f"{pages_of(fed)[-1]}?format={form}")
    read = Dataset().parse(data=answer.content, format=name)
    stream = URIRef(f"{BASE}feed#stream")
    members = [quad[2] for quad in read.quads((stream, TREE.member, None, None))]
    assert members
    [member] = [
        quad[0] for quad in read.quads((None, AS.object, URIRef(THING), None)) if quad[0] in members
    ]
    label = URIRef(f"{SKOS}prefLabel")
    held = {str(quad[3]) for quad in read.quads((URIRef(THING), label, None, None))}
    assert held == {str(member), EDITS}


def test_full_pages_are_kept_for_ever_and_the_open_one_is_looked_at_again(fed: TestClient) -> None:
    full, *_, last = pages_of(fed)
    answer = fed.get(full)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert b"ldes#immutable" in answer.content
    plain = fed.get(full, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    open_ = fed.get(last)
    assert open_.headers["cache-control"] == "no-cache"
    assert b"ldes#immutable" not in open_.content
    for path, tag in ((full, answer.headers["etag"]), (last, open_.headers["etag"])):
        again = fed.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    head = fed.head(last)
    assert (head.status_code, head.content) == (200, b"")
    assert fed.get(f"{last}?format=turtle").headers["etag"] != open_.headers["etag"]


@pytest.mark.parametrize("last", ["0", "9999", "x", "-1", "9" * 30])
def test_pages_past_the_end_are_not_there(fed: TestClient, last: str) -> None:
    first = pages_of(fed)[0]
    assert fed.get(first.rpartition("/")[0] + "/" + last).status_code in {400, 404}


def test_pages_of_a_feed_that_ended_are_gone(fed: TestClient) -> None:
    answer = fed.get("/feed/abcdef123456/1")
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems#withdrawn"
    assert "begin anew" in answer.json()["detail"]


def test_other_media_types_are_refused(fed: TestClient) -> None:
    assert fed.get("/feed", headers={"accept": "image/png"}).status_code == 406
    assert fed.get(f"{pages_of(fed)[0]}?format=docx").status_code == 406


def test_people_see_what_changed_between_releases(fed: TestClient) -> None:
    page = fed.get("/releases/3/diff", headers={"accept": BROWSER})
    assert page.status_code == 200
    assert "id/theme/care" in page.text
    patch = fed.get("/releases/3/diff?since=1", headers={"accept": "application/rdf-patch"})
    assert patch.headers["content-type"] == "application/rdf-patch"
    lines = patch.text.splitlines()
    assert lines[2] == "TX ."
    assert sum(line.startswith(f"A <{THING}>") for line in lines) == 4
    counted = fed.get("/api/v1/releases/3/diff?since=1").json()
    assert counted["added"] == sum(line.startswith("A ") for line in lines)
    assert counted["removed"] == 0
    assert fed.get("/releases", headers={"accept": BROWSER}).text.count("/diff") == 2


@pytest.mark.parametrize(
    "path", ["/releases/1/diff", "/releases/9/diff", "/releases/3/diff?since=8"]
)
def test_differences_need_releases_that_are_kept(fed: TestClient, path: str) -> None:
    assert fed.get(path).status_code == 404
    assert fed.get(f"/api/v1{path}").status_code == 404


def test_news_is_told_as_page_json_and_atom(fed: TestClient) -> None:
    page = fed.get("/news?country=EE", headers={"accept": BROWSER}).text
    assert "S\u00f5num &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page
    items = fed.get("/api/v1/news?theme=care").json()["items"]
    assert [(item["action"], item["key"]) for item in items] == [("Update", "of-hand")]
    atom = fed.get("/news.atom?kind=practice&lang=et")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(atom.content)  # noqa: S314  # our own
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    assert str(entries[0].findtext(f"{ATOM}updated")) >= str(entries[1].findtext(f"{ATOM}updated"))


@pytest.mark.parametrize("query", ["kind=nothing", "since=soon", "until=2026-13-01", "sort=x"])
def test_impossible_choices_of_news_are_told(fed: TestClient, query: str) -> None:
    assert fed.get(f"/news?{query}").status_code in {400, 404}
    assert fed.get(f"/api/v1/news?{query}").status_code in {400, 404}


def test_news_of_a_country_that_there_is_not_says_where_they_are(fed: TestClient) -> None:
    """Empty news would say that nothing happens there."""
    for path in ("/news", "/news.atom", "/api/v1/news"):
        for wanted, kind in (("country=EE,XX", "country"), ("theme=nothing", "theme")):
            answer = fed.get(f"{path}?{wanted}")
            assert answer.status_code == 404
            assert f"/api/v1/{kind}" in answer.text
        assert fed.get(f"{path}?country=MT").status_code == 200  # there, and without news


def test_news_of_which_there_is_none_leads_on(fed: TestClient) -> None:
    page = fed.get("/news?country=LV&theme=care", headers={"accept": BROWSER}).text
    assert 'href="/news?theme=care"' in page
    assert 'href="/news?country=LV"' in page


def test_atom_holds_no_character_that_xml_cannot() -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    entry = AtomEntry("x:y", "a\x00b", "x:z", when, "c\x0bd\ufffe")
    feed = AtomFeed("t", "x:f", "x:p", when, "a", "en", "r", [entry])
    assert ET.fromstring(feed.written()) is not None  # noqa: S314  # our own


@pytest.mark.parametrize(
    ("path", "now", "then"),
    [
        ("/page/practice/of-hand", 200, 404),
        ("/data/practice/of-hand", 200, 404),
        ("/id/practice/of-hand", 303, 404),
        ("/api/v1/practice/of-hand", 200, 404),
        ("/", 200, 200),
        ("/quality", 200, 200),
        ("/maps", 200, 200),
        ("/networks", 200, 200),
        ("/report", 200, 200),
    ],
)
def test_everything_can_be_read_as_of_a_release(
    fed: TestClient, path: str, now: int, then: int
) -> None:
    headers = {"accept": BROWSER if path.startswith("/page") else "*/*"}
    assert fed.get(path, headers=headers).status_code == now
    assert fed.get(f"{path}?release=3", headers=headers).status_code == now
    assert fed.get(f"{path}?release=1", headers=headers).status_code == then


def test_a_page_as_of_a_release_says_so_and_leads_on_in_it(fed: TestClient) -> None:
    page = fed.get("/page/organisation/ee-kysk?release=1", headers={"accept": BROWSER}).text
    assert "as of release 1" in page
    links = re.findall(r'href="(/page/[^"]*)"', page)
    assert links
    assert all("release=1" in link for link in links if "." not in link)
    assert 'name="release" value="1"' in page
    assert "/releases?release" not in page
    way = fed.get("/id/organisation/ee-kysk?release=1", headers={"accept": "text/turtle"})
    assert way.headers["location"] == "/data/organisation/ee-kysk?release=1"
    assert "as of release" not in fed.get("/", headers={"accept": BROWSER}).text


@pytest.mark.parametrize("release", ["0", "x", "-1", "77", "9" * 30])
@pytest.mark.parametrize("path", ["/", "/data/organisation/ee-kysk", "/api/v1/organisation"])
def test_a_release_that_is_not_kept_is_told(fed: TestClient, path: str, release: str) -> None:
    assert fed.get(f"{path}?release={release}").status_code in {400, 404}


def test_the_feed_is_of_all_releases(fed: TestClient, home: Path) -> None:
    assert fed.get("/feed").status_code == 200
    head = Log(home).head()
    assert head is not None
    assert head.release == Releases(home).current_number() == 3
