"""The command `corrections`: what readers propose, accepted or refused."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json, say_table
from graph.corrections import Corrections
from graph.errors import ParameterError
from ontology import compact

_Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
_HOME = Path("var")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("corrections")(corrections)


def corrections(
    accept: Annotated[str | None, typer.Option(help="Accept the one with this id.")] = None,
    refuse: Annotated[str | None, typer.Option(help="Refuse the one with this id.")] = None,
    editor: Annotated[str | None, typer.Option(help="Who accepts it, for the receipt.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="List decided ones too.")] = False,
    home: _Home = _HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
) -> None:
    """List what readers propose, and accept it into the graph of edits or refuse it."""
    kept = Corrections(home)
    if accept is not None and refuse is not None:
        raise ParameterError("give --accept or --refuse, and not both")
    if accept is not None:
        outcome = kept.accept(accept, editor or getuser())
        if outcome is None:
            say(f"{accept} is marked as done; it names no statement, so write it by hand")
        else:
            say(f"{accept} is accepted: it stands in release {outcome.release}")
    elif refuse is not None:
        say(f"{kept.refuse(refuse).id} is refused")
    else:
        _list(kept, everything=everything, as_json=as_json)


def _list(kept: Corrections, *, everything: bool, as_json: bool) -> None:
    found = [item for item in kept.all() if everything or item.state == "open"]
    if as_json:
        say_json([item.model_dump(mode="json") for item in found])
        return
    say_table(
        ["id", "proposed", "about", "property", "instead of", "value", "why", "source", "state"],
        [
            [
                item.id,
                f"{item.proposed:%Y-%m-%d %H:%M}",
                item.about,
                compact(item.predicate) if item.predicate else "",
                item.instead,
                f"{item.value} ({item.language})" if item.language else item.value,
                item.reason,
                item.source,
                item.state,
            ]
            for item in found
        ],
    )
