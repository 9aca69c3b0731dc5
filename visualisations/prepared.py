"""The maps of a release, drawn and measured once while it is built."""

from __future__ import annotations

from pathlib import Path

from graph.facts.reading import Facts
from graph.identity import Identity
from graph.networks.collapsing import Sheet, plain
from graph.networks.measuring import Prepared, betweenness, divide
from graph.networks.narrowing import whole
from graph.networks.projection import Drawn
from graph.networks.reading import FOLDER, project, write_prepared
from graph.networks.simple import Simple
from graph.store import Store
from visualisations.layout import spread
from visualisations.maps import MapSpec, read_maps
from visualisations.overlap import Point

DRAWN = 5000  # nodes beyond which a map is drawn by groups
_PATIENCE = 1_000_000_000  # nodes times links up to which all paths are followed: most of a minute


def prepare(store: Store, identity: Identity, folder: Path) -> None:
    """Write the network of every map into the folder of a draft, with positions and measures."""
    facts = Facts(folder / "facts")
    for spec in read_maps():
        drawn = drawn_of(spec)
        projection = project(store, facts, identity, drawn)
        sheet = plain(whole(projection))
        simple = sheet.simple()
        small = len(projection.nodes) <= DRAWN
        patient = simple.size * len(simple.pairs) <= _PATIENCE
        prepared = Prepared(
            tuple(spread(simple, radii_of(sheet, simple))) if small else None,
            betweenness(simple, exact=True).shares if patient else None,
            divide(simple),
        )
        write_prepared(folder / FOLDER, spec.name, drawn, projection, prepared)


def drawn_of(spec: MapSpec) -> Drawn:
    """Give the question of a map."""
    return Drawn(spec.query, spec.directed)


def radii_of(sheet: Sheet, simple: Simple) -> list[float]:
    """Let the area, not the width, of a disc grow with its neighbours, or with its members."""
    return [
        round(min(7 + 2.4 * degree**0.5, 24.0), 1)
        if disc.node is not None
        else round(min(10 + 3.0 * disc.size**0.5, 60.0), 1)
        for disc, degree in zip(sheet.discs, simple.degrees(), strict=True)
    ]


def nearness(prepared: Prepared | None, sheet: Sheet) -> dict[int, Point] | None:
    """Tell where the discs of a sheet are in the picture of the whole map, if that was drawn."""
    if prepared is None or prepared.points is None:
        return None
    points = prepared.points
    return {at: points[disc.node] for at, disc in enumerate(sheet.discs) if disc.node is not None}
