"""The command `suggest`: propose a mapping for a table that was never seen before."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json
from graph.errors import ParameterError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("suggest")(suggest)


def suggest(
    table: Annotated[Path, typer.Argument(metavar="FILE", help="The table.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The mapping file to write.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="The model of the table, where you know it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
) -> None:
    """Propose a mapping for a table that was never seen before.

    The model and each column come with how sure they are, and columns with a sample.
    """
    from loaders.suggesting.heads import read_head  # noqa: PLC0415  # as below
    from loaders.suggesting.suggestion import Suggester  # noqa: PLC0415  # scipy: only here
    from loaders.suggesting.summary import summary  # noqa: PLC0415  # as above
    from loaders.suggesting.writing import mapping_text  # noqa: PLC0415  # as above

    if out is not None and out.exists():
        raise ParameterError(f"{out} is there already; name another file with --out")
    head = read_head(table)  # what cannot be read is told before the word lists are read
    suggester = Suggester()
    if model is not None:
        suggester = suggester.of_model(model)
    found = suggester.read(head)
    text = mapping_text(found, suggester)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ParameterError(f"{out} cannot be written: {error.strerror}") from error
    if as_json:
        say_json({**summary(found), "mapping": text})
    elif out is None:
        # Not through the console, which would break lines and read markup.
        sys.stdout.write(text)
    else:
        mapped = sum(column.match.field is not None for column in found.columns)
        model = found.choice.target.name
        say(f"{out}: model {model}; {mapped} of {len(found.columns)} columns are mapped")
        say(f"Now look for “decide” in it, then: sikg check {out}")
