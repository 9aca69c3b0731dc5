"""Looking for what was planted: in bytes, in every writing, and in every file of a home."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from anyascii import anyascii

from graph.dataset import Dataset
from graph.formats import GRAPH_FORMATS, by_name
from graph.release import Releases

_HEX = re.compile(rb"[0-9a-f]{16,}")


def found_words(content: bytes, words: Sequence[str]) -> list[str]:
    """Name the words that stand in bytes: as they are, folded, or as half of their letters."""
    text = content.decode("utf-8", "replace")
    plain = text.casefold() + ("" if text.isascii() else anyascii(text).lower())
    wide = (
        content.replace(b"\0", b"").decode("utf-8", "replace").casefold()
        if b"\0" in content
        else ""
    )
    return [word for word in words if word in plain or word in wide]


def hashed_names(content: bytes, names: Sequence[str]) -> list[str]:
    """Name those whose hash stands in bytes: one by which a name could be looked up."""
    there = {found[:16] for found in _HEX.findall(content)}
    return [
        name
        for name in names
        for text in {name, name.casefold(), name.lower()}
        for kind in ("sha256", "sha1", "md5")
        if hashlib.new(kind, text.encode()).hexdigest()[:16].encode() in there
    ]


def unpacked(content: bytes) -> Iterator[bytes]:
    """Give what is packed in bytes: by gzip, or each file of a zip, as workbooks are."""
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            yield from map(file.read, file.namelist())


def home_contents(home: Path, words: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Give every file of a home, and what its compressed ones hold as they are read."""
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        place = str(path.relative_to(home))
        content = path.read_bytes()
        yield place, content
        for part in unpacked(content):
            yield f"{place} unpacked", part
        if path.suffix == ".parquet":
            yield f"{place} read", pl.read_parquet(path).write_ndjson().encode()
        if path.suffix == ".arrow":
            yield f"{place} read", pl.read_ipc(path).write_ndjson().encode()
    for release in Releases(home).all():
        dataset, form = Dataset.open(release), by_name(GRAPH_FORMATS, "nquads")
        assert form is not None
        dump = io.BytesIO()
        dataset.store.dump(dump, form)
        yield f"dump of {release.number}", dump.getvalue()
        for word in words:
            hits = dataset.search.search(word, limit=50)
            yield f"search of {release.number}", repr(hits).encode()
