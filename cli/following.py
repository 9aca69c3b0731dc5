"""The command `follow`: keep a replica of another node, for the next build to publish."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json, say_table, warn
from graph.errors import EndpointError, ParameterError
from graph.release import Releases
from graph.replicas.calling import Caller
from graph.replicas.following import follow as follow_peer
from graph.replicas.replica import Progress, Replica, peers

_Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
_Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
_HOME = Path("var")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("follow")(follow)


def follow(
    url: Annotated[
        str | None, typer.Argument(help="Address of a node; without it, all peers are listed.")
    ] = None,
    every: Annotated[
        int | None, typer.Option(min=1, help="Look again after so many seconds, for ever.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A host that may be at an inner address."),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Forget what was read before.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Follow it no more.")] = False,
    home: _Home = _HOME,
    as_json: _Json = False,
) -> None:
    """Bring a replica of another node up to date; the next build publishes it with our own."""
    if url is None:
        _list(home, as_json=as_json)
        return
    caller = Caller(url, allow=allow or ())
    replica = Replica(home, caller.root)
    if stop:
        replica.forget()
        say(f"{caller.root} is followed no more; the next build publishes nothing of it")
        return
    while True:
        try:
            _tell(_follow(caller, replica, home, anew=anew), as_json=as_json)
        except EndpointError as error:
            if every is None:
                raise
            warn(f"sikg: {error}")
        if every is None:
            return
        anew = False
        time.sleep(every)


def _follow(caller: Caller, replica: Replica, home: Path, *, anew: bool) -> Progress:
    done = follow_peer(caller, replica, anew=anew)
    releases = Releases(home)
    number = releases.current_number()
    if number is not None and releases.get(number).manifest.base == done.base:
        raise ParameterError(
            f"{caller.root} has the same base as this node, {done.base}: its things could not be "
            "told from ours; build one of the two with another --base"
        )
    return done


def _tell(done: Progress, *, as_json: bool) -> None:
    if as_json:
        say_json(done.model_dump(mode="json"))
        return
    say(
        f"{done.url}: as release {done.release}, digest …{done.digest[-12:]}, "
        f"{done.statements:,} statements; sikg build publishes {done.published:,} of them"
    )
    for reason, count in done.aside.items():
        say(f"  {count:,} set aside: {reason}")


def _list(home: Path, *, as_json: bool) -> None:
    found = [progress for _, progress in peers(home)]
    if as_json:
        say_json([progress.model_dump(mode="json") for progress in found])
        return
    say_table(
        ["peer", "base", "release", "statements", "published", "as of"],
        [
            [
                item.url,
                item.base,
                str(item.release or ""),
                f"{item.statements:,}",
                f"{item.published:,}",
                f"{item.converged:%Y-%m-%d %H:%M:%S}" if item.converged else "not yet whole",
            ]
            for item in found
        ],
    )
