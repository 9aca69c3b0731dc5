"""Sums by country and programme: from our REST interface, and in SPARQL from every server."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from benchmarks.measure import median
from benchmarks.sparql.asking import AskError, Client, plain_number, told
from benchmarks.sparql.measuring import Bench, Measured, Series
from benchmarks.sparql.servers import Server
from benchmarks.sparql.statements import IDENTITY
from benchmarks.sparql.workloads import Workload

_PATH = "/api/v1/aggregates/funding?by=country,programme&kind=total&phase=approved&currency=EUR"
_JSON = "application/json"
_AGAIN = 19_999  # the limit of the question that is asked again
_ASKED = 20  # questions in one run, whose median counts: each takes milliseconds


@dataclass(slots=True)
class Sums:
    """Seconds of the question in REST and in SPARQL, run by run, and the number of its rows.

    `rest` is of questions that were never asked before, `again` of one that was.
    """

    rest: Series
    again: Series
    sparql: Measured
    rows: int


def sums(bench: Bench, ours: Server, question: Workload) -> Sums:
    """Compare the answers, then measure them in turn; no question comes twice."""
    found = Sums(Series(), Series(), bench.series(), 0)
    try:
        rows = _rows(_asked(bench, ours)[1])
        found.rows = sum(rows.values())
        for server in bench.servers:
            [answer] = bench.ask(server, bench.texts(question, 1)[0], question.accept)
            if told(question, answer.body) != rows:
                found.sparql[server.name].failed = "another answer"
    except AskError as error:
        found.rest.failed = str(error)
    for _ in range(bench.runs):
        if found.rest.failed is None:
            found.rest.values.append(median([_asked(bench, ours)[0] for _ in range(_ASKED)]))
            # Both processes of the server have been asked once when half of them have been.
            again = [_asked(bench, ours, limit=_AGAIN)[0] for _ in range(2 * _ASKED)]
            found.again.values.append(median(again[_ASKED:]))
        text = bench.texts(question, 1)[0]
        bench.each(
            found.sparql,
            lambda server: bench.ask(server, text, question.accept)[0].seconds,  # noqa: B023  # called here
        )
        values = {name: series.values[-1:] for name, series in found.sparql.items()}
        bench.say(f"sums: REST {found.rest.values[-1:]}, SPARQL {values} {found.rest.failed or ''}")
    return found


def _asked(bench: Bench, server: Server, limit: int | None = None) -> tuple[float, bytes]:
    """Ask in REST over a new connection; a limit beyond all rows makes each question another."""
    client = Client(server)
    chosen = bench.chance.randrange(20_000, 100_000) if limit is None else limit
    try:
        answer = client.get(f"{_PATH}&limit={chosen}", _JSON)
    finally:
        client.close()
    return answer.seconds, answer.body


def _rows(body: bytes) -> Counter[tuple[tuple[str, str], ...]]:
    """Give the rows of the REST answer as those of SPARQL are told."""
    found: Counter[tuple[tuple[str, str], ...]] = Counter()
    for row in json.loads(body)["rows"]:
        named = {name: IDENTITY.entity(name, row[name][0]) for name in ("country", "programme")}
        numbers = {name: plain_number(row[name]) for name in ("sum", "amounts")}
        cells = {name: f"{value}@" for name, value in named.items()} | numbers
        found[tuple(sorted(cells.items()))] += 1
    return found
