"""Tables: from published lists to a served release, and to the next one when one of them changed.

The rows of a real list are repeated with new numbers of operations until there are enough.
Everything is included: receipts, validation, facts, the second engine, the index of names. Beside
it stands how long the engine alone takes to load the same statements, which is the least there is.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, python, run, save, table
from loaders.language.mapping import read_mappings

_ROOT = Path(__file__).parent.parent
_PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "published"
_LISTS = _ROOT / "loaders" / "sources" / "operations"
_REPEATED = "LT_all-funds_2014-2020.csv"
_LARGE, _SMALL = "operations-lt", "organisations"  # the sources that change before a rebuild
_SETS = ("default", "operations", "cordis-h2020", "kohesio", "grants", "ror", "codelists")
# The same as `sikg build`, which tells its user of its steps; here they are timed.
_BUILD = """
import json, resource, sys, time
from pathlib import Path
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.building.stock import read_inventory
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
    told = read_inventory(release.path)
    print(json.dumps({"steps": timed.steps, "quads": release.manifest.quads,
        "rows": sum(source.rows_loaded for source in report.sources),
        "store": str(release.store_path), "renewed": len(told.renewed), "why": told.why_all,
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
    parser.add_argument("--published", type=Path, default=_PUBLISHED, help="the published files")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 20_000])
    parser.add_argument("--everything", action="store_true", help="build all published files, too")
    parser.add_argument("--work", type=Path, default=None)
    chosen = parser.parse_args()
    if not chosen.published.is_dir():
        sys.exit(f"the published files are not at {chosen.published}")
    with tempfile.TemporaryDirectory(prefix="sikg-bench-", dir=chosen.work) as name:
        text = "One run each; start of Python included. The curated tables are part of each.\n\n"
        text += _repeated(Path(name), chosen.published / "operations" / _REPEATED, chosen.rows)
        text += "\n\n" + _changed(Path(name), chosen.published / "operations")
        if chosen.everything:
            text += "\n\n" + _everything(Path(name), chosen.published)
    save("operations", "Published tables from file to served release", text)


def _repeated(work: Path, source: Path, counts: list[int]) -> str:
    """Build a list of each length."""
    built: list[list[str]] = []
    steps: dict[str, list[str]] = {}
    for count in counts:
        folder = work / str(count)
        write(folder / "tables", source, count)
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
        shutil.rmtree(folder)
    header = ["rows", "seconds", "of processor", "engine alone", "peak MiB", "quads", "a second"]
    text = table(header, built)
    header = ["step, seconds", *(f"{count:,} rows" for count in counts)]
    return text + "\n\n" + table(header, [[step, *each] for step, each in steps.items() if step])


def _changed(work: Path, lists: Path) -> str:
    """Build all published lists, again after changes, and what changed by itself."""
    data, home = work / "data", work / "home"
    shutil.copytree(lists, data)
    shutil.copytree(_ROOT / "data", data, dirs_exist_ok=True)
    data.chmod(0o755)
    for file in data.iterdir():
        file.chmod(0o755 if file.is_dir() else 0o644)
    sets = ("default", "operations")
    runs = {"all lists and the curated tables": _build(home, data, *sets)}
    runs["again, nothing changed"] = _build(home, data, *sets)
    _drop_last_row(data / _REPEATED)
    runs[f"again, a row of {_LARGE} gone"] = _build(home, data, *sets)
    _say_otherwise(data / f"{_SMALL}.csv", "description")
    runs[f"again, a cell of {_SMALL} changed"] = _build(home, data, *sets)
    runs[f"{_LARGE} and the curated tables, all anew"] = _build(
        work / "few", data, *sets, only=_LARGE
    )
    runs["the curated tables, all anew"] = _build(work / "none", data, "default")
    rows = [
        [
            title,
            f"{told['rows']:,}",
            f"{found.seconds:.1f}",
            f"{told['processor']:.1f}",
            str(told["renewed"]),
            told["why"],
        ]
        for title, (found, told) in runs.items()
    ]
    header = ["built", "rows", "seconds", "of processor", "sources anew", "why all"]
    return f"The lists as published:\n\n{table(header, rows)}"


def _drop_last_row(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.reader(file))[:-1]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(kept)


def _say_otherwise(path: Path, column: str) -> None:
    # Others refer to each of these rows, so that none can go.
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    rows[-1][header.index(column)] += " And more."
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _everything(work: Path, published: Path) -> str:
    """Build all published files together."""
    data = work / "everything"
    shutil.copytree(_ROOT / "data", data)
    for file in published.rglob("*.*"):
        if file.is_file():
            shutil.copyfile(file, data / file.name)
    found, told = _build(work / "all", data, *_SETS)
    header = ["rows", "seconds", "of processor", "peak MiB", "quads"]
    row = [
        f"{told['rows']:,}",
        f"{found.seconds:.0f}",
        f"{told['processor']:.0f}",
        f"{found.peak:,.0f}",
        f"{told['quads']:,}",
    ]
    steps = [[step, f"{seconds:.1f}"] for step, seconds in told["steps"].items() if step]
    text = table(header, [row]) + "\n\n" + table(["step", "seconds"], steps)
    return f"All published files together:\n\n{text}"


def _build(home: Path, data: Path, *sets: str, only: str = "") -> tuple[Run, Any]:
    # A file, since the process that hashes reads it again.
    script = home.with_name("build.py")
    script.write_text(_BUILD, encoding="utf-8")
    found = run([sys.executable, str(script), str(home), str(data), only, *sets])
    return found, json.loads(found.output)


def write(folder: Path, source: Path, count: int) -> None:
    """Write a table of so many rows, and its mapping."""
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


if __name__ == "__main__":
    main()
