"""Publishing: from the copy of a release that was written to, to the next release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import disk_error
from graph.networks.preparation import LEFT_OUT
from graph.networks.reading import FOLDER as NETWORKS
from graph.reconciling.making import FOLDER as RECONCILING
from graph.reconciling.making import follow
from graph.release import STOCK, EditEntry, Manifest, Release, Releases
from graph.search import SearchIndex
from graph.writing.as_written import FILE as AS_WRITTEN
from graph.writing.edits import Edits, Tally
from graph.writing.names import names_of

# What an edited release has of its own; the second engine, the dumps and the maps, which are of
# other statements; and what builds keep for builds.
_OWN = {"manifest.json", "store", "search", "second", "dumps", NETWORKS, AS_WRITTEN, STOCK}


def publish(
    releases: Releases, earlier: Release, draft: Path, edits: Edits, entries: Sequence[EditEntry]
) -> Release:
    """Publish a release made from an earlier one by edits; `draft` is where it is put together.

    What edits do not change is shared with the earlier one. StorageError if the disk refuses.
    """
    try:
        draft.mkdir(mode=0o755)
        edits.store.checkpoint(draft / "store")
        edits.as_written.write(draft, edits.store.has)
        names = names_of(edits.store, edits.identity, edits.renamed)
        if names:
            SearchIndex.follow(draft / "search", earlier.search_path, names)
        else:
            _link(earlier.search_path, draft / "search")
        for item in earlier.path.iterdir():
            if item.name not in _OWN:
                _link(item, draft / item.name)
        # A map that took too long takes too long still.
        (draft / NETWORKS).mkdir()
        for item in (earlier.path / NETWORKS).glob(f"*{LEFT_OUT}"):
            _link(item, draft / NETWORKS / item.name)
        if names:
            follow(draft / RECONCILING, edits.identity, names)
    except OSError as error:
        raise disk_error(draft, error) from error
    manifest = _manifest(earlier.manifest, releases.next_number(), edits.tally, entries)
    release = releases.publish(draft, manifest, prune=False)
    edits.renamed.clear()
    return release


def _manifest(
    earlier: Manifest, number: int, tally: Tally, entries: Sequence[EditEntry]
) -> Manifest:
    return earlier.model_copy(
        update={
            "number": number,
            "created": datetime.now(UTC),
            "digest": tally.digest.hexdigest(),
            "statements": tally.statements,
            "quads": tally.quads,
            "built": earlier.built or earlier.number,
            "edits": tuple(entries),
        }
    )


def _link(source: Path, target: Path) -> None:
    """Share a file, or all files of a folder, of a release that never changes."""
    if not source.is_dir():
        target.hardlink_to(source)
        return
    target.mkdir()
    for item in source.iterdir():
        _link(item, target / item.name)
