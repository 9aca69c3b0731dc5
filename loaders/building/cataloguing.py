"""The catalogue of a build: what each source covers, and the graph that describes all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from graph.bridges import count_links, count_stated
from graph.dcat.coverage import Contents, Described, Publisher, measure, places
from graph.dcat.describing import GRAPH, Catalogue, versions
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.store import Store, serialise
from graph.terms import iri
from loaders.building.check import Checked
from loaders.statements import Written


def describe_sources(
    sources: Sequence[Checked],
    written: Mapping[str, Written],
    vocabulary: Written,
    store: Store,
    identity: Identity,
    publisher: Publisher,
) -> Contents:
    """Measure what the statements of each source cover, and where they and the concepts lead."""
    described = (
        Described(
            name=source.mapping.name,
            description=source.mapping.description,
            retrieved=source.mapping.retrieved,
            frequency=source.mapping.frequency,
            address=source.mapping.rows.url or source.mapping.rows.endpoint,
            covers=measure(lines),
            links=tuple(count_links(lines)),
        )
        for source in sources
        for lines in [written[source.mapping.name].lines]
    )
    return Contents(
        publisher=publisher,
        sources=tuple(described),
        places=places(store, identity),
        links=tuple(count_links(vocabulary.lines)),
    )


def load_catalogue(
    store: Store, manifest: Manifest, contents: Contents, releases: Releases, folder: Path
) -> Manifest:
    """Load the catalogue of a release as a graph of its own, and keep what it is written from.

    Give the manifest with the number of quads that there are now.

    It tells of no dump yet: those hold this graph, and so are made after it. Nor does it tell
    times, since equal tables are to give equal releases.
    """
    catalogue = Catalogue(manifest, contents, earlier=versions(releases), timed=False)
    statements = catalogue.statements()
    languages = tuple(count_stated(statements, "dcterms:language"))
    contents.model_copy(update={"links": (*contents.links, *languages)}).write(folder)
    graph = iri(catalogue.identity.graph(GRAPH))
    nquads = by_name(GRAPH_FORMATS, "nquads")
    assert nquads is not None  # noqa: S101  # a constant of ours
    quads = [(*statement, graph) for statement in statements]
    store.load(serialise(quads, nquads), nquads)
    return manifest.model_copy(update={"quads": len(store)})
