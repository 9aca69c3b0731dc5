"""From the curated tables to a served release, start of Python included."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.measure import run, save, spread, table

_SIKG = str(Path(sys.executable).parent / "sikg")
_PORT = 8731


def main() -> None:
    """Measure and write `results/startup.md`."""
    built, served, peaks = [], [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory(prefix="sikg-bench-") as home:
            building = run([_SIKG, "build", "--home", home])
            built.append(building.seconds)
            peaks.append(building.peak)
            began = time.perf_counter()
            server = subprocess.Popen([_SIKG, "serve", "--home", home, "--port", str(_PORT)])
            try:
                wait_for(f"http://127.0.0.1:{_PORT}/ready")
                served.append(time.perf_counter() - began)
            finally:
                server.terminate()
                server.wait(timeout=30)
    total = [first + second for first, second in zip(built, served, strict=True)]
    rows = [
        ["sikg build", spread(built)],
        ["sikg serve, until /ready", spread(served)],
        ["together (goal: under 20)", spread(total)],
    ]
    text = "Five runs; seconds as median (range).\n\n" + table(["", "seconds"], rows)
    text += f"\n\nPeak memory of the build: {max(peaks):,.0f} MiB."
    save("startup", "From the curated tables to a served release", text)


def wait_for(address: str) -> None:
    """Wait until an address answers 200; TimeoutError after half a minute."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
