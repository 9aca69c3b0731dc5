"""What the server counts, as Prometheus reads it (text format 0.0.4).

Every label has a fixed list of values, so that nothing a client sends can become one, and each
number has its place once for all: that is what lets the processes of a server add theirs up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, get_args

from api.counts import Counts, Part

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Group = Literal["sparql", "graph-store", "id", "data", "api", "pages", "static", "health", "other"]
Outcome = Literal[
    "answered", "cut", "timed_out", "killed", "refused", "cancelled", "malformed", "failed"
]
Counter = Literal[
    "cache_hits",
    "cache_misses",
    "workers_killed",
    "writes_accepted",
    "writes_refused",
    "writes_failed",
    "log_lines_dropped",
]
Gauge = Literal[
    "workers",
    "workers_busy",
    "queries_waiting",
    "cache_bytes",
    "cache_answers",
    "release_number",
    "release_statements",
    "release_created",
]

_GROUPS: Final[tuple[Group, ...]] = get_args(Group)
_OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
_METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "other")
# 499 is a client that went before its answer; 0 is any status that is not listed.
_STATUSES: Final = (
    *(200, 201, 204, 206, 301, 303, 304, 307),
    *(400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 422, 428, 429, 431, 499),
    *(500, 501, 502, 503, 504, 0),
)
_BOUNDS: Final = (
    *(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
_COUNTERS: Final[Mapping[Counter, tuple[str, str, str]]] = {
    "cache_hits": ("cache_hits_total", "", "Answers given again from memory."),
    "cache_misses": ("cache_misses_total", "", "Answers that memory did not hold."),
    "workers_killed": ("workers_killed_total", "", "Query workers ended at a limit or by a fault."),
    "writes_accepted": ("writes_total", 'outcome="accepted"', "Writes, by their outcome."),
    "writes_refused": ("writes_total", 'outcome="refused"', "Writes, by their outcome."),
    "writes_failed": ("writes_total", 'outcome="failed"', "Writes, by their outcome."),
    "log_lines_dropped": ("log_lines_dropped_total", "", "Lines that nobody took from the log."),
}
# What is said of a release is the same in each process but for the moment of a switch; all else
# adds up.
_GAUGES: Final[Mapping[Gauge, tuple[str, str]]] = {
    "workers": ("workers", "Query workers that run."),
    "workers_busy": ("workers_busy", "Query workers that evaluate a query."),
    "queries_waiting": ("queries_waiting", "Queries that wait for a worker."),
    "cache_bytes": ("cache_bytes", "Memory taken by remembered answers."),
    "cache_answers": ("cache_answers", "Remembered answers."),
    "release_number": ("release_number", "Number of the served release."),
    "release_statements": ("release_statements", "Statements of the served release."),
    "release_created": ("release_created_seconds", "When the served release was built, in s."),
}

# Where the numbers stand: counts of requests, histograms (buckets, the last without bound; sum;
# bytes), counters, gauges.
_WIDTH: Final = len(_BOUNDS) + 3
_SUM: Final = len(_BOUNDS) + 1
_SIZE: Final = len(_BOUNDS) + 2
_REQUESTS: Final = len(_GROUPS) * len(_METHODS) * len(_STATUSES)
_QUERIES: Final = _REQUESTS + len(_GROUPS) * _WIDTH
_FIRST_COUNTER: Final = _QUERIES + len(_OUTCOMES) * _WIDTH
_FIRST_GAUGE: Final = _FIRST_COUNTER + len(_COUNTERS)
_TOTAL: Final = _FIRST_GAUGE + len(_GAUGES)
_LAYOUT: Final = sha256(
    repr((_GROUPS, _METHODS, _STATUSES, _OUTCOMES, _BOUNDS, *_COUNTERS, *_GAUGES)).encode()
).hexdigest()[:12]

_GROUP_PLACES: Final = {group: place for place, group in enumerate(_GROUPS)}
_METHOD_PLACES: Final = {method: place for place, method in enumerate(_METHODS)}
_STATUS_PLACES: Final = {status: place for place, status in enumerate(_STATUSES)}
_OUTCOME_PLACES: Final = {name: place for place, name in enumerate(_OUTCOMES)}
_COUNTER_PLACES: Final = {name: _FIRST_COUNTER + at for at, name in enumerate(_COUNTERS)}
_GAUGE_PLACES: Final = {name: _FIRST_GAUGE + at for at, name in enumerate(_GAUGES)}


class Metrics:
    """Counts what one process does, and tells what all processes of the server did.

    Without a folder it tells of this process alone, and says so. Observations come from the
    thread of the event loop.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._counts = Counts(_LAYOUT, _TOTAL, folder)
        self._numbers = self._counts.numbers
        # The file may have been that of a process that has ended: its gauges went with it.
        for place in _GAUGE_PLACES.values():
            self._numbers[place] = 0.0

    def observe_request(
        self, group: Group, method: str, status: int, seconds: float, size: int
    ) -> None:
        """Count one request with its duration and the bytes of its answer's body."""
        numbers = self._numbers
        at = _GROUP_PLACES[group]
        place = at * len(_METHODS) + _METHOD_PLACES.get(method, len(_METHODS) - 1)
        place = place * len(_STATUSES) + _STATUS_PLACES.get(status, len(_STATUSES) - 1)
        numbers[place] += 1
        at = _REQUESTS + at * _WIDTH
        numbers[at + bisect_left(_BOUNDS, seconds)] += 1
        numbers[at + _SUM] += seconds
        numbers[at + _SIZE] += size

    def observe_query(self, outcome: Outcome, seconds: float) -> None:
        """Count one query by how it ended."""
        at = _QUERIES + _OUTCOME_PLACES[outcome] * _WIDTH
        self._numbers[at + bisect_left(_BOUNDS, seconds)] += 1
        self._numbers[at + _SUM] += seconds

    def count(self, counter: Counter, number: float = 1) -> None:
        """Add to a counter."""
        self._numbers[_COUNTER_PLACES[counter]] += number

    def gauge(self, gauge: Gauge, value: float) -> None:
        """Set a value that goes up and down."""
        self._numbers[_GAUGE_PLACES[gauge]] = value

    def value(self, gauge: Gauge) -> float:
        """Give what a gauge of this process was set to last."""
        return self._numbers[_GAUGE_PLACES[gauge]]

    def text(self) -> bytes:
        """Write all numbers of the server in the text format of Prometheus."""
        parts = self._counts.parts()
        totals = list(map(sum, zip(*(part.numbers for part in parts), strict=True)))
        alive = sum(part.alive for part in parts)
        scope = "process" if self._counts.folder is None else "server"
        lines = (
            *_family("processes", "gauge", "Processes that these numbers are of."),
            f'sikg_processes{{scope="{scope}"}} {alive}',
            *_request_lines(totals),
            *_query_lines(totals),
            *_counter_lines(totals),
            *_gauge_lines(parts),
            "",
        )
        return "\n".join(lines).encode()


def _family(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP sikg_{name} {meaning}", f"# TYPE sikg_{name} {kind}"


def _request_lines(totals: Sequence[float]) -> Iterator[str]:
    yield from _family("requests_total", "counter", "Requests, by what they asked for.")
    place = 0
    for group in _GROUPS:
        for method in _METHODS:
            for status in _STATUSES:
                number = totals[place]
                place += 1
                if number:
                    labels = f'group="{group}",method="{method}",status="{status or "other"}"'
                    yield f"sikg_requests_total{{{labels}}} {number:.0f}"
    yield from _family("request_seconds", "histogram", "Time from a request to its last byte.")
    for at, group in enumerate(_GROUPS):
        yield from _histogram("request_seconds", f'group="{group}"', totals, place + at * _WIDTH)
    yield from _family("response_bytes_total", "counter", "Bytes of the bodies of answers.")
    for at, group in enumerate(_GROUPS):
        number = totals[place + at * _WIDTH + _SIZE]
        yield f'sikg_response_bytes_total{{group="{group}"}} {number:.0f}'


def _query_lines(totals: Sequence[float]) -> Iterator[str]:
    yield from _family("query_seconds", "histogram", "Time of queries, by how they ended.")
    for at, outcome in enumerate(_OUTCOMES):
        place = _QUERIES + at * _WIDTH
        yield from _histogram("query_seconds", f'outcome="{outcome}"', totals, place)


def _histogram(name: str, labels: str, totals: Sequence[float], place: int) -> Iterator[str]:
    total = 0.0
    for at, bound in enumerate((*_BOUNDS, "+Inf")):
        total += totals[place + at]
        yield f'sikg_{name}_bucket{{{labels},le="{bound}"}} {total:.0f}'
    yield f"sikg_{name}_sum{{{labels}}} {totals[place + _SUM]:.6f}"
    yield f"sikg_{name}_count{{{labels}}} {total:.0f}"


def _counter_lines(totals: Sequence[float]) -> Iterator[str]:
    told = ""
    for counter, (name, labels, meaning) in _COUNTERS.items():
        if name != told:
            yield from _family(name, "counter", meaning)
            told = name
        number = totals[_COUNTER_PLACES[counter]]
        yield f"sikg_{name}{f'{{{labels}}}' if labels else ''} {number:.0f}"


def _gauge_lines(parts: Sequence[Part]) -> Iterator[str]:
    for gauge, (name, meaning) in _GAUGES.items():
        yield from _family(name, "gauge", meaning)
        values = [part.numbers[_GAUGE_PLACES[gauge]] for part in parts if part.alive]
        value = max(values) if gauge.startswith("release_") else sum(values)
        yield f"sikg_{name} {value:.0f}"
