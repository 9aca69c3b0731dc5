"""Judging: write judgements to the ledger, one writer at a time, unless they contradict others."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph.errors import disk_error
from graph.identities.clusters import resolve
from graph.identities.ledger import Judgement, read_ledger, write_ledger


def judgements_of(ledger: Path) -> list[Judgement]:
    """Read a ledger; none where there is no file yet."""
    return read_ledger(ledger) if ledger.exists() else []


def add_judgements(ledger: Path, new: Sequence[Judgement]) -> None:
    """Add judgements to a ledger, all or none.

    LedgerError, with the lines of both sides, if it would contradict itself; StorageError if the
    disk refuses.
    """
    with _alone(ledger.parent):
        added = [*judgements_of(ledger), *new]
        resolve(added, [], {}, ())
        write_ledger(ledger, added)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from writing meanwhile; a lock on the folder leaves no file in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise disk_error(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
