"""The pool: queries within a budget, by worker processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.crew import Crew
from api.errors import BusyError, GoneError, TooManyError
from api.pool import Pool
from api.settings import Settings
from api.tickets import Lane, Result, Ticket
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import (
    EngineError,
    LimitError,
    MemoryLimitError,
    QueryError,
    StorageError,
    TimeLimitError,
)
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.release import Releases
from graph.workers.messages import Job, Wanted
from tests.api.odd import publish_odd

WANTED = Wanted(RESULT_FORMATS[0], GRAPH_FORMATS[0])
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# About half a second of work on the curated tables.
LONG = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 2500 } { SELECT * { ?d ?e ?f } LIMIT 2000 } }"  # noqa: E501
Ask = Callable[..., Awaitable[Result]]


def job(text: str) -> Job:
    return Job(Query(text), WANTED, 10**6, 10**8)


@asynccontextmanager
async def pool_over(dataset: Dataset, **settings: object) -> AsyncIterator[tuple[Pool, Ask]]:
    """Make a pool over a dataset, and what asks it."""
    home = dataset.release.path.parents[1]
    pool = Pool(Settings(home=home, memory_quads=0, **settings))  # type: ignore[arg-type]

    async def ask(text: str, client: str = "", **more: object) -> Result:
        return await pool.answer(dataset, job(text), client, **more)  # type: ignore[arg-type]

    try:
        yield pool, ask
    finally:
        pool.close()


def crew_of(pool: Pool, dataset: Dataset) -> Crew:
    crew = pool.crew(dataset.release)
    assert crew is not None
    return crew


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds; fail if it does not in good time."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to hold")


def number(result: Result) -> int:
    assert isinstance(result.body, bytes)
    return int(json.loads(result.body)["results"]["bindings"][0]["n"]["value"])


def test_many_queries_at_once_get_their_own_answers(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, client_queries=100) as (_, ask):
            answers = await asyncio.gather(
                *(ask(f"SELECT ({place} AS ?n) {{}}") for place in range(60))
            )
            assert [number(answer) for answer in answers] == list(range(60))

    asyncio.run(main())


def test_a_query_beyond_its_time_is_ended_and_others_go_on(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, query_seconds=0.5, quick_workers=1) as (pool, ask):
            with pytest.raises(TimeLimitError, match="query_seconds"):
                await ask(ENDLESS)
            assert number(await ask("SELECT (1 AS ?n) {}")) == 1
            await until(lambda: pool.counts()[Lane.SLOW.value] == 0)

    asyncio.run(main())


def test_a_query_beyond_its_memory_is_ended(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, query_memory=40_000_000) as (_, ask):
            with pytest.raises(MemoryLimitError, match="query_memory"):
                await ask("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d")
            assert number(await ask("SELECT (1 AS ?n) {}")) == 1

    asyncio.run(main())


def test_short_queries_do_not_wait_behind_long_ones(dataset: Dataset) -> None:
    async def main() -> None:
        settings = {"quick_workers": 1, "slow_workers": 2, "client_slow": 2, "query_seconds": 30}
        async with pool_over(dataset, **settings) as (pool, ask):
            long = [asyncio.ensure_future(ask(ENDLESS)) for _ in range(4)]
            crew = await _crew_when(pool, dataset)
            await until(lambda: crew.counts()["slow"] == 2 and crew.counts()["stopped"] == 2)
            assert number(await ask("SELECT (1 AS ?n) {}")) == 1
            assert not any(task.done() for task in long)
            for task in long:
                task.cancel()
            await until(lambda: crew.counts()["slow"] + crew.counts()["stopped"] == 0)

    asyncio.run(main())


async def _crew_when(pool: Pool, dataset: Dataset) -> Crew:
    await until(lambda: pool.crew(dataset.release) is not None)
    return crew_of(pool, dataset)


def test_what_was_sent_behind_a_long_query_is_done_by_others(dataset: Dataset) -> None:
    async def main() -> None:
        settings = {"quick_workers": 2, "query_seconds": 30, "client_queries": 100}
        async with pool_over(dataset, **settings) as (pool, ask):
            await ask("ASK {}")
            crew = crew_of(pool, dataset)
            # In one turn of the loop, so that one worker is sent several.
            long = asyncio.ensure_future(ask(ENDLESS))
            short = [asyncio.ensure_future(ask(f"SELECT ({n} AS ?n) {{}}")) for n in range(30)]
            await asyncio.sleep(0)
            answers = [number(answer) for answer in await asyncio.gather(*short)]
            assert answers == list(range(30))
            assert not long.done()
            long.cancel()
            await until(lambda: not crew.busy)
            # Answers that nobody waits for any more are taken for no other query's.
            again = await asyncio.gather(*(ask(f"SELECT ({n} AS ?n) {{}}") for n in range(50, 90)))
            assert [number(answer) for answer in again] == list(range(50, 90))

    asyncio.run(main())


def test_a_stopped_query_goes_on_when_there_is_room(dataset: Dataset) -> None:
    async def main() -> None:
        settings = {"quick_workers": 1, "slow_workers": 1, "quick_seconds": 0.05}
        async with pool_over(dataset, **settings) as (pool, ask):
            blocker = asyncio.ensure_future(ask(ENDLESS))
            crew = await _crew_when(pool, dataset)
            await until(lambda: crew.counts()["slow"] == 1)
            second = asyncio.ensure_future(ask(LONG))
            await until(lambda: crew.counts()["stopped"] == 1)
            blocker.cancel()
            assert number(await second) == 2500 * 2000

    asyncio.run(main())


def test_a_client_has_no_more_than_its_part_of_the_slow_lane(dataset: Dataset) -> None:
    async def main() -> None:
        settings = {"slow_workers": 3, "client_slow": 1, "quick_seconds": 0.05}
        async with pool_over(dataset, **settings) as (pool, ask):
            greedy = [asyncio.ensure_future(ask(ENDLESS, "greedy")) for _ in range(2)]
            crew = await _crew_when(pool, dataset)
            await until(lambda: crew.counts()["stopped"] == 1)
            other = asyncio.ensure_future(ask(ENDLESS, "other"))
            await until(lambda: crew.counts()["slow"] == 2)
            for task in (*greedy, other):
                task.cancel()

    asyncio.run(main())


def test_more_long_queries_than_can_be_kept_are_refused(dataset: Dataset) -> None:
    async def main() -> None:
        settings = {"slow_workers": 1, "quick_seconds": 0.05, "query_seconds": 30}
        async with pool_over(dataset, **settings) as (_, ask):
            tasks = [asyncio.ensure_future(ask(ENDLESS)) for _ in range(6)]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            with pytest.raises(LimitError, match="too many long queries"):
                done.pop().result()
            for task in rest:
                task.cancel()

    asyncio.run(main())


def test_a_worker_is_ended_that_is_not_known_yet(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    obey = Crew._obey
    late: list[tuple[Crew, tuple[str | int, ...]]] = []

    def hold_back(crew: Crew, message: tuple[str | int, ...]) -> None:
        if message[0] == "forked":
            late.append((crew, message))
        else:
            obey(crew, message)

    monkeypatch.setattr(Crew, "_obey", hold_back)

    async def main() -> None:
        async with pool_over(dataset, quick_workers=1) as (pool, ask):
            task = asyncio.ensure_future(ask(ENDLESS))
            crew = await _crew_when(pool, dataset)
            await until(lambda: any(worker.ticket is not None for worker in crew.workers))
            (worker,) = (worker for worker in crew.workers if worker.ticket is not None)
            crew.end(worker, LimitError("too many"))
            await until(lambda: bool(late))
            assert worker.pid is None
            assert not task.done()
            monkeypatch.undo()
            for told in late:
                obey(*told)
            with pytest.raises(LimitError, match="too many"):
                await asyncio.wait_for(task, 20)

    asyncio.run(main())


def test_a_client_with_too_many_queries_and_a_full_queue_are_told(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, client_queries=2, queue=3) as (_, ask):
            first = [asyncio.ensure_future(ask(ENDLESS, "a")) for _ in range(2)]
            await asyncio.sleep(0.3)
            with pytest.raises(TooManyError, match="client_queries"):
                await ask("ASK {}", "a")
            assert (await ask("ASK {}", "b")).size
            third = asyncio.ensure_future(ask(ENDLESS, "b"))
            await asyncio.sleep(0.1)
            with pytest.raises(BusyError):
                await ask("ASK {}", "c")
            for task in (*first, third):
                task.cancel()
            await asyncio.gather(*first, third, return_exceptions=True)
            assert (await ask("ASK {}", "a")).size

    asyncio.run(main())


def test_a_query_ends_when_its_client_goes(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset) as (pool, ask):
            await ask("ASK {}")
            leaving = asyncio.Event()

            async def gone() -> None:
                await leaving.wait()

            task = asyncio.ensure_future(ask(ENDLESS, gone=gone))
            crew = crew_of(pool, dataset)
            await until(lambda: crew.counts()["slow"] == 1)
            leaving.set()
            with pytest.raises(GoneError):
                await task
            await until(lambda: crew.counts()["slow"] == 0)

    asyncio.run(main())


def test_a_killed_worker_is_told_and_replaced(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, quick_workers=1) as (pool, ask):
            task = asyncio.ensure_future(ask(ENDLESS))
            crew = await _crew_when(pool, dataset)
            await until(lambda: crew.counts()["slow"] == 1)
            worker = next(item for item in crew.workers if item.lane is Lane.SLOW)
            crew.end(worker, EngineError("killed by the test"))
            with pytest.raises(EngineError, match="killed by the test"):
                await task
            assert (await ask("ASK {}")).size

    asyncio.run(main())


def test_an_end_that_the_keeper_tells_first_is_told(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, quick_workers=1) as (pool, ask):
            task = asyncio.ensure_future(ask(ENDLESS))
            crew = await _crew_when(pool, dataset)
            await until(lambda: crew.counts()["slow"] == 1)
            worker = next(item for item in crew.workers if item.lane is Lane.SLOW)
            asyncio.get_running_loop().remove_reader(worker.channel)
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            with pytest.raises(MemoryLimitError):
                await asyncio.wait_for(task, 10)
            assert worker not in crew.workers
            assert (await ask("ASK {}")).size

    asyncio.run(main())


def test_a_copy_in_memory_takes_over_without_a_gap(dataset: Dataset) -> None:
    async def main() -> None:
        home = dataset.release.path.parents[1]
        pool = Pool(Settings(home=home, memory_quads=10**9))
        try:
            for _ in range(2000):
                assert (await pool.answer(dataset, job("ASK {}"))).size
                if crew_of(pool, dataset).in_memory:
                    break
                await asyncio.sleep(0.005)
            assert crew_of(pool, dataset).in_memory
            assert (await pool.answer(dataset, job("ASK {}"))).size
        finally:
            pool.close()

    asyncio.run(main())


def test_the_second_engine_answers_beside_the_store(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a a ?t . ?b a ?t }"
    after = Crew._after_rival
    seen: list[Result | Exception] = []

    def spy(crew: Crew, ticket: Ticket | None, answer: Result | Exception) -> Ticket | None:
        seen.append(answer)
        return after(crew, ticket, answer)

    monkeypatch.setattr(Crew, "_after_rival", spy)
    monkeypatch.setattr("api.crew._LARGE", 0)

    async def main() -> None:
        async with pool_over(dataset) as (_, ask):
            answer = await ask(query)
            await until(lambda: bool(seen))
            rival = seen[0]
            assert isinstance(rival, Result)
            expected = int(dataset.store.select(Query(query)).values("n")[0])
            assert number(rival) == number(answer) == expected
            # What it leaves is answered by the store.
            assert number(await ask(LONG)) == 2500 * 2000
            assert isinstance(seen[-1], EngineError)
            assert (await ask("ASK {}")).size

    asyncio.run(main())


LOOKUP = "SELECT ?p ?o WHERE { <http://localhost:8000/id/country/EE> ?p ?o }"


def test_a_lookup_needs_no_worker(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset, quick_workers=1) as (pool, ask):
            found = await ask(LOOKUP)
            assert pool.crew(dataset.release) is None
            # The same by a worker, whose form it does not have.
            by_worker = await ask(LOOKUP.replace("}", "FILTER(true) }"))
            assert pool.crew(dataset.release) is not None
            assert found == by_worker

    asyncio.run(main())


def test_a_lookup_with_many_rows_or_an_error_is_left_to_a_worker(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with pool_over(dataset, quick_workers=1) as (pool, ask):
            whole = await ask(LOOKUP)
            monkeypatch.setattr("api.pool._FEW", 1)
            assert pool.look_up(dataset, job(LOOKUP)) is None
            assert await ask(LOOKUP) == whole
            cut = await pool.answer(dataset, Job(Query(LOOKUP), WANTED, 1, 10**6), "")
            assert cut.cut is not None
            with pytest.raises(QueryError):
                await ask("SELECT ?p ?o { none:s ?p ?o }")

    asyncio.run(main())


def test_errors_of_queries_are_told_as_they_are(dataset: Dataset) -> None:
    async def main() -> None:
        async with pool_over(dataset) as (_, ask):
            with pytest.raises(QueryError, match="line 1"):
                await ask("SELECT")

    asyncio.run(main())


def test_a_release_that_has_gone_is_told_and_a_later_one_answers(tmp_path: Path) -> None:
    publish_odd(tmp_path, digest="1" * 128)
    dataset = Dataset.open(Releases(tmp_path).current())
    dataset.release.store_path.rename(tmp_path / "elsewhere")

    async def main() -> None:
        async with pool_over(dataset) as (_, ask):
            with pytest.raises(StorageError):
                await ask("ASK {}")
            (tmp_path / "elsewhere").rename(dataset.release.store_path)
            assert (await ask("ASK {}")).size

    asyncio.run(main())


def test_another_event_loop_gets_workers_of_its_own(dataset: Dataset) -> None:
    pool = Pool(Settings(home=dataset.release.path.parents[1], memory_quads=0))
    for _ in range(2):
        assert asyncio.run(pool.answer(dataset, job("ASK {}"))).size
    pool.close()
