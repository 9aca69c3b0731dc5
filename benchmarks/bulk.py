"""Mapping and loading a table of a million rows, against bulk loading its statements alone."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from benchmarks import synthetic
from benchmarks.measure import median, python, save, spread, table

# From table to store: read, check, write statements, bulk load.
_OURS = """
import json, sys, time
from pathlib import Path
began = time.perf_counter()
from graph.identity import Identity
from graph.store import Store
from loaders.building.check import check_sources, read_sources
from loaders.engine import Engine
from loaders.language.mapping import read_mappings
from loaders.statements import write_source
folder, work = Path(sys.argv[1]), Path(sys.argv[2])
phases = {}
def phase(name):
    global began
    now = time.perf_counter()
    phases[name] = now - began
    began = now
sources = read_sources(read_mappings(folder), folder)
phase("read")
known = check_sources(sources, Identity(), {})
phase("check")
assert not sources[0].problems
written = write_source(Engine(sources[0].mapping, Identity(), known), sources[0].table, sources[0].good, work)
phase("write")
del sources
store = Store.create(work / "store")
for file in (*written.stated, *written.merged):
    store.load_statements(file)
phase("load")
print(json.dumps({"phases": phases, "quads": len(store)}))
"""
# The same statements, by the engine alone, as its users would call it.
_ALONE = """
import sys
from pathlib import Path
import pyoxigraph
work = Path(sys.argv[1])
store = pyoxigraph.Store(str(work / "alone"))
for file in sorted(work.glob("*.nq")):
    store.bulk_load(path=str(file), format=pyoxigraph.RdfFormat.N_QUADS)
"""


def main() -> None:
    """Measure and write `results/bulk.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    ours, alone, peaks, ratios = [], [], [], []
    phases: dict[str, list[float]] = {}
    quads = 0
    with tempfile.TemporaryDirectory(prefix="sikg-bench-") as name:
        folder = Path(name)
        synthetic.write(folder / "source", chosen.rows)
        for number in range(chosen.runs):
            work = folder / f"work-{number}"
            work.mkdir()
            mapped = python(_OURS, str(folder / "source"), str(work))
            told = json.loads(mapped.output)
            quads = told["quads"]
            for phase, seconds in told["phases"].items():
                phases.setdefault(phase, []).append(seconds)
            bare = python(_ALONE, str(work))
            ours.append(mapped.seconds)
            alone.append(bare.seconds)
            peaks.append((mapped.peak, bare.peak))
            ratios.append(mapped.seconds / bare.seconds)

            shutil.rmtree(work)
    text = (
        f"{chosen.rows:,} rows become {quads:,} quads (stated in the graph of their row, merged, "
        f"entailed, and receipts). {chosen.runs} runs in turn; seconds as median (range), start "
        "of Python included.\n\n"
    )
    text += table(
        ["", "seconds", "peak MiB"],
        [
            ["map and load", spread(ours), f"{max(peak[0] for peak in peaks):,.0f}"],
            ["bulk load alone, same statements", spread(alone), f"{max(p[1] for p in peaks):,.0f}"],
            ["ratio (goal: at most 1.5)", spread(ratios), ""],
        ],
    )
    text += "\n\nSeconds by phase (median): " + ", ".join(
        f"{phase} {median(seconds):.1f}" for phase, seconds in phases.items()
    )
    save("bulk", "Mapping and loading a million rows", text + ".")


if __name__ == "__main__":
    main()
