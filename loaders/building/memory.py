"""Memory: what a build knows of tables from the build before, so as not to read them again.

    {release}/stock/of/NAME/table.parquet    the rows, after persons were hidden in them
    {release}/stock/of/NAME/table.json       how they were read, and what was wrong with which

Cells that no mapping looks at are kept as filled or empty only, since they may say anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from graph.report import Note
from graph.takedowns import Takedowns
from loaders.building.check import Checked, Faults, look
from loaders.building.keying import hashed, key_of_check
from loaders.building.stock import Stock
from loaders.engine import Engine
from loaders.fetching.fetch import Fetched
from loaders.reading.readers import Problem, Table

_ROWS, _ABOUT = "table.parquet", "table.json"
_FILLED = "x"


class About(BaseModel):
    """How a table was read, of what (a key), and what each look at its rows found."""

    model_config = ConfigDict(frozen=True)

    key: str
    sha256: str
    sheet: str | None
    rows_read: int
    unmapped: tuple[str, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    looks: Mapping[str, Faults] = {}


class Memory:
    """The tables in the stock of an earlier build, and those that this one puts into its own."""

    def __init__(self, before: Stock | None, taken: Takedowns) -> None:
        self._before = before
        self._taken = [item.cells() for item in taken.entries]
        self._keys: dict[str, str] = {}
        self._known: dict[str, Mapping[str, Faults]] = {}
        self._looks: dict[str, dict[str, Faults]] = {}

    def recall(self, place: Fetched) -> Checked | None:
        """Give a source as it was read before; None where something changed, or nothing is kept."""
        name = place.mapping.name
        self._looks[name] = {}
        key = self._key(place)
        if key is None:
            return None
        self._keys[name] = key
        about = self._about(name)
        if about is None or about.key != key or self._before is None:
            return None
        self._known[name] = about.looks
        frame = pl.read_parquet(self._before.place(name) / _ROWS)
        problems, notes = list(about.problems), list(about.notes)
        table = Table(
            place.path, about.sha256, frame, about.sheet, problems, about.rows_read, notes
        )
        return Checked(place.mapping, table, list(about.unmapped), frame)

    def look(self, source: Checked, engine: Engine) -> Faults:
        """Look for faults in the rows that are good so far, unless that was done before.

        Whether by an earlier build, or by this one before rows of other sources were set aside.
        """
        name, key = source.mapping.name, key_of_check(engine, source.good)
        looks = self._looks[name]
        found = looks.get(key) or self._known.get(name, {}).get(key) or look(source, engine)
        looks[key] = found
        return found

    def keep(self, sources: Sequence[Checked], stock: Stock) -> None:
        """Put what was read, and found in it, into the stock of a draft."""
        for source in sources:
            name, table = source.mapping.name, source.table
            key, place = self._keys.get(name), stock.place(source.mapping.name)
            for file in (_ROWS, _ABOUT):
                (place / file).unlink(missing_ok=True)  # those of the build before, by a link
            if key is None or any(item.declared for item in source.mapping.entities.values()):
                continue  # what a mapping takes over from a table is not known without it
            if name in self._known and self._before is not None:
                (place / _ROWS).hardlink_to(self._before.place(name) / _ROWS)
            else:
                _seen(source).write_parquet(place / _ROWS, compression="lz4")
            about = About(
                key=key,
                sha256=table.sha256,
                sheet=table.sheet,
                rows_read=table.rows_read,
                unmapped=tuple(source.unmapped),
                problems=tuple(table.problems),
                notes=tuple(table.notes),
                looks=self._looks[name],
            )
            (place / _ABOUT).write_text(about.model_dump_json(), "utf-8")

    def _key(self, place: Fetched) -> str | None:
        """Tell what the rows of a source follow from; None where its file cannot be read."""
        try:
            with place.path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None  # who reads the table says so
        return hashed(place.mapping.model_dump_json(), place.path.name, content, self._taken)

    def _about(self, name: str) -> About | None:
        if self._before is None:
            return None
        try:
            return About.model_validate_json((self._before.place(name) / _ABOUT).read_bytes())
        except (OSError, ValidationError):
            return None


def _seen(source: Checked) -> pl.DataFrame:
    """Give the rows of a table, with the cells that its mapping looks at."""
    used = source.mapping.columns()
    cells = [name for name in source.table.columns if name not in used]
    return source.table.frame.with_columns(
        pl.when(pl.col(name).str.contains(r"\S"))
        .then(pl.lit(_FILLED))
        .otherwise(pl.lit(""))
        .alias(name)
        for name in cells
    )
