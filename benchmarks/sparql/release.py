"""This server, and the release that it serves: the graph as its own builds would leave it.

`python -m benchmarks.sparql.release WORK/SIZE` makes the release of a generated graph anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import graph as graph_package
from benchmarks.sparql.generate import Graph
from benchmarks.sparql.servers import BIN, Command, Server, installed
from benchmarks.sparql.statements import IDENTITY
from graph import description, facts, statistics, void
from graph.digest import Digest
from graph.formats import GRAPH_FORMATS, by_name
from graph.lines import Lines
from graph.networks.preparation import write_left_out
from graph.networks.reading import FOLDER as NETWORKS
from graph.release import Manifest, Release, Releases
from graph.search import SearchIndex
from graph.second import encoding
from graph.store import Store, serialise
from graph.terms import Term
from graph.writing.names import all_names
from visualisations.maps import read_maps
from visualisations.prepared import drawn_of

_DISTRIBUTION = "social-innovation-knowledge-graph"
_GRAPH = Path(graph_package.__file__).parent
_MAKING = (
    "store/*.py",
    "facts/*",
    "second/*.py",
    "search.py",
    "lines.py",
    "void.py",
    "statistics.py",
    "release.py",
)
# One client asks here for what many would: its budgets are raised, numbers of workers are not.
_BUDGETS = {
    "SIKG_QUERY_SECONDS": "120",
    "SIKG_CLIENT_QUERIES": "64",
    "SIKG_CLIENT_SLOW": "64",
    "SIKG_ACCESS_LOG": "off",  # the others that matter keep none
}


class Ours(Server):
    """This server with two processes, and limits beyond those of what is measured."""

    name, title, port, ask_path = "ours", "this server", 8751, "/sparql?"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.environment = {"SIKG_HOME": str(self.folder), **_BUDGETS}

    def version(self) -> str | None:
        """Give the version of this project."""
        return installed(_DISTRIBUTION)

    def fingerprint(self) -> str:
        """Give version and digest of the code that makes a release."""
        found = hashlib.sha256()
        for pattern in _MAKING:
            for file in filter(Path.is_file, sorted(_GRAPH.glob(pattern))):
                found.update(file.read_bytes())
        return f"{self.version()} {found.hexdigest()[:12]}"

    def load(self, graph: Graph) -> None:
        """Make and publish a release."""
        publish(self.folder, graph)

    def command(self, graph: Graph) -> Command:  # noqa: ARG002  # the release knows its graph
        """Serve the release with as many processes as the machine has cores."""
        serve: Command = [BIN / "sikg", "serve", "--home", self.folder, "--port", str(self.port)]
        return [*serve, "--workers", str(os.cpu_count() or 1)]


def publish(home: Path, graph: Graph) -> Release:
    """Make a release without rows, so that all servers hold the same default graph."""
    releases = Releases(home, keep=1)
    with releases.draft() as folder:
        final = folder / "release"
        final.mkdir()
        store = Store.create(folder / "store")
        digest = Digest()
        for file in graph.files:
            store.load_statements(file)
            digest.add_file(file)
        store.optimise()
        statements = len(store)
        lines = Lines(graph.files, ())
        facts.build(store, IDENTITY, final / "facts", lines)
        encoding.build(lines, final / "second")
        _describe(store, lines, releases.next_number())
        SearchIndex.build(final / "search", all_names(lines, IDENTITY))
        _leave_maps_out(final / NETWORKS)
        store.checkpoint(final / "store")
        manifest = Manifest(
            number=releases.next_number(),
            created=datetime.now(UTC),
            base=IDENTITY.base,
            digest=digest.hexdigest(),
            statements=statements,
            quads=len(store),
            conforms=True,
            software=installed(_DISTRIBUTION) or "",
            ontology="0",
            sources=(),
        )
        facts.stamp(final / "facts", manifest.number, manifest.digest)
        return releases.publish(final, manifest)


def _leave_maps_out(folder: Path) -> None:
    # A server draws the maps that a release lacks beside its answers, which would be measured, too.
    folder.mkdir()
    for spec in read_maps():
        write_left_out(folder, spec.name, drawn_of(spec).mark, "this is a benchmark without maps")


def _describe(store: Store, lines: Lines, number: int) -> None:
    """Load statistics and description of the service, in named graphs, as builds do."""
    found = statistics.measure(lines, IDENTITY)
    made = {
        "void": void.describe(found, IDENTITY, number),
        "service": description.describe(IDENTITY, counts=found.graphs),
    }
    nquads = by_name(GRAPH_FORMATS, "nquads") or GRAPH_FORMATS[0]
    for name, statements in made.items():
        named = Term("uri", IDENTITY.graph(name))
        store.load(serialise([(*item, named) for item in statements], nquads), nquads)


def main() -> None:
    """Make the release of a generated graph anew."""
    work = Path(sys.argv[1])
    graph = Graph.read(work / "data")
    print(Ours(work).prepare(graph, again=True))


if __name__ == "__main__":
    main()
