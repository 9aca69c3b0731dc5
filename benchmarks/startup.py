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


def wait_for_rest(seconds: int = 60) -> None:
    """Wait until the machine did next to nothing for a second, or for so many seconds at most.

    A server opens beside its first answers what readers will ask for; after that it is as readers
    mostly find it.
    """
    for _ in range(seconds):
        total, idle = _spent()
        time.sleep(1)
        later, then_idle = _spent()
        if then_idle - idle > 0.95 * (later - total):
            return


def _spent() -> tuple[int, int]:
    # All the time of all processors, and how much of it was idle (proc_stat(5)).
    line = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    times = [int(part) for part in line.split()[1:9]]
    return sum(times), times[3] + times[4]


if __name__ == "__main__":
    main()
