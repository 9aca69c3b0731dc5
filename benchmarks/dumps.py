"""Dumps of a large release: made whole, loaded into an empty store, and compared by digest.

The goal is a full dump of a million statements, with the receipts of all of them, in under 20 s.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import python, run, save, table
from benchmarks.synthetic import write

_SIKG = str(Path(sys.executable).parent / "sikg")
_LOAD = """
import json, sys, time
from pathlib import Path
from graph.dumps.checking import load_dump
began = time.perf_counter()
store = load_dump(Path(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps({"quads": len(store), "seconds": time.perf_counter() - began}))
"""


def main() -> None:
    """Measure and write `results/dumps.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--rows", type=int, default=37_500, help="operations; about 27 statements each"
    )
    parser.add_argument("--work", type=Path, default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sikg-bench-", dir=chosen.work) as name:
        folder = Path(name)
        home, tables, dump = folder / "home", folder / "tables", folder / "dump"
        write(tables, chosen.rows)
        words = ("--home", str(home), "--data", str(tables), "--sources", str(tables))
        built = json.loads(run([_SIKG, "build", *words, "--json"]).output)["release"]
        alone = run([_SIKG, "export", "--out", str(folder / "alone.nq.gz"), "--home", str(home)])
        made = run([_SIKG, "export", "--all", "--out", str(dump), "--home", str(home)])
        packed = dump / "statements.nq.gz"
        checked = run([_SIKG, "digest", str(packed), "--home", str(home), "--json"])
        if json.loads(checked.output)["digest"] != built["digest"]:
            sys.exit("the dump has another digest than its release")
        loaded = python(_LOAD, str(packed), str(folder / "store"))
        told = json.loads(loaded.output)
        if told["quads"] != built["quads"]:
            sys.exit(f"{told['quads']} of {built['quads']} quads were loaded")
        size = sum(path.stat().st_size for path in dump.iterdir())
        rows = [
            ["all files of the dump", f"{made.seconds:.1f}", f"{made.peak:,.0f}"],
            ["N-Quads alone", f"{alone.seconds:.1f}", f"{alone.peak:,.0f}"],
            ["its digest", f"{checked.seconds:.1f}", f"{checked.peak:,.0f}"],
            ["loading it into an empty store", f"{told['seconds']:.1f}", f"{loaded.peak:,.0f}"],
        ]
    text = (
        f"{built['statements']:,} statements in the merged graph, {built['quads']:,} quads in all; "
        f"{size / 1e6:,.1f} MB of files. One run each, processes from start to end.\n\n"
    )
    save("dumps", "Dumps", text + table(["what", "seconds", "peak MiB"], rows))


if __name__ == "__main__":
    main()
