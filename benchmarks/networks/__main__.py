"""Measure networks of 500 to 20,000 nodes: `python -m benchmarks.networks [NODES …]`.

With `--home DIR NODES`, publish one such release to be looked at in a browser, and stop.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.opening import STEPS
from api.settings import Settings
from benchmarks.measure import median, save, table
from benchmarks.networks.homes import (
    LINKS,
    ORGANISATIONS,
    PROJECTS,
    make,
    make_consortia,
    pairs,
)
from graph.errors import SikgError
from graph.networks.measuring import betweenness, divide
from graph.networks.simple import Simple
from visualisations.layout import spread

_SIZES = (500, 2_000, 5_000, 20_000)
_RUNS = 3
_ADDRESS = "/api/v1/networks/organisations"
_QUESTIONS = {
    "the whole, by groups": "",
    "the largest group opened": "?open=community/0",
    "a country": "?country=PT",
    "by country": "?collapse=country",
    "a year": "?period=2019",
    "near the largest": "?centre=organisation/o-0",
}


def main(sizes: Sequence[int]) -> None:
    """Measure and write `results/networks.md`."""
    parts = [_parts(size) for size in sizes]
    text = (
        f"Skewed networks of {LINKS} links a node; seconds, median of {_RUNS}. Layout is with nodes "
        "pushed apart and parts packed; grouping is with its stability.\n\n"
    )
    text += table(
        [
            "nodes",
            "layout",
            "betweenness, exact",
            "betweenness, from 200",
            "grouping",
            "constraint",
        ],
        [
            [f"{size:,}", *(f"{value:.2f}" for value in row)]
            for size, row in zip(sizes, parts, strict=True)
        ],
    )
    text += (
        "\n\nAnswers of the REST interface in milliseconds: the whole map as it was prepared (first, "
        "then remembered), one country of it, a centre with depth 2, by country, and who brings "
        "others together; size of the whole in kB. Preparing is part of the build.\n\n"
    )
    text += table(
        [
            "nodes",
            "prepared (s)",
            "whole",
            "again",
            "a country",
            "centre",
            "by country",
            "brokers",
            "kB",
        ],
        [[f"{size:,}", *_answers(size)] for size in sizes],
    )
    text += _large()
    save("networks", "Networks", text)


def _large() -> str:
    """Measure a release of the size of Horizon 2020, whose maps are prepared by processes."""
    with tempfile.TemporaryDirectory(prefix="sikg-networks-") as folder:
        began = time.perf_counter()
        release = make_consortia(Path(folder))
        built = time.perf_counter() - began
        rows = [(name, *_asked(Path(folder), query)) for name, query in _QUESTIONS.items()]
        left = list((release.path / "networks").glob("*.left-out.json"))
    return (
        f"\n\nA release of {ORGANISATIONS:,} organisations and {PROJECTS:,} projects, made with its "
        f"maps in {built:.0f} s; left out were {len(left)} maps. Milliseconds of each question as the "
        "first of a process that has opened its release beforehand, as `sikg serve` does.\n\n"
        + table(["question", "first", "again", "kB"], rows)
    )


def _asked(home: Path, query: str) -> tuple[str, str, str]:
    """Ask one question of a new service, twice."""
    app = create_app(Settings(home=home, access_log="off"))
    dataset = app.state.service.answers.served.dataset()
    for step in STEPS:
        with suppress(SikgError):  # such a release has no index of names
            step(dataset)
    with TestClient(app) as client:
        taken = []
        for _ in (1, 2):
            began = time.perf_counter()
            answer = client.get(f"{_ADDRESS}{query}")
            answer.raise_for_status()
            taken.append((time.perf_counter() - began) * 1000)
    return f"{taken[0]:,.0f}", f"{taken[1]:,.0f}", f"{len(answer.content) / 1000:,.0f}"


def _parts(size: int) -> list[float]:
    network = Simple(size, dict.fromkeys(pairs(size), 1.0))
    radii = [round(min(7 + 2.4 * degree**0.5, 24.0), 1) for degree in network.degrees()]
    exact = size <= 5_000
    return [
        _timed(lambda: spread(network, radii)),
        _timed(lambda: betweenness(network, 10**9)) if exact else float("nan"),
        _timed(lambda: betweenness(network)),
        _timed(lambda: divide(network)),
        _timed(network.constraints),
    ]


def _timed(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def _answers(size: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="sikg-networks-") as folder:
        began = time.perf_counter()
        make(Path(folder), size)
        prepared = time.perf_counter() - began
        with TestClient(create_app(Settings(home=Path(folder), access_log="off"))) as client:
            client.get("/api/v1/networks")

            def asked(query: str) -> tuple[float, int]:
                began = time.perf_counter()
                answer = client.get(f"{_ADDRESS}{query}")
                answer.raise_for_status()
                return (time.perf_counter() - began) * 1000, len(answer.content)

            (whole, weight), (again, _) = asked(""), asked("")
            others = [
                asked(query)[0]
                for query in (
                    "?country=PT",
                    "?centre=organisation/o-0&depth=2",
                    "?collapse=country",
                    "/brokers",
                )
            ]
    numbers = [f"{value:,.0f}" for value in (whole, again, *others)]
    return [f"{prepared:.1f}", *numbers, f"{weight / 1000:,.0f}"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--home"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or _SIZES)
