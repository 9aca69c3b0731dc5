"""A store that follows its sources: what rows state is replaced, and what is gone leaves.

The statements of a row stand in a graph of its name, and what is said of the row itself in the
graph of receipts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from graph.store.failures import told_as_storage_error
from graph.store.writing import WritableStore


class RenewedStore(WritableStore):
    """A writable store that is brought from the state of one build to that of the next."""

    def drop(self, rows: Iterable[str], receipts: str) -> None:
        """Take away the graphs of some rows, and what the graph of receipts says of them."""
        told = ox.NamedNode(receipts)
        with told_as_storage_error(None):
            for row in map(ox.NamedNode, rows):
                self._store.remove_graph(row)
                for quad in list(self._store.quads_for_pattern(row, None, None, told)):
                    self._store.remove(quad)

    def take_out(self, path: Path) -> None:
        """Take the statements of a file of N-Quads, written by us, out of the store."""
        with told_as_storage_error(path):
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True):
                self._store.remove(quad)
