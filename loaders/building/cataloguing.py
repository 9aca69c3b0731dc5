"""The catalogue of a build: what each source covers, and the graph that describes all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from graph.bridges import Links, count_links, count_stated
from graph.dcat.coverage import Contents, Coverage, Described, Publisher, measure, places
from graph.dcat.describing import GRAPH, Catalogue, versions
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.store import Store, serialise
from graph.terms import iri
from loaders.building.check import Checked
from loaders.building.writing import Plan
from loaders.statements import Written

# What the statements of a source cover, and where they lead.
Covered: TypeAlias = tuple[Coverage, tuple[Links, ...]]


def cover(written: Mapping[str, Written], plan: Plan) -> dict[str, Covered]:
    """Measure what the statements of each source cover, unless the release before tells it."""
    held = () if plan.before is None else Contents.read(plan.before.release).sources
    known = {item.name: (item.covers, item.links) for item in held if plan.is_as_before(item.name)}
    return {
        name: known.get(name) or (measure(item.lines), tuple(count_links(item.lines)))
        for name, item in written.items()
    }


def describe_sources(
    sources: Sequence[Checked],
    covered: Mapping[str, Covered],
    vocabulary: Written,
    store: Store,
    identity: Identity,
    publisher: Publisher,
) -> Contents:
    """Describe each source with what its statements cover, and where these and concepts lead."""
    described = (
        Described(
            name=source.mapping.name,
            description=source.mapping.description,
            retrieved=source.mapping.retrieved,
            frequency=source.mapping.frequency,
            address=source.mapping.rows.url or source.mapping.rows.endpoint,
            covers=covers,
            links=links,
        )
        for source in sources
        for covers, links in [covered[source.mapping.name]]
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
