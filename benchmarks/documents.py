"""Documents of things from the cache, against nginx that serves the same bytes as static files.

Each document is asked for once, kept as a file, and asked for again of both servers in turn. The
load comes from `wrk`; it and nginx are Debian's packages of these names.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.measure import median, save, spread, table
from benchmarks.startup import wait_for
from graph.dataset import Dataset
from graph.engine import Query
from graph.release import Releases

_SIKG = Path(sys.executable).parent / "sikg"
_OURS, _STATIC = 8771, 8772
_GOAL = 0.5
_THINGS = Query(
    "SELECT DISTINCT ?s WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o } "
    "ORDER BY ?s LIMIT 1000"
)
_ACCEPT = {"data": "text/turtle", "page": "text/html"}
_LUA = """
local paths = {}
for line in io.lines(os.getenv("SIKG_BENCH_PATHS")) do paths[#paths + 1] = line end
local headers = {["Accept"] = os.getenv("SIKG_BENCH_ACCEPT")}
local count = 0
request = function()
  count = count + 1
  return wrk.format("GET", paths[count * 7919 % #paths + 1], headers)
end
done = function(summary)
  local errors = summary.errors
  io.write("\\nerrors ", errors.status + errors.read + errors.timeout, "\\n")
end
"""
_NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max=4000; default_type "text/turtle; charset=utf-8"; types {{ }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    chosen = parser.parse_args()
    for tool in ("wrk", "nginx"):
        if shutil.which(tool, path=_PATH) is None:
            sys.exit(f"{tool} is needed: install the package of that name")
    release = Releases(chosen.home).current()
    things = Dataset.open(release).store.select(_THINGS).values("s")
    base = release.manifest.base
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="sikg-bench-") as name, _ours(chosen.home):
        folder = Path(name)
        (folder / "load.lua").write_text(_LUA, encoding="utf-8")
        paths = {
            view: [quote(thing.replace(f"{base}id/", f"/{view}/"), safe="/%") for thing in things]
            for view in _ACCEPT
        }
        sizes = {view: _keep(folder / "files", found, view) for view, found in paths.items()}
        with _nginx(folder):
            for view, found in paths.items():
                rows.append(_row(folder, view, found, sizes[view], chosen))
    text = (
        f"{len(things)} things of a release of {release.manifest.statements:,} statements; two of "
        "our processes, whose cache holds the answers, against nginx with two; wrk with 2 threads "
        f"and 16 connections on the same cores, without packing; {chosen.runs} runs of "
        f"{chosen.seconds} s in turn, medians of requests/s. Goal: at least {_GOAL} of nginx.\n\n"
    )
    heads = ["", "median bytes", "ours", "nginx", "ratio (range)"]
    save("documents", "Documents of things, against static files", text + table(heads, rows))


_PATH = os.pathsep.join(("/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin", "/bin"))


def _row(
    folder: Path, view: str, paths: list[str], size: float, chosen: argparse.Namespace
) -> list[str]:
    (folder / "paths").write_text("\n".join(paths), encoding="utf-8")
    rates: dict[int, list[float]] = {_OURS: [], _STATIC: []}
    for port in rates:
        # Not counted: each process opens its release, and answers what the other one was asked.
        _load(folder, port, _ACCEPT[view], chosen.seconds)
    for _ in range(chosen.runs):
        for port, found in rates.items():
            found.append(_load(folder, port, _ACCEPT[view], chosen.seconds))
    ours, static = rates[_OURS], rates[_STATIC]
    ratios = [a / b for a, b in zip(ours, static, strict=True)]
    title = {"data": "document, Turtle", "page": "page"}[view]
    return [
        title,
        f"{size:,.0f}",
        f"{median(ours):,.0f}",
        f"{median(static):,.0f}",
        spread(ratios),
    ]


def _keep(folder: Path, paths: list[str], view: str) -> float:
    """Keep what we answer as files; give the median size in bytes."""
    sizes: list[float] = []
    connection = HTTPConnection("127.0.0.1", _OURS, timeout=60)
    for path in paths:
        connection.request("GET", path, headers={"Accept": _ACCEPT[view]})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}")
        file = folder / urlsplit(path).path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        sizes.append(len(body))
    connection.close()
    return median(sizes)


@contextmanager
def _ours(home: Path) -> Iterator[None]:
    command = [str(_SIKG), "serve", "--home", str(home), "--port", str(_OURS), "--workers", "2"]
    environment = {**os.environ, "SIKG_ACCESS_LOG": "off"}
    with subprocess.Popen(command, env=environment) as server:
        try:
            wait_for(f"http://127.0.0.1:{_OURS}/ready")
            yield
        finally:
            server.terminate()


@contextmanager
def _nginx(folder: Path) -> Iterator[None]:
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, port=_STATIC), encoding="utf-8")
    program = shutil.which("nginx", path=_PATH) or "nginx"
    # Its workers are not root, and read nothing in a folder that is private.
    folder.chmod(0o755)
    with subprocess.Popen([program, "-c", settings, "-p", folder]) as server:
        try:
            for _ in range(100):
                try:
                    HTTPConnection("127.0.0.1", _STATIC, timeout=5).connect()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            server.terminate()


def _load(folder: Path, port: int, accept: str, seconds: int) -> float:
    limits = ["-t2", "-c16", f"-d{seconds}s", "--timeout", "30s"]
    command = ["wrk", *limits, "-s", str(folder / "load.lua")]
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"],
        check=True,
        capture_output=True,
        text=True,
        env={
            "SIKG_BENCH_PATHS": str(folder / "paths"),
            "SIKG_BENCH_ACCEPT": accept,
            "PATH": _PATH,
        },
    ).stdout
    failed, rate = re.search(r"errors (\d+)", told), re.search(r"Requests/sec:\s+([\d.]+)", told)
    if failed is None or int(failed[1]) or rate is None:
        raise RuntimeError(f"the load generator met errors: {told}")
    return float(rate[1])


if __name__ == "__main__":
    main()
