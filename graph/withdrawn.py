"""Withdrawn things: the file of a release that says what earlier ones told, and it does not.

An address that once led to something goes on to say so, with a tombstone: since when it is gone,
and which release told of it last. What was taken down for privacy is not among them, since a
tombstone would tell that somebody was there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from graph.errors import StorageError, disk_error
from graph.identity import Identity, Reference, encode_key
from graph.terms import XSD, Term, iri, literal, text
from ontology import expand

FILE = "withdrawn.csv"
COLUMNS = ("thing", "release", "told", "gone")

_TOMBSTONE = "https://www.w3.org/ns/activitystreams#Tombstone"
_DELETED = "https://www.w3.org/ns/activitystreams#deleted"


@dataclass(frozen=True, slots=True)
class Last:
    """The last release that told of a thing, its day, and the day from which on none did."""

    release: int
    told: date
    gone: date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is withdrawn in a release, by kind and encoded key."""

    things: Mapping[str, Last] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Withdrawn:
        """Read the file of a release; empty where nothing is withdrawn there."""
        path = folder / FILE
        try:
            content = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise disk_error(path, error) from error
        lines = csv.reader(io.StringIO(content, newline=""))
        try:
            if tuple(next(lines, ())) != COLUMNS:
                raise ValueError("the columns are others")  # noqa: TRY301  # one answer to both
            return cls(
                {
                    thing: Last(int(release), date.fromisoformat(told), date.fromisoformat(gone))
                    for thing, release, told, gone in lines
                }
            )
        except ValueError as error:
            raise StorageError(f"{path} is damaged: build again") from error

    def write(self, folder: Path) -> None:
        """Write the file of a release, in the order of the things; none where there are none."""
        if not self.things:
            return
        with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for thing, last in sorted(self.things.items()):
                writer.writerow([thing, last.release, last.told, last.gone])

    def of(self, reference: Reference) -> Last | None:
        """Tell when a thing was withdrawn; None where it was not."""
        return self.things.get(named(reference)) if self.things else None


def named(reference: Reference) -> str:
    """Write a reference as the file does."""
    return f"{reference.segment}/{encode_key(reference.key)}"


def tombstone(
    identity: Identity, reference: Reference, last: Last
) -> Iterator[tuple[Term, Term, Term]]:
    """Say of a withdrawn thing that it is gone (Activity Streams 2.0, Tombstone)."""
    this = iri(identity.entity(reference.segment, reference.key))
    told = f"Release {last.release} of {last.told.isoformat()} was the last to tell of it."
    yield this, iri(expand("rdf:type")), iri(_TOMBSTONE)
    yield this, iri(_DELETED), literal(f"{last.gone.isoformat()}T00:00:00Z", f"{XSD}dateTime")
    yield this, iri(expand("rdfs:comment")), text(told, "en")
