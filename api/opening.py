"""Opening what readers will ask for before the first of them does: in a thread, beside answers."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TypeAlias

from api.answers import Served
from graph.dataset import Dataset
from graph.errors import SikgError
from graph.facts.flows import read_ahead
from graph.facts.postings import postings
from graph.networks.measuring import measure
from graph.networks.reading import prepared_of, projection_of
from graph.networks.simple import Simple
from graph.reconciling.matching import NameQuery, reconcile
from visualisations.carrying import prepare_missing
from visualisations.maps import read_maps
from visualisations.prepared import drawn_of

Step: TypeAlias = Callable[[Dataset], object]

_LOOK = 1.0  # seconds between looks whether another release is served
_PATIENCE = 0.5  # seconds that the end of a service waits for a step under way
_QUIET = 10.0  # seconds for which a release made by an edit is served first: others may follow it


class Opening:
    """Opens each release that is served, and carries out its steps one after the other.

    What fails is left to the reader who asks for it, and who is told then.
    """

    def __init__(self, served: Served, steps: Sequence[Step]) -> None:
        self._served = served
        self._steps = steps
        self._ended = Event()
        self._opened: Dataset | None = None
        self._thread = Thread(target=self.run, name="opening", daemon=True)

    def start(self) -> None:
        """Run beside everything else."""
        self._thread.start()

    def close(self) -> None:
        """End after the step under way, without waiting for it long."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def run(self) -> None:
        """Look which release is served, and open it, until this is closed."""
        while True:
            with suppress(SikgError):  # nothing is built yet, or it is damaged
                self._open(self._served.dataset())
            if self._ended.wait(_LOOK):
                gc.unfreeze()
                return

    def _open(self, dataset: Dataset) -> None:
        if dataset is self._opened or (dataset.release.manifest.edits and _young(dataset)):
            return
        self._opened = dataset
        for step in self._steps:
            if self._ended.is_set() or self._served.opened() is not dataset:
                return
            with suppress(SikgError):
                step(dataset)
        if not self._ended.is_set():
            # What is open stays: looking it through for cycles took up to a third of an answer.
            gc.unfreeze()
            gc.collect()
            gc.freeze()


def _young(dataset: Dataset) -> bool:
    age = datetime.now(UTC) - dataset.release.manifest.created
    return age.total_seconds() < _QUIET


def open_facts(dataset: Dataset) -> None:
    """Open the tables of facts, and read what lists and flows are counted in."""
    dataset.facts.open()
    postings(dataset.facts)
    read_ahead(dataset.facts)


def open_networks(dataset: Dataset) -> None:
    """Read the maps, once those that the build did not prepare have been."""
    measure(Simple(2, {(0, 1): 1.0}))  # what computes takes most of a second to import
    prepare_missing(dataset)
    for spec in read_maps():
        drawn = drawn_of(spec)
        if prepared_of(dataset, spec.name, drawn) is not None:
            projection_of(dataset, spec.name, drawn)


def open_names(dataset: Dataset) -> None:
    """Open the index of names, and read what names are compared by."""
    reconcile(dataset, [NameQuery("a name")])


# What is opened, the quickest to ask for first.
STEPS: tuple[Step, ...] = (open_facts, open_names, open_networks)
