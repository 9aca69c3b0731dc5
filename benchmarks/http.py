"""Point lookups and DESCRIBE over HTTP, against the native `oxigraph` server on the same store.

The load comes from `wrk` (Debian's package of that name). Each server is asked in turn within a
run. *Distinct*: no query text ever comes twice, so that nothing can be answered from a cache of
results; *repeated*: the same thousand come again and again.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from benchmarks.measure import median, save, spread, table
from benchmarks.startup import wait_for
from graph.dataset import Dataset
from graph.engine import Query
from graph.release import Releases

_BIN = Path(sys.executable).parent
_OURS, _NATIVE = 8741, 8742
_LUA = """
local paths = {}
for line in io.lines(os.getenv("SIKG_BENCH_PATHS")) do paths[#paths + 1] = line end
local distinct = os.getenv("SIKG_BENCH_DISTINCT") == "1"
local thread_count = 0
function setup(thread) thread:set("id", thread_count); thread_count = thread_count + 1 end
local count = 0
local seed = os.time()
request = function()
  count = count + 1
  local path = paths[(count * 7919 + id * 31) % #paths + 1]
  if distinct then path = path .. "%20%23" .. seed .. "-" .. id .. "-" .. count end
  return wrk.format("GET", path, {["Accept"] = os.getenv("SIKG_BENCH_ACCEPT")})
end
done = function(summary)
  io.write("\\nerrors ", summary.errors.status + summary.errors.read + summary.errors.timeout, "\\n")
end
"""
_QUERIES = {
    "point lookup": (
        "SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}",
        "application/sparql-results+json",
    ),
    "describe": ("DESCRIBE <{iri}>", "application/n-triples"),
}


def main() -> None:
    """Measure and write `results/http.md`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: install the package of that name")
    release = Releases(chosen.home).current()
    things = (
        Dataset.open(release)
        .store.select(
            Query(
                "SELECT DISTINCT ?s WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o } "
                "ORDER BY ?s LIMIT 1000"
            )
        )
        .values("s")
    )
    rows: list[list[str]] = []
    measured: dict[str, dict[str, list[float]]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="sikg-bench-") as name,
        _servers(chosen.home, release.store_path),
    ):
        folder = Path(name)
        (folder / "load.lua").write_text(_LUA, encoding="utf-8")
        for kind, (text, accept) in _QUERIES.items():
            for distinct in (True, False):
                label = f"{kind}, {'distinct' if distinct else 'repeated'}"
                paths = [quote(text.format(iri=thing), safe="") for thing in things]
                rates: dict[str, list[float]] = {"ours": [], "native": []}
                for _ in range(chosen.runs):
                    for server, port, path in (
                        ("ours", _OURS, "/sparql"),
                        ("native", _NATIVE, "/query"),
                    ):
                        lines = [f"{path}?query={query}" for query in paths]
                        (folder / "paths").write_text("\n".join(lines), encoding="utf-8")
                        rates[server].append(
                            _load(folder, port, accept, chosen.seconds, distinct=distinct)
                        )
                measured[label] = rates
                ratios = [a / b for a, b in zip(rates["ours"], rates["native"], strict=True)]
                rows.append(
                    [
                        label,
                        f"{median(rates['ours']):,.0f}",
                        f"{median(rates['native']):,.0f}",
                        spread(ratios),
                    ]
                )
    text = (
        f"Release of {release.manifest.statements:,} statements; two of our processes against "
        f"oxigraph {version('oxigraph')} with its threads on two cores; wrk with 2 threads and 16 "
        f"connections on the same two cores; {chosen.runs} runs of {chosen.seconds} s in turn, "
        "medians of requests/s. Goal: at least 0.7.\n\n"
    )
    text += table(["", "ours", "native", "ratio (range)"], rows)
    text += "\n\n![requests per second](http.png)"
    save("http", "Point lookups and DESCRIBE over HTTP", text)
    _plot(measured)
    (Path(__file__).parent / "results" / "http.json").write_text(
        json.dumps(measured, indent=1) + "\n", encoding="utf-8"
    )


@contextmanager
def _servers(home: Path, store: Path) -> Iterator[None]:
    ours = subprocess.Popen([_BIN / "sikg", "serve", "--home", home, "--port", str(_OURS)])
    native = subprocess.Popen(
        [
            _BIN / "oxigraph",
            "serve-read-only",
            "--location",
            store,
            "--bind",
            f"127.0.0.1:{_NATIVE}",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{_OURS}/ready")
        wait_for(f"http://127.0.0.1:{_NATIVE}/query?query=ASK%7B%7D")
        time.sleep(1)
        yield
    finally:
        for server in (ours, native):
            server.terminate()
            server.wait(timeout=30)


def _load(folder: Path, port: int, accept: str, seconds: int, *, distinct: bool) -> float:
    told = subprocess.run(
        [
            "wrk",
            "-t2",
            "-c16",
            f"-d{seconds}s",
            "-s",
            folder / "load.lua",
            f"http://127.0.0.1:{port}",
        ],
        check=True,
        capture_output=True,
        text=True,
        env={
            "SIKG_BENCH_PATHS": str(folder / "paths"),
            "SIKG_BENCH_DISTINCT": "1" if distinct else "0",
            "SIKG_BENCH_ACCEPT": accept,
            "PATH": "/usr/bin:/bin",
        },
    ).stdout
    failed = re.search(r"errors (\d+)", told)
    if failed is None or int(failed[1]):
        raise RuntimeError(f"the load generator met errors: {told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if rate is None:
        raise RuntimeError(told)
    return float(rate[1])


def _plot(measured: dict[str, dict[str, list[float]]]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.2))
    for offset, (server, colour) in enumerate((("ours", "#0b4f8a"), ("native", "#b8860b"))):
        axes.barh(
            [place + 0.4 * offset for place in range(len(measured))],
            [median(rates[server]) for rates in measured.values()],
            height=0.38,
            color=colour,
            label={"ours": "this server", "native": "oxigraph server"}[server],
        )
    axes.set_yticks([place + 0.2 for place in range(len(measured))], list(measured))
    axes.set_xlabel("requests per second (median)")
    figure.legend(loc="upper center", ncols=2, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    figure.savefig(Path(__file__).parent / "results" / "http.png", dpi=110)


if __name__ == "__main__":
    main()
