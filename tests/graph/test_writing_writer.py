"""The writer: writes become releases, together and whole, and survive builds."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import Dataset
from graph.digest import Digest
from graph.engine import Query
from graph.errors import (
    ForbiddenError,
    NotFoundError,
    PreconditionError,
    QueryError,
    ShapesError,
    StorageError,
    UnprocessableError,
)
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Manifest, Release, Releases
from graph.store import new_buffer
from graph.writing import place
from graph.writing.journal import Journal
from graph.writing.process import run
from graph.writing.requests import Outcome, Write, decode_answer, encode_answer
from graph.writing.tags import tag_of_lines
from graph.writing.writer import Writer
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

BASE = Identity().base
EDITS = f"{BASE}id/graph/edits/"
THING = f"{BASE}id/practice/of-hand"
NAMED = "http://www.w3.org/2004/02/skos/core#prefLabel"
ORGANISATION = "https://w3id.org/sikg/ontology#Organisation"
COPYING = f"INSERT {{ GRAPH <{EDITS}a> {{ ?s a ?o }} }} WHERE {{"
NTRIPLES, NQUADS = GRAPH_FORMATS[1], GRAPH_FORMATS[2]


@pytest.fixture
def home(release_home: Path, tmp_path: Path) -> Path:
    """Give a home of its own, in which a test may publish."""
    return Path(shutil.copytree(release_home, tmp_path / "home"))


@pytest.fixture
def writer(home: Path) -> Writer:
    """Give the writer of the home, in this process."""
    return Writer(Releases(home, keep=2), place.folder(home))


def update(text: str, **more: Any) -> Write:
    return Write(
        "update", "somebody", hashlib.sha256(text.encode()).hexdigest(), text.encode(), **more
    )


def graph(operation: Any, name: str, body: str = "", **more: Any) -> Write:
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    return Write(operation, "somebody", sha256, body.encode(), graph=f"{EDITS}{name}", **more)


def insert(thing: str, name: str = "a") -> Write:
    return update(f'INSERT DATA {{ GRAPH <{EDITS}{name}> {{ <{thing}> <{NAMED}> "By hand"@en }} }}')


def done(writer: Writer, *writes: Write) -> list[Outcome]:
    answers = writer.write(writes)
    assert all(isinstance(answer, Outcome) for answer in answers), answers
    return [answer for answer in answers if isinstance(answer, Outcome)]


def refused(writer: Writer, write: Write) -> Exception:
    [answer] = writer.write([write])
    assert isinstance(answer, Exception)
    return answer


def served(home: Path) -> Dataset:
    return Dataset.open(Releases(home).current())


def named_of(home: Path, thing: str) -> list[str]:
    query = Query(f"SELECT ?name {{ <{thing}> <{NAMED}> ?name }} ORDER BY ?name")
    return served(home).store.select(query).values("name")


def assert_as_counted(release: Release) -> None:
    """Hold the manifest to the release, and the digest to the dump of its stated graphs."""
    dataset = Dataset.open(release)
    body = new_buffer()
    dataset.store.dump(body, NQUADS)
    lines = body.getvalue().splitlines()
    assert release.manifest.quads == len(dataset.store) == len(lines)
    [merged] = dataset.store.select(Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")).values("n")
    assert release.manifest.statements == int(merged)
    # Statistics, quality and the description of the service are no part of it.
    names = ("void", "service", "quality", "catalogue")
    apart = tuple(f"<{BASE}id/graph/{name}> .".encode() for name in names)
    digest = Digest()
    digest.add_lines(
        line for line in lines if line.endswith(b"> .") and b"<" in line and is_quad(line, apart)
    )
    assert release.manifest.digest == digest.hexdigest()


def is_quad(line: bytes, apart: tuple[bytes, ...]) -> bool:
    """Tell whether a line of N-Quads names a graph, and none of those that follow."""
    graph = line.rpartition(b" <")[2]
    named = graph.startswith((f"{BASE}id/row/".encode(), f"{BASE}id/graph/".encode()))
    return named and not line.endswith(apart)


def test_a_write_is_a_release_that_holds_it_and_what_follows(writer: Writer, home: Path) -> None:
    before = Releases(home).current().manifest
    [outcome] = done(writer, insert(THING))
    release = Releases(home).current()
    assert (outcome.release, outcome.inserted, outcome.graphs) == (2, 1, (f"{EDITS}a",))
    assert (release.number, release.manifest.built) == (2, 1)
    assert release.manifest.statements == before.statements + 2
    label = Query(f"ASK {{ <{THING}> <http://www.w3.org/2000/01/rdf-schema#label> 'By hand'@en }}")
    assert served(home).store.ask(label)
    assert served(home).search.search("by hand", limit=1)[0].iri == THING
    assert served(home).names.near("by hand")[0].thing == THING.removeprefix(f"{BASE}id/")
    assert_as_counted(release)
    assert (release.path / "report.json").read_bytes() == (
        Releases(home).get(1).path / "report.json"
    ).read_bytes()


def test_an_edit_graph_has_a_receipt(writer: Writer, home: Path) -> None:
    done(writer, insert(THING), graph("put", "b", f'<{THING}> <{NAMED}> "B"@en .'))
    query = Query(f"""
        PREFIX sikg: <https://w3id.org/sikg/ontology#>
        SELECT ?graph ?by ?how ?when {{ GRAPH <{BASE}id/graph/receipts> {{
          ?graph a sikg:EditGraph ; sikg:editedBy ?by ; sikg:editedThrough ?how ;
            <http://www.w3.org/ns/prov#generatedAtTime> ?when }} }} ORDER BY ?graph
    """)
    found = served(home).store.select(query)
    assert [(row["graph"].value, row["by"].value, row["how"].value) for row in found] == [
        (f"{EDITS}a", "somebody", "SPARQL Update"),
        (f"{EDITS}b", "somebody", "Graph Store PUT"),
    ]
    done(writer, graph("delete", "a"), graph("delete", "b"))
    assert len(served(home).store.select(query)) == 0
    assert_as_counted(Releases(home).current())


def test_every_statement_has_a_receipt_after_edits(writer: Writer, home: Path) -> None:
    done(writer, insert(THING), insert("http://elsewhere/thing"))
    without = Query(f"""
        SELECT ?graph {{ GRAPH ?graph {{ ?s ?p ?o }}
          FILTER(!STRSTARTS(STR(?graph), "{BASE}id/graph/") || STRSTARTS(STR(?graph), "{EDITS}"))
          FILTER NOT EXISTS {{ GRAPH <{BASE}id/graph/receipts> {{ ?graph ?about ?value }} }} }}
    """)
    assert len(served(home).store.select(without)) == 0


def test_writes_that_wait_are_one_release_and_a_refused_one_stops_no_other(
    writer: Writer, home: Path
) -> None:
    answers = writer.write(
        [
            insert(THING),
            update("INSERT DATA { <http://x/a> <http://x/b> 1 }"),
            update(
                f"INSERT DATA {{ GRAPH <{EDITS}a> {{ <http://x/a> <http://x/b> 1 }} }} ; DROP ALL"
            ),
            update("INSERT DATA {"),
            insert(f"{THING}-2"),
        ]
    )
    kinds = [type(answer) for answer in answers]
    assert kinds == [Outcome, ForbiddenError, ForbiddenError, QueryError, Outcome]
    assert Releases(home).current_number() == 2
    assert named_of(home, THING) == named_of(home, f"{THING}-2") == ["By hand"]
    assert not served(home).store.ask(Query("ASK { GRAPH ?g { <http://x/a> ?p ?o } }"))
    assert len(list(Journal(home).read())) == 2
    assert_as_counted(Releases(home).current())


def test_what_changes_nothing_makes_no_release(writer: Writer, home: Path) -> None:
    done(writer, insert(THING))
    [outcome] = done(writer, insert(THING))
    assert (outcome.release, outcome.inserted, outcome.graphs) == (2, 0, ())
    assert Releases(home).current_number() == 2


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://x/a> <http://x/b> 1 }",
        f"INSERT DATA {{ GRAPH <{BASE}id/row/organisations-2> {{ <http://x/a> <http://x/b> 1 }} }}",
        f"DELETE DATA {{ GRAPH <{BASE}id/graph/ontology> {{ <http://x/a> <http://x/b> 1 }} }}",
        "DELETE WHERE { GRAPH ?g { ?s a ?o } }",
        "DELETE WHERE { ?s a ?o }",
        "INSERT { GRAPH ?row { ?s a ?o } } WHERE { GRAPH ?row { ?s a ?o } }",
        "CLEAR ALL",
        "DROP NAMED",
        "CLEAR SILENT DEFAULT",
        f"DROP GRAPH <{BASE}id/graph/receipts>",
        f"MOVE <{BASE}id/graph/ontology> TO <{EDITS}a>",
        f"COPY <{BASE}id/graph/ontology> TO DEFAULT",
        "CREATE GRAPH <http://elsewhere/graph>",
        "LOAD <http://127.0.0.1:1/>",
        f"{COPYING} SERVICE <http://127.0.0.1:1/> {{ ?s a ?o }} }}",
        f"{COPYING} SERVICE <file:///etc/passwd> {{ ?s a ?o }} }}",
    ],
)
def test_what_is_not_the_writers_own_is_refused(writer: Writer, home: Path, text: str) -> None:
    scopes = () if "elsewhere" in text else ("*",)
    assert isinstance(refused(writer, update(text, scopes=scopes)), ForbiddenError)
    assert Releases(home).current_number() == 1


def test_a_statement_of_a_source_stays_when_an_edit_that_says_the_same_goes(
    writer: Writer, home: Path
) -> None:
    same = f"GRAPH <{EDITS}a> {{ ?s a <{ORGANISATION}> }}"
    asked = Query(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{ORGANISATION}> }}")
    before = served(home).store.select(asked).values("n")
    done(writer, update(f"INSERT {{ {same} }} WHERE {{ ?s a <{ORGANISATION}> }}"))
    done(writer, update(f"DELETE WHERE {{ {same} }}"))
    assert served(home).store.select(asked).values("n") == before
    assert_as_counted(Releases(home).current())


def test_the_graph_store_puts_posts_patches_and_deletes(writer: Writer, home: Path) -> None:
    put, again, post, patch = done(
        writer,
        graph("put", "g", '<http://x/a> <http://x/b> "1" .\n<http://x/a> <http://x/b> _:n .'),
        graph("put", "g", '<http://x/a> <http://x/b> "1" .\n<http://x/a> <http://x/b> _:n .'),
        graph("post", "g", '<http://x/a> <http://x/b> "2" .'),
        graph("patch", "g", "DELETE { ?s ?p '1' } INSERT { ?s ?p '3' } WHERE { ?s ?p '1' }"),
    )
    assert (put.created, put.inserted, again.created, again.graphs) == (True, 2, False, ())
    assert (post.created, post.inserted, patch.inserted, patch.removed) == (False, 1, 1, 1)
    body = new_buffer()
    served(home).store.dump(body, NTRIPLES, graph=f"{EDITS}g")
    lines = sorted(body.getvalue().decode().splitlines())
    assert lines[:2] == [f'<http://x/a> <http://x/b> "{value}" .' for value in "23"]
    assert lines[2].startswith(f"<http://x/a> <http://x/b> <{BASE}.well-known/genid/")
    done(writer, graph("delete", "g"))
    assert isinstance(refused(writer, graph("delete", "g")), NotFoundError)
    assert_as_counted(Releases(home).current())


def test_an_empty_graph_is_a_graph(writer: Writer, home: Path) -> None:
    [outcome] = done(writer, graph("put", "empty"))
    assert outcome.created
    body = new_buffer()
    served(home).store.dump(body, NTRIPLES, graph=f"{EDITS}empty")
    assert body.getvalue() == b""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            f"INSERT DATA {{ GRAPH <{EDITS}other> {{ <http://x/a> <http://x/b> 1 }} }}",
            UnprocessableError,
        ),
        ("CLEAR GRAPH <http://x/g>", UnprocessableError),
        (f"DROP GRAPH <{EDITS}g>", UnprocessableError),
        ("INSERT DATA {", QueryError),
    ],
)
def test_a_patch_concerns_its_own_graph(writer: Writer, text: str, kind: type[Exception]) -> None:
    assert isinstance(refused(writer, graph("patch", "g", text)), kind)


def test_a_graph_is_written_only_as_it_was_read(writer: Writer, home: Path) -> None:
    line = b'<http://x/a> <http://x/b> "1" .'
    done(writer, graph("put", "g", line.decode(), absent=True))
    assert isinstance(refused(writer, graph("put", "g", absent=True)), PreconditionError)
    wrong = graph("put", "g", expected=("0" * 32,))
    assert isinstance(refused(writer, wrong), PreconditionError)
    done(writer, graph("put", "g", expected=(tag_of_lines([line]),)))
    missing = graph("put", "h", expected=("*",))
    assert isinstance(refused(writer, missing), PreconditionError)
    assert Releases(home).current_number() == 3


def nameless(**more: Any) -> Write:
    return update(f"INSERT DATA {{ GRAPH <{EDITS}a> {{ <{THING}> a <{ORGANISATION}> }} }}", **more)


def test_what_breaks_the_shapes_is_not_written_where_that_is_enforced(
    writer: Writer, home: Path
) -> None:
    error = refused(writer, nameless(validation="enforce"))
    assert isinstance(error, ShapesError)
    assert [(item["focus"], item["path"]) for item in error.results] == [(THING, NAMED)]
    assert Releases(home).current_number() == 1
    [outcome] = done(writer, nameless(validation="report"))
    assert [item.focus for item in outcome.shapes or ()] == [THING]
    assert [entry.violations for entry in Journal(home).read()] == [1]
    # What was at fault before is not held against the next.
    [outcome] = done(writer, insert(f"{THING}-2"), update("", validation="enforce"))[:1]
    more = f"INSERT DATA {{ GRAPH <{EDITS}a> {{ <{THING}> <http://x/p> 1 }} }}"
    [outcome] = done(writer, update(more, validation="enforce"))
    assert outcome.shapes == ()
    assert_as_counted(Releases(home).current())


def test_a_link_to_what_is_removed_breaks_the_shapes(writer: Writer) -> None:
    sikg = "PREFIX sikg: <https://w3id.org/sikg/ontology#> "
    skos = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    graph = f"GRAPH <{EDITS}a>"
    parts = (
        f"<{THING}-p> a sikg:Participation ; sikg:participant <{THING}-o> ; "
        f"sikg:participatesIn <{THING}-c> ; sikg:role <{BASE}id/role/partner> . "
        f"<{THING}-c> a sikg:Project ; skos:prefLabel 'C'@en ."
        f"<{THING}-o> skos:prefLabel 'O'@en ; a sikg:Organisation ."
    )
    done(
        writer,
        update(f"{sikg}{skos} INSERT DATA {{ {graph} {{ {parts} }} }}", validation="enforce"),
    )
    gone = f"{sikg} DELETE DATA {{ {graph} {{ <{THING}-o> a sikg:Organisation }} }}"
    error = refused(writer, update(gone, validation="enforce"))
    assert isinstance(error, ShapesError)
    assert f"{THING}-p" in {item["focus"] for item in error.results}


def test_builds_and_edits_are_kept_apart(writer: Writer, home: Path, data_folder: Path) -> None:
    for number in range(6):
        done(writer, insert(f"{THING}-{number}"))
        writer.tidy()
    assert Releases(home).numbers() == [1, 6, 7]
    few = [mapping for mapping in read_mappings() if mapping.name == "countries"]
    build(Releases(home, keep=2), Inputs(few, data_folder, Identity()))
    assert Releases(home).numbers() == [1, 6, 7, 8]


def test_edits_survive_a_build_and_the_writer_follows_it(
    writer: Writer, home: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(writer, insert(THING), graph("put", "empty"))
    inputs = Inputs(read_mappings(), data_folder, Identity())
    releases = Releases(home)

    def meanwhile(*_: object) -> object:
        done(writer, insert(f"{THING}-late"), graph("delete", "empty"), graph("put", "new"))
        return publishing(releases)

    publishing = Releases.publishing
    monkeypatch.setattr(releases, "publishing", meanwhile)
    release, _ = build(releases, inputs)
    assert release.number == 4
    assert release.manifest.built is None
    assert named_of(home, THING) == named_of(home, f"{THING}-late") == ["By hand"]
    hits = {hit.iri for hit in served(home).search.search("by hand")}
    assert {THING, f"{THING}-late"} <= hits
    near = {f"{BASE}id/{item.thing}" for item in served(home).names.near("by hand")}
    assert {THING, f"{THING}-late"} <= near
    graphs = set(served(home).store.named_graphs())
    assert {f"{EDITS}a", f"{EDITS}new"} <= graphs
    assert f"{EDITS}empty" not in graphs
    assert_as_counted(release)
    done(writer, insert(f"{THING}-after"))
    assert named_of(home, f"{THING}-late") == named_of(home, f"{THING}-after") == ["By hand"]
    assert_as_counted(Releases(home).current())


def test_a_rollback_goes_back_behind_edits(writer: Writer, home: Path) -> None:
    done(writer, insert(THING))
    Releases(home).rollback(1)
    done(writer, insert(f"{THING}-2"))
    assert (named_of(home, THING), named_of(home, f"{THING}-2")) == ([], ["By hand"])
    assert Releases(home).current_number() == 3


def test_when_the_disk_refuses_nothing_is_written_and_the_next_write_works(
    writer: Writer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Release:
        raise StorageError("the disk is full")

    done(writer, insert(THING))
    with monkeypatch.context() as patched:
        patched.setattr(Releases, "publish", full)
        assert isinstance(refused(writer, insert(f"{THING}-2")), StorageError)
    assert Releases(home).current_number() == 2
    done(writer, insert(f"{THING}-3"))
    found = [named_of(home, thing) for thing in (THING, f"{THING}-2", f"{THING}-3")]
    assert found == [["By hand"], [], ["By hand"]]
    assert_as_counted(Releases(home).current())


def test_the_journal_says_who_wrote_what_and_never_a_secret(writer: Writer, home: Path) -> None:
    write = update(insert(THING).body.decode(), request="asked-17")
    done(writer, write)
    [entry] = map(json.loads, (home / "audit.jsonl").read_text().splitlines())
    assert entry.pop("when").startswith("20")
    assert entry == {
        "writer": "somebody",
        "request": "asked-17",
        "operation": "SPARQL Update",
        "graphs": [f"{EDITS}a"],
        "inserted": 1,
        "removed": 0,
        "sha256": write.sha256,
        "release": 2,
        "violations": 0,
    }


def test_the_journal_catches_up_with_what_was_published(writer: Writer, home: Path) -> None:
    """As after a crash between the release and the journal, in the middle of a line."""
    done(writer, insert(THING))
    whole = (home / "audit.jsonl").read_bytes()
    done(writer, insert(f"{THING}-2"))
    (home / "audit.jsonl").write_bytes(whole + b'{"when": "20')
    done(Writer(Releases(home), place.folder(home)), insert(f"{THING}-3"))
    assert [entry.release for entry in Journal(home).read()] == [2, 3, 4]
    assert (home / "audit.jsonl").stat().st_mode & 0o777 == 0o600


def test_old_manifests_are_read(home: Path) -> None:
    path = Releases(home).current().path / "manifest.json"
    told = json.loads(path.read_bytes())
    del told["built"], told["edits"]
    assert Manifest.model_validate(told).built is None


@pytest.mark.parametrize(
    "error",
    [
        QueryError("x", line=3, column=4),
        ShapesError("x", [{"focus": "y"}]),
        ForbiddenError("x"),
        StorageError("x"),
    ],
)
def test_errors_pass_through_the_socket_as_they_are(error: Any) -> None:
    with pytest.raises(type(error), match="x") as caught:
        decode_answer(encode_answer(error)[4:])
    assert vars(caught.value) == vars(error)


def test_requests_pass_through_the_socket_as_they_are() -> None:
    write = update("é", scopes=("*",), using=("http://x/",), request="r", validation="report")
    sent = write.encode()
    length = int.from_bytes(sent[:4])
    assert Write.decode(sent[12 : 12 + length], sent[12 + length :]) == write


def test_a_writer_that_nobody_needs_ends_and_leaves_nothing(home: Path) -> None:
    folder = place.folder(home)
    (folder / "writer.sock").mkdir()
    (folder / "store-left").mkdir()
    run(home, keep=2, idle=0.0, limit=10.0)
    assert [item.name for item in folder.iterdir()] == ["writer.lock"]
    assert folder.stat().st_mode & 0o777 == 0o700
