"""Writing: the statements of all sources go into files, and from there into the store.

Where the served release keeps a stock that is of use, its store is followed: a source that would
make the same as before is not written again. Where most would be made anew, or something else than
a source changed, all is: that costs less, or is the only way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.identity import Identity
from graph.store.renewed import RenewedStore
from loaders.building.check import Checked
from loaders.building.following import Following
from loaders.building.identities import Identities
from loaders.building.keying import key_of
from loaders.building.loading import Loading
from loaders.building.progress import Progress
from loaders.building.stock import Stock
from loaders.engine import Engine, Keys
from loaders.statements import Written, write_source


@dataclass(frozen=True, slots=True)
class Plan:
    """Which sources are written: their keys, what is followed, or why nothing is."""

    keys: Mapping[str, str]
    before: Stock | None
    why: str

    def is_as_before(self, name: str) -> bool:
        """Tell whether a source would make what it made before."""
        made = None if self.before is None else self.before.inventory.sources.get(name)
        return made is not None and made.key == self.keys.get(name)

    @property
    def renewed(self) -> tuple[str, ...]:
        """Name the sources that are written."""
        return tuple(name for name in self.keys if not self.is_as_before(name))


def engines_of(
    sources: Sequence[Checked], identity: Identity, known: Keys, same: Identities
) -> dict[str, Engine]:
    """Give the engine of each source, which writes one name for what is one."""
    return {
        item.mapping.name: Engine(
            item.mapping, identity, known, merged=same.merged, demoted=same.demoted
        )
        for item in sources
    }


def planned(
    sources: Sequence[Checked], engines: Mapping[str, Engine], before: Stock | None, why: str
) -> Plan:
    """Decide what is written, and what is taken from the stock of an earlier release."""
    keys = {
        item.mapping.name: key_of(engines[item.mapping.name], item.table, item.good)
        for item in sources
    }
    plan = Plan(keys, before, why)
    if before is None:
        return plan
    held = before.inventory.sources.items()
    left = sum(made.statements for name, made in held if made.key and not plan.is_as_before(name))
    renewed = sum(len(item.good) for item in sources if not plan.is_as_before(item.mapping.name))
    rows = sum(len(item.good) for item in sources)
    if 2 * left > before.statements or 2 * renewed > rows:
        return Plan(keys, None, "most of it changed")
    return plan


def begin(plan: Plan, place: Path, stock: Stock, identity: Identity) -> Loading:
    """Open the store that is to be filled in a new folder."""
    if plan.before is None:
        return Loading(RenewedStore.create(place), stock, identity)
    return Following(place, plan.before, stock, identity)


def write_sources(
    sources: Sequence[Checked],
    engines: Mapping[str, Engine],
    plan: Plan,
    loading: Loading,
    progress: Progress,
) -> dict[str, Written]:
    """Write the statements of all sources, which begin to be loaded meanwhile."""
    progress.step("Writing statements", len(sources))
    found = {}
    for source in sources:
        name = source.mapping.name
        if isinstance(loading, Following) and plan.is_as_before(name):
            found[name] = loading.take_as_before(name)
        else:
            place = loading.stock.new_place(name)
            written = write_source(engines[name], source.table, source.good, place, loading.take)
            loading.end(written, plan.keys[name])
            found[name] = written
        progress.advance()
    return found
