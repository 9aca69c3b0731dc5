"""Options: where copies are kept, which hosts may be called, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph import endpoint
from loaders.fetching.cache import Cache
from loaders.fetching.download import Limits
from loaders.fetching.hosts import Hosts


@dataclass(frozen=True)
class Fetching:
    """Where copies are kept, which hosts may be called, and how.

    A copy that was asked for less than `fresh` seconds ago is not asked for again; when `offline`,
    nothing is.
    """

    folder: Path
    hosts: Hosts = field(default_factory=Hosts)
    offline: bool = False
    fresh: float = 3_600.0
    limits: Limits = field(default_factory=Limits)
    answers: endpoint.Limits = field(default_factory=lambda: endpoint.Limits(timeout=90.0, pause=1))

    @classmethod
    def of(cls, home: Path, hosts: Sequence[str] | None, *, offline: bool) -> Fetching:
        """Keep copies in the home folder, and call some hosts or those that mappings name."""
        return cls(home / "fetched", Hosts(tuple(hosts or ())), offline=offline)

    @property
    def cache(self) -> Cache:
        """Give the copies."""
        return Cache(self.folder)
