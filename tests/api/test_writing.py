"""Writing over HTTP: tokens, SPARQL Update and the Graph Store Protocol, from their texts."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.tokens import make_token
from graph.identity import Identity

BASE = Identity().base
EDITS = f"{BASE}id/graph/edits/"
UPDATE = {"Content-Type": "application/sparql-update"}
NT = {"Content-Type": "application/n-triples"}
LINE = '<http://x/a> <http://x/b> "c" .\n'


@pytest.fixture(scope="module")
def home(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a home of its own with two tokens; its writer is ended afterwards."""
    home = Path(shutil.copytree(release_home, tmp_path_factory.mktemp("writing") / "home"))
    yield home
    with suppress(OSError, ValueError):
        os.kill(int((home / "run" / "writer.lock").read_text()), signal.SIGTERM)


@pytest.fixture(scope="module")
def token(home: Path) -> str:
    """Give a token that reaches to the edits."""
    return make_token(home / "tokens.json", "somebody")


@pytest.fixture(scope="module")
def client(home: Path, token: str) -> Iterator[TestClient]:
    """Ask the service with the token."""
    settings = Settings(home=home, write_bytes=10_000, request_bytes=20_000)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def store(graph: str) -> str:
    return f"/graph-store?graph={quote(EDITS + graph, safe='')}"


def insert(graph: str, thing: str = "http://x/a") -> str:
    return f"INSERT DATA {{ GRAPH <{EDITS}{graph}> {{ <{thing}> <http://x/b> 1 }} }}"


def asks(client: TestClient, pattern: str) -> bool:
    found = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"})
    return bool(found.json()["boolean"])


def lines(client: TestClient, graph: str) -> list[str]:
    found = client.get(store(graph), headers={"Accept": "application/n-triples"})
    assert found.status_code == 200
    return sorted(found.text.splitlines())


def problem(found: httpx.Response, status: int) -> Any:
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    return found.json()


def test_an_update_is_acknowledged_when_everybody_sees_it(client: TestClient) -> None:
    found = client.post("/sparql", content=insert("u"), headers=UPDATE)
    assert found.status_code == 200
    assert found.json()["graphs"] == [f"{EDITS}u"]
    assert found.headers["sikg-release"] == str(found.json()["release"])
    assert asks(client, "<http://x/a> <http://x/b> 1")
    assert client.get("/ready").json()["release"] == found.json()["release"]


def test_an_update_is_sent_in_a_form(client: TestClient) -> None:
    found = client.post("/sparql", data={"update": insert("form", "http://x/form")})
    assert found.status_code == 200
    assert asks(client, "<http://x/form> <http://x/b> 1")


@pytest.mark.parametrize("body_form", [True, False])
def test_the_dataset_of_an_update_comes_with_it(client: TestClient, *, body_form: bool) -> None:
    client.put(store("using"), content=LINE, headers=NT)
    text = f"INSERT {{ GRAPH <{EDITS}used-{body_form}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    graphs = {"using-graph-uri": f"{EDITS}using"}
    if body_form:
        found = client.post("/sparql", data={"update": text, **graphs})
    else:
        found = client.post("/sparql", params=graphs, content=text, headers=UPDATE)
    assert found.json()["inserted"] == 1
    assert lines(client, f"used-{body_form}") == [LINE.strip()]


@pytest.mark.parametrize("clause", ["USING <http://x/g>", "USING NAMED <http://x/g>"])
def test_the_dataset_comes_once(client: TestClient, clause: str) -> None:
    text = f"DELETE {{ GRAPH <{EDITS}u> {{ ?s ?p ?o }} }} {clause} WHERE {{ ?s ?p ?o }}"
    for name in ("using-graph-uri", "using-named-graph-uri"):
        told = problem(client.post("/sparql", data={"update": text, name: "http://x/g"}), 400)
        assert "USING" in told["detail"]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"update": insert("u"), "query": "ASK {}"}, "without a query"),
        ({"update": [insert("u"), insert("v")]}, "2 times"),
        ({"update": insert("u"), "default-graph-uri": "http://x/g"}, "default-graph-uri"),
        ({"update": insert("u"), "using-graph-uri": "no iri"}, "absolute IRI"),
        ({"update": insert("u"), "validate": "perhaps"}, "true or false"),
        ({"update": "INSERT DATA {"}, "line 1"),
        ({"update": f"INSERT DATA {{ GRAPH <{EDITS}u> {{ <{{}}> <http://x/b> 1 }} }}"}, "line 1"),
    ],
)
def test_a_wrong_update_is_refused(client: TestClient, parameters: Any, said: str) -> None:
    assert said in problem(client.post("/sparql", data=parameters), 400)["detail"]


def test_an_update_is_never_sent_by_get(client: TestClient) -> None:
    problem(client.get("/sparql", params={"update": insert("u")}), 400)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"\xff\xfe", "application/sparql-update", 400),
        (b"INSERT DATA {}", "application/sparql-update; charset=utf-16", 400),
        (b"INSERT DATA {}", "text/plain", 415),
        (b"#" * 30_000, "application/sparql-update", 413),
        (b"update=%ff", "application/x-www-form-urlencoded", 400),
    ],
)
def test_bodies_that_cannot_be_read_are_refused(
    client: TestClient, body: bytes, kind: str, status: int
) -> None:
    problem(client.post("/sparql", content=body, headers={"Content-Type": kind}), status)


WRITES: list[tuple[str, str]] = [
    ("POST", "/sparql"),
    ("PUT", "/graph-store?default"),
    ("PUT", "/graph-store?graph=http%3A%2F%2Fx%2Fg"),
    ("POST", "/graph-store"),
    ("PATCH", "/graph-store?graph=http%3A%2F%2Fx%2Fg"),
    ("DELETE", "/graph-store?graph=http%3A%2F%2Fx%2Fg"),
    ("PUT", "/id/graph/edits/a"),
    ("DELETE", "/id/graph/ontology"),
]


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_nothing_is_written_without_a_token(client: TestClient, method: str, address: str) -> None:
    for sent, code in (("", ""), ("Basic eDp5", ""), ("Bearer unknown", ', error="invalid_token"')):
        headers = {**UPDATE, "Authorization": sent}
        found = client.request(method, address, content=insert("u"), headers=headers)
        told = problem(found, 401)
        assert found.headers["www-authenticate"] == f'Bearer realm="sikg"{code}'
        assert told["type"].endswith("#token-needed")


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_nothing_is_written_where_there_are_no_tokens(
    release_home: Path, method: str, address: str
) -> None:
    with TestClient(create_app(Settings(home=release_home))) as client:
        headers = {**UPDATE, "Authorization": "Bearer x"}
        problem(client.request(method, address, content=insert("u"), headers=headers), 403)
    assert not (release_home / "run").exists()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PUT", "/graph-store?default"),
        ("DELETE", "/graph-store?default"),
        ("POST", "/graph-store?default="),
        ("PUT", f"/graph-store?graph={BASE}id/row/organisations-2"),
        ("PUT", "/id/graph/receipts"),
        ("PUT", "/graph-store?graph=http://x/outside"),
    ],
)
def test_what_is_out_of_reach_is_forbidden(client: TestClient, method: str, address: str) -> None:
    problem(client.request(method, address, content=LINE, headers=NT), 403)


def test_a_graph_is_put_read_replaced_and_deleted(client: TestClient) -> None:
    made = client.put(store("life"), content=LINE, headers=NT)
    assert made.status_code == 201
    assert made.headers["location"] == f"{EDITS}life"
    turtle = client.get(store("life"))
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    replaced = client.put(
        store("life"), content="<> <http://x/b> <y>.", headers={"Content-Type": "text/turtle"}
    )
    assert replaced.status_code == 200
    assert lines(client, "life") == [f"<{EDITS}life> <http://x/b> <{EDITS}y> ."]
    assert client.delete(store("life")).status_code == 200
    problem(client.get(store("life")), 404)
    problem(client.delete(store("life")), 404)


def test_a_graph_under_the_base_is_its_own_address(client: TestClient) -> None:
    assert client.put("/id/graph/edits/direct", content=LINE, headers=NT).status_code == 201
    by_address = client.get("/id/graph/edits/direct", headers={"Accept": "application/n-triples"})
    assert by_address.text == LINE
    assert lines(client, "direct") == [LINE.strip()]
    assert client.delete("/id/graph/edits/direct").status_code == 200
    problem(client.get("/id/graph/edits/direct"), 404)


def test_post_adds_and_makes_graphs(client: TestClient) -> None:
    assert client.post(store("post"), content=LINE, headers=NT).status_code == 201
    more = LINE.replace("c", "d")
    assert client.post(store("post"), content=more, headers=NT).status_code == 200
    assert lines(client, "post") == [LINE.strip(), more.strip()]
    made = client.post("/graph-store", content=LINE, headers=NT)
    assert made.status_code == 201
    found = client.get("/graph-store", params={"graph": made.headers["location"]})
    assert found.status_code == 200
    assert made.headers["location"].startswith(EDITS)


def test_the_files_of_a_form_are_one_graph(client: TestClient) -> None:
    files = [
        ("a", ("a.nt", LINE, "application/n-triples")),
        ("b", ("b.ttl", "<> <http://x/b> _:n .", "text/turtle")),
    ]
    assert client.post(store("files"), files=files).json()["inserted"] == 2
    problem(client.post(store("files"), files=[("a", ("a", b"x", "text/html"))]), 415)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(client.post(store("files"), content=b"--y", headers=headers), 400)


def test_patch_changes_the_graph_of_its_address(client: TestClient) -> None:
    client.put(store("patch"), content=LINE, headers=NT)
    text = "DELETE { ?s ?p 'c' } INSERT { ?s ?p 'd' } WHERE { ?s ?p 'c' }"
    assert client.patch(store("patch"), content=text, headers=UPDATE).status_code == 200
    assert lines(client, "patch") == [LINE.replace('"c"', '"d"').strip()]
    problem(client.patch(store("patch"), content=insert("other"), headers=UPDATE), 422)
    problem(client.patch(store("patch"), content=LINE, headers=NT), 415)


def test_a_graph_is_changed_only_as_it_was_read(client: TestClient) -> None:
    client.put(store("tags"), content=LINE, headers=NT)
    tag = client.get(store("tags")).headers["etag"]
    assert client.get(store("tags"), headers={"If-None-Match": tag}).status_code == 304
    changed = client.put(store("tags"), content="", headers={**NT, "If-Match": tag})
    assert changed.status_code == 200
    problem(client.put(store("tags"), content=LINE, headers={**NT, "If-Match": tag}), 412)
    problem(client.put(store("tags"), content=LINE, headers={**NT, "If-None-Match": "*"}), 412)
    assert lines(client, "tags") == []


def test_head_and_options_are_answered(client: TestClient) -> None:
    client.put(store("head"), content=LINE, headers=NT)
    got, head = client.get(store("head")), client.head(store("head"))
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    for address in ("/graph-store", "/id/graph/edits/a"):
        found = client.options(address)
        assert found.status_code == 204
        assert {"PUT", "PATCH", "DELETE"} <= set(found.headers["allow"].split(", "))
        assert "Authorization" in found.headers["access-control-allow-headers"]
    assert "Authorization" in client.options("/sparql").headers["access-control-allow-headers"]
    found = client.request("TRACE", "/graph-store")
    assert problem(found, 405)
    assert "PUT" in found.headers["allow"]


def test_graphs_are_read_without_a_token(client: TestClient) -> None:
    client.put(store("open"), content=LINE, headers=NT)
    headers = {"Authorization": "", "Accept": "application/ld+json"}
    assert client.get(store("open"), headers=headers).json()[0]["@id"] == "http://x/a"
    whole = client.get("/graph-store?default&format=ntriples", headers=headers)
    assert LINE in whole.text
    ontology = client.get(f"/graph-store?graph={BASE}id/graph/ontology", headers=headers)
    assert ontology.status_code == 200


@pytest.mark.parametrize(
    ("method", "address", "headers", "body", "status"),
    [
        ("GET", "/graph-store", {}, b"", 400),
        ("PUT", "/graph-store", NT, b"", 400),
        ("DELETE", "/graph-store", {}, b"", 400),
        ("GET", "/graph-store?default&graph=http://x/g", {}, b"", 400),
        ("PUT", "/graph-store?default&graph=http://x/g", NT, b"", 400),
        ("GET", "/graph-store?default=yes", {}, b"", 400),
        ("GET", "/graph-store?graph=http://x/g&graph=http://x/h", {}, b"", 400),
        ("GET", "/graph-store?graph=relative", {}, b"", 400),
        ("GET", "/graph-store?graph=http://x/%0d%0aSet-Cookie:%20a", {}, b"", 400),
        ("PUT", "/graph-store?graph=http://x/%0d%0aSet-Cookie:%20a", NT, b"", 400),
        ("GET", "/graph-store?graph=%ff", {}, b"", 400),
        ("GET", "/graph-store?grpah=http://x/g", {}, b"", 400),
        ("PUT", "/id/graph/edits/a?graph=http://x/g", NT, b"", 400),
        ("GET", "/graph-store?graph=http://x/nothing", {}, b"", 404),
        ("GET", "/graph-store?default", {"Accept": "image/png"}, b"", 406),
        ("GET", "/graph-store?default&format=trig", {}, b"", 406),
        ("PUT", store("bad"), {}, b"", 415),
        ("PUT", store("bad"), {"Content-Type": "application/trig"}, b"", 415),
        ("PUT", store("bad"), {"Content-Type": "text/turtle; charset=latin1"}, b"", 415),
        ("PUT", store("bad"), NT, b"<http://x/a> <http://x/b> .", 400),
        ("PUT", store("bad"), NT, b'<http://x/a> <http://x/b> "\xff" .', 400),
        ("PUT", store("bad"), NT, b"<a> <b> <c> .", 400),
        ("PUT", store("bad"), NT, LINE.encode() * 1000, 413),
        ("PUT", store("bad"), {"Content-Type": "application/rdf+xml"}, b"<a/", 400),
        (
            "PUT",
            store("bad"),
            {"Content-Type": "application/ld+json"},
            b'{"@context": "http://127.0.0.1:1/", "@id": "a:b"}',
            400,
        ),
        (
            "PUT",
            store("bad"),
            {"Content-Type": "application/ld+json"},
            b'{"@id": "a:g", "@graph": [{"@id": "a:a", "a:b": 1}]}',
            400,
        ),
    ],
)
def test_wrong_requests_are_refused_and_write_nothing(
    client: TestClient,
    method: str,
    address: str,
    headers: dict[str, str],
    body: bytes,
    status: int,
) -> None:
    before = client.get("/ready").json()
    problem(client.request(method, address, headers=headers, content=body), status)
    assert client.get("/ready").json() == before


def test_shapes_are_enforced_on_request(client: TestClient) -> None:
    thing = f"{BASE}id/practice/nameless"
    text = insert("shapes", thing).replace("<http://x/b> 1", "a sikg:Practice")
    text = f"PREFIX sikg: <https://w3id.org/sikg/ontology#> {text}"
    found = client.post("/sparql?validate=true", content=text, headers=UPDATE)
    assert problem(found, 422)["results"][0]["focus"] == thing
    assert not asks(client, f"<{thing}> a ?c")
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    body = f"<{thing}> <{kind}> <https://w3id.org/sikg/ontology#Practice> ."
    problem(client.put(store("shapes") + "&validate=true", content=body, headers=NT), 422)
    named = f'{body}\n<{thing}> <http://www.w3.org/2004/02/skos/core#prefLabel> "N"@en .'
    found = client.put(store("shapes") + "&validate=true", content=named, headers=NT)
    assert (found.status_code, found.json()["shapes"]) == (201, [])


def test_the_audit_trail_names_the_request(client: TestClient, home: Path) -> None:
    headers = {**UPDATE, "X-Request-ID": "audited-request-1"}
    client.post("/sparql", content=insert("audit", "http://x/audit"), headers=headers)
    last = json.loads((home / "audit.jsonl").read_text().splitlines()[-1])
    assert (last["writer"], last["request"]) == ("somebody", "audited-request-1")


def test_tokens_stand_in_no_log(client: TestClient, token: str, home: Path, capfd: Any) -> None:
    client.post("/sparql", content=insert("log"), headers=UPDATE)
    client.post("/sparql", content="x", headers={**UPDATE, "Authorization": f"Bearer {token}x"})
    written = capfd.readouterr()
    kept = "".join(
        path.read_text(errors="replace")
        for path in (home / "audit.jsonl", home / "tokens.json", home / "run" / "writer.lock")
    )
    assert token not in written.out + written.err + kept


def test_a_writer_that_was_killed_is_replaced(client: TestClient, home: Path) -> None:
    client.post("/sparql", content=insert("kill", "http://x/k1"), headers=UPDATE)
    os.kill(int((home / "run" / "writer.lock").read_text()), signal.SIGKILL)
    statuses = [
        client.post("/sparql", content=insert("kill", f"http://x/k{n}"), headers=UPDATE).status_code
        for n in range(2, 5)
    ]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200
    assert asks(client, "<http://x/k1> <http://x/b> 1 . <http://x/k4> <http://x/b> 1")


def test_pages_and_documents_say_what_was_written_by_hand(client: TestClient) -> None:
    thing = f"{BASE}id/practice/of-hand"
    text = (
        f"INSERT DATA {{ GRAPH <{EDITS}pages> {{ <{thing}> a "
        "<https://w3id.org/sikg/ontology#Practice> ; "
        '<http://www.w3.org/2004/02/skos/core#prefLabel> "By hand"@en } }'
    )
    assert client.post("/sparql", content=text, headers=UPDATE).status_code == 200
    page = client.get("/page/practice/of-hand", headers={"Accept": "text/html"}).text
    assert "Written by hand" in page
    assert f"{EDITS}pages" in page
    told = client.get("/api/v1/practice/of-hand").json()["receipts"][f"{EDITS}pages"]
    assert (told["writers"], told["through"]) == (["somebody"], ["SPARQL Update"])
    data = client.get("/data/practice/of-hand.nq").text
    assert f"<{EDITS}pages> <https://w3id.org/sikg/ontology#editedBy>" in data


def test_an_edit_cannot_pass_itself_off_as_a_receipt(client: TestClient) -> None:
    row = f"{BASE}id/row/organisations-2"
    cites = f'<{row}> <https://w3id.org/sikg/ontology#citedSource> "forged"'
    text = f"INSERT DATA {{ GRAPH <{EDITS}forged> {{ {cites} }} }}"
    assert client.post("/sparql", content=text, headers=UPDATE).status_code == 200
    query = f"SELECT ?s {{ GRAPH <{row}> {{ ?s a ?c }} }} LIMIT 1"
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    path = found[0]["s"]["value"].removeprefix(f"{BASE}id/")
    receipts = client.get(f"/api/v1/{path}").json()["receipts"]
    assert "forged" not in receipts[row]["cited"]
