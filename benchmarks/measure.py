"""Measure commands as whole processes, and write result tables."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of wall clock and peak memory in MiB."""

    seconds: float
    peak: float
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; CalledProcessError if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code:
        raise subprocess.CalledProcessError(code, command, output)
    return Run(seconds, usage.ru_maxrss / 1024, output)


def python(code: str, *arguments: str) -> Run:
    """Run Python code in a new process."""
    return run([sys.executable, "-c", code, *arguments])


def median(values: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """Give median and range, as `1.23 (1.10 to 1.40)`."""
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def save(name: str, title: str, text: str) -> None:
    """Write a result with the machine and versions that it was measured on, and print it."""
    RESULTS.mkdir(exist_ok=True)
    packages = ("pyoxigraph", "polars", "uvicorn", "fastapi")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    where = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}."
    )
    document = f"# {title}\n\n{where}\n\n{text}\n"
    (RESULTS / f"{name}.md").write_text(document, encoding="utf-8")
    print(document)
