"""Plot the ratios of this server to the others, on a scale of powers of ten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.measure import median
from benchmarks.sparql.ratios import PEERS, ratios, shown_order

_COLOURS = dict(zip(PEERS, ("#0b4f8a", "#b8560b", "#5b5b5b"), strict=True))
_APART = 0.24


def draw(found: dict[str, Any], file: Path) -> None:
    """Draw a panel for each size: a row for each workload, a mark for each other server."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.lines import Line2D

    names = {
        name: workload["title"] for told in found.values() for name, workload in shown_order(told)
    }
    titles = {
        name: about["title"]
        for told in found.values()
        for name, about in told["servers"].items()
        if name in PEERS and "absent" not in about
    }
    figure, panels = plt.subplots(
        1, len(found), figsize=(2.6 + 4.2 * len(found), 1.6 + 0.42 * len(names)), squeeze=False
    )
    rows = {name: -place for place, name in enumerate(names)}
    for axes, told in zip(panels[0], found.values(), strict=True):
        axes.axvline(1, color="#888888", linewidth=1)
        for name, workload in shown_order(told):
            for place, peer in enumerate(titles):
                _mark(axes, workload, peer, rows[name] + _APART * (1 - place))
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_ylim(0.6 - len(names), 0.6)
        for height in rows.values():
            axes.axhline(height - 0.5, color="#eeeeee", linewidth=0.8)
        axes.set_yticks(list(rows.values()), [])
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_title(f"{told['statements']:,} statements", fontsize=10)
        axes.set_xlabel("times as fast as the other server")
    panels[0][0].set_yticks(list(rows.values()), list(names.values()))
    marks = [
        Line2D([], [], color=_COLOURS[name], marker="o", linestyle="", label=f"to {title}")
        for name, title in titles.items()
    ]
    marks.append(
        Line2D([], [], color="black", marker="o", fillstyle="none", linestyle="", label="repeated")
    )
    figure.legend(handles=marks, loc="upper center", ncols=len(marks), frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.45 / (1.6 + 0.42 * len(names))))
    figure.savefig(file, dpi=110)
    plt.close(figure)


def _mark(axes: Any, workload: dict[str, Any], peer: str, height: float) -> None:  # noqa: ANN401  # matplotlib has no types
    for kind in ("distinct", "repeated"):
        values = ratios(workload, kind, peer)
        if values:
            colour = _COLOURS[peer]
            axes.plot([min(values), max(values)], [height, height], color=colour, linewidth=1.4)
            axes.plot(
                [median(values)],
                [height],
                marker="o",
                markersize=5,
                color=colour,
                markerfacecolor=colour if kind == "distinct" else "white",
            )
