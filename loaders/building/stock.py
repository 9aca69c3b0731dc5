"""Stock: what a release keeps of its sources, so that the next build need not make it again.

    {release}/stock/made.json    by which code and under which base, and what each source made
    {release}/stock/shapes.json  results of the shapes, by what they looked at
    {release}/stock/store/       the store as the sources filled it: no edits, no descriptions
    {release}/stock/of/NAME/     statements of a source as columns, and a print of each row

It stands in the release, which never changes: a build that is killed leaves it as it was, and
whatever takes a release away, as a takedown does, takes its stock with it.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

import graph
import loaders
import ontology
from graph.errors import NoReleaseError, NotFoundError, StorageError, is_full
from graph.lines import Lines
from graph.release import STOCK, Release, Releases
from graph.report import ShapeResult
from graph.shacl import Known
from loaders.statements import Written

_MADE = "made.json"
_SHAPES = "shapes.json"
_RESULTS = TypeAdapter(Mapping[str, tuple[ShapeResult, ...]])
_NOT_CODE = {"__pycache__", "sources"}  # mappings are looked at one by one
_SHOWN = 200  # characters of what an engine says
_ENGINES = ("polars", "pyoxigraph")


class DamagedStockError(Exception):
    """A stock cannot be read, so that nothing is to follow it; the text says which and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Made(_Frozen):
    """What was made of a source: of what (a key), how much, its digest, and in which files."""

    key: str
    statements: int
    digest: str
    merged: tuple[str, ...]
    stated: tuple[str, ...]
    prints: tuple[str, ...]


class Inventory(_Frozen):
    """What a stock holds, by source, what it was made by, and how much of it anew."""

    code: str
    base: str
    sources: Mapping[str, Made] = {}
    renewed: tuple[str, ...] = ()
    why_all: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock in a folder of a release or of a draft."""

    folder: Path
    inventory: Inventory

    @property
    def release(self) -> Path:
        """Name the folder of the release that keeps the stock."""
        return self.folder.parent

    @property
    def store(self) -> Path:
        """Name the folder of the store as the sources filled it."""
        return self.folder / "store"

    @property
    def statements(self) -> int:
        """Count what the rows of all sources state."""
        return sum(made.statements for made in self.inventory.sources.values())

    def place(self, name: str) -> Path:
        """Name the folder of a source."""
        return self.folder / "of" / name

    def new_place(self, name: str) -> Path:
        """Make the folder of a source."""
        place = self.place(name)
        place.mkdir()
        return place

    def written(self, name: str, made: Made) -> Written:
        """Give what a source made, as its files in this stock hold it."""
        place = self.place(name)
        merged, stated = ([place / item for item in found] for found in (made.merged, made.stated))
        return Written(name, (), (), made.statements, Lines(merged, stated))

    def prints(self, name: str) -> pl.LazyFrame:
        """Give the prints of the rows of a source; none where there is no such source."""
        made = self.inventory.sources.get(name)
        if made is None or not made.prints:
            return pl.LazyFrame(schema={"row": pl.String, "one": pl.UInt64, "other": pl.UInt64})
        return pl.scan_parquet([self.place(name) / item for item in made.prints])

    def merged(self, name: str) -> pl.LazyFrame:
        """Give the statements of a source in the default graph; none where there is no such one."""
        made = self.inventory.sources.get(name)
        return (Lines((), ()) if made is None else self.written(name, made).lines).triples()

    def share(self, name: str, other: Stock) -> None:
        """Let another stock hold the files of a source, too."""
        place = other.new_place(name)
        for item in self.place(name).iterdir():
            (place / item.name).hardlink_to(item)

    def results(self) -> Known:
        """Give what is known of validating things."""
        try:
            return Known(_RESULTS.validate_json((self.folder / _SHAPES).read_bytes()))
        except (OSError, ValidationError):
            return Known()

    def keep_results(self, known: Known) -> None:
        """Keep what was found in validating things."""
        (self.folder / _SHAPES).write_bytes(_RESULTS.dump_json(known.now))

    def holding(self, sources: Mapping[str, Made]) -> Stock:
        """Give the stock with what its files hold now."""
        return replace(self, inventory=self.inventory.model_copy(update={"sources": sources}))

    def write(self, renewed: Sequence[str], why_all: str) -> None:
        """Write what the stock holds, which sources were written anew, and why if all were."""
        told = self.inventory.model_copy(update={"renewed": tuple(renewed), "why_all": why_all})
        (self.folder / _MADE).write_text(told.model_dump_json(indent=1) + "\n", "utf-8")


def read_inventory(release: Path) -> Inventory | None:
    """Read what the stock of a release holds; None where there is none."""
    try:
        return Inventory.model_validate_json((release / STOCK / _MADE).read_bytes())
    except (OSError, ValidationError):
        return None


def begun(folder: Path, base: str) -> Stock:
    """Make an empty stock in the folder of a draft."""
    stock = Stock(folder / STOCK, Inventory(code=_code(), base=base))
    stock.place("").mkdir(parents=True)
    return stock


def stock_before(releases: Releases, now: Stock) -> tuple[Stock | None, str]:
    """Give the stock of the served release; where it is of no use, None and why."""
    release = _built(releases)
    if release is None:
        return None, "no release was built here before"
    inventory = read_inventory(release.path)
    if inventory is None:
        return None, f"release {release.number} keeps nothing of its sources"
    if inventory.code != now.inventory.code:
        return None, f"release {release.number} was built by other code"
    if inventory.base != now.inventory.base:
        return None, f"release {release.number} has another base"
    return Stock(release.path / STOCK, inventory), ""


@contextmanager
def followed(stock: Stock | None) -> Iterator[None]:
    """Raise a DamagedStockError for what cannot be read while a stock is followed.

    What is not the fault of the stock goes wrong without it, too, and so is not told apart; but
    where the disk is full, no more is asked of it.
    """
    try:
        yield
    except (StorageError, OSError, PolarsError, PanicException) as error:
        if stock is None or is_full(error):
            raise
        told = " ".join(str(error).split())
        raise DamagedStockError(
            f"the stock of release {int(stock.release.name)} is damaged ({told[:_SHOWN]})"
        ) from error


def _built(releases: Releases) -> Release | None:
    """Give the build that the served release is or goes back to."""
    try:
        release = releases.current()
        built = release.manifest.built
        return release if built is None else releases.get(built)
    except (NoReleaseError, NotFoundError, StorageError):
        return None


@cache  # it does not change while a process runs
def _code() -> str:
    """Give a hash of all that turns tables into statements, but for the mappings."""
    found = hashlib.sha256(platform.python_version().encode())
    for name in _ENGINES:
        found.update(f"{name} {version(name)}\n".encode())
    for package in (graph, loaders, ontology):
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*")):
            if path.is_file() and _NOT_CODE.isdisjoint(path.relative_to(root).parts):
                found.update(f"{path.relative_to(root)}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()
