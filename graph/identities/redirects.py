"""Redirects: the file of a release that says which address stands for which, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import StorageError, disk_error
from graph.identities.clusters import Resolution
from graph.identity import DEFAULT_BASE, Identity, Reference

FILE = "identities.csv"
COLUMNS = ("merged", "canonical", "why")
BETWEEN = " | "  # of the steps of `why`


@dataclass(frozen=True, slots=True)
class Redirects:
    """Which thing stands for which, in a release: both as kind and encoded key."""

    targets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Redirects:
        """Read the file of a release; empty where nothing is merged there."""
        path = folder / FILE
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise disk_error(path, error) from error
        lines = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(lines, ())) != COLUMNS:
            raise StorageError(f"{path} is damaged: build again")
        return cls({line[0]: line[1] for line in lines})

    def of(self, reference: Reference) -> Reference | None:
        """Give what stands for a thing; None where it stands for itself."""
        if not self.targets:
            return None
        segment, key = reference.segment, reference.key
        name = Identity().entity(segment, key).removeprefix(f"{DEFAULT_BASE}id/")
        target = self.targets.get(name)
        return None if target is None else Identity().parse(f"{DEFAULT_BASE}id/{target}")


def write_redirects(folder: Path, resolution: Resolution) -> Path:
    """Write the file of a release, in the order of the merged things."""
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for merged, canonical in sorted(resolution.canonical.items()):
            writer.writerow([merged, canonical, BETWEEN.join(resolution.why[merged])])
    return path
