"""The command `diff`: what one release states and another does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say_json, warn
from graph.errors import NotFoundError
from graph.release import Release, Releases

_Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
_Json = Annotated[bool, typer.Option("--json", help="Count graph by graph, for machines.")]
_HOME = Path("var")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("diff")(diff)


def diff(
    earlier: Annotated[
        int | None, typer.Argument(help="The earlier release; by default the one kept before.")
    ] = None,
    later: Annotated[
        int | None, typer.Argument(help="The later release; by default the served one.")
    ] = None,
    home: _Home = _HOME,
    as_json: _Json = False,
) -> None:
    """Write what changed between two releases as RDF Patch."""
    from graph.feed.differences import between  # noqa: PLC0415  # no other command needs it

    before, after = _chosen(Releases(home), earlier, later)
    found = between(before, after)
    if as_json:
        say_json(
            {
                "earlier": before.number,
                "later": after.number,
                "removed": len(found.removed),
                "added": len(found.added),
                "graphs": {
                    graph: {"removed": gone, "added": new}
                    for graph, (gone, new) in found.by_graph().items()
                },
            }
        )
        return
    sys.stdout.buffer.writelines(found.patch(before, after))
    sys.stdout.flush()
    warn(
        f"Release {after.number} differs from release {before.number}: "
        f"{len(found.removed):,} statements gone, {len(found.added):,} new, "
        f"of {len(found.subjects):,} things"
    )


def _chosen(releases: Releases, earlier: int | None, later: int | None) -> tuple[Release, Release]:
    after = releases.current() if later is None else releases.get(later)
    if earlier is None:
        before = [number for number in releases.numbers() if number < after.number]
        if not before:
            raise NotFoundError(f"no release before {after.number} is kept to compare it with")
        earlier = before[-1]
    return releases.get(earlier), after
