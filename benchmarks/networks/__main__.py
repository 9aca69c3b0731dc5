"""Measure networks of 500 to 20,000 nodes: `python -m benchmarks.networks [NODES …]`.

With `--home DIR NODES`, publish one such release to be looked at in a browser, and stop.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from benchmarks.measure import median, save, table
from benchmarks.networks.homes import LINKS, make, pairs
from graph.networks.measuring import betweenness, divide
from graph.networks.simple import Simple
from visualisations.layout import spread

_SIZES = (500, 2_000, 5_000, 20_000)
_RUNS = 3
_ADDRESS = "/api/v1/networks/organisations"


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
    save("networks", "Networks", text)


def _parts(size: int) -> list[float]:
    network = Simple(size, dict.fromkeys(pairs(size), 1.0))
    radii = [round(min(7 + 2.4 * degree**0.5, 24.0), 1) for degree in network.degrees()]
    exact = size <= 5_000
    return [
        _timed(lambda: spread(network, radii)),
        _timed(lambda: betweenness(network, exact=True)) if exact else float("nan"),
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
