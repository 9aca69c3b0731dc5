"""Fact tables: what people aggregate of a release, as columns beside its store.

`build` makes them, `stamp` says of which release they are, `answer` answers the catalogue.
"""

from graph.facts.answers import answer
from graph.facts.building import build, stamp
from graph.facts.reading import Facts, Made

__all__ = ["Facts", "Made", "answer", "build", "stamp"]
