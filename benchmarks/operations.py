"""Lists of operations: from tables to a served release, a rebuild of it, and search over it.

The rows of a real list are repeated with new numbers of operations until there are enough.
Everything is included: receipts, validation, facts, the second engine, the index of names. Beside
it stands how long the engine alone takes to load the same statements, which is the least there is.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.measure import Run, median, python, run, save, table
from benchmarks.startup import wait_for
from graph.search import folded
from loaders.language.mapping import read_mappings

_ROOT = Path(__file__).parent.parent
_SIKG = str(Path(sys.executable).parent / "sikg")
_PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "published" / "operations"
_LISTS = _ROOT / "loaders" / "sources" / "operations"
_REPEATED = "LT_all-funds_2014-2020.csv"
_CHANGED = "operations-lt"  # the source of that list, which changes before a rebuild
_PORT = 8771
_SEARCHES = 300
# The same as `sikg build`, which tells its user of its steps; here they are timed.
_BUILD = """
import json, resource, sys, time
from pathlib import Path
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.sets import read_sets
class Timed:
    def __init__(self):
        self.steps, self.name, self.began = {}, "starting", time.perf_counter()
    def step(self, description, total):
        now = time.perf_counter()
        self.steps[self.name] = self.steps.get(self.name, 0) + now - self.began
        self.name, self.began = description, now
    def advance(self):
        pass
def main(home, data, only, *sets):
    timed = Timed()
    data = Path(data)
    mappings = read_sets(list(map(Path, sets)), [data])
    lists = "operations-" if only else "nothing is called so"
    mappings = [item for item in mappings if item.name == only or not item.name.startswith(lists)]
    release, report = build(Releases(Path(home)), Inputs(mappings, data, Identity()), progress=timed)
    timed.step("", 0)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"steps": timed.steps, "quads": release.manifest.quads,
        "rows": sum(source.rows_loaded for source in report.sources),
        "store": str(release.store_path),
        "processor": sum(one.ru_utime + one.ru_stime for one in used)}))
if __name__ == "__main__":
    main(*sys.argv[1:])
"""
# The engine as its users would call it; writing its file is not counted.
_ALONE = """
import sys, time
import pyoxigraph as ox
from pathlib import Path
work = Path(sys.argv[2])
with (work / "all.nq").open("wb") as file:
    ox.Store.read_only(sys.argv[1]).dump(file, format=ox.RdfFormat.N_QUADS)
began = time.perf_counter()
store = ox.Store(str(work / "alone"))
store.bulk_load(path=str(work / "all.nq"), format=ox.RdfFormat.N_QUADS, lenient=True)
store.optimize()
print(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and write `results/operations.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--published", type=Path, default=_PUBLISHED, help="the published lists")
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 40_000])
    parser.add_argument("--work", type=Path, default=None)
    chosen = parser.parse_args()
    if not chosen.published.is_dir():
        sys.exit(f"the published files are not at {chosen.published}")
    with tempfile.TemporaryDirectory(prefix="sikg-bench-", dir=chosen.work) as name:
        text = "One run each; start of Python included. The curated tables are part of each.\n\n"
        text += _repeated(Path(name), chosen.published / _REPEATED, chosen.rows)
        text += "\n\n" + _published(Path(name), chosen.published)
    save("operations", "Lists of operations from table to served release", text)


def _repeated(work: Path, source: Path, counts: list[int]) -> str:
    """Build a list of each length, and search in the first."""
    built: list[list[str]] = []
    steps: dict[str, list[str]] = {}
    searched = ""
    for count in counts:
        folder = work / str(count)
        labels = write(folder / "tables", source, count)
        shutil.copytree(_ROOT / "data", folder / "tables", dirs_exist_ok=True)
        found, told = _build(folder / "home", folder / "tables", "default", str(folder / "tables"))
        alone = float(python(_ALONE, told["store"], str(folder)).output)
        built.append([
            f"{count:,}",
            f"{found.seconds:.0f}",
            f"{told['processor']:.0f}",
            f"{alone:.0f}",
            f"{found.peak:,.0f}",
            f"{told['quads']:,}",
            f"{told['quads'] / found.seconds:,.0f}",
        ])  # fmt: skip
        for step, seconds in told["steps"].items():
            steps.setdefault(step, []).append(f"{seconds:.1f}")
        searched = searched or _search(folder / "home", labels)
        shutil.rmtree(folder)
    header = ["rows", "seconds", "of processor", "engine alone", "peak MiB", "quads", "a second"]
    text = table(header, built)
    header = ["step, seconds", *(f"{count:,} rows" for count in counts)]
    text += "\n\n" + table(header, [[step, *seconds] for step, seconds in steps.items() if step])
    return f"{text}\n\nSearch over the release of {counts[0]:,} rows:\n\n{searched}"


def _published(work: Path, lists: Path) -> str:
    """Build all published lists, then again with one changed, and that one without the others."""
    data = work / "data"
    shutil.copytree(lists, data)
    shutil.copytree(_ROOT / "data", data, dirs_exist_ok=True)
    data.chmod(0o755)
    first, told = _build(work / "home", data, "default", "operations")
    changed = data / _REPEATED
    changed.chmod(0o644)
    with changed.open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.reader(file))[:-1]
    with changed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(kept)
    again, _ = _build(work / "home", data, "default", "operations")
    few, _ = _build(work / "few", data, "default", "operations", only=_CHANGED)
    none, _ = _build(work / "none", data, "default")
    rows = [
        [f"all lists and the curated tables, {told['rows']:,} rows", f"{first.seconds:.1f}"],
        ["again, one of the lists changed", f"{again.seconds:.1f}"],
        ["that list and the curated tables", f"{few.seconds:.1f}"],
        ["the curated tables", f"{none.seconds:.1f}"],
    ]
    return f"The lists as published:\n\n{table(['built', 'seconds'], rows)}"


def _build(home: Path, data: Path, *sets: str, only: str = "") -> tuple[Run, Any]:
    # A file, since the process that hashes reads it again.
    script = home.with_name("build.py")
    script.write_text(_BUILD, encoding="utf-8")
    found = run([sys.executable, str(script), str(home), str(data), only, *sets])
    return found, json.loads(found.output)


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
