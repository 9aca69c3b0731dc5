"""The maps of a served release that has none: edits by hand made it, or came while it was built.

A map that no edit has changed is carried over from the build, the others are drawn anew.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.dataset import Dataset
from graph.errors import disk_error
from graph.networks.reading import FOLDER, left_out, prepared_of
from visualisations.maps import MapSpec, read_maps
from visualisations.prepared import drawn_of
from visualisations.preparing import SECONDS, SMALL, Making

_UNDER_WAY = "under-way"  # in the folder of maps, until they are whole


def prepare_missing(dataset: Dataset, *, seconds: float = SECONDS) -> None:
    """Prepare the maps that a release lacks, into its folder.

    Of several processes that serve it, one does so, and the others wait for it. StorageError if
    the disk refuses, or the release has been removed.
    """
    release, folder = dataset.release, dataset.networks.folder
    if folder is None or not _missing(dataset):
        return
    try:
        with _one_at_a_time(folder):
            made = folder / _UNDER_WAY
            shutil.rmtree(made, ignore_errors=True)  # of a process that was killed
            made.mkdir()
            making = Making(dataset.identity, release.facts_path, made, release.built_path / FOLDER)
            if release.manifest.quads <= SMALL:
                for spec in _missing(dataset):
                    making.write(spec, dataset.store, dataset.facts)
            else:
                making.write_apart(_missing(dataset), release.store_path, seconds)
            _move(made, folder)
    except OSError as error:
        raise disk_error(folder, error) from error


def _missing(dataset: Dataset) -> list[MapSpec]:
    return [
        spec
        for spec in read_maps()
        if prepared_of(dataset, spec.name, drawn_of(spec)) is None
        and left_out(dataset, spec.name, drawn_of(spec)) is None
    ]


def _move(made: Path, folder: Path) -> None:
    """Move what was made to where readers look; projections last, since these lead to the rest."""
    for file in sorted(made.iterdir(), key=lambda file: file.suffixes == [".json"]):
        file.rename(folder / file.name)
    made.rmdir()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
