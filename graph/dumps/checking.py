"""Checking a dump: its content digest, which is that of the release that it was made from."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from graph.digest import Digest
from graph.errors import disk_error
from graph.feed.stated import derived, is_quad
from graph.formats import NQUADS
from graph.identity import Identity
from graph.store import Store


def digest_of(lines: Iterator[bytes], identity: Identity) -> str:
    """Add up the statements of N-Quads that the digest of a release is of.

    These are those of all named graphs but the derived ones: the merged statements follow from
    them. The lines are to be as we write them, each statement once.
    """
    left_out = tuple(f" <{graph}> .\n".encode() for graph in derived(identity))
    digest = Digest()
    digest.add_lines(line for line in lines if is_quad(line) and not line.endswith(left_out))
    return digest.hexdigest()


def load_dump(path: Path, folder: Path) -> Store:
    """Load a dump of N-Quads, packed or not, into a new store.

    QueryError if it is malformed, StorageError if it cannot be read or was cut.
    """
    store = Store.create(folder)
    try:
        with _opened(path) as file:
            store.load(file, NQUADS)
    except (OSError, EOFError) as error:
        raise disk_error(path, OSError(str(error))) from error
    return store


def lines_of(path: Path) -> Iterator[bytes]:
    """Give the lines of a file, packed or not."""
    with _opened(path) as file:
        yield from file


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")
