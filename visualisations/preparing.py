"""The maps of a release, drawn and measured once: while it is built, or else once it is served.

Nothing can stop a query that takes too long but the end of its process. So the maps of a large
release are each prepared by a process of their own, and one that takes longer than it may is
ended: the map is left out, and readers are told why. `python -m` prepares one map.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import SikgError
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.networks.keeping import load_projection, write_projection
from graph.networks.measuring import Prepared
from graph.networks.preparation import load_prepared, write_left_out, write_prepared
from graph.networks.projection import Projection
from graph.networks.reading import FOLDER, project
from graph.store import Store
from visualisations.maps import MapSpec, get, read_maps
from visualisations.prepared import computed, drawn_of

SECONDS = 240.0  # for all maps of a release
SMALL = 250_000  # quads up to which no query takes long enough to be ended
_SHARE = 2  # one map may take half of all seconds
_ARGUMENTS = (5, 6)
_REFUSED = 3  # a map that cannot be made, with the reason on standard error
_SAID = 400  # characters of that reason


@dataclass(frozen=True, slots=True)
class Making:
    """What maps are made of beside the store, and the folder that they are written into.

    What was drawn of a map of the release `before` stays where the map has not changed since.
    """

    identity: Identity
    facts: Path
    folder: Path
    before: Path | None = None

    def write(self, spec: MapSpec, store: Store, facts: Facts) -> None:
        """Write one map, its projection last: nobody looks for the rest without."""
        mark = drawn_of(spec).mark
        projection = project(store, facts, self.identity, drawn_of(spec))
        prepared = self._known(spec, projection) or computed(projection)
        write_prepared(self.folder, spec.name, mark, prepared)
        write_projection(projection, mark, self.folder / f"{spec.name}.json")

    def write_apart(
        self,
        specs: Iterable[MapSpec],
        store: Path,
        seconds: float,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Write maps of the store in a folder, each by a process of its own.

        All together get so many seconds, and what is not done by then is left out and says so.
        """
        ends = time.monotonic() + seconds
        for spec in specs:
            tell(spec.name)
            why = self._apart(spec, store, min(seconds / _SHARE, ends - time.monotonic()))
            if why is not None:
                for unfinished in self.folder.glob(f"{spec.name}.*"):
                    unfinished.unlink()
                write_left_out(self.folder, spec.name, drawn_of(spec).mark, why)

    def _known(self, spec: MapSpec, projection: Projection) -> Prepared | None:
        """Give what was drawn of a map before, if it has the same nodes and links still."""
        if self.before is None:
            return None
        mark = drawn_of(spec).mark
        earlier = load_projection(self.before / f"{spec.name}.json", mark)
        if earlier is None or earlier.nodes != projection.nodes or earlier.ties != projection.ties:
            return None
        return load_prepared(self.before, spec.name, mark)

    def _apart(self, spec: MapSpec, store: Path, seconds: float) -> str | None:
        """Write a map in a process of its own; say why it was left out, if it was."""
        left_out = f"the map {spec.name} was left out when this release was built"
        if seconds <= 0:
            return (
                f"{left_out}, since other maps took all of the time for them: build again with "
                "more seconds for maps"
            )
        places = [store, self.identity.base, self.facts, self.folder]
        places += [] if self.before is None else [self.before]
        try:
            ran = subprocess.run(  # noqa: S603  # ourselves
                [sys.executable, "-m", "visualisations.preparing", spec.name, *map(str, places)],
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return (
                f"{left_out}, since it took more than {seconds:.0f} seconds: build again with "
                "more seconds for maps, or with a query that finds less"
            )
        if ran.returncode:
            said = ran.stderr.decode(errors="replace").strip()[-_SAID:]
            return f"{left_out}: {said if ran.returncode == _REFUSED else 'its process ended'}"
        return None


def prepare(
    store: Store,
    identity: Identity,
    folder: Path,
    *,
    seconds: float = SECONDS,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the network of every map into the folder of a draft, with positions and measures.

    It is a step of a build. `tell` is told of each map.
    """
    making = Making(identity, folder / "facts", folder / FOLDER)
    making.folder.mkdir()
    if len(store) <= SMALL:
        facts = Facts(making.facts)
        for spec in read_maps():
            tell(spec.name)
            making.write(spec, store, facts)
        return
    copied = folder.with_name("asked")  # beside the draft, and gone with it
    store.checkpoint(copied)
    making.write_apart(read_maps(), copied, seconds, tell)
    shutil.rmtree(copied)


def main(arguments: list[str]) -> int:
    """Prepare one map: its name, a store, the base, facts, the folder of maps, and one before."""
    if len(arguments) not in _ARGUMENTS:
        raise ValueError("a map, a store, a base, facts and a folder are needed")
    name, store, base, *folders = arguments
    try:
        making = Making(Identity(base), *map(Path, folders))
        making.write(get(name), Store.open_read_only(Path(store)), Facts(making.facts))
    except SikgError as error:
        sys.stderr.write(str(error))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
