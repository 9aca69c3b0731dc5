"""What commands do about publishing: who publishes, what was made anew, and dumps."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.console import say, say_json
from graph.dcat.coverage import Publisher
from graph.dumps.checking import digest_of, lines_of
from graph.dumps.files import FOLDER, Dump
from graph.errors import ParameterError, disk_error
from graph.identity import Identity
from graph.release import Release, Releases

PublisherName = Annotated[
    str | None,
    typer.Option(envvar="SIKG_PUBLISHER", help="Who publishes the whole, for the catalogue."),
]
Contact = Annotated[
    str | None,
    typer.Option(
        envvar="SIKG_CONTACT", help="Where to turn to, for the catalogue: mailto:… or https://…."
    ),
]


def publisher_of(name: str | None, contact: str | None) -> Publisher:
    """Give who publishes; ParameterError for a contact that is no address."""
    try:
        return Publisher(name=name or None, contact=contact or None)
    except ValidationError as error:
        raise ParameterError(
            f"the contact {contact!r} is no address such as mailto:us@example.org"
        ) from error


def made_anew(release: Release) -> str:
    """Say which sources a build made anew, and why not fewer."""
    from loaders.building.stock import read_inventory  # noqa: PLC0415  # polars, as below

    inventory = read_inventory(release.path)
    if inventory is None or inventory.why_all:
        return f"All was made anew: {inventory.why_all if inventory else 'nothing was kept'}"
    sources = [name for name, made in inventory.sources.items() if made.key]
    anew = ", ".join(inventory.renewed) or "no source"
    return f"Made anew: {anew}; {len(sources) - len(inventory.renewed)} sources are as before"


def make_dumps(releases: Releases, release: Release) -> tuple[Dump, ...]:
    """Make the dumps of a release, unless they are there."""
    from api.dumping import networks  # noqa: PLC0415  # layouts: no other command waits for them
    from graph.dumps.writing import ensure_dumps  # noqa: PLC0415  # polars, as above

    return ensure_dumps(releases.home, release, networks)


def write_all(releases: Releases, release: Release, folder: Path) -> None:
    """Write all files of the dump of a release into a folder, with their checksums."""
    dumps = make_dumps(releases, release)
    try:
        shutil.copytree(release.path / FOLDER, folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise ParameterError(f"{folder} cannot be written: {error}") from error
    size = sum(dump.size or 0 for dump in dumps)
    say(f"{folder}: {len(dumps)} files, {size / 1024:,.0f} KiB")


def tell_digest(path: Path, identity: Identity, releases: Releases, *, as_json: bool) -> None:
    """Tell the digest of a dump of N-Quads, and which kept release it is of."""
    try:
        digest = digest_of(lines_of(path), identity)
    except (OSError, EOFError) as error:
        raise disk_error(path, OSError(f"{path} cannot be read whole: {error}")) from error
    numbers = [item.number for item in releases.all() if item.manifest.digest == digest]
    if as_json:
        say_json({"file": str(path), "digest": digest, "releases": numbers})
        return
    say(digest)
    if numbers:
        say(f"That is release {', '.join(map(str, numbers))} of {releases.home}")
