"""The SPARQL 1.1 Graph Store HTTP Protocol, from its text."""

from __future__ import annotations

import httpx2
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from tests.conformance.serving import DATA, IDENTITY
from tests.conformance.test_protocol import G1, GRAPHS, SELECT, subjects
from tests.conformance.writing import UPDATE, Writer, indirectly, with_blank_nodes

_ONE = f"<{DATA}a> <{DATA}p> 1 ."
_TWO = f"<{DATA}b> <{DATA}p> 2 ."
_METHODS = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH"}


# A graph has no name of its own in a format of triples, and needs none here.
_TRIPLES = [name for name in GRAPHS if name not in {"application/n-quads", "application/trig"}]


def _graph(*texts: str) -> Graph:
    return Graph().parse(data="\n".join(texts), format="turtle")


def _edits(graph: str) -> str:
    """Give the address of a graph that is named by it."""
    return f"/id/graph/edits/{graph.rpartition('/')[2]}"


def _allowed(answer: httpx2.Response) -> set[str]:
    return {name.strip() for name in answer.headers["allow"].split(",")}


@pytest.fixture
def writer(writer_within: Writer) -> Writer:
    """Write within this process alone: the conversation of the suite is with a server, too."""
    return writer_within


@pytest.fixture(params=["direct", "indirect"])
def place(request: pytest.FixtureRequest, writer: Writer) -> str:
    """Give the address of a graph that there is not yet, by its own IRI and by a parameter (4)."""
    graph = writer.new_graph()
    return indirectly(graph) if request.param == "indirect" else _edits(graph)


def test_put_makes_a_graph(writer: Writer, place: str) -> None:
    """5.3: 201 where the graph is new."""
    answer = writer.send("PUT", place, _ONE)
    assert answer.status_code == 201
    assert isomorphic(writer.read(place), _graph(_ONE))


def test_put_replaces_a_graph(writer: Writer, place: str) -> None:
    """5.3: 200 or 204 where it is not."""
    writer.send("PUT", place, _ONE)
    answer = writer.send("PUT", place, _TWO)
    assert answer.status_code in {200, 204}
    assert isomorphic(writer.read(place), _graph(_TWO))


def test_put_of_nothing_leaves_an_empty_graph(writer: Writer, place: str) -> None:
    writer.send("PUT", place, _ONE)
    assert writer.send("PUT", place, "").status_code in {200, 204}
    answer = writer.client.get(place, headers={"accept": "text/turtle"})
    assert answer.status_code in {200, 404}
    if answer.status_code == 200:
        assert len(Graph().parse(data=answer.content, format="turtle")) == 0


def test_post_makes_a_graph(writer: Writer, place: str) -> None:
    """5.5: 201 where the graph is new."""
    assert writer.send("POST", place, _ONE).status_code == 201
    assert isomorphic(writer.read(place), _graph(_ONE))


def test_post_merges_into_a_graph(writer: Writer, place: str) -> None:
    writer.send("PUT", place, _ONE)
    assert writer.send("POST", place, _TWO).status_code in {200, 204}
    assert isomorphic(writer.read(place), _graph(_ONE, _TWO))


def test_post_keeps_blank_nodes_apart(writer: Writer, place: str) -> None:
    """5.5: the payload is merged, so that blank nodes of one name are none of the graph."""
    blank = f"_:x <{DATA}p> 1 ."
    writer.send("PUT", place, blank)
    writer.send("POST", place, blank)
    assert len(writer.read(place)) == 2


def test_post_of_nothing_changes_nothing(writer: Writer, place: str) -> None:
    writer.send("PUT", place, _ONE)
    assert writer.send("POST", place, "").status_code in {200, 204}
    assert isomorphic(writer.read(place), _graph(_ONE))


def test_post_to_the_store_names_a_graph(writer: Writer) -> None:
    """5.5: 201 and the address of the new graph."""
    answer = writer.send("POST", "/graph-store", _ONE)
    assert answer.status_code == 201
    place = _path(answer.headers["location"])
    assert isomorphic(writer.read(place), _graph(_ONE))
    again = writer.send("POST", "/graph-store", _ONE)
    assert again.headers["location"] != answer.headers["location"]


def _path(location: str) -> str:
    """Give an address on the service asked, which may be none of its public one."""
    return location.removeprefix(IDENTITY.base.removesuffix("/"))


def test_delete_drops_a_graph(writer: Writer, place: str) -> None:
    """5.4: 200, 202 or 204, and 404 from then on."""
    writer.send("PUT", place, _ONE)
    assert writer.send("DELETE", place).status_code in {200, 204}
    assert writer.client.get(place).status_code == 404
    assert writer.client.head(place).status_code == 404
    assert writer.send("DELETE", place).status_code == 404


def test_get_of_no_graph_is_not_found(writer: Writer, place: str) -> None:
    """5.2."""
    answer = writer.client.get(place, headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert writer.client.head(place).status_code == 404


@pytest.mark.parametrize("media_type", _TRIPLES)
def test_get_gives_each_format(writer: Writer, place: str, media_type: str) -> None:
    """5.2."""
    writer.send("PUT", place, _ONE)
    answer = writer.client.get(place, headers={"accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()
    read = with_blank_nodes(Graph().parse(data=answer.content, format=GRAPHS[media_type]))
    assert isomorphic(read, _graph(_ONE))


@pytest.mark.parametrize("media_type", _TRIPLES)
def test_put_takes_each_format_of_graphs(writer: Writer, place: str, media_type: str) -> None:
    form = GRAPHS[media_type]
    body = _graph(_ONE, '<a:b> <a:b> "é"@et .').serialize(format=form, encoding="utf-8")
    assert writer.send("PUT", place, body, media_type).status_code == 201
    assert isomorphic(writer.read(place), _graph(_ONE, '<a:b> <a:b> "é"@et .'))


def test_a_format_that_is_not_there_is_not_acceptable(writer: Writer, place: str) -> None:
    writer.send("PUT", place, _ONE)
    assert writer.client.get(place, headers={"accept": "image/png"}).status_code == 406


def test_head_says_what_get_does(writer: Writer, place: str) -> None:
    """5.7."""
    writer.send("PUT", place, _ONE)
    get, head = (
        writer.client.request(method, place, headers={"accept": "text/turtle"})
        for method in ("GET", "HEAD")
    )
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers.get(name) == get.headers.get(name)


def test_options_tells_the_methods(writer: Writer, place: str) -> None:
    for address in (place, "/graph-store?default", "/graph-store"):
        answer = writer.client.options(address)
        assert answer.status_code in {200, 204}
        assert {"GET", "HEAD", "OPTIONS"} <= _allowed(answer) <= _METHODS
    assert {"PUT", "POST", "DELETE"} <= _allowed(writer.client.options(place))


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(writer: Writer, place: str, method: str) -> None:
    answer = writer.send(method, place)
    assert answer.status_code == 405
    assert {"GET", "PUT"} <= _allowed(answer)


def test_patch_carries_out_an_update(writer: Writer, place: str) -> None:
    """5.8: an update of the graph, or 405 with the methods that there are."""
    writer.send("PUT", place, _ONE)
    text = f"INSERT DATA {{ {_TWO} }}"
    answer = writer.send("PATCH", place, text, UPDATE)
    if answer.status_code == 405:
        assert "PATCH" not in _allowed(answer)
    else:
        assert answer.status_code in {200, 204}
        assert isomorphic(writer.read(place), _graph(_ONE, _TWO))
        assert writer.send("PATCH", place, text, "text/plain").status_code == 415


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_payload_that_is_none_of_its_type_is_a_bad_request(
    writer: Writer, place: str, method: str
) -> None:
    """5.1: the payload does not match its media type."""
    writer.send("PUT", place, _ONE)
    answers = [
        writer.send(method, place, _TWO, "application/rdf+xml"),
        writer.send(method, place, f"<{DATA}a> <{DATA}p> .", "text/turtle"),
        writer.send(method, place, b"\xff\xfe", "text/turtle"),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert isomorphic(writer.read(place), _graph(_ONE))


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("media_type", ["text/csv", "application/json", "application/octet-stream"])
def test_a_payload_of_another_type_is_not_read(
    writer: Writer, place: str, method: str, media_type: str
) -> None:
    assert writer.send(method, place, _ONE, media_type).status_code == 415


@pytest.mark.parametrize(
    "address",
    [
        "/graph-store?graph=",
        "/graph-store?graph=relative",
        "/graph-store?graph=not%20an%20iri",
        "/graph-store?graph=http%3A%2F%2Fa%2F&graph=http%3A%2F%2Fb%2F",
        "/graph-store?graph=http%3A%2F%2Fa%2F&default",
        "/graph-store?nonsense",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_a_graph_is_named_by_one_absolute_iri(writer: Writer, address: str, method: str) -> None:
    """4.2."""
    body = _ONE if method in {"PUT", "POST"} else None
    assert writer.send(method, address, body).status_code == 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_the_store_alone_is_no_graph(writer: Writer, method: str) -> None:
    """4.2 and 5.5: without a name, graphs can only be made, by POST."""
    answer = writer.send(method, "/graph-store", _ONE if method == "PUT" else None)
    assert answer.status_code in {400, 404, 405}


def test_relative_iris_of_a_payload_are_so_to_its_graph(writer: Writer, place: str) -> None:
    """4.1: the base is the IRI of the graph."""
    assert writer.send("PUT", place, "<#it> <a:p> <other> .").status_code == 201
    ((subject, _, value),) = writer.read(place)
    assert isinstance(subject, URIRef)
    assert str(subject).endswith("#it")
    assert str(value) == f"{str(subject).removesuffix('#it').rpartition('/')[0]}/other"


def test_the_default_graph_can_be_read(writer: Writer) -> None:
    graph = writer.read("/graph-store?default")
    assert (URIRef(f"{DATA}s0"), URIRef(f"{DATA}p"), Literal("the default graph é")) in graph
    head = writer.client.head("/graph-store?default")
    assert head.status_code == 200


def test_both_ways_of_naming_reach_the_same_graph(writer: Writer) -> None:
    direct = _edits(writer.new_graph())
    name = f"{IDENTITY.base}{direct.removeprefix('/')}"
    assert writer.send("PUT", direct, _ONE).status_code == 201
    assert isomorphic(writer.read(indirectly(name)), _graph(_ONE))
    assert writer.send("DELETE", indirectly(name)).status_code in {200, 204}
    assert writer.client.get(direct).status_code == 404


def test_what_is_written_is_seen_by_queries(writer: Writer) -> None:
    graph = writer.new_graph()
    writer.send("PUT", indirectly(graph), _ONE)
    assert writer.holds(graph, _ONE)
    found = writer.client.get("/sparql", params={"query": SELECT, "default-graph-uri": graph})
    assert subjects(found) == {"a"}


def test_other_graphs_are_left_alone(writer: Writer, place: str) -> None:
    before = writer.read(indirectly(G1))
    writer.send("PUT", place, _ONE)
    writer.send("DELETE", place)
    assert isomorphic(writer.read(indirectly(G1)), before)


def test_every_part_of_a_form_is_merged(writer: Writer, place: str) -> None:
    """5.5: several documents in one multipart/form-data request."""
    body = "\r\n".join(
        [
            "--AaB03x",
            'Content-Disposition: form-data; name="graph"; filename="one.ttl"',
            "Content-Type: text/turtle",
            "",
            _ONE,
            "--AaB03x",
            'Content-Disposition: form-data; name="graph"; filename="two.rdf"',
            "Content-Type: application/rdf+xml",
            "",
            _graph(_TWO).serialize(format="xml"),
            "--AaB03x--",
            "",
        ]
    )
    answer = writer.send("POST", place, body, "multipart/form-data; boundary=AaB03x")
    assert answer.status_code == 201
    assert isomorphic(writer.read(place), _graph(_ONE, _TWO))


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nobody_writes_without_a_token(writer: Writer, place: str, method: str) -> None:
    """RFC 6750, 3: 401 with the scheme, and nothing is written."""
    writer.send("PUT", place, _TWO)
    kind = UPDATE if method == "PATCH" else "text/turtle"
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic eDp5"}):
        answer = writer.client.request(
            method, place, content=_ONE, headers={"content-type": kind, **headers}
        )
        assert answer.status_code in {401, 403}
        if answer.status_code == 401:
            assert "bearer" in answer.headers["www-authenticate"].lower()
    assert isomorphic(writer.read(place), _graph(_TWO))
