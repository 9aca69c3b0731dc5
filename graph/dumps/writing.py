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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from graph import formats
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
from graph.feed.stated import is_quad
from graph.identity import Identity
from graph.lines import Lines
from graph.release import Release
from graph.store.subjects import convert

# Gives further files of a dump, with their content.
More = Callable[[Dataset], Iterable[tuple[Dump, bytes]]]

_SLICE = 1 << 24  # bytes of lines that are held at once


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
            made = make_dumps(Dataset.open(release), partial, more)
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
    with tempfile.TemporaryDirectory(prefix="lines-", dir=place) as work:
        made = _made(dataset, Path(work), folder)
    for dump, content in more(dataset) if more is not None else ():
        (folder / dump.name).write_bytes(content)
        made.append(dump)
    measured = tuple(_measured(folder, dump) for dump in made)
    write_listing(folder, measured)
    return measured


def _made(dataset: Dataset, work: Path, folder: Path) -> list[Dump]:
    """Write statements and tables, all from one reading of the store.

    Reading a quad from its files takes longer than all that is made of it afterwards.
    """
    everything, merged = work / "everything.nq", work / "merged.nt"
    dataset.store.dump(everything, formats.NQUADS)
    _write_merged(everything, merged)
    with ThreadPoolExecutor(2) as pool:
        trig = pool.submit(_convert, everything, folder / TRIG.name, formats.TRIG)
        nquads = pool.submit(_pack, everything, folder / NQUADS.name)
        jsonld = pool.submit(_convert, merged, folder / JSONLD.name, formats.JSONLD)
        tabled = pool.submit(_write_tables, merged, dataset.identity, folder)
        for task in (nquads, trig, jsonld):
            task.result()
        return [NQUADS, TRIG, JSONLD, *tabled.result()]


def _write_merged(everything: Path, merged: Path) -> None:
    """Write those lines of N-Quads that are of the default graph, which are N-Triples."""
    with everything.open("rb") as file, merged.open("wb") as target:
        while lines := file.readlines(_SLICE):
            target.writelines(line for line in lines if not is_quad(line))


def _convert(source: Path, target: Path, form: formats.Format) -> None:
    with target.open("wb") as file, packing(file) as packed:
        convert(source, formats.NQUADS, packed, form)


def _pack(source: Path, target: Path) -> None:
    with source.open("rb") as lines, target.open("wb") as file, packing(file) as packed:
        shutil.copyfileobj(lines, packed, _SLICE)


def _write_tables(merged: Path, identity: Identity, folder: Path) -> list[Dump]:
    columns = merged.with_suffix(".parquet")
    # Each kind reads all of it.
    Lines((merged,), ()).triples().sink_parquet(columns, compression="lz4")
    return list(write_tables(Lines((columns,), ()), identity, folder))


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
