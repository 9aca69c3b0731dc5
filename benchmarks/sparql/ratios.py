"""Ratios of this server to another, run by run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.sparql.workloads import ORDER

PEERS = ("oxigraph", "virtuoso", "rdflib-endpoint")


def shown_order(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the measured workloads in the order of the tables."""
    for name in ORDER:
        if name in told.get("workloads", {}):
            yield name, told["workloads"][name]


def ratios(workload: dict[str, Any], kind: str, peer: str) -> list[float]:
    """Give how many times as fast this server was, for each run; nothing if either failed."""
    ours, theirs = (workload[kind].get(name) for name in ("ours", peer))
    if ours is None or theirs is None or ours["failed"] or theirs["failed"]:
        return []
    pairs = zip(ours["values"], theirs["values"], strict=False)
    if workload["load"] == "wrk":
        return [mine / other for mine, other in pairs]
    return [other / mine for mine, other in pairs]
