"""Run all benchmarks, or those that are named: `python -m benchmarks [startup bulk …]`."""

from __future__ import annotations

import subprocess
import sys

_ALL = (
    "startup",
    "http",
    "documents",
    "bulk",
    "operations",
    "receipts",
    "sparql",
    "matching",
    "reconciliation",
    "suggest",
    "partners",
    "networks",
    "network_page",
    "dumps",
    "money",
    "pages",
    "search",
    "feeds",
)


def main() -> None:
    """Run each benchmark in a process of its own, so that none inherits another's memory."""
    for name in sys.argv[1:] or _ALL:
        if name not in _ALL:
            sys.exit(f"there is no benchmark {name!r}; there are {', '.join(_ALL)}")
        print(f"… {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
