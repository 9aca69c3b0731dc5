"""The command `record`: what other graphs answer to federated queries, for when they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json
from graph.dataset import Dataset
from graph.endpoint import Limits
from graph.federated.answering import ask_endpoint
from graph.federated.examples import example, examples
from graph.release import Releases

_Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
_HOME = Path("var")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("record")(record)


def record(
    names: Annotated[
        list[str] | None, typer.Argument(help="Federated queries by name; all without one.")
    ] = None,
    home: _Home = _HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
) -> None:
    """Ask other graphs their part of the federated queries, and keep what they answer."""
    chosen = [example(name) for name in names] if names else list(examples())
    store = Dataset.open(Releases(home).current()).store
    told: dict[str, int] = {}
    for item in chosen:
        found = ask_endpoint(item, store, Limits())
        item.keep(home, found)
        told[item.name] = len(found)
        if not as_json:
            say(f"{item.name}: {len(found)} solutions of {item.endpoint}")
    if as_json:
        say_json(told)
