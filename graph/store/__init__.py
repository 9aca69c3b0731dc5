"""The embedded store: the one package that knows pyoxigraph."""

from graph.store.quads import Choose, Store, new_buffer
from graph.store.terms import parse, serialise

__all__ = ["Choose", "Store", "new_buffer", "parse", "serialise"]
