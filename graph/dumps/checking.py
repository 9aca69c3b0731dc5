"""Checking a dump: its content digest, which is that of the release that it was made from."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from graph.digest import Digest
from graph.errors import disk_error
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.store import Store

# Made from the statements of a release, and no part of its digest.
DERIVED = ("void", "service", "quality", "catalogue")


def digest_of(lines: Iterator[bytes], identity: Identity) -> str:
    """Add up the statements of N-Quads that the digest of a release is of.

    These are those of all named graphs but the derived ones: the merged statements follow from
    them. The lines are to be as we write them, each statement once.
    """
    derived = tuple(f" <{identity.graph(name)}> .".encode() for name in DERIVED)
    digest = Digest()
    digest.add_lines(
        line for line in lines if _in_graph(line) and not line.rstrip(b"\n").endswith(derived)
    )
    return digest.hexdigest()


def load_dump(path: Path, folder: Path) -> Store:
    """Load a dump of N-Quads, packed or not, into a new store.

    QueryError if it is malformed, StorageError if it cannot be read or was cut.
    """
    nquads = next(item for item in GRAPH_FORMATS if item.name == "nquads")
    store = Store.create(folder)
    try:
        with _opened(path) as file:
            store.load(file, nquads)
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


def _in_graph(line: bytes) -> bool:
    """Tell whether a line has four terms: a graph is the last, after an object that is none."""
    body = line.rstrip(b"\n")[:-2]
    if not body.endswith(b">"):
        return False
    rest = body[: body.rindex(b"<")]
    # What is left of a literal with a datatype ends in its sign; two terms have one space between.
    return not rest.endswith(b"^^") and rest.rstrip().count(b" ") > 1
