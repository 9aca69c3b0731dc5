"""How commands speak: progress and tables for people, JSON for machines, errors in one line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Column, Table
from rich.text import Text

from graph.errors import (
    BuildError,
    EndpointError,
    ForbiddenError,
    InputError,
    NoReleaseError,
    NotFoundError,
    SikgError,
    StorageError,
)

# What a cell may tell a terminal to do; tabs and line ends are left.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDEST = 1_000_000


class ExitCode(IntEnum):
    """The exit codes of all commands; 2 is also what typer gives for wrong words."""

    OK = 0
    FAILED = 1
    INPUT = 2
    NOT_FOUND = 3
    BUILD = 4
    STORAGE = 5
    ENDPOINT = 6
    INTERRUPTED = 130


_CODES: tuple[tuple[type[SikgError], ExitCode], ...] = (
    (InputError, ExitCode.INPUT),
    (ForbiddenError, ExitCode.INPUT),
    (NotFoundError, ExitCode.NOT_FOUND),
    (NoReleaseError, ExitCode.NOT_FOUND),
    (BuildError, ExitCode.BUILD),
    (StorageError, ExitCode.STORAGE),
    (EndpointError, ExitCode.ENDPOINT),
)


def exit_code(error: SikgError) -> ExitCode:
    """Give the exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.FAILED)


class Bars:
    """Shows each step of long work as a bar on standard error."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def step(self, description: str, total: int) -> None:
        """Begin a step of a known number of parts."""
        self._task = self._bars.add_task(description, total=total)

    def advance(self) -> None:
        """Finish one part of the step."""
        if self._task is not None:
            self._bars.advance(self._task)


@contextmanager
def progress() -> Iterator[Bars]:
    """Show progress on standard error, where that is a terminal."""
    console = Console(stderr=True)
    with RichProgress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as bars:
        yield Bars(bars)


def say(text: str) -> None:
    """Write a line for people to standard output."""
    sys.stdout.write(text + "\n")


def say_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table for people: fitted to a terminal, else as wide as it is; nothing is cut."""
    # Text and not str: rich would take brackets and colons in data for its own markup.
    table = Table(*(Column(header=Text(name), overflow="fold") for name in header))
    for row in rows:
        table.add_row(*(Text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        wide = console.options.update(max_width=_WIDEST)
        console.width = Measurement.get(console, wide, table).maximum
    console.print(table)


def warn(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(text + "\n")


def say_json(document: Any) -> None:  # noqa: ANN401  # any JSON document
    """Write a JSON document to standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
