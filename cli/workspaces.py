"""Workspaces: make the folder of a centre, and read the settings of the one we are in."""

from __future__ import annotations

import difflib
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values
from typer.core import TyperGroup

from cli.console import say, say_json
from graph.errors import ParameterError

SETTINGS = "sikg.env"
_PREFIX = "SIKG_"


class WorkspaceLanguage(StrEnum):
    """The languages of spreadsheets."""

    ENGLISH = "en"
    ESTONIAN = "et"
    LATVIAN = "lv"


def new_workspace(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    language: Annotated[
        WorkspaceLanguage, typer.Option(help="Language of headings, notes and texts.")
    ] = WorkspaceLanguage.ENGLISH,
    publisher: Annotated[
        str | None, typer.Option(help="Name of the centre, as the publisher of its tables.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
) -> None:
    """Make a folder with spreadsheets to fill in, their mappings, settings and a README."""
    from loaders.workspaces.making import make_workspace  # noqa: PLC0415  # only here

    files = make_workspace(folder, language.value, publisher)
    if as_json:
        say_json({"folder": str(folder), "files": [str(path) for path in files]})
        return
    for path in files:
        say(f"  {path.relative_to(folder)}")
    say(f"Now: cd {folder} && sikg build && sikg serve")


def read_settings(folder: Path, app: typer.Typer) -> None:
    """Take settings from the file of a workspace, where the environment does not give them.

    ParameterError names what is no setting. Without such a file nothing happens.
    """
    path = folder / SETTINGS
    if not path.is_file():
        return
    try:
        # A dollar sign in a value is one: nothing of the environment is put in its place.
        given = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: cannot be read: {error}") from error
    known = _known(app)
    for name, value in given.items():
        if name not in known or value is None:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"; did you mean {near[0]}?" if near and near[0] != name else ""
            raise ParameterError(f"{path}: {name!r} is no setting with a value{hint}")
        os.environ.setdefault(name, value)


def _known(app: typer.Typer) -> set[str]:
    """Name all settings: those of the service, and those that are options of commands."""
    from api.settings import Settings  # noqa: PLC0415  # only where there is a file of settings

    command = typer.main.get_command(app)
    commands = command.commands.values() if isinstance(command, TyperGroup) else [command]
    options = {
        name
        for item in commands
        for parameter in item.params
        for name in [parameter.envvar]
        if isinstance(name, str)
    }
    return {_PREFIX + name.upper() for name in Settings.model_fields} | options
