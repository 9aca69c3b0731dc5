"""Files that people keep by hand: tables of a few columns, read strictly and replaced whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from graph.errors import InputError, disk_error

_T = TypeVar("_T")
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@")


def read_table(
    path: Path,
    columns: Sequence[str],
    read: Callable[[list[str], int], _T],
    *,
    named: str,
    error: type[InputError] = InputError,
) -> Iterator[_T]:
    """Give what `read` makes of the stripped cells and the number of each line.

    The error names file, line and cause, which `read` tells by a ValueError; `named` is what the
    file is, as “list of takedowns”. StorageError if the disk refuses.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(f"{path}: the {named} is not in UTF-8") from cause
    except FileNotFoundError as cause:
        raise error(f"{path}: there is no such {named}") from cause
    except OSError as cause:
        raise disk_error(path, cause) from cause
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(lines, [])) != tuple(columns):
            raise error(f"{path}: line 1: the columns are to be {','.join(columns)}")
        for cells in lines:
            if cells:
                yield read(_checked(cells, columns), lines.line_num)
    except (csv.Error, ValueError) as cause:
        raise error(f"{path}: line {lines.line_num}: {cause}") from cause


def _checked(cells: list[str], columns: Sequence[str]) -> list[str]:
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} cells, where the header has {len(columns)}")
    return [cell.strip() for cell in cells]


def write_table(
    path: Path, columns: Sequence[str], lines: Iterable[Sequence[str]], *, mode: int | None = None
) -> None:
    """Write a table whole in place of what was there; StorageError if the disk refuses."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text.getvalue(), encoding="utf-8")
        if mode is not None:
            partial.chmod(mode)
        partial.replace(path)
    except OSError as cause:
        raise disk_error(path, cause) from cause
