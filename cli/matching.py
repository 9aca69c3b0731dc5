"""The commands that tell who is who: `match` proposes, `review` judges."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.identities.ledger import ledger_file
from graph.release import Releases

Ledger = Annotated[
    Path | None,
    typer.Option(
        envvar="SIKG_LEDGER",
        help="Ledger of who is who; by default identities.csv beside the tables.",
    ),
]
_Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
_Data = Annotated[Path, typer.Option(envvar="SIKG_DATA", help="Folder of the tables.")]
_HOME = Path("var")
_DATA = Path("data")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("match")(match)
    app.command("review")(review)


def match(
    home: _Home = _HOME,
    data: _Data = _DATA,
    ledger: Ledger = None,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="Least likeness, from 0 to 1.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")] = False,
) -> None:
    """Propose organisations of the release that may be one, for sikg review."""
    from cli import judging  # noqa: PLC0415  # scipy: only here

    dataset = Dataset.open(Releases(home).current())
    path = ledger_file(data, ledger)
    judging.match_release(dataset, path, home, threshold, as_json=as_json)


def review(
    left: Annotated[
        str | None, typer.Argument(help="A thing, as organisation/KEY; without it, proposals.")
    ] = None,
    right: Annotated[str | None, typer.Argument(help="The other thing.")] = None,
    judgement: Annotated[str | None, typer.Argument(help="same, different or withdrawn.")] = None,
    evidence: Annotated[str, typer.Option(help="Why, where two things are named.")] = "",
    reviewer: Annotated[str, typer.Option(envvar="SIKG_REVIEWER", help="Who judges.")] = "",
    home: _Home = _HOME,
    data: _Data = _DATA,
    ledger: Ledger = None,
) -> None:
    """Judge proposed pairs one by one, or a named pair, and write the ledger."""
    from cli import judging  # noqa: PLC0415  # scipy, as in match

    path, judge = ledger_file(data, ledger), reviewer or getuser()
    if left is None:
        dataset = Dataset.open(Releases(home).current())
        judging.review_proposals(dataset, path, home, judge)
    elif right is None or judgement is None:
        raise ParameterError("name two things and the judgement: same, different or withdrawn")
    else:
        judging.judge(path, (left, right), judgement, evidence, judge)
