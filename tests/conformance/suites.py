"""The W3C suites of SPARQL 1.0 and 1.1, as they ship in the source distribution of rdflib.

They are fetched once by pip, checked by digest, and kept as one small archive in the cache folder
of the user.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

_RELEASE = "rdflib-7.6.0"
_SHA256 = "6c831288d5e4a5a7ece85d0ccde9877d512a3d0f02d7c06455d00d6d0ea379df"
_FETCH = (
    *("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1"),
    *("--timeout", "20", "--no-deps", "--no-binary", "rdflib", "rdflib==7.6.0"),
)
# Where the files stand in the distribution, and the addresses that W3C gave them.
BASES = {
    "dawg-data-r2": "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/",
    "sparql11": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/",
}
REQUIRED = "SIKG_REQUIRE_SUITES"


class SuitesAbsentError(Exception):
    """The suites are neither in the cache nor to be fetched."""


class Suites:
    """The files of both suites by their W3C addresses."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def read(self, address: str) -> bytes:
        """Give the bytes of a file; KeyError if the suites hold no such file."""
        for folder, base in BASES.items():
            if address.startswith(base):
                return self._archive.read(f"{folder}/{address.removeprefix(base)}")
        raise KeyError(address)

    def text(self, address: str) -> str:
        """Give the text of a file, which is in UTF-8."""
        return self.read(address).decode("utf-8")


def suites() -> Suites:
    """Open the suites; SuitesAbsentError if they cannot be had."""
    found = _opened()
    if isinstance(found, SuitesAbsentError):
        raise found
    return found


@cache
def _opened() -> Suites | SuitesAbsentError:
    """Open the suites, or tell why they cannot be had; tried once."""
    archive = _folder() / f"{_RELEASE}-suites.zip"
    try:
        if not archive.is_file():
            _fetch(archive)
    except SuitesAbsentError as error:
        return error
    return Suites(zipfile.ZipFile(archive))


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sikg-tests"


def _fetch(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fetched = subprocess.run(
            [sys.executable, *_FETCH, "--dest", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        source = Path(folder) / f"{_RELEASE}.tar.gz"
        if fetched.returncode or not source.is_file():
            told = (fetched.stderr or fetched.stdout).strip().splitlines()
            raise SuitesAbsentError(f"pip cannot fetch {_RELEASE}: {told[-1] if told else ''}")
        digest = sha256(source.read_bytes()).hexdigest()
        if digest != _SHA256:
            raise SuitesAbsentError(f"{_RELEASE} has the digest {digest}, not {_SHA256}")
        archive.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(archive) as target, zipfile.ZipFile(target, "w") as packed:
            for name, content in _members(source):
                packed.writestr(name, content)


def _members(source: Path) -> Iterator[tuple[str, bytes]]:
    root = f"{_RELEASE}/test/data/suites/w3c/"
    with tarfile.open(source) as distribution:
        for member in distribution:
            name = member.name.removeprefix(root)
            content = distribution.extractfile(member) if name != member.name else None
            if content is not None and name.split("/")[0] in BASES:
                yield name, content.read()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a name to write to, which takes the place of `path` when it is whole."""
    written = path.with_suffix(f".{os.getpid()}")
    try:
        yield written
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
