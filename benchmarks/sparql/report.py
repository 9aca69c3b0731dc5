"""Write what was measured as a table of medians and ratios, and as a plot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import median, spread, table
from benchmarks.sparql.goals import goals
from benchmarks.sparql.plot import draw
from benchmarks.sparql.ratios import PEERS, ratios, shown_order


def write(folder: Path) -> None:
    """Write `sparql.md` and `sparql.png` from all `sparql-SIZE.json` of a folder."""
    found = {
        file.stem.removeprefix("sparql-"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.glob("sparql-*.json"), key=_statements)
    }
    parts = ["# SPARQL servers side by side", _introduction(found), *goals(found)]
    for size, told in found.items():
        parts += [f"## {size.upper()}: {told['statements']:,} statements", *_size(told)]
    draw(found, folder / "sparql.png")
    parts.append("![ratios of requests a second and of times](sparql.png)")
    (folder / "sparql.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _statements(file: Path) -> int:
    return int(json.loads(file.read_text(encoding="utf-8"))["statements"])


def _introduction(found: dict[str, Any]) -> str:
    told = list(found.values())[-1]
    versions = {
        f"{about['title']} {about['version']}"
        for size in found.values()
        for about in size["servers"].values()
        if about["version"]
    }
    return (
        f"Measured {told['measured']} on {told['cores']} cores with {told['installed']}, "
        f"{told['machine']}, Python {told['python']}: {', '.join(sorted(versions))}. Made by "
        "`python -m benchmarks.sparql` from a seeded, skewed funding graph (one graph, no rows): "
        "all servers hold the same statements and run at the same time, but are asked in turn. "
        "Requests/s by wrk with 16 connections on the same cores, times by one client over a new "
        "connection; medians. *Distinct*: no text ever comes twice, and constants change; "
        "*repeated*: a few texts come again and again, or the same text a second time. Ratios are "
        "of this server to the other: above 1 it is faster, with the range over the runs. Before "
        "it is measured, each workload's answers are compared over all servers; one whose answer "
        "fails or differs from the others' is marked and not measured. One client asks here for "
        "what many would: this server's budgets for one client and for time (120 s) are raised, "
        "the others have no limits, and no server writes a log of requests, except "
        "rdflib-endpoint, which cannot do without."
    )


def _size(told: dict[str, Any]) -> Iterator[str]:
    yield _workloads(told)
    yield from _sums(told)
    yield from _isolation(told)
    yield from _memory(told)
    yield from _runners(told)
    yield from _writing(told)
    yield _loads(told)


def _workloads(told: dict[str, Any]) -> str:
    names = [name for name in told["servers"] if "absent" not in told["servers"][name]]
    peers = [name for name in PEERS if name in names]
    header = ["", *(told["servers"][name]["title"] for name in names)]
    header += [f"ratio to {told['servers'][name]['title']}" for name in peers]
    rows = []
    for _, workload in shown_order(told):
        for kind in ("distinct", "repeated"):
            measured = workload[kind]
            cells = [_cell(workload, measured.get(name)) for name in names]
            compared = [ratios(workload, kind, name) for name in peers]
            label = workload["title"] if kind == "distinct" else "— repeated"
            unit = "requests/s" if workload["load"] == "wrk" else "ms"
            shown = [spread(values) if values else "—" for values in compared]
            rows.append([f"{label} ({unit})", *cells, *shown])
    return table(header, rows)


def _cell(workload: dict[str, Any], series: dict[str, Any] | None) -> str:
    if series and series["failed"]:
        return f"**{series['failed']}**"
    if not series or not series["values"]:
        return "—"
    value = median(series["values"])
    if workload["load"] == "wrk":
        return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
    return f"{value * 1000:,.1f}"


def _sums(told: dict[str, Any]) -> Iterator[str]:
    seen = told.get("aggregates")
    if seen:
        titles = {"rest": "this server, REST", "again": "— asked again"}
        rest = [
            {"title": title, "series": seen[name]} for name, title in titles.items() if name in seen
        ]
        others = [
            {"title": f"{told['servers'][name]['title']}, SPARQL", "series": series}
            for name, series in seen["sparql"].items()
        ]
        yield (
            f"Sums of approved totals by country and programme, {seen['rows']:,} rows, no question "
            "asked twice but where it says so (ms):"
        )
        alike = {"load": "one"}
        rows = [[item["title"], _cell(alike, item["series"])] for item in (*rest, *others)]
        yield table(["", "median"], rows)


def _isolation(told: dict[str, Any]) -> Iterator[str]:
    rows = []
    for name, felt in told.get("isolation", {}).items():
        title = told["servers"][name]["title"]
        if felt["failed"]:
            rows.append([title, *_p99(felt), "", f"**{felt['failed']}**", ""])
            continue
        times = [b / a for a, b in zip(felt["idle_p99"], felt["busy_p99"], strict=True)]
        middle = f"{median(felt['busy_median']):.2f}"
        rows.append([title, *_p99(felt), middle, f"{median(felt['busy_p99']):.2f}", spread(times)])
    if rows:
        yield "Point lookups, at most 200 a second, beside four queries without end (ms):"
        header = ["", "median idle", "p99 idle", "median beside", "p99 beside", "p99 ratio"]
        yield table(header, rows)


def _p99(felt: dict[str, Any]) -> list[str]:
    return [
        f"{median(felt[name]):.2f}" if felt[name] else "—" for name in ("idle_median", "idle_p99")
    ]


def _memory(told: dict[str, Any]) -> Iterator[str]:
    rows = [
        [
            told["servers"][name]["title"],
            *(f"{seen[key]:,.0f}" for key in ("body", "before", "most", "after")),
            f"{(seen['most'] - seen['before']) / seen['body']:.1f}",
        ]
        for name, seen in told.get("memory", {}).items()
    ]
    if rows:
        yield "Memory of all processes while 100,000 rows are streamed as JSON ten times (MiB):"
        header = ["", "answer", "before", "most", "after", "growth in answers"]
        yield table(header, rows)


def _runners(told: dict[str, Any]) -> Iterator[str]:
    measured = told.get("runners", {})
    titles = sorted({title for rates in measured.values() for title in rates}, reverse=True)
    if measured:
        yield "This server's application by what runs it (requests/s):"
        yield table(
            ["", *titles],
            [
                [
                    label,
                    *(
                        f"{median(rates[title]):,.0f}" if rates.get(title) else "—"
                        for title in titles
                    ),
                ]
                for label, rates in measured.items()
            ],
        )


def _writing(told: dict[str, Any]) -> Iterator[str]:
    seen = told.get("writing")
    if seen and seen["failed"]:
        yield f"Updates: **{seen['failed']}**."
    elif seen:
        seconds = sorted(seen["seconds"])
        yield (
            f"{len(seconds)} updates of one statement, one after another: acknowledged after "
            f"{median(seconds) * 1000:.0f} ms (median), 95 % within "
            f"{seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms; asked at once over a new "
            f"connection, {seen['unseen']} could not be seen."
        )


def _loads(told: dict[str, Any]) -> str:
    rows = [
        [
            about["title"],
            about["version"] or "—",
            about.get("absent") or f"{about['seconds']:,.0f}",
            f"{about['size']:,.0f}" if about.get("size") else "—",
        ]
        for about in told["servers"].values()
    ]
    return f"Loading (the files were generated in {told['generated']:.0f} s):\n\n" + table(
        ["", "version", "seconds", "MiB on disk"], rows
    )
