"""Inputs: what a build is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from graph.dcat.coverage import Publisher
from graph.identity import Identity
from graph.store import Store
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping

# Makes files in the folder of a draft from its store, when its facts are there.
Finish: TypeAlias = Callable[[Store, Identity, Path], None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made from."""

    mappings: Sequence[SourceMapping]
    data: Path
    identity: Identity
    may_shrink: frozenset[str] = frozenset()  # sources that may lose half of their rows
    ledger: Path | None = None  # what people judged to be the same, or not
    fetching: Fetching | None = None  # where copies of what is elsewhere are kept
    takedowns: Path | None = None  # the list of what no release may tell
    keep_days: int | None = None  # how long earlier releases are kept
    whole: bool = False  # make all anew, whatever changed
    finish: tuple[Finish, ...] = ()  # what else is made of a draft, before it is published
    publisher: Publisher = field(default_factory=Publisher)  # of the whole
