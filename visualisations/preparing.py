"""The maps of a release, drawn and measured once while it is built: a step of a build.

Nothing can stop a query that takes too long but the end of its process. So the maps of a large
release are each prepared by a process of their own, and one that takes longer than it may is
ended: the map is left out, and readers are told why. `python -m` prepares one map.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from graph.errors import SikgError
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.networks.keeping import write_projection
from graph.networks.preparation import write_left_out, write_prepared
from graph.networks.reading import FOLDER, project
from graph.store import Store
from visualisations.maps import MapSpec, get, read_maps
from visualisations.prepared import computed, drawn_of

SECONDS = 240.0  # for all maps of a release
_SHARE = 2  # one map may take half of them
_SMALL = 250_000  # quads up to which no query takes long enough to be ended
_ARGUMENTS = 4
_REFUSED = 3  # a map that cannot be made, with the reason on standard error
_SAID = 400  # characters of that reason


def prepare(
    store: Store,
    identity: Identity,
    folder: Path,
    *,
    seconds: float = SECONDS,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the network of every map into the folder of a draft, with positions and measures.

    All maps together get so many seconds, and what is not done by then is left out and says so.
    `tell` is told of each map.
    """
    (folder / FOLDER).mkdir()
    if len(store) <= _SMALL:
        facts = Facts(folder / "facts")
        for spec in read_maps():
            tell(spec.name)
            _prepare(spec, store, facts, identity, folder / FOLDER)
        return
    copied = folder.with_name("asked")  # beside the draft, and gone with it
    store.checkpoint(copied)
    ends = time.monotonic() + seconds
    for spec in read_maps():
        tell(spec.name)
        allowed = min(seconds / _SHARE, ends - time.monotonic())
        why = _apart(spec, copied, identity, folder, allowed)
        if why is not None:
            for unfinished in (folder / FOLDER).glob(f"{spec.name}.*"):
                unfinished.unlink()
            write_left_out(folder / FOLDER, spec.name, drawn_of(spec).mark, why)
    shutil.rmtree(copied)


def _prepare(spec: MapSpec, store: Store, facts: Facts, identity: Identity, folder: Path) -> None:
    drawn = drawn_of(spec)
    projection = project(store, facts, identity, drawn)
    write_projection(projection, drawn.mark, folder / f"{spec.name}.json")
    write_prepared(folder, spec.name, drawn.mark, computed(projection))


def _apart(
    spec: MapSpec, copied: Path, identity: Identity, folder: Path, seconds: float
) -> str | None:
    """Prepare a map in a process of its own; say why it was left out, if it was."""
    if seconds <= 0:
        return (
            f"the map {spec.name} was left out when this release was built, since other maps took "
            "all of the time for them: build again with more seconds for maps"
        )
    arguments = [spec.name, str(copied), identity.base, str(folder)]
    try:
        ran = subprocess.run(  # noqa: S603  # ourselves
            [sys.executable, "-m", "visualisations.preparing", *arguments],
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return (
            f"the map {spec.name} was left out when this release was built, since it took more "
            f"than {seconds:.0f} seconds: build again with more seconds for maps, or with a query "
            "that finds less"
        )
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip()[-_SAID:]
        reason = said if ran.returncode == _REFUSED else "its process ended"
        return f"the map {spec.name} was left out when this release was built: {reason}"
    return None


def main(arguments: list[str]) -> int:
    """Prepare one map: its name, a folder of a store, the base, and the folder of a draft."""
    if len(arguments) != _ARGUMENTS:
        raise ValueError("the name of a map, a store, a base and a folder are needed")
    name, store, base, folder = arguments
    try:
        opened = Store.open_read_only(Path(store))
        facts = Facts(Path(folder) / "facts")
        _prepare(get(name), opened, facts, Identity(base), Path(folder) / FOLDER)
    except SikgError as error:
        sys.stderr.write(str(error))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
