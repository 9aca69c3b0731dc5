"""Whose a graph is: those of sources and of peers are made by builds, all others by people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.errors import ForbiddenError
from graph.identity import Identity
from graph.store import graph_name

PEERS = "peers"  # among our graphs, one for each member of a stream that is followed

# The names that nodes of this kind give to their graphs, whatever their base.
_OF_NODES = re.compile(r"https?://[^?#]*?/id/(?:row/|graph/(?!edits/)).+")
_MERGED_OF_NODES = re.compile(r"/id/(?:row/.+|graph/ontology)$")
_EDITS_OF_NODES = re.compile(r"https?://[^?#]*?/id/graph/edits/.+")


@dataclass(frozen=True, slots=True)
class Ownership:
    """Tells the graphs of sources and peers from the graphs of people, under one base."""

    identity: Identity
    rows: str = field(init=False)
    graphs: str = field(init=False)
    edits: str = field(init=False)
    peers: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", f"{self.identity.base}id/row/")
        object.__setattr__(self, "graphs", f"{self.identity.base}id/graph/")
        object.__setattr__(self, "edits", f"{self.identity.base}id/graph/edits/")
        object.__setattr__(self, "peers", f"{self.identity.base}id/graph/{PEERS}/")

    def is_edit(self, graph: str) -> bool:
        """Tell whether people write to a graph."""
        made = graph.startswith((self.rows, self.graphs)) or self.is_of_peer(graph)
        return not made or (graph.startswith(self.edits) and graph != self.edits)

    def is_of_peer(self, graph: str) -> bool:
        """Tell whether a graph holds what another node states, or a member of a stream."""
        if graph.startswith(self.identity.base):
            return graph.startswith(self.peers)
        return bool(_OF_NODES.fullmatch(graph))

    def may_be_of_peer(self, graph: str) -> bool:
        """Tell whether a graph that people wrote to has a name as other nodes give it.

        Then only its receipt says whether it was written here.
        """
        ours = graph.startswith(self.identity.base)
        return not ours and bool(_EDITS_OF_NODES.fullmatch(graph))

    def is_merged(self, graph: str) -> bool:
        """Tell whether the statements of a named graph stand in the default graph, too."""
        return (
            graph.startswith((self.rows, self.peers))
            or graph == self.identity.graph("ontology")
            or self.is_edit(graph)
            or (self.is_of_peer(graph) and bool(_MERGED_OF_NODES.search(graph)))
        )

    def check(self, graph: str | None, scopes: Sequence[str]) -> None:
        """Refuse to write to a graph (None: the default graph) outside the scopes of a token.

        A scope is the IRI of a graph, or a beginning of such IRIs and `*`. Where there is none, all
        graphs under `{base}id/graph/edits/` may be written. ForbiddenError, which says why, and
        ParameterError if the name of the graph is no absolute IRI.
        """
        if graph is None:
            raise ForbiddenError(
                "the default graph follows from the named graphs and cannot be written: write "
                f"into a graph of your own, such as GRAPH <{self.edits}NAME>"
            )
        graph_name(graph)
        if not self.is_edit(graph):
            whose = "another node" if self.is_of_peer(graph) else "the sources"
            raise ForbiddenError(
                f"the graph <{graph[:200]}> belongs to {whose}, and only a build changes it: "
                f"write into a graph of your own, such as GRAPH <{self.edits}NAME>"
            )
        allowed = scopes or (f"{self.edits}*",)
        if not any(covers(scope, graph) for scope in allowed):
            raise ForbiddenError(
                f"this token does not reach to the graph <{graph[:200]}>; it reaches to "
                + ", ".join(f"<{scope}>" for scope in allowed)
            )


def covers(scope: str, graph: str) -> bool:
    """Tell whether a scope covers a graph."""
    return graph.startswith(scope[:-1]) if scope.endswith("*") else graph == scope
