"""Following any stream: version objects and named graphs, pages in any order, within its bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graph.digest import Digest
from graph.errors import EndpointError
from graph.feed.log import Log
from graph.feed.pages import root
from graph.feed.recording import record
from graph.feed.stated import derived, stated_lines
from graph.formats import NQUADS
from graph.identity import Identity
from graph.release import Releases
from graph.replicas.calling import Bounds, Caller
from graph.replicas.following import is_node
from graph.replicas.replica import Progress, Replica, peers
from graph.replicas.streaming import follow_stream
from graph.store import serialise
from graph.store.writing import WritableStore
from graph.terms import iri
from graph.union import peers_of, things_of
from loaders.building.build import Inputs, build
from tests.loaders.serving import Answer, Asked, Server, serving

DATA = "https://data.example/"
OURS = Identity("http://ours.example/")
PREFIXES = f"""
@prefix ldes: <https://w3id.org/ldes#> . @prefix tree: <https://w3id.org/tree#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <http://schema.org/> . @prefix d: <{DATA}> .
"""
ROOT = """
<#stream> a ldes:EventStream ; tree:view </stream> ; ldes:timestampPath prov:generatedAtTime ;
  ldes:versionOfPath dcterms:isVersionOf .
</stream> a tree:Node ; tree:relation [ a tree:GreaterThanOrEqualToRelation ; tree:node </2> ;
  tree:path prov:generatedAtTime ; tree:value "2026-02-01T00:00:00Z"^^xsd:dateTime ] .
"""


def version(number: int, thing: str, name: str, day: int, more: str = "") -> str:
    """Write a version object as a member of the stream."""
    return f"""
</stream#stream> tree:member d:v{number} .
d:v{number} dcterms:isVersionOf d:{thing} ; schema:name "{name}"@en {more} ;
  prov:generatedAtTime "2026-01-{day:02}T00:00:00Z"^^xsd:dateTime .
"""


@dataclass
class Site:
    """What a server has: documents by path, with their media type."""

    documents: dict[str, str] = field(default_factory=dict)
    media_type: str = "text/turtle; charset=utf-8"
    prefixes: str = PREFIXES

    def answer(self, asked: Asked) -> Answer:
        """Answer a request."""
        found = self.documents.get(asked.path)
        if found is None:
            return Answer(b"nothing here", "text/plain", 404)
        if found.startswith("to "):
            return Answer(status=302, headers={"Location": found.removeprefix("to ")})
        return Answer((self.prefixes + found).encode(), self.media_type)


@pytest.fixture
def site() -> Site:
    """Give a site that has nothing yet."""
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    with serving(site.answer) as running:
        yield running


def replica_of(home: Path, server: Server, path: str = "/stream") -> Replica:
    return Replica(home, server.address + path)


def follow(home: Path, server: Server, path: str = "/stream", **given: object) -> Progress:
    """Follow the stream at a path, which speaks of what is under `DATA`."""
    caller = Caller(server.address + path, bounds=Bounds(seconds=10, retries=0))
    return follow_stream(caller, replica_of(home, server, path), own=(DATA,), **given)  # type: ignore[arg-type]


def published(home: Path, server: Server, path: str = "/stream") -> str:
    return (replica_of(home, server, path).folder / "statements.nq").read_text("utf-8")


def names(home: Path, server: Server, path: str = "/stream") -> list[str]:
    return re.findall(r'schema.org/name> "([^"]*)"', published(home, server, path))


def test_the_latest_version_of_each_thing_is_kept_whatever_the_order_of_pages(
    site: Site, server: Server, tmp_path: Path
) -> None:
    address = '; schema:address [ schema:city "Rīga" ]'
    site.documents["/stream"] = ROOT + version(3, "one", "Third", 3, address)
    site.documents["/2"] = version(2, "one", "Second", 2) + version(4, "two", "Other", 1)
    done = follow(tmp_path, server)
    assert sorted(names(tmp_path, server)) == ["Other", "Third"]
    text = published(tmp_path, server)
    # What has no name has one by its thing, and the graph is the member.
    [place] = re.findall(rf"<{DATA}one> <http://schema.org/address> <([^>]*)> <{DATA}v3>", text)
    assert f'<{place}> <http://schema.org/city> "Rīga" <{DATA}v3> .' in text
    assert "isVersionOf" not in text
    assert done.last is not None
    assert (done.kind, done.last.day, done.published) == ("stream", 3, done.statements)
    site.documents["/stream"] += version(5, "one", "Fifth", 5)
    again = follow(tmp_path, server)
    assert sorted(names(tmp_path, server)) == ["Fifth", "Other"]
    assert "Rīga" not in published(tmp_path, server)
    assert again.digest != done.digest


def test_pages_that_never_change_are_read_once_and_lead_on(
    site: Site, server: Server, tmp_path: Path
) -> None:
    leads = "</2> ldes:immutable true ; tree:relation [ tree:node </3> ] ."
    site.documents["/stream"] = ROOT
    site.documents["/2"] = leads + version(1, "one", "First", 1)
    site.documents["/3"] = "</3> tree:relation [ tree:node </stream>, </2>, </3> ] ."
    follow(tmp_path, server)
    server.asked.clear()
    site.documents["/3"] += version(2, "one", "Second", 2)
    follow(tmp_path, server)
    assert [asked.path for asked in server.asked] == ["/stream", "/3"]
    assert names(tmp_path, server) == ["Second"]


def test_members_in_graphs_of_their_own_say_what_happened(
    site: Site, server: Server, tmp_path: Path
) -> None:
    site.media_type = "application/trig"
    stream = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
<> a <http://w3id.org/ldes#EventStream> ; tree:view <> ; <http://w3id.org/ldes#timestampPath>
  as:published ; ldes:versionOfPath as:object ; tree:member d:c1, d:c2 .
d:c1 a as:Create ; as:object d:one ; as:published "2026-01-01"^^xsd:date .
d:c1 { d:one schema:name "One"@en . d:one d:part d:half . d:half schema:name "Half"@en }
d:c2 a as:Create ; as:object d:two ; as:published "2026-01-02T01:00:00+02:00"^^xsd:dateTime .
d:c2 { d:two schema:name "Two"@en }
"""
    site.documents["/stream"] = stream
    follow(tmp_path, server)
    assert sorted(names(tmp_path, server)) == ["Half", "One", "Two"]
    assert "activitystreams" not in published(tmp_path, server)
    gone = 'd:c3 a as:Delete ; as:object d:one ; as:published "2026-01-03"^^xsd:date .'
    site.documents["/stream"] = stream + f"<> tree:member d:c3 . {gone}"
    follow(tmp_path, server)
    # What is gone stays so, though its earlier version is read again.
    assert names(tmp_path, server) == ["Two"]
    follow(tmp_path, server)
    assert names(tmp_path, server) == ["Two"]


def test_a_collection_without_times_holds_what_was_read_last(
    site: Site, server: Server, tmp_path: Path
) -> None:
    site.documents["/all"] = (
        '</all> a tree:Collection ; tree:view <> ; tree:member d:one . d:one schema:name "A"@en .'
    )
    assert follow(tmp_path, server, "/all?page=0").last is None
    site.documents["/all"] = site.documents["/all"].replace('"A"', '"B"')
    follow(tmp_path, server, "/all?page=0")
    assert names(tmp_path, server, "/all?page=0") == ["B"]


def test_it_leads_on_within_its_host_only(site: Site, server: Server, tmp_path: Path) -> None:
    site.documents |= {"/stream": "to /moved", "/2": "", "/far": "to http://127.0.0.2:9/x"}
    site.documents["/moved"] = ROOT.replace("</stream>", "<>") + version(1, "one", "A", 1).replace(
        "</stream#stream>", "<#stream>"
    )
    follow(tmp_path, server)
    assert names(tmp_path, server) == ["A"]
    with pytest.raises(EndpointError, match="another host"):
        follow(tmp_path, server, "/far")
    site.documents["/moved"] += "<> tree:relation [ tree:node <http://127.0.0.2:9/3> ] ."
    with pytest.raises(EndpointError, match="another host"):
        follow(tmp_path, server)
    site.documents["/round"] = "to /round"
    with pytest.raises(EndpointError, match="on and on"):
        follow(tmp_path, server, "/round")


LAST = version(1, "one", "A", 1)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "describes 0 streams"),
        ("<a> a ldes:EventStream . <b> a ldes:EventStream .", "describes 2 streams"),
        (ROOT + "<#stream> ldes:timestampPath dcterms:issued .", "no single property"),
        (ROOT.replace("prov:generatedAtTime ;", "[ ] ;", 1), "no single property"),
        (ROOT + LAST.replace("2026-01-01T", "yesterday "), "made at"),
        (ROOT + LAST.replace("dcterms:isVersionOf d:one ;", ""), "has 0 <"),
        (ROOT + "<#stream> tree:member [ schema:name 'x' ] .", "without an address"),
        (ROOT + "<#stream> tree:member <urn:sikg:notes> .", "without an address"),
        (ROOT + "<cut", "cannot be read"),
    ],
)
def test_what_is_no_stream_is_told(
    site: Site, server: Server, tmp_path: Path, document: str, why: str
) -> None:
    site.documents |= {"/stream": document, "/2": ""}
    with pytest.raises(EndpointError, match=why):
        follow(tmp_path, server)
    assert not (replica_of(tmp_path, server).folder / "statements.nq").exists()


def test_a_page_of_html_is_no_stream(site: Site, server: Server, tmp_path: Path) -> None:
    site.documents["/stream"], site.media_type = "<html>", "text/html"
    with pytest.raises(EndpointError, match="no statements"):
        follow(tmp_path, server)


class KilledError(Exception):
    """Stands for the end of the process."""


def test_a_follower_that_was_killed_goes_on(site: Site, server: Server, tmp_path: Path) -> None:
    site.documents["/stream"] = ROOT + version(1, "one", "First", 1)
    site.documents["/2"] = "</2> ldes:immutable true ." + version(2, "one", "Second", 2)

    def killed(progress: Progress) -> None:
        if progress.page == 2:
            raise KilledError

    with pytest.raises(KilledError):
        follow(tmp_path, server, told=killed)
    [(_, progress)] = peers(tmp_path)
    assert progress.converged is None
    server.asked.clear()
    assert follow(tmp_path, server).converged is not None
    assert [asked.path for asked in server.asked] == ["/stream"]
    assert names(tmp_path, server) == ["Second"]


def test_a_stream_speaks_of_its_own_and_of_no_person(
    site: Site, server: Server, tmp_path: Path
) -> None:
    at_home = '; a schema:Person ; schema:address [ schema:street "Anna 1" ]'
    person = '; d:head [ a foaf:Person ; foaf:name "Anna Example" ]'
    site.documents["/stream"] = ROOT + version(1, "one", "Ours", 1, person)
    site.documents["/2"] = (
        version(2, "who", "Anna Example", 1, at_home)
        + """
</stream#stream> tree:member <http://ours.example/v3> .
<http://ours.example/v3> dcterms:isVersionOf <http://ours.example/id/practice/x> ;
  schema:name "Hijacked"@en ; prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
"""
    )
    done = follow(tmp_path, server)
    assert names(tmp_path, server) == ["Ours"]
    assert "head" not in published(tmp_path, server)
    assert done.aside == {"thing of another node": 2}
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Anna" not in kept


def test_a_build_publishes_it_with_its_origin(
    site: Site, server: Server, tmp_path: Path, data_folder: Path
) -> None:
    site.documents |= {"/stream": ROOT + version(1, "one", "Theirs", 1, "; a d:Thing"), "/2": ""}
    home = tmp_path / "home"
    # It was allowed to speak of our things, and may not: they are ours.
    caller = Caller(f"{server.address}/stream")
    site.documents["/2"] = f"""</stream#stream> tree:member d:v9 .
d:v9 dcterms:isVersionOf <{OURS.entity("practice", "x")}> ; schema:name "Hijacked"@en ;
  prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
"""
    follow_stream(caller, replica_of(home, server), own=("http://ours.example/", DATA))
    assert "Hijacked" in published(home, server)
    release, _ = build(Releases(home), Inputs([], data_folder, OURS))
    store = WritableStore.open_read_only(release.store_path)
    [lines] = [list(lines) for lines in stated_lines(store, derived(OURS))]
    found = [line.decode() for line in lines if b"Theirs" in line]
    [graph] = re.findall(rf'"Theirs"@en <({OURS.graph("peers")}/[^>]*)> \.', found[0])
    origin = f"<{graph}> <http://purl.org/dc/terms/source> <{DATA}v1> <{OURS.graph('receipts')}> ."
    assert origin in b"".join(lines).decode()
    assert not any(b"Hijacked" in line for line in lines)
    digest = Digest()
    digest.add_lines(lines)
    assert digest.hexdigest() == release.manifest.digest
    [peer] = peers_of(store, OURS)
    assert (peer.base, peer.release) == (f"{server.address}/stream#stream", "")
    assert peer.last.startswith("2026-01-01")
    assert things_of(store, OURS, peer, 1) == ([f"{DATA}one"], False)
    assert any(quad[2].value == "Theirs" for quad in store.quads(None, iri(f"{DATA}one")))
    # No build takes it for what people wrote: forgotten, it is gone.
    replica_of(home, server).forget()
    without, _ = build(Releases(home), Inputs([], data_folder, OURS))
    after = WritableStore.open_read_only(without.store_path)
    assert not any(b"Theirs" in line for lines in stated_lines(after) for line in lines)


def test_the_feed_of_a_node_can_be_read_as_any_stream(
    site: Site, server: Server, tmp_path: Path, data_folder: Path
) -> None:
    theirs, base = tmp_path / "theirs", f"{server.address}/"
    release, _ = build(Releases(theirs), Inputs([], data_folder, Identity(base)))
    head = record(Releases(theirs))
    site.media_type, site.prefixes = "application/n-quads", ""
    site.documents["/feed"] = serialise(list(root(head)), NQUADS).decode()
    for number in range(1, len(head.pages) + 1):
        lines = b"".join(Log(theirs).lines(head, number)).decode()
        site.documents[f"/feed/{head.epoch}/{number}"] = lines
    caller = Caller(f"{base}feed", bounds=Bounds(seconds=10, retries=0))
    done = follow_stream(caller, replica_of(tmp_path, server, "/feed"), own=("http", "urn"))
    assert done.base == f"{base}feed#stream"
    store = WritableStore.open_read_only(release.store_path)
    made = {
        line.rpartition(b" <")[0]
        for some in stated_lines(store, derived(Identity(base)))
        for line in some
    }
    text = (replica_of(tmp_path, server, "/feed").folder / "statements.nq").read_bytes()
    assert {line.rpartition(b" <")[0] for line in text.splitlines()} == made


def test_nodes_and_streams_are_told_apart(site: Site, server: Server) -> None:
    caller = Caller(f"{server.address}/feed", bounds=Bounds(seconds=10, retries=0))
    assert not is_node(caller)
    site.documents["/feed"] = ROOT
    assert not is_node(caller)
    site.documents["/feed"] = ROOT + "<#stream> dcterms:identifier 'urn:sikg:digest:00' ."
    assert is_node(caller)
