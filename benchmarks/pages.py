"""Pages of things and lists with facets: server time and weight, through HTTP.

Each address is asked once by one client of one process that remembers no answers, so that every
page is made anew. `--home` measures a release that is there instead of a generated one, and
`--statements 14400000` one of half a million projects, which takes nine minutes to make.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from os import environ
from pathlib import Path
from urllib.parse import quote

from benchmarks.measure import median, save, table
from benchmarks.sparql.generate import generate
from benchmarks.sparql.release import publish
from benchmarks.startup import wait_for_rest
from graph.dataset import Dataset
from graph.facts.facets import filters_of
from graph.release import Releases

_SIKG = Path(__file__).parents[1] / ".venv/bin/sikg"
_PORT = 8761
_KINDS = ("organisation", "project", "consortium", "practice", "programme", "country")
_SHARES = {"country": 0.6, "programme": 0.3, "theme": 0.2}  # of lists that are filtered so
_HEADERS = {"Accept": "text/html, */*;q=0.5", "Accept-Language": "en"}
_GOALS = {"page of a thing": 10, "list with facets": 200, "facets alone": 200}


@dataclass(slots=True)
class Taken:
    """Milliseconds and bytes of the answers to one kind of request."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class _Chooser:
    """Chooses what to ask of a release, the same in every run."""

    def __init__(self, dataset: Dataset) -> None:
        self._facts = dataset.facts
        self._chance = random.Random(3)
        self._of = {kind: self._keys(kind) for kind in (*_KINDS, "theme")}
        names = self._facts.ask("SELECT value FROM label ORDER BY hash(value) LIMIT 400")
        self._words = [name.split()[0] for (name,) in names if name.split()]

    def _keys(self, kind: str) -> list[str]:
        rows = self._facts.ask(
            "SELECT key FROM thing WHERE kind = $kind ORDER BY hash(key) LIMIT 200", {"kind": kind}
        )
        return [key for (key,) in rows]

    def things(self, number: int) -> Iterator[str]:
        """Give addresses of pages of things of all kinds in turn, none twice."""
        left = [(kind, iter(self._of[kind])) for kind in _KINDS if self._of[kind]]
        given = 0
        while left and given < number:
            for kind, keys in list(left):
                key = next(keys, None)
                if key is None:
                    left.remove((kind, keys))
                else:
                    given += 1
                    yield f"/page/{kind}/{quote(key, safe='')}"

    def lists(self, number: int) -> Iterator[str]:
        """Give filters from none to three, with and without words."""
        kinds = [kind for kind in _KINDS if self._of[kind]]
        for place in range(number):
            kind = self._chance.choice(kinds) if place % 5 else ""
            given = {"kind": kind} if kind else {}
            having = filters_of(kind) if kind else _SHARES
            for name, share in _SHARES.items():
                if name in having and self._of[name] and self._chance.random() < share:
                    given[name] = self._chance.choice(self._of[name])
            if place % 4 == 0:
                given["q"] = quote(self._chance.choice(self._words))
            if place % 7 == 0:
                given["period"] = "2016-2021"
            yield "&".join(f"{name}={value}" for name, value in given.items())

    def beginnings(self, number: int) -> Iterator[str]:
        """Give words as far as they have been typed."""
        for _ in range(number):
            word = self._chance.choice(self._words)
            yield quote(word[: self._chance.randrange(2, max(len(word), 3) + 1)])


def _ask(connection: HTTPConnection, address: str, taken: Taken) -> None:
    began = time.perf_counter()
    connection.request("GET", address, headers=_HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    taken.times.append((time.perf_counter() - began) * 1000)
    taken.sizes.append(len(body))
    if answer.status not in {200, 301}:
        raise RuntimeError(f"{address}: {answer.status}")


def _measure(home: Path, number: int) -> dict[str, Taken]:
    chooser = _Chooser(Dataset.open(Releases(home).current()))
    asked = {
        "page of a thing": list(chooser.things(number)),
        "list with facets": [f"/find?{text}" for text in chooser.lists(number)],
        "facets alone": [f"/api/v1/find?{text}&top=24&limit=1" for text in chooser.lists(number)],
        "suggestions": [f"/api/v1/suggest?q={text}" for text in chooser.beginnings(number)],
    }
    serve = [str(_SIKG), "serve", "--home", str(home), "--port", str(_PORT), "--workers", "1"]
    quiet = {**environ, "SIKG_CACHE_BYTES": "0", "SIKG_ACCESS_LOG": "off"}
    with subprocess.Popen(serve, env=quiet, stdout=subprocess.DEVNULL) as server:
        try:
            connection = _connected()
            wait_for_rest()
            found = {}
            for name, addresses in asked.items():
                for address in addresses[:3]:  # what a process does once
                    _ask(connection, address, Taken())
                found[name] = Taken()
                for address in addresses:
                    _ask(connection, address, found[name])
            return found
        finally:
            server.terminate()


def _connected() -> HTTPConnection:
    for _ in range(600):
        connection = HTTPConnection("127.0.0.1", _PORT, timeout=120)
        try:
            _ask(connection, "/", Taken())
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError("the server did not start")


def _row(name: str, taken: Taken) -> Sequence[str]:
    ordered = sorted(taken.times)
    goal = _GOALS.get(name)
    return [
        name,
        f"{median(ordered):.1f}",
        f"{ordered[int(len(ordered) * 0.95)]:.1f}",
        f"{ordered[-1]:.1f}",
        "" if goal is None else f"{goal}",
        f"{median(taken.sizes) / 1000:.0f}",
        f"{max(taken.sizes) / 1000:.0f}",
    ]


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--statements", type=int, default=2_880_000)
    parser.add_argument("--requests", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home
        if home is None:
            home = Path(folder) / "home"
            publish(home, generate(Path(folder) / "data", given.statements))
        release = Releases(home).current()
        kinds = Dataset.open(release).facts.ask("SELECT kind, things FROM kind_counts")
        found = _measure(home, given.requests)
    counts = dict(kinds)
    heads = ["", "median ms", "p95 ms", "largest ms", "goal p95", "kB", "largest kB"]
    text = (
        f"{release.manifest.quads:,} quads: {counts.get('funding', 0):,} funding rows, "
        f"{counts.get('project', 0):,} projects, {counts.get('organisation', 0):,} organisations. "
        f"{given.requests} addresses of each, each asked once, bytes before compression.\n\n"
        + table(heads, [_row(name, taken) for name, taken in found.items()])
    )
    save("pages", "Pages of things, and lists with facets", text)


if __name__ == "__main__":
    main()
