"""The command `takedown`: say what no release may tell any more."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json, say_table
from graph.errors import ParameterError
from graph.takedowns import (
    NAME,
    Takedown,
    Takedowns,
    add_takedown,
    hashed_name,
    read_takedowns,
    salts_of,
)

TakedownList = Annotated[
    Path | None,
    typer.Option(
        "--takedowns",
        envvar="SIKG_TAKEDOWNS",
        help="List of what no release may tell; by default takedowns.csv beside the tables.",
    ),
]
KeepDays = Annotated[
    int | None,
    typer.Option(
        envvar="SIKG_KEEP_DAYS",
        min=1,
        help="Remove releases that are older than so many days; by default none for its age.",
    ),
]
_Data = Annotated[Path, typer.Option(envvar="SIKG_DATA", help="Folder of the tables.")]
_Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
_DATA = Path("data")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("takedown")(takedown)


def applied_takedowns(data: Path, given: Path | None) -> Path | None:
    """Give the list that a build applies; None where none is given and none is there."""
    path = given or data / NAME
    return path if given is not None or path.exists() else None


def takedown(
    value: Annotated[
        str | None,
        typer.Argument(help="An address, or a row as source#12; without it, all are listed."),
    ] = None,
    name: Annotated[
        bool, typer.Option("--name", help="Read a name from standard input; its hash is kept.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, in a line.")] = "",
    data: _Data = _DATA,
    takedowns: TakedownList = None,
    as_json: _Json = False,
) -> None:
    """Take an entity, a name or a row down, from the next build on and out of all releases."""
    path = takedowns or data / NAME
    known = read_takedowns(path) if path.exists() else Takedowns()
    if value is None and not name:
        _list(known, as_json=as_json)
        return
    if value is not None and name:
        raise ParameterError("give an address or a row, or --name, and not both")
    try:
        entry = _entry(value, known, reason)
    except ValueError as error:
        raise ParameterError(str(error)) from error
    add_takedown(path, entry)
    say(f"{path}: {entry.what} added; sikg build applies it, and removes releases without it")


def _entry(value: str | None, known: Takedowns, reason: str) -> Takedown:
    today = datetime.now(UTC).date().isoformat()
    if value is None:
        # An argument would stay in the history of the shell.
        return Takedown.of("name", hashed_name(_asked(), salts_of(known)), reason, today)
    what = "row" if "#" in value and "://" not in value else "iri"
    return Takedown.of(what, value, reason, today)


def _asked() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Name", hide_input=True))
    return sys.stdin.readline()


def _list(known: Takedowns, *, as_json: bool) -> None:
    if as_json:
        say_json([dict(zip(_KEYS, item.cells(), strict=True)) for item in known.entries])
        return
    say_table(
        ["date", "what", "value", "reason"],
        [[item.date.isoformat(), item.what, item.value, item.reason] for item in known.entries],
    )


_KEYS = ("what", "value", "reason", "date")
