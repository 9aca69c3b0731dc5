"""Keys: the templates from which the address of an entity is filled, such as `{id}-total`.

A template names columns in braces. `{Name|hash}` stands for a hash of the cell, for tables that
give no identifier to what they name; `{#row}`, `{#content}` and `{#source}` for the row number, a
hash of the whole row, and the name of the mapping.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OWN = {"#row", "#content", "#source"}
_RESERVED = re.compile(r"#[a-z]+")
_HASH = "|hash"
_DIGITS = 16
_CONTENT = "__content"
_UNIT = "\x1f"  # stands between cells, and in none that is loaded


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a template: a column, or one of the engine's own names that begin with `#`."""

    name: str
    hashed: bool = False

    @property
    def column(self) -> str | None:
        """Name the column of the table that fills the place, if one does."""
        return None if self.name in _OWN else self.name

    @property
    def derived(self) -> str:
        """Name the column of a prepared frame that fills the place."""
        if self.name == "#content":
            return _CONTENT
        return f"__hash {self.name}" if self.hashed else self.name


def slots(template: str) -> list[Slot | str]:
    """Give the places of a template and the text between them, in order."""
    parts: list[Slot | str] = []
    for place, text in enumerate(_PLACEHOLDER.split(template)):
        if place % 2:
            name = text.removesuffix(_HASH)
            parts.append(Slot(name, hashed=name != text))
        elif text:
            parts.append(text)
    return parts


def placeholders(template: str) -> list[str]:
    """Name the columns of a key such as `{id}-total`, in order."""
    named = [part.column for part in slots(template) if isinstance(part, Slot)]
    return [name for name in named if name is not None]


def checked(template: str) -> str:
    """Give a template back; ValueError where it cannot tell one row from another."""
    names = [part for part in slots(template) if isinstance(part, Slot)]
    if not all(part.name for part in names) or set("{}") & set(_PLACEHOLDER.sub("", template)):
        raise ValueError(f"the braces of {template!r} do not match: write {{column}}")
    for part in names:
        if _RESERVED.fullmatch(part.name) and part.column is not None:
            raise ValueError(f"there is no {{{part.name}}}, only {', '.join(sorted(_OWN))}")
        if part.hashed and part.column is None:
            raise ValueError(f"{{{part.name}{_HASH}}}: only a column is hashed")
    if all(part.name == "#source" for part in names):
        raise ValueError(f"the key {template!r} names no column: write {{column}}")
    return template


def filled(template: str, source: str, row: str) -> pl.Expr:
    """Fill a template from a prepared frame; null where one of its columns is empty."""
    parts: list[pl.Expr] = []
    for part in slots(template):
        if isinstance(part, str):
            parts.append(pl.lit(part))
        elif part.name == "#source":
            parts.append(pl.lit(source))
        elif part.name == "#row":
            parts.append(pl.col(row).cast(pl.String))
        else:
            cell = pl.col(part.derived).str.strip_chars()
            parts.append(pl.when(cell != "").then(cell))
    return pl.concat_str(parts)


def prepared(frame: pl.DataFrame, templates: Sequence[str], content: Sequence[str]) -> pl.DataFrame:
    """Add the columns that templates need: hashes of cells, and of the `content` columns.

    Rows of one content are numbered from the second on, so that each has a key of its own.
    """
    places = {part for template in templates for part in slots(template) if isinstance(part, Slot)}
    wanted = {part.derived: part for part in places if part.derived.startswith("__")}
    made = []
    for name, part in sorted(wanted.items()):
        if name in frame.columns:
            continue
        if part.name == "#content":
            made.append(_numbered(frame, content))
        else:
            folded = pl.col(part.name).str.strip_chars().str.replace_all(r"\s+", " ")
            made.append(_hashes(frame.select(folded).to_series()).alias(name))
    return frame.with_columns(made)


def _numbered(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    joined = frame.select(pl.concat_str([pl.col(name) for name in columns], separator=_UNIT))
    hashed = _hashes(joined.to_series())
    counted = pl.DataFrame([hashed.alias("hash")]).with_columns(
        nth=pl.int_range(1, pl.len() + 1).over("hash")
    )
    return counted.select(
        pl.when(pl.col("nth") == 1)
        .then(pl.col("hash"))
        .otherwise(pl.col("hash") + "-" + pl.col("nth").cast(pl.String))
        .alias(_CONTENT)
    ).to_series()


def _hashes(cells: pl.Series) -> pl.Series:
    """Hash each text once, however often it stands; an empty one stays empty."""
    unique = cells.unique()
    hashed = pl.Series(list(_each(unique.to_list())), dtype=pl.String)
    return cells.replace_strict(unique, hashed, return_dtype=pl.String)


def _each(texts: list[str | None]) -> Iterator[str | None]:
    for text in texts:
        if text:
            folded = text.casefold().encode()
            yield hashlib.sha256(folded).hexdigest()[:_DIGITS]
        else:
            yield text
