"""The conversation of the suite of the Graph Store Protocol, which is no manifest but a text.

Its requests are sent in its order, once a service; each answer is a test by the name it has there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conformance.known_failures import KNOWN
from tests.conformance.serving import IDENTITY
from tests.conformance.writing import Writer, with_blank_nodes

_PERSON = f"{IDENTITY.base}person/1"
_FOAF = (
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> ."
)


def _card(name: str, *more: str) -> str:
    told = f'{_FOAF} <{_PERSON}> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "{name}" ]'
    return " ; ".join([told, *more]) + " ."


_ALICE = f'{_FOAF} [] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .'
_NAMED = f'{_FOAF} <{_PERSON}> foaf:name "Jane Doe" .'
_PARTS = "\r\n".join(
    line
    for name, value in (("familyName", "Doe"), ("givenName", "Jane"))
    for line in (
        "--BbC04y",
        f'Content-Disposition: form-data; name="graphs"; filename="{name}.ttl"',
        "Content-Type: text/turtle",
        "",
        f'{_FOAF} <{_PERSON}> foaf:{name} "{value}" .',
    )
)
_WRITTEN = (200, 204)


@dataclass(frozen=True, slots=True)
class Step:
    """A request, the statuses that the protocol allows for it, and the graph that it gives.

    `place` is a path, where `{new}` is the address that the service gave to a new graph.
    """

    name: str
    method: str
    place: str
    status: tuple[int, ...]
    body: str | None = None
    media_type: str = "text/turtle"
    graph: str | None = None


_FIRST, _SECOND, _NEW = "/id/graph/edits/person-1", "/id/graph/edits/person-2", "{new}"
_DEFAULT, _STORE = "/graph-store?default", "/graph-store"
_MULTIPART = "multipart/form-data; boundary=BbC04y"
_PARTED = _card(
    "Jane Doe", 'foaf:name "Jane Doe"', 'foaf:givenName "Jane"', 'foaf:familyName "Doe"'
)
STEPS = (
    Step("put__initial_state", "PUT", _FIRST, (201,), _card("John Doe")),
    Step("get_of_put__initial_state", "GET", _FIRST, (200,), graph=_card("John Doe")),
    Step("put__graph_already_in_store", "PUT", _FIRST, _WRITTEN, _card("Jane Doe")),
    Step("get_of_put__graph_already_in_store", "GET", _FIRST, (200,), graph=_card("Jane Doe")),
    Step("put__default_graph", "PUT", _DEFAULT, (201, *_WRITTEN), _ALICE),
    Step("get_of_put__default_graph", "GET", _DEFAULT, (200,), graph=_ALICE),
    Step("put__mismatched_payload", "PUT", _FIRST, (400,), _card("J"), "application/rdf+xml"),
    Step("put__empty_graph", "PUT", _SECOND, (201, *_WRITTEN), ""),
    Step("get_of_put__empty_graph", "GET", _SECOND, (200,), graph=""),
    Step("delete__existing_graph", "DELETE", _SECOND, _WRITTEN),
    Step("get_of_delete__existing_graph", "GET", _SECOND, (404,)),
    Step("delete__nonexistent_graph", "DELETE", _SECOND, (404,)),
    Step("post__existing_graph", "POST", _FIRST, _WRITTEN, _NAMED),
    Step(
        "get_of_post__existing_graph",
        "GET",
        _FIRST,
        (200,),
        graph=_card("Jane Doe", 'foaf:name "Jane Doe"'),
    ),
    Step(
        "post__multipart_formdata", "POST", _FIRST, _WRITTEN, f"{_PARTS}\r\n--BbC04y--", _MULTIPART
    ),
    Step("get_of_post__multipart_formdata", "GET", _FIRST, (200,), graph=_PARTED),
    Step("post__create__new_graph", "POST", _STORE, (201,), _ALICE),
    Step("get_of_post__create__new_graph", "GET", _NEW, (200,), graph=_ALICE),
    Step("post__empty_graph_to_existing_graph", "POST", _NEW, _WRITTEN, ""),
    Step("get_of_post__after_noop", "GET", _NEW, (200,), graph=_ALICE),
    Step("head_on_an_existing_graph", "HEAD", _FIRST, (200,)),
    Step("head_on_a_nonexisting_graph", "HEAD", _SECOND, (404,)),
)


@pytest.fixture(scope="session")
def held() -> dict[str, Mapping[str, httpx2.Response]]:
    """Keep the answers of each service."""
    return {}


@pytest.fixture
def answers(
    writer: Writer, held: dict[str, Mapping[str, httpx2.Response]]
) -> Mapping[str, httpx2.Response]:
    """Give the answers to all requests."""
    service = str(writer.client.base_url)
    if service not in held:
        held[service] = _conversation(writer)
    return held[service]


def _conversation(writer: Writer) -> Mapping[str, httpx2.Response]:
    answers: dict[str, httpx2.Response] = {}
    new = "/"
    for step in STEPS:
        answer = writer.send(
            step.method,
            step.place.replace(_NEW, new),
            step.body,
            step.media_type,
            accept="text/turtle; charset=utf-8",
        )
        answers[step.name] = answer
        new = answer.headers.get("location", new).removeprefix(IDENTITY.base.removesuffix("/"))
    return answers


def _case(step: Step) -> object:
    name = f"http-rdf-update#{step.name}"
    marks = []
    if name in KNOWN:
        reason = f"{KNOWN[name]} (where it passes, remove it from known_failures.py)"
        marks.append(pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError))
    return pytest.param(step, id=name, marks=marks)


@pytest.mark.parametrize("step", [_case(step) for step in STEPS])
def test_the_graph_store_answers_as_in_the_suite(
    step: Step, answers: Mapping[str, httpx2.Response]
) -> None:
    answer = answers[step.name]
    assert answer.status_code in step.status, answer.text
    if step.graph is not None:
        assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
        found = with_blank_nodes(Graph().parse(data=answer.content, format="turtle"))
        assert isomorphic(found, Graph().parse(data=step.graph, format="turtle"))
    if step.name == "post__create__new_graph":
        assert answer.headers["location"]
    if step.method == "HEAD":
        assert answer.content == b""
