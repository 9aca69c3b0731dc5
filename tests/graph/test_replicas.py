"""Replicas: nodes that follow each other converge, and believe no peer what is not its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from graph.digest import Digest
from graph.engine import Query
from graph.errors import EndpointError, ForbiddenError, SikgError, WithdrawnError
from graph.feed.log import Log
from graph.feed.pages import root
from graph.feed.recording import record
from graph.feed.stated import derived, stated_lines
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Release, Releases
from graph.replicas.admission import Admission
from graph.replicas.calling import Bounds, Caller, root_of
from graph.replicas.following import follow
from graph.replicas.replica import Progress, Replica, peers
from graph.store import Store, serialise
from graph.store.writing import WritableStore
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from loaders.building.build import Inputs, build

A, B = "http://a.example/", "http://b.example/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
NQUADS = GRAPH_FORMATS[2]

Change = Callable[[str, bytes], bytes]


class Peer(Caller):
    """A caller that reads the feed of another home, and may be lied to on the way."""

    def __init__(self, base: str, home: Path, lie: Change = lambda _, body: body) -> None:
        super().__init__(base)
        self.home, self.lie = home, lie
        self.asked: list[str] = []

    def get(self, path: str, accept: str) -> bytes:
        """Give what the other home has at a path, or the lie about it."""
        assert accept == NQUADS.media_type
        self.asked.append(path)
        head = record(Releases(self.home))
        if path == "feed":
            body = serialise(list(root(head)), NQUADS)
        else:
            _, epoch, number = path.split("/")
            log = Log(self.home)
            log.page(head, epoch, int(number))
            body = b"".join(log.lines(head, int(number)))
        return self.lie(path, body)


def node(home: Path, base: str, data: Path) -> Release:
    """Build a node that has nothing but the ontology, and what it follows."""
    release, _ = build(Releases(home), Inputs([], data, Identity(base)))
    return release


def say(home: Path, base: str, name: str, key: str = "x") -> None:
    thing, graph = f"<{base}id/practice/{key}>", f"<{base}id/graph/edits/mine>"
    text = f'INSERT DATA {{ GRAPH {graph} {{ {thing} <{LABEL}> "{name}"@en }} }}'
    writer = Writer(Releases(home), place.folder(home))
    [outcome] = writer.write([Write("update", "me", "0" * 64, text.encode())])
    assert isinstance(outcome, Outcome)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """Build node A once."""
    home = tmp_path_factory.mktemp("a") / "home"
    node(home, A, data_folder)
    return home


@pytest.fixture
def homes(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Give the home of node A, and an empty one."""
    return Path(shutil.copytree(built, tmp_path / "a")), tmp_path / "b"


def replica_of(home: Path) -> Replica:
    return Replica(home, A)


def replicated(home: Path, epoch: str) -> str:
    return replica_of(home).gather(replica_of(home).store(epoch), Admission.of_node(A)).digest


def test_a_replica_converges_and_stays_up_to_date(homes: tuple[Path, Path]) -> None:
    theirs, ours = homes
    peer = Peer(A, theirs)
    say(theirs, A, "First")
    done = follow(peer, replica_of(ours))
    assert done.digest == Releases(theirs).current().manifest.digest
    assert replicated(ours, done.epoch) == done.digest
    say(theirs, A, "Second")
    say(theirs, A, "Third", "y")
    again = follow(peer, replica_of(ours))
    assert again.digest == Releases(theirs).current().manifest.digest != done.digest
    Releases(theirs).rollback(1)
    peer.asked.clear()
    back = follow(peer, replica_of(ours))
    assert f"feed/{done.epoch}/1" not in peer.asked  # which is full, and was read
    assert back.digest == Releases(theirs).get(1).manifest.digest
    text = (replica_of(ours).folder / "statements.nq").read_text(encoding="utf-8")
    assert "First" not in text
    assert f"<{A}id/theme/employment>" in text
    assert back.aside == {"vocabulary": back.statements - back.published}


class KilledError(Exception):
    """Stands for the end of the process."""


def test_a_killed_replica_goes_on_where_it_was(
    homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = homes
    say(theirs, A, "First")

    def killed(_: Progress) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        follow(Peer(A, theirs), replica_of(ours), told=killed)
    # Killed again between what is applied and what counts.
    with monkeypatch.context() as patch:
        patch.setattr(Replica, "save", lambda *_: killed(Progress(url=A)))
        with pytest.raises(KilledError):
            follow(Peer(A, theirs), replica_of(ours))
    assert replica_of(ours).progress().converged is None
    say(theirs, A, "Second")
    done = follow(Peer(A, theirs), replica_of(ours))
    assert done.digest == Releases(theirs).current().manifest.digest


def test_a_new_feed_is_read_from_its_beginning(homes: tuple[Path, Path]) -> None:
    theirs, ours = homes
    say(theirs, A, "Taken down later")
    first = follow(Peer(A, theirs), replica_of(ours))
    Releases(theirs).rollback(1)
    Log(theirs).forget()
    done = follow(Peer(A, theirs), replica_of(ours))
    assert done.epoch != first.epoch
    assert done.digest == Releases(theirs).current().manifest.digest
    assert [path.name for path in replica_of(ours).folder.glob("store-*")] == [
        f"store-{done.epoch}"
    ]


def test_a_feed_that_ends_while_it_is_read_is_begun_anew(homes: tuple[Path, Path]) -> None:
    theirs, ours = homes
    ended: list[str] = []

    def gone(path: str, body: bytes) -> bytes:
        if path != "feed" and not ended:
            ended.append(path)
            Log(theirs).forget()
            raise WithdrawnError("gone")
        return body

    assert follow(Peer(A, theirs, gone), replica_of(ours)).converged


def swapped(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(old.encode(), new.encode())


def everywhere(change: Callable[[bytes], bytes]) -> Change:
    return lambda _, body: change(body)


def stale(kept: Mapping[str, bytes], lie: Change) -> Change:
    """Give what was given before, and a lie about it."""
    return lambda path, _: lie(path, kept[path])


def on_pages(change: Callable[[bytes], bytes]) -> Change:
    return lambda path, body: body if path == "feed" else change(body)


def on_root(change: Callable[[bytes], bytes]) -> Change:
    return lambda path, body: change(body) if path == "feed" else body


def without(pattern: bytes) -> Callable[[bytes], bytes]:
    return lambda body: re.sub(pattern, b"", body)


ROW = f'<{A}id/theme/zzz> <{LABEL}> "x"@en <{A}id/graph/ontology> .\n'.encode()


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (everywhere(swapped("ldes#EventStream>", "ldes#Other>")), "0 streams"),
        (on_root(swapped(f'"{A}"', '"ftp://x/"')), "the base"),
        (on_root(swapped(f"<{A}feed/", "<http://evil.example/feed/")), "other pages"),
        (on_root(lambda body: re.sub(rb"(feed/[0-9a-f]+)/1>", rb"\1/77>", body)), "gaps"),
        (on_root(lambda body: re.sub(rb"urn:sikg:digest:", b"x", body)), "digest"),
        (on_root(lambda body: body[: len(body) // 2]), "no feed"),
        (on_pages(lambda body: body[: len(body) // 2]), "no page"),
        (on_pages(lambda body: body[: body.rindex(b"\n", 0, len(body) // 2) + 1]), "is another"),
        (on_pages(lambda body: body + ROW), "without a change"),
        (on_pages(lambda body: body + b"_:b <a:p> <a:o> <a:g> .\n"), "blank node"),
        (on_pages(without(rb"<[^>]*#2> <[^>]*#object> <[^>]*> \.\n")), "without its thing"),
        (on_pages(lambda body: re.sub(rb'd> "20[^"]*"', b'd> "soon"', body, count=1)), "'soon'"),
        (on_pages(lambda _: b""), "is another"),
        (everywhere(lambda _: b"<html>"), "no feed"),
    ],
)
def test_a_peer_that_is_not_what_it_says_is_not_followed(
    homes: tuple[Path, Path], lie: Change, why: str
) -> None:
    theirs, ours = homes
    with pytest.raises(EndpointError, match=why):
        follow(Peer(A, theirs, lie), replica_of(ours))
    assert not (replica_of(ours).folder / "statements.nq").exists()


def test_a_feed_that_goes_backwards_is_not_followed(homes: tuple[Path, Path]) -> None:
    theirs, ours = homes
    say(theirs, A, "First")
    say(theirs, A, "Second")
    kept: dict[str, bytes] = {}

    def remember(path: str, body: bytes) -> bytes:
        return kept.setdefault(path, body)

    follow(Peer(A, theirs, remember), replica_of(ours))
    before = replica_of(ours).progress()
    number = rb"/%d>" % before.page
    fewer = on_root(
        lambda body: b"".join(x for x in body.splitlines(keepends=True) if number not in x)
    )
    last = f"feed/{before.epoch}/{before.page}"
    member = b"/%d#%d>" % (before.page, before.place)
    shorter = on_pages(
        lambda body: b"".join(x for x in body.splitlines(keepends=True) if member not in x)
    )
    for lie in (fewer, shorter):
        with pytest.raises(EndpointError):
            follow(Peer(A, theirs, stale(kept, lie)), replica_of(ours))
    say(theirs, A, "Third", "z")
    old = on_pages(lambda body: re.sub(rb'd> "20\d\d-', b'd> "1999-', body))
    with pytest.raises(EndpointError, match="goes backwards"):
        follow(Peer(A, theirs, old), replica_of(ours))
    with pytest.raises(EndpointError, match="now says"):
        follow(Peer(A, theirs, everywhere(swapped(A, "http://c.example/"))), replica_of(ours))
    assert replica_of(ours).progress().digest == before.digest
    assert last in kept


def names(store: Store, thing: str) -> list[str]:
    query = Query(f"SELECT ?name {{ <{thing}> <{LABEL}> ?name }} ORDER BY ?name")
    return store.select(query).values("name")


def graphs(store: Store, thing: str) -> list[str]:
    query = Query(f"SELECT ?graph {{ GRAPH ?graph {{ <{thing}> <{LABEL}> ?name }} }}")
    return store.select(query).values("graph")


def test_the_union_keeps_the_origin_of_every_statement(
    homes: tuple[Path, Path], data_folder: Path
) -> None:
    theirs, ours = homes
    say(theirs, A, "Theirs")
    follow(Peer(A, theirs), replica_of(ours))
    node(ours, B, data_folder)
    say(ours, B, "Ours")
    release = node(ours, B, data_folder)  # which carries what was written here, and only that
    store = WritableStore.open_read_only(release.store_path)
    assert names(store, f"{A}id/practice/x") == ["Theirs"]
    assert graphs(store, f"{A}id/practice/x") == [f"{A}id/graph/edits/mine"]
    assert names(store, f"{B}id/practice/x") == ["Ours"]
    digest = Digest()
    for lines in stated_lines(store, derived(Identity(B))):
        digest.add_lines(lines)
    assert digest.hexdigest() == release.manifest.digest
    # What the peer takes back goes from here with the next build.
    Releases(theirs).rollback(1)
    follow(Peer(A, theirs), replica_of(ours))
    after = WritableStore.open_read_only(node(ours, B, data_folder).store_path)
    assert names(after, f"{A}id/practice/x") == []
    assert names(after, f"{B}id/practice/x") == ["Ours"]
    replica_of(ours).forget()
    assert peers(ours) == []


def test_nodes_that_follow_each_other_do_not_hand_statements_to_and_fro(
    homes: tuple[Path, Path], data_folder: Path
) -> None:
    theirs, ours = homes
    say(theirs, A, "Theirs")
    follow(Peer(A, theirs), replica_of(ours))
    node(ours, B, data_folder)
    say(ours, B, "Ours")
    there = follow(Peer(B, ours), Replica(theirs, B))
    # The statements of A, which B publishes along with its own, are not taken from B.
    assert there.aside["graph of another node"] > 100
    text = (Replica(theirs, B).folder / "statements.nq").read_text(encoding="utf-8")
    assert "Ours" in text
    assert "Theirs" not in text
    before = follow(Peer(A, theirs), replica_of(ours))
    node(theirs, A, data_folder)
    after = follow(Peer(A, theirs), replica_of(ours))
    assert after.published == before.published


def test_a_peer_that_speaks_of_others_is_kept_and_not_published(homes: tuple[Path, Path]) -> None:
    theirs, ours = homes
    graph = f"<{A}id/graph/edits/mine>"
    text = (
        f'INSERT DATA {{ GRAPH {graph} {{ <{B}id/practice/x> <{LABEL}> "Hijacked"@en . '
        f"<{A}id/practice/x> <http://www.w3.org/2002/07/owl#sameAs> <{B}id/practice/x> }} }}"
    )
    writer = Writer(Releases(theirs), place.folder(theirs))
    writer.write([Write("update", "me", "0" * 64, text.encode())])
    done = follow(Peer(A, theirs), replica_of(ours))
    assert done.aside["thing of another node"] == 1
    published = (replica_of(ours).folder / "statements.nq").read_text(encoding="utf-8")
    assert "Hijacked" not in published
    assert f"#sameAs> <{B}id/practice/x>" in published


def test_graphs_of_peers_cannot_be_written_by_hand(homes: tuple[Path, Path]) -> None:
    theirs, _ = homes
    graph = f"{B}id/row/things-2"
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <{A}id/practice/x> a <http://x.example/Y> }} }}"
    writer = Writer(Releases(theirs), place.folder(theirs))
    [answer] = writer.write([Write("update", "me", "0" * 64, text.encode(), scopes=("*",))])
    assert isinstance(answer, ForbiddenError)
    assert "another node" in str(answer)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://x.example", "http://x.example/"),
        ("http://x.example/feed", "http://x.example/"),
        ("https://x.example/kg/feed/", "https://x.example/kg/"),
        ("https://x.example/kg", "https://x.example/kg/"),
    ],
)
def test_a_node_is_named_by_its_address_or_that_of_its_feed(url: str, read: str) -> None:
    assert root_of(url) == read


@pytest.mark.parametrize(
    "url", ["ftp://x/", "file:///etc/passwd", "http://a@b/", "http://[", "x", ""]
)
def test_what_is_no_address_of_a_node_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenError):
        Caller(url)


def test_inner_addresses_are_called_only_where_they_are_meant() -> None:
    bounds = Bounds(seconds=2, retries=0)
    with pytest.raises(SikgError) as refused:
        Caller("http://localhost.localdomain:9/", bounds=bounds).get("feed", "*/*")
    assert "127.0.0.1" not in str(refused.value) or "inner address" in str(refused.value)
    with pytest.raises(EndpointError, match="connection failed"):
        Caller("http://127.0.0.1:9/", bounds=bounds).get("feed", "*/*")
