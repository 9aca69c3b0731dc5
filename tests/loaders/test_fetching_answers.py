"""Answers of endpoints as tables: whole, page by page, and replaced when there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.endpoint import Limits
from graph.engine import Query
from graph.errors import EndpointError, MappingError
from graph.terms import Solutions, literal
from loaders.fetching.fetch import Fetched, fetch
from loaders.fetching.hosts import Hosts
from loaders.fetching.options import Fetching
from loaders.fetching.pages import pages
from loaders.reading.readers import ROW, read_table
from tests.loaders.serving import Answer, Asked, serving
from tests.loaders.test_fetching import mapping

RESULTS = "application/sparql-results+json"
ORDERED = "SELECT ?id ?name { ?x ?y ?id } ORDER BY ?id"
AFTER = 'SELECT ?id { VALUES ?after { "" } ?x ?y ?id FILTER(STR(?id) > ?after) } ORDER BY STR(?id)'
QUICK = Limits(timeout=2.0, retries=1, pause=0.0, longest_pause=0.0)


def answer(values: list[str], variable: str = "id") -> bytes:
    bindings = [{variable: {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": [variable]}, "results": {"bindings": bindings}}).encode()


class Paged:
    """An engine that pages over some values, and at most `cap` of them at once."""

    def __init__(self, values: list[str], cap: int = 1_000) -> None:
        self.values = sorted(values)
        self.cap = cap
        self.texts: list[str] = []

    def __call__(self, query: Query) -> Solutions:
        """Answer a page."""
        self.texts.append(query.text)
        return Solutions.from_json(answer(self.page(query.text)))

    def page(self, text: str) -> list[str]:
        """Give the values of a page."""
        limit = re.search(r"LIMIT ([0-9]+)(?: OFFSET ([0-9]+))?\s*$", text)
        after = re.search(r'VALUES \?after \{ "((?:[^"\\]|\\.)*)" \}', text)
        assert limit
        start = int(limit[2] or 0)
        rest = [value for value in self.values if not after or value > json.loads(f'"{after[1]}"')]
        return rest[start : start + min(int(limit[1]), self.cap)]


@pytest.mark.parametrize(("text", "after"), [(ORDERED, None), (AFTER, "id")])
@pytest.mark.parametrize(("count", "size", "cap"), [(0, 3, 9), (7, 3, 9), (6, 3, 9), (7, 5, 2)])
def test_all_solutions_are_had_whatever_the_endpoint_gives_at_once(
    text: str, after: str | None, count: int, size: int, cap: int
) -> None:
    values = [f'{number:03}"\\' for number in range(count)]
    engine = Paged(values, cap)
    found = [value for page in pages(engine, text, size, after) for value in page.values("id")]
    assert found == sorted(values)


def test_an_endpoint_that_does_not_page_is_told() -> None:
    same = Solutions(("id",), ({"id": literal("1")},))
    with pytest.raises(EndpointError, match="the same page again"):
        list(pages(lambda _: same, ORDERED, 1, None))


def test_a_value_with_several_solutions_is_had_whole() -> None:
    values = ["a", "b", "b", "c", "c", "d"]
    found = [value for page in pages(Paged(values), AFTER, 3, "id") for value in page.values("id")]
    assert found == values


def test_a_value_with_more_solutions_than_a_page_is_told() -> None:
    with pytest.raises(EndpointError, match="'b' has more solutions than a page holds"):
        list(pages(Paged(["a", "b", "b"]), AFTER, 2, "id"))


def test_a_query_that_does_not_begin_after_its_slot_is_told() -> None:
    values = Solutions(("id",), tuple({"id": literal(value)} for value in "abc"))
    halves = [values, Solutions(("id",), values.rows[1:])]
    with pytest.raises(EndpointError, match="or that of the page before"):
        list(pages(lambda _: halves.pop(0), AFTER, 3, "id"))


@pytest.mark.parametrize(
    ("text", "after", "cause"),
    [
        ("SELECT ?id { ?x ?y ?id } # ORDER BY is missing", None, "needs ORDER BY at its end"),
        ("SELECT ?id { { SELECT ?id { } ORDER BY ?id } }", None, "needs ORDER BY at its end"),
        (f"{ORDERED} LIMIT 10", None, "ends with LIMIT"),
        (ORDERED, "id", "no slot"),
    ],
)
def test_a_query_that_cannot_be_paged_is_refused(text: str, after: str | None, cause: str) -> None:
    with pytest.raises(MappingError, match=cause):
        list(pages(Paged([]), text, 10, after))


Get = Callable[..., Fetched]


@pytest.fixture
def get(tmp_path: Path) -> Get:
    """Give a function that fetches the answer of an endpoint on this machine."""
    (tmp_path / "list.rq").write_text(ORDERED, encoding="utf-8")
    options = Fetching(tmp_path / "copies", Hosts(("127.0.0.1",)), fresh=0.0, answers=QUICK)

    def got(address: str, more: str = "") -> Fetched:
        rows = f'endpoint: "{address}/sparql", query: list.rq, pause: 0, page: 2{more}'
        return fetch(mapping(tmp_path, rows), lambda name: tmp_path / name, options)

    return got


def paging(values: list[str]) -> Callable[[Asked], Answer]:
    engine = Paged(values)
    return lambda asked: Answer(answer(engine.page(asked.query)), RESULTS)


def test_the_answer_becomes_a_table(get: Get) -> None:
    with serving(paging(["a", "b", "c"])) as server:
        found = get(server.address)
        assert len(server.asked) == 3
        assert server.asked[0].query.endswith("ORDER BY ?id\nLIMIT 2 OFFSET 0\n")
    table = read_table(found.path, found.mapping.rows)
    assert table.frame.select("id", ROW).rows() == [("a", 1), ("b", 2), ("c", 3)]
    assert found.path.name == "list.srj"
    assert found.notes == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Answer(b"<html>We are down</html>", "text/html"), "answered text/html instead of"),
        (Answer(b"", "text/plain", 503), "failed 2 times: status 503"),
        (Answer(b'{"head": {"vars": ["id"]}, "results": {', RESULTS), "answered no SPARQL results"),
    ],
    ids=["page", "busy", "cut"],
)
def test_an_endpoint_that_is_down_is_replaced(
    get: Get, tmp_path: Path, wrong: Answer, told: str
) -> None:
    (tmp_path / "kept.srj").write_bytes(answer(["old"]))
    with serving(lambda _: wrong) as server:
        with pytest.raises(EndpointError, match=told):
            get(server.address)
        found = get(server.address, ", recorded: kept.srj")
        assert read_table(found.path, found.mapping.rows).frame["id"].to_list() == ["old"]
        assert (found.notes[0].kind, told in found.notes[0].text) == ("recorded-fallback", True)
        server.answering = paging(["new"])
        get(server.address)
        server.answering = lambda _: wrong
        found = get(server.address, ", recorded: kept.srj")
        assert read_table(found.path, found.mapping.rows).frame["id"].to_list() == ["new"]
        assert (found.notes[0].kind, told in found.notes[0].text) == ("stale-copy", True)


def test_an_endpoint_that_fails_on_a_later_page_gives_no_half_table(get: Get) -> None:
    def answering(asked: Asked) -> Answer:
        if "OFFSET 0" in asked.query:
            return Answer(answer(["a", "b"]), RESULTS)
        return Answer(status=500)

    with serving(answering) as server, pytest.raises(EndpointError, match="status 500"):
        get(server.address)


def test_a_query_that_is_not_there_is_told(get: Get, tmp_path: Path) -> None:
    (tmp_path / "list.rq").unlink()
    with pytest.raises(MappingError, match=r"rows\.query: .*list\.rq cannot be read"):
        get("http://127.0.0.1:1")
