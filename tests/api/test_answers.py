"""Answers: made in threads, remembered within bounds, always of the served release."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.answers import Answer, Answers, Memory, Served
from api.app import create_app
from api.errors import BusyError
from api.settings import Settings
from graph.engine import Query
from graph.errors import NotAcceptableError, QueryError
from graph.release import Releases
from tests.api.odd import publish_odd


def _answer(size: int) -> Answer:
    return Answer(200, (), b"x" * size)


def test_memory_forgets_what_was_used_longest_ago() -> None:
    memory = Memory(20_000)
    for name in "abcdef":
        memory.put(name, _answer(1000), 0)
    memory.get("a")
    for name in "ghijk":
        memory.put(name, _answer(1000), 0)
    assert memory.get("a") is not None
    assert memory.get("b") is None
    assert memory.size <= memory.limit


def test_memory_does_not_take_what_is_too_large() -> None:
    memory = Memory(20_000)
    memory.put("large", _answer(5000), 0)
    memory.put("long", _answer(0), 5000)
    assert memory.get("large") is None
    assert memory.get("long") is None
    assert memory.size == 0


def test_memory_counts_what_is_put_again_once() -> None:
    memory = Memory(100_000)
    memory.put("a", _answer(1000), 0)
    before = memory.size
    memory.put("a", _answer(1000), 0)
    assert memory.size == before


def test_the_event_loop_goes_on_while_a_thread_works(odd_home: Path) -> None:
    answers = Answers(Served(odd_home), Settings(home=odd_home, threads=1))

    async def count() -> int:
        under_way = asyncio.ensure_future(answers.run(lambda: time.sleep(0.3)))
        turns = 0
        while not under_way.done():
            await asyncio.sleep(0.01)
            turns += 1
        return turns

    assert asyncio.run(count()) > 5
    answers.close()


def test_more_than_can_wait_is_refused(odd_home: Path) -> None:
    answers = Answers(Served(odd_home), Settings(home=odd_home, threads=1, queue=1))
    release = threading.Event()

    async def ask() -> None:
        waiting = [asyncio.ensure_future(answers.run(release.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await asyncio.wait_for(answers.run(release.wait), 5)
        release.set()
        await asyncio.gather(*waiting)
        await answers.run(lambda: None)

    asyncio.run(ask())
    answers.close()


def test_errors_of_a_thread_reach_who_waits(release_home: Path) -> None:
    served = Served(release_home)
    answers = Answers(served, Settings(home=release_home))

    def malformed() -> None:
        served.dataset().store.select(Query("SELECT"))

    def unacceptable() -> None:
        def refuse(_: object) -> None:
            raise NotAcceptableError("no")

        served.dataset().store.answer(Query("SELECT * WHERE { ?s ?p ?o }"), refuse)  # type: ignore[arg-type]

    async def ask() -> None:
        with pytest.raises(QueryError):
            await answers.run(malformed)
        # The results of the engine die with their thread's frames, not with the error here.
        with pytest.raises(NotAcceptableError):
            await answers.run(unacceptable)

    asyncio.run(ask())
    answers.close()


def test_a_new_release_is_served_at_once_and_a_rollback_too(tmp_path: Path) -> None:
    publish_odd(tmp_path, digest="1" * 128)
    with TestClient(create_app(Settings(home=tmp_path))) as client:

        def seen() -> tuple[int, str, str]:
            data = client.get("/data/theme/care")
            page = client.get("/page/theme/care", headers={"if-none-match": data.headers["etag"]})
            number = client.get("/ready").json()["release"]
            return number, data.headers["etag"], page.headers["etag"]

        first = seen()
        publish_odd(tmp_path, digest="2" * 128)
        second = seen()
        assert (first[0], second[0]) == (1, 2)
        assert first[1] != second[1]
        assert first[2] != second[2]
        Releases(tmp_path).rollback()
        assert seen() == first


def test_a_remembered_answer_is_given_again(odd_home: Path) -> None:
    with TestClient(create_app(Settings(home=odd_home))) as client:
        memory = client.app.state.service.answers.memory  # type: ignore[attr-defined]
        first = client.get("/data/theme/care.ttl")
        size = memory.size
        assert size > len(first.content)
        assert client.get("/data/theme/care.ttl").content == first.content
        assert memory.size == size


@pytest.mark.parametrize("path", ["/page/theme/care", "/api/v1/theme/care"])
def test_what_a_route_says_of_a_release_is_remembered(odd_home: Path, path: str) -> None:
    with TestClient(create_app(Settings(home=odd_home))) as client:
        memory = client.app.state.service.answers.memory  # type: ignore[attr-defined]
        client.get("/ready")
        client.headers["accept-encoding"] = "identity"
        head = client.head(path)
        assert not head.content
        size = memory.size
        first = client.get(path)
        assert first.content
        assert memory.size == size > len(first.content)
        own = {"date", "x-request-id"}
        assert {k: v for k, v in head.headers.items() if k not in own} == {
            k: v for k, v in first.headers.items() if k not in own
        }
        # Other headers say something else, or the same of another origin.
        elsewhere = client.get(path, headers={"origin": "https://example.org"})
        assert elsewhere.content == first.content
        assert elsewhere.headers["access-control-allow-origin"] == "*"
        told = {"if-none-match": first.headers["etag"]}
        assert client.get(path, headers=told).status_code == 304
        size = memory.size
        assert client.get(path + "-none").status_code == 404
        assert memory.size == size


def test_nothing_is_remembered_without_memory(odd_home: Path) -> None:
    with TestClient(create_app(Settings(home=odd_home, cache_bytes=0))) as client:
        assert client.get("/data/theme/care.ttl").status_code == 200
        assert client.app.state.service.answers.memory.size == 0  # type: ignore[attr-defined]
