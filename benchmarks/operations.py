"""A list of operations of many rows: from the table to a served release, and search over it.

The rows of a real list (`--list`, as published) are repeated with new numbers of operations until
there are enough. Everything is included: receipts, validation, facts, the second engine, the
index of names.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.measure import Run, median, run, save, table
from benchmarks.startup import wait_for
from graph.search import folded
from loaders.language.mapping import read_mappings

_ROOT = Path(__file__).parent.parent
_SIKG = str(Path(sys.executable).parent / "sikg")
_LISTS = _ROOT / "loaders" / "sources" / "operations"
_PORT = 8771
_SEARCHES = 300
# The same as `sikg build`, which tells its user of its steps; here they are timed.
_BUILD = """
import json, sys, time
from pathlib import Path
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.sets import read_sets
home, tables, data = map(Path, sys.argv[1:])
class Timed:
    def __init__(self):
        self.steps, self.name, self.began = {}, "starting", time.perf_counter()
    def step(self, description, total):
        now = time.perf_counter()
        self.steps[self.name] = self.steps.get(self.name, 0) + now - self.began
        self.name, self.began = description, now
    def advance(self):
        pass
timed = Timed()
mappings = read_sets([Path("default"), tables], [data, tables])
release, report = build(Releases(home), Inputs(mappings, data, Identity()), progress=timed)
timed.step("", 0)
manifest = release.manifest
print(json.dumps({"steps": timed.steps, "quads": manifest.quads, "conforms": manifest.conforms,
    "rows": [source.rows_loaded for source in report.sources if source.name == "repeated"]}))
"""


def main() -> None:
    """Measure and write `results/operations.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", type=Path, required=True, help="the list of Lithuania, as CSV")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 2_000_000])
    parser.add_argument("--work", type=Path, default=None)
    chosen = parser.parse_args()
    built: list[list[str]] = []
    steps: dict[str, list[str]] = {}
    searched = ""
    with tempfile.TemporaryDirectory(prefix="sikg-bench-", dir=chosen.work) as name:
        for count in chosen.rows:
            folder = Path(name) / str(count)
            labels = write(folder / "tables", chosen.list, count)
            folders = [folder / "home", folder / "tables", _ROOT / "data"]
            found = run([sys.executable, "-c", _BUILD, *map(str, folders)])
            told = json.loads(found.output)
            built.append(_row(count, found, told))
            for step, seconds in told["steps"].items():
                steps.setdefault(step, []).append(f"{seconds:.1f}")
            searched = searched or _search(folder / "home", labels)
    text = "One run each; start of Python included.\n\n"
    text += table(["rows", "seconds", "peak MiB", "quads", "rows loaded"], built)
    header = ["step, seconds", *(f"{count:,} rows" for count in chosen.rows)]
    text += "\n\n" + table(header, [[step, *seconds] for step, seconds in steps.items() if step])
    text += f"\n\nSearch over the release of {chosen.rows[0]:,} rows:\n\n{searched}"
    save("operations", "A list of operations from table to served release", text)


def write(folder: Path, source: Path, count: int) -> list[str]:
    """Write a table of so many rows, and its mapping; give names that stand in it."""
    folder.mkdir(parents=True)
    with source.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    [mapping] = [item for item in read_mappings(_LISTS) if item.rows.file == source.name]
    number = header.index("Kodas")
    with (folder / "repeated.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for place in range(count):
            row = list(rows[place % len(rows)])
            turn = place // len(rows)
            row[number] = f"{row[number]}-{turn}"
            row[0] = f"{row[0]} {turn}"
            row[2] = f"{row[2]} {turn % 97}"
            writer.writerow(row)
    text = mapping.path.read_text(encoding="utf-8")
    text = text.replace(f"file: {source.name}", "file: repeated.csv")
    text = text.replace(f"name: {mapping.name}", "name: repeated").partition("\nexpect:")[0]
    (folder / "repeated.yaml").write_text(text + "\n", encoding="utf-8")
    return [cell for row in rows for cell in (row[0], row[2])]


def _row(count: int, found: Run, told: dict[str, list[int]]) -> list[str]:
    return [
        f"{count:,}",
        f"{found.seconds:.0f}",
        f"{found.peak:,.0f}",
        f"{told['quads']:,}",
        f"{sum(told['rows']):,}",
    ]


def _search(home: Path, labels: list[str]) -> str:
    """Ask for names over HTTP, one after another; no question comes twice."""
    chance = random.Random(7)  # a seeded choice of words
    kinds = {
        "a word and the beginning of another": _beginning,
        "the same with a typing error": _mistyped,
        "all words, accents left out": _folded,
    }
    rows = []
    with _serving(home):
        connection = http.client.HTTPConnection("127.0.0.1", _PORT)
        for title, make in kinds.items():
            seconds, hits = [], 0
            words = [label for label in labels if len(list(folded(label))) > 1]
            for place in range(_SEARCHES):
                asked = make(chance.choice(words), chance)
                began = time.perf_counter()
                path = f"/api/v1/search?q={quote(asked)}&limit=10&lang=x-{place}"
                connection.request("GET", path, headers={"Accept-Language": f"lt, x-{place}"})
                body = connection.getresponse().read()
                seconds.append(time.perf_counter() - began)
                hits += bool(json.loads(body).get("items"))
            seconds.sort()
            p95 = seconds[int(len(seconds) * 0.95)]
            found = f"{hits} of {_SEARCHES}"
            rows.append([title, f"{median(seconds) * 1e3:.1f}", f"{p95 * 1e3:.1f}", found])
        connection.close()
    return table(["question", "median ms", "p95 ms", "with hits"], rows)


@contextmanager
def _serving(home: Path) -> Iterator[None]:
    command = [_SIKG, "serve", "--home", str(home), "--port", str(_PORT)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{_PORT}/ready")
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _beginning(label: str, _: random.Random) -> str:
    first, second, *_rest = folded(label)
    return f"{first} {second[:4]}"


def _mistyped(label: str, chance: random.Random) -> str:
    words = sorted(folded(label), key=len)
    word = words[-1]
    place = chance.randrange(1, max(len(word) - 1, 2))
    return f"{words[-2]} {word[:place]}{word[place + 1 :]}"


def _folded(label: str, _: random.Random) -> str:
    return " ".join(folded(label))


if __name__ == "__main__":
    main()
