"""The files of a dump: their names, formats and titles, and those that a release has.

Dumps lie in the folder `dumps` of their release, which appears by one rename when all are written.
`SHA256SUMS` names each with its checksum, as sha256sum reads it; `dumps.json` says what each is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from graph.errors import StorageError, disk_error

FOLDER = "dumps"
SUMS = "SHA256SUMS"
_LISTING = "dumps.json"

Holds = Literal["statements", "table", "network", "checksums"]


@dataclass(frozen=True, slots=True)
class Dump:
    """One file: its name, what it holds, and its format as media type and EU file type.

    Size in bytes and checksum are None for a file that is yet to be made.
    """

    name: str
    holds: Holds
    title: str
    media_type: str
    file_type: str | None
    size: int | None = None
    sha256: str | None = None

    @property
    def packed(self) -> bool:
        """Tell whether the file is compressed by gzip."""
        return self.name.endswith(".gz")

    @property
    def content_type(self) -> str:
        """Give the media type of the file as it is sent."""
        if self.packed:
            return "application/gzip"
        if self.media_type.startswith("text/"):
            return f"{self.media_type}; charset=utf-8"
        return self.media_type


NQUADS = Dump(
    "statements.nq.gz",
    "statements",
    "All statements with their receipts, as N-Quads",
    "application/n-quads",
    "RDF_N_QUADS",
)
TRIG = Dump(
    "statements.trig.gz",
    "statements",
    "All statements with their receipts, as TriG",
    "application/trig",
    "RDF_TRIG",
)
JSONLD = Dump(
    "graph.jsonld.gz",
    "statements",
    "The merged graph without receipts, as JSON-LD",
    "application/ld+json",
    "JSON_LD",
)
STATEMENTS = (NQUADS, TRIG, JSONLD)
SUMS_FILE = Dump(SUMS, "checksums", "Checksums of all files", "text/plain", "TXT")


def csv_table(kind: str, label: str) -> Dump:
    """Name the table of a kind as CSV; `label` is what the things of the kind are."""
    return Dump(f"{kind}.csv", "table", f"Table as CSV: {label}", "text/csv", "CSV")


def parquet_table(kind: str, label: str) -> Dump:
    """Name the table of a kind as parquet."""
    title = f"Table as Parquet: {label}"
    return Dump(f"{kind}.parquet", "table", title, "application/vnd.apache.parquet", "PARQUET")


def write_listing(folder: Path, dumps: Sequence[Dump]) -> None:
    """Write the checksums of files, and what each of them is."""
    lines = [f"{dump.sha256}  {dump.name}\n" for dump in dumps]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    listed = json.dumps([asdict(dump) for dump in dumps], indent=1, ensure_ascii=False)
    (folder / _LISTING).write_text(listed + "\n", encoding="utf-8")


def read_listing(release: Path) -> tuple[Dump, ...]:
    """Give the dumps of a release folder; none where they have not been made."""
    path = release / FOLDER / _LISTING
    try:
        return tuple(Dump(**item) for item in json.loads(path.read_bytes()))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise disk_error(path, error) from error
    except (ValueError, TypeError) as error:
        raise StorageError(f"{path} is damaged: remove its folder to have it made again") from error
