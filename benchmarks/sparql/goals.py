"""The goals, and how far each is reached at each size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.measure import median, spread, table
from benchmarks.sparql.ratios import ratios

_NATIVE, _VIRTUOSO = "oxigraph", "virtuoso"

# Values of a size, run by run; empty where it was not measured.
Read = Callable[[dict[str, Any]], list[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio to reach: at least, or at most where `most` is set."""

    title: str
    against: str
    wanted: float
    read: Read
    most: bool = False

    def cell(self, told: dict[str, Any]) -> str:
        """Say what was reached, in bold where it is less than wanted."""
        values = self.read(told)
        if not values:
            return "—"
        reached = median(values)
        met = reached <= self.wanted if self.most else reached >= self.wanted
        return spread(values) if met else f"**{spread(values)}**"


def _workload(name: str, peer: str, kind: str = "distinct") -> Read:
    def read(told: dict[str, Any]) -> list[float]:
        workload = told.get("workloads", {}).get(name)
        return ratios(workload, kind, peer) if workload else []

    return read


def _summed(series: str) -> Read:
    def read(told: dict[str, Any]) -> list[float]:
        seen = told.get("aggregates") or {}
        other = seen.get("sparql", {}).get(_VIRTUOSO)
        if not other or other["failed"] or seen["rest"]["failed"] or series not in seen:
            return []
        pairs = zip(seen[series]["values"], other["values"], strict=True)
        return [theirs / mine for mine, theirs in pairs]

    return read


def _isolated(told: dict[str, Any]) -> list[float]:
    felt = told.get("isolation", {}).get("ours")
    if not felt or felt["failed"]:
        return []
    return [b / a for a, b in zip(felt["idle_p99"], felt["busy_p99"], strict=True)]


def _grown(told: dict[str, Any]) -> list[float]:
    seen = told.get("memory", {}).get("ours")
    return [(seen["most"] - seen["before"]) / seen["body"]] if seen else []


_GOALS = (
    Goal("point lookup, distinct", _NATIVE, 1, _workload("point", _NATIVE)),
    Goal("1,000 rows, distinct", _NATIVE, 1, _workload("rows", _NATIVE)),
    Goal("point lookup, repeated", _NATIVE, 3, _workload("point", _NATIVE, "repeated")),
    Goal("1,000 rows, repeated", _NATIVE, 50, _workload("rows", _NATIVE, "repeated")),
    Goal("sums by country and programme through REST", _VIRTUOSO, 50, _summed("rest")),
    Goal("the same, asked again", _VIRTUOSO, 50, _summed("again")),
    Goal("sums by country and programme in SPARQL", _VIRTUOSO, 1, _workload("group", _VIRTUOSO)),
    Goal("count of everything in SPARQL", _VIRTUOSO, 1, _workload("count", _VIRTUOSO)),
    Goal("text filter in SPARQL", _VIRTUOSO, 1, _workload("text", _VIRTUOSO)),
    Goal("p99 of point lookups beside four heavy queries", "itself idle", 5, _isolated, most=True),
    Goal("100,000 rows as JSON", _NATIVE, 1, _workload("json", _NATIVE)),
    Goal("100,000 rows as CSV", _NATIVE, 1, _workload("csv", _NATIVE)),
    Goal("growth of memory while streaming, in answers", "itself before", 1, _grown, most=True),
)


def goals(found: dict[str, Any]) -> Iterator[str]:
    """Give the table of goals over all sizes."""
    yield "Goals and what was reached (bold: not reached):"
    header = ["", "against", "goal", *(size.upper() for size in found)]
    rows = [
        [
            goal.title,
            goal.against,
            f"{'≤' if goal.most else '≥'} {goal.wanted:g}",
            *(goal.cell(told) for told in found.values()),
        ]
        for goal in _GOALS
    ]
    yield table(header, rows)
