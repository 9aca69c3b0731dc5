"""Fact tables: what people aggregate of a release, as columns beside its store.

`build` makes them: `count` without the store, and `weigh` with it. `stamp` says of which release
they are, `answer` answers the catalogue.
"""

from graph.facts.answers import answer
from graph.facts.building import build, count, stamp, weigh
from graph.facts.reading import Facts, Made

__all__ = ["Facts", "Made", "answer", "build", "count", "stamp", "weigh"]
