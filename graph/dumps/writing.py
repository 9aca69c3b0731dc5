"""Making the dump of a release: once, whole or not at all, and never while it is being published.

Edits publish a release within moments, and a dump takes seconds: so dumps are made after
publication, into a folder that appears by one rename, and only one at a time under a home.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from graph.dataset import Dataset
from graph.dumps.files import (
    FOLDER,
    JSONLD,
    NQUADS,
    TRIG,
    Dump,
    read_listing,
    write_listing,
)
from graph.dumps.packing import packing
from graph.dumps.tables import write_tables
from graph.errors import StorageError, disk_error
from graph.formats import GRAPH_FORMATS, Format
from graph.lines import Lines
from graph.release import Release
from graph.store import Store

# Gives further files of a dump, with their content.
More = Callable[[Dataset], Iterable[tuple[Dump, bytes]]]

_WRITTEN = {NQUADS: "nquads", TRIG: "trig", JSONLD: "jsonld"}
# Quads up to which a release is copied to memory first (0.4 kB each): written three times from
# there, it takes half the time.
_COPIED = 2_500_000


def ensure_dumps(home: Path, release: Release, more: More | None = None) -> tuple[Dump, ...]:
    """Give the dumps of a release, which are made if they are not there.

    Whoever comes second waits for the first. StorageError if the disk refuses.
    """
    with _one_at_a_time(home):
        found = read_listing(release.path)
        if found:
            return found
        partial = home / "dumps.partial"
        shutil.rmtree(partial, ignore_errors=True)  # of a process that was killed
        try:
            partial.mkdir()
            dataset = Dataset.open(release, memory_quads=_COPIED)
            made = make_dumps(dataset, partial, more)
            (partial / FOLDER).rename(release.path / FOLDER)
        except OSError as error:
            raise disk_error(release.path, error) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return made


def make_dumps(dataset: Dataset, place: Path, more: More | None = None) -> tuple[Dump, ...]:
    """Write all files of a dump into a new folder `dumps` of a place; give them."""
    folder = place / FOLDER
    folder.mkdir()
    made = list(_statements(dataset.store, folder))
    with tempfile.TemporaryDirectory(prefix="lines-", dir=place) as work:
        made += write_tables(_lines(dataset.store, Path(work)), dataset.identity, folder)
    for dump, content in more(dataset) if more is not None else ():
        (folder / dump.name).write_bytes(content)
        made.append(dump)
    measured = tuple(_measured(folder, dump) for dump in made)
    write_listing(folder, measured)
    return measured


def write_packed(store: Store, form: Format, path: Path) -> None:
    """Write the statements of a store, packed; the same statements give the same bytes.

    A format of quads holds all graphs, another the merged one.
    """
    with path.open("wb") as file, packing(file) as packed:
        store.dump(packed, form)


def _statements(store: Store, folder: Path) -> Iterator[Dump]:
    for dump, name in _WRITTEN.items():
        form = next(item for item in GRAPH_FORMATS if item.name == name)
        write_packed(store, form, folder / dump.name)
        yield dump


def _lines(store: Store, work: Path) -> Lines:
    """Write the merged graph as lines, to be read as columns."""
    path = work / "merged.nt"
    with path.open("wb") as file:
        store.dump(file, next(item for item in GRAPH_FORMATS if item.name == "ntriples"))
    return Lines((path,), ())


def _measured(folder: Path, dump: Dump) -> Dump:
    path = folder / dump.name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return replace(dump, size=path.stat().st_size, sha256=digest)


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    try:
        lock = (home / "dumping").open("w")
    except OSError as error:
        raise disk_error(home, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise StorageError(f"{home} cannot be locked: {error.strerror}") from error
        yield
