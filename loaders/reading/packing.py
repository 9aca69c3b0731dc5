"""Packed files: what a gzip or zip file holds, within a limit.

A small packed file can unpack to more than a machine has; it is unpacked piece by piece, and no
further than the limit.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from graph.errors import TableError

MAX_UNPACKED = 2 << 30
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"


def unpacked(path: Path, content: bytes, member: str | None) -> tuple[str, bytes]:
    """Give the name and the content of what a file holds; the file itself where it is not packed.

    Workbooks are zip files too and stay as they are: a zip file counts as packed by its name. A
    member is named by its path in the file, or by the end of it where only one ends so.
    """
    if path.suffix.lower() == ".gz" or content.startswith(_GZIP):
        if member is not None:
            raise TableError(f"{path}: a gzip file has no members (rows.member)")
        name = path.name[:-3] if path.suffix.lower() == ".gz" else path.name
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return name, _taken(path, file)
    if path.suffix.lower() == ".zip":
        return _member(path, content, member)
    if member is not None:
        raise TableError(f"{path}: no zip file, so that it has no members (rows.member)")
    return path.name, content


def _member(path: Path, content: bytes, member: str | None) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [item.filename for item in packed.infolist() if not item.is_dir()]
            found = [name for name in names if member in {None, name}]
            found = found or [name for name in names if name.endswith(f"/{member}")]
            if len(found) != 1:
                raise TableError(
                    f"{path}: name one of its files with rows.member: {', '.join(sorted(names))}"
                )
            with packed.open(found[0]) as file:
                return PurePosixPath(found[0]).name, _taken(path, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise TableError(f"{path}: no readable zip file: {error}") from error


def _taken(path: Path, file: IO[bytes] | gzip.GzipFile) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while part := file.read(_CHUNK):
            size += len(part)
            if size > MAX_UNPACKED:
                raise TableError(
                    f"{path}: unpacks to more than {MAX_UNPACKED >> 20:,} MiB; split the file"
                )
            parts.append(part)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise TableError(f"{path}: the packed file is damaged: {error}") from error
    return b"".join(parts)
