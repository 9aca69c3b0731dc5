"""The networks of a release: read from its folder, or projected at the first question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import TimeLimitError
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.networks.attributes import with_attributes
from graph.networks.keeping import load_projection
from graph.networks.measuring import Prepared
from graph.networks.preparation import load_prepared, read_left_out
from graph.networks.projection import Drawn, Projection, read_projection
from graph.networks.ties import Ties
from graph.store import Store

if TYPE_CHECKING:
    from graph.dataset import Dataset

T = TypeVar("T")

FOLDER = "networks"
_MOST = 600_000  # spots and lines of all that is remembered: some 300 MB
_TIES_A_LINE = 20  # which take as much memory in columns


@dataclass(slots=True, eq=False)
class Networks:
    """The networks in the folder of a release, and what was made of them for readers."""

    folder: Path | None = None
    _memory: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    _held: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def weight(self) -> int:
        """Tell how much is remembered, in spots and lines."""
        return self._held

    def remembered(self, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int]) -> T:
        """Give what was made for a key before, or make it; what was used longest ago is forgotten.

        Two threads may make the same at once, and both give the same. What there is not, None, may
        be there the next time, and is not remembered.
        """
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                known: T = self._memory[key][1]
                return known
        made = make()
        if made is None:
            return made
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
    """Give the projection of a map in a release, as prepared or made now.

    TimeLimitError where the build left the map out, since making it takes too long.
    """

    def make() -> Projection:
        folder, mark = dataset.networks.folder, drawn.mark
        known = None if folder is None else load_projection(folder / f"{name}.json", mark)
        if known is None and (why := left_out(dataset, name, drawn)):
            raise TimeLimitError(why)
        return known or project(dataset.store, dataset.facts, dataset.identity, drawn)

    return dataset.networks.remembered(("projection", name, drawn.mark), make, _weight)


def _weight(made: Projection) -> int:
    return len(made.segments) + weight_of(made.ties)


def weight_of(ties: Ties) -> int:
    """Tell how much memory links in columns take, in spots and lines."""
    return len(ties) // _TIES_A_LINE


def project(store: Store, facts: Facts, identity: Identity, drawn: Drawn) -> Projection:
    """Make the projection of a map from a store, with what the facts know of its things."""
    return with_attributes(read_projection(store, drawn, identity), facts, identity)


def prepared_of(dataset: Dataset, name: str, drawn: Drawn) -> Prepared | None:
    """Read what was prepared of a whole map; None where nothing was, or of another question."""
    folder = dataset.networks.folder
    if folder is None:
        return None
    return dataset.networks.remembered(
        ("prepared", name, drawn.mark),
        lambda: load_prepared(folder, name, drawn.mark),
        lambda _: 0,
    )


def left_out(dataset: Dataset, name: str, drawn: Drawn) -> str | None:
    """Say why the build left a map out; None where it did not."""
    folder = dataset.networks.folder
    if folder is None:
        return None
    return dataset.networks.remembered(
        ("left out", name, drawn.mark),
        lambda: read_left_out(folder, name, drawn.mark),
        lambda _: 0,
    )
