"""Build: from all sources to a published release, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from graph.identities.proposals import FILE as PROPOSALS
from graph.identities.proposals import forget_missing
from graph.release import Release, Releases
from graph.report import BuildReport
from graph.retention import retire
from loaders.building.inputs import Finish, Inputs
from loaders.building.making import Draft, complete, make
from loaders.building.progress import Progress, Silent
from loaders.building.stock import DamagedStockError, begun, followed, stock_before

__all__ = ["Finish", "Inputs", "build"]


def build(
    releases: Releases, inputs: Inputs, *, strict: bool = False, progress: Progress | None = None
) -> tuple[Release, BuildReport]:
    """Build and publish a release.

    What follows a stock that turns out to be damaged is begun again, without it. Raises a
    BuildError, InputError or StorageError, and then the release served before stays.
    """
    progress = progress or Silent()
    try:
        why = "so it was asked for" if inputs.whole else ""
        return _attempt(releases, inputs, why, strict=strict, progress=progress)
    except DamagedStockError as damage:
        return _attempt(releases, inputs, str(damage), strict=strict, progress=progress)


def _attempt(
    releases: Releases, inputs: Inputs, why: str, *, strict: bool, progress: Progress
) -> tuple[Release, BuildReport]:
    """Build and publish a release in a draft of its own; without any stock, if told why."""
    with releases.draft() as folder:
        work, final = _folders(folder)
        stock = begun(final, inputs.identity.base)
        before, why = (None, why) if why else stock_before(releases, stock)
        draft = Draft(work, final, stock, before, why)
        with followed(before):
            made = make(releases, inputs, draft, strict=strict, progress=progress)
        with releases.publishing():
            with followed(before):
                manifest = complete(releases, inputs, final, made)
            release = releases.publish(final, manifest)
            retire(releases, made.taken, inputs.keep_days)
            forget_missing(releases.home / PROPOSALS, made.store, inputs.identity)
            return release, made.report


def _folders(folder: Path) -> tuple[Path, Path]:
    """Make the folders of a draft: where it works, and what becomes the release."""
    work, final = folder / "work", folder / "release"
    work.mkdir()
    final.mkdir()
    return work, final
