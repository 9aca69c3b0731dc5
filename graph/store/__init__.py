"""The embedded store: the one package that knows pyoxigraph."""

from graph.store.quads import Choose, Store, new_buffer
from graph.store.terms import graph_name, parse, rewrite, serialise

__all__ = ["Choose", "Store", "graph_name", "new_buffer", "parse", "rewrite", "serialise"]
