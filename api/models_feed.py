"""Documents of what changed: differences of releases, and news."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.models import Label, Model


class GraphDifference(Model):
    """How many statements of a graph are gone, and how many are new."""

    graph: str
    removed: int
    added: int


class ReleaseDifference(Model):
    """By how many statements one release differs from another, and of how many things."""

    earlier: int
    later: int
    removed: int
    added: int
    things: int
    graphs: tuple[GraphDifference, ...]


class NewsEntry(Model):
    """What happened to a thing in a release: made, altered or taken away."""

    published: datetime
    release: int
    action: Literal["Create", "Update", "Delete"]
    iri: str
    kind: str
    key: str
    label: Label
    page: str
    countries: tuple[str, ...]
    themes: tuple[str, ...]


class News(Model):
    """The latest news first; `more` says whether older ones were left out."""

    items: tuple[NewsEntry, ...]
    more: bool
    since: datetime
