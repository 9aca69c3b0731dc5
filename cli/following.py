"""The command `follow`: keep a replica of another node or stream, for the next build to publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.console import say, say_json, say_table, warn
from graph.errors import EndpointError, ParameterError
from graph.release import Releases
from graph.replicas.calling import Caller
from graph.replicas.following import follow as follow_peer
from graph.replicas.following import is_node
from graph.replicas.replica import Progress, Replica, peers
from graph.replicas.streaming import follow_stream

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
        str | None,
        typer.Argument(help="Address of a node or stream; without it, all peers are listed."),
    ] = None,
    every: Annotated[
        int | None, typer.Option(min=1, help="Look again after so many seconds, for ever.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A host that may be at an inner address."),
    ] = None,
    own: Annotated[
        list[str] | None,
        typer.Option(
            "--of",
            help="What a stream may speak of: the beginning of addresses; else those of its host.",
        ),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Forget what was read before.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Follow it no more.")] = False,
    home: _Home = _HOME,
    as_json: _Json = False,
) -> None:
    """Bring a replica of another node or stream up to date; the next build publishes it, too."""
    if url is None:
        _list(home, as_json=as_json)
        return
    caller = Caller(url, allow=allow or ())
    if stop:
        replica = Replica(home, caller.root)
        (replica if replica.folder.is_dir() else Replica(home, caller.address)).forget()
        say(f"{url} is followed no more; the next build publishes nothing of it")
        return
    while True:
        try:
            _tell(_follow(caller, home, own or (), anew=anew), as_json=as_json)
        except EndpointError as error:
            if every is None:
                raise
            warn(f"sikg: {error}")
        if every is None:
            return
        anew = False
        time.sleep(every)


def _follow(caller: Caller, home: Path, own: Sequence[str], *, anew: bool) -> Progress:
    stream = Replica(home, caller.address)
    if stream.progress().kind == "stream" or not is_node(caller):
        return follow_stream(caller, stream, own=own, anew=anew)
    done = follow_peer(caller, Replica(home, caller.root), anew=anew)
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
        f"{done.url}: {_as_of(done)}, digest …{done.digest[-12:]}, "
        f"{done.statements:,} statements; sikg build publishes {done.published:,} of them"
    )
    for reason, count in done.aside.items():
        say(f"  {count:,} set aside: {reason}")


def _as_of(done: Progress) -> str:
    if done.kind == "node":
        return f"as release {done.release}"
    return f"as of {done.last:%Y-%m-%d %H:%M:%S}" if done.last else "as it is"


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
