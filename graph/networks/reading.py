"""The networks of a release: read from its folder, or projected at the first question."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import StorageError, disk_error
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.networks.attributes import with_attributes
from graph.networks.measuring import Group, Grouping, Prepared
from graph.networks.projection import (
    Drawn,
    Projection,
    load_projection,
    read_projection,
    write_projection,
)
from graph.store import Store

if TYPE_CHECKING:
    from graph.dataset import Dataset

T = TypeVar("T")

FOLDER = "networks"
_MOST = 400_000  # spots and lines of all that is remembered


@dataclass(slots=True, eq=False)
class Networks:
    """The networks in the folder of a release, and what was made of them for readers."""

    folder: Path | None = None
    _memory: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    _held: int = 0
    _lock: Lock = field(default_factory=Lock)

    def remembered(self, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int]) -> T:
        """Give what was made for a key before, or make it; what was used longest ago is forgotten.

        Two threads may make the same at once, and both give the same.
        """
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                known: T = self._memory[key][1]
                return known
        made = make()
        weight = weigh(made)
        with self._lock:
            if key not in self._memory:
                self._memory[key] = weight, made
                self._held += weight
            while self._held > _MOST and len(self._memory) > 1:
                _, (freed, _made) = self._memory.popitem(last=False)
                self._held -= freed
        return made


def projection_of(dataset: Dataset, name: str, drawn: Drawn) -> Projection:
    """Give the projection of a map in a release, as prepared or made now."""

    def make() -> Projection:
        folder = dataset.networks.folder
        mark = drawn.mark
        known = None if folder is None else load_projection(folder / f"{name}.json", mark)
        return known or project(dataset.store, dataset.facts, dataset.identity, drawn)

    return dataset.networks.remembered(
        ("projection", name, drawn.mark), make, lambda made: len(made.nodes) + len(made.ties)
    )


def project(store: Store, facts: Facts, identity: Identity, drawn: Drawn) -> Projection:
    """Make the projection of a map from a store, with what the facts know of its things."""
    return with_attributes(read_projection(store, drawn), facts, identity)


def prepared_of(dataset: Dataset, name: str, drawn: Drawn) -> Prepared | None:
    """Read what was prepared of a whole map; None where nothing was, or of another question."""
    folder = dataset.networks.folder
    if folder is None:
        return None
    file = folder / f"{name}.prepared.json"
    return dataset.networks.remembered(
        ("prepared", name, drawn.mark), lambda: _load(file, drawn.mark), lambda _: 0
    )


def write_prepared(
    folder: Path, name: str, drawn: Drawn, projection: Projection, prepared: Prepared
) -> None:
    """Write the projection of a map and what was computed of it into the folder of a draft."""
    folder.mkdir(exist_ok=True)
    write_projection(projection, drawn.mark, folder / f"{name}.json")
    grouping = prepared.grouping
    document = {
        "mark": drawn.mark,
        "points": prepared.points,
        "betweenness": prepared.betweenness,
        "grouping": None
        if grouping is None
        else {
            "groups": [(group.members, group.stability) for group in grouping.groups],
            "told": (grouping.stability, grouping.modularity, grouping.runs),
        },
    }
    file = folder / f"{name}.prepared.json"
    file.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def _load(file: Path, mark: str) -> Prepared | None:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        if read["mark"] != mark:
            return None
        points, shares, grouping = read["points"], read["betweenness"], read["grouping"]
        return Prepared(
            None if points is None else tuple((x, y) for x, y in points),
            None if shares is None else tuple(shares),
            None if grouping is None else _grouping(grouping["groups"], *grouping["told"]),
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(file, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(f"the network in {file} is damaged: build the release again") from error


def _grouping(
    groups: Sequence[tuple[Sequence[int], float]], stability: float, modularity: float, runs: int
) -> Grouping:
    told = (Group(at, tuple(members), kept) for at, (members, kept) in enumerate(groups))
    return Grouping(tuple(told), stability, modularity, runs)
