"""Redirects: the file of a release that says which address stands for which, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import InputError, StorageError
from graph.identities.clusters import SHARING, Resolution
from graph.identities.ledger import Pair
from graph.identity import DEFAULT_BASE, Identity, Reference, encode_key
from graph.kept import read_table, write_table

FILE = "identities.csv"
COLUMNS = ("merged", "canonical", "why")
BETWEEN = " | "  # of the steps of `why`


@dataclass(frozen=True, slots=True)
class Redirects:
    """Which thing stands for which, in a release: both as kind and encoded key."""

    targets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Redirects:
        """Read the file of a release; empty where nothing is merged there.

        StorageError where it is damaged.
        """
        return cls({merged: canonical for merged, canonical, _ in _lines(folder)})

    def of(self, reference: Reference) -> Reference | None:
        """Give what stands for a thing; None where it stands for itself."""
        if not self.targets:
            return None
        target = self.targets.get(f"{reference.segment}/{encode_key(reference.key)}")
        return None if target is None else Identity().parse(f"{DEFAULT_BASE}id/{target}")

    def addresses(self, identity: Identity) -> Mapping[str, str]:
        """Give the addresses of merged things, each with that of what stands for it."""
        prefix = f"{identity.base}id/"
        return {f"{prefix}{merged}": f"{prefix}{to}" for merged, to in self.targets.items()}


@dataclass(frozen=True, slots=True)
class Joined:
    """Two things that identifiers made one, and why, step by step; `merged` has no address."""

    canonical: str
    merged: str
    why: tuple[str, ...]

    @property
    def pair(self) -> Pair:
        """Give the two things in the order of their names."""
        ordered = sorted((self.canonical, self.merged))
        return ordered[0], ordered[1]


def joined_by_identifiers(folder: Path) -> list[Joined]:
    """Give what a release joined without asking anybody, in order; StorageError as in `read`."""
    return [
        Joined(canonical, merged, tuple(why.split(BETWEEN)))
        for merged, canonical, why in _lines(folder)
        if any(step.startswith(SHARING) for step in why.split(BETWEEN))
    ]


def _lines(folder: Path) -> list[tuple[str, str, str]]:
    path = folder / FILE
    if not path.exists():
        return []
    try:
        return list(read_table(path, COLUMNS, _line, named="list of redirects"))
    except InputError as error:
        raise StorageError(f"{path} is damaged: build again") from error


def _line(cells: list[str], _: int) -> tuple[str, str, str]:
    merged, canonical, why = cells
    return merged, canonical, why


def write_redirects(folder: Path, resolution: Resolution) -> Path:
    """Write the file of a release, in the order of the merged things."""
    path = folder / FILE
    lines = (
        [merged, canonical, BETWEEN.join(resolution.why[merged])]
        for merged, canonical in sorted(resolution.canonical.items())
    )
    write_table(path, COLUMNS, lines)
    return path
