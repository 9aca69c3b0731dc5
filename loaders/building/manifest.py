"""The manifest of a build: what a release is made of, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from graph.engine import Query
from graph.identity import Identity
from graph.release import Manifest, SourceEntry
from graph.report import BuildReport
from graph.store import Store
from graph.writing.edits import Tally
from loaders.building.check import Checked


def make_manifest(
    number: int,
    identity: Identity,
    sources: Sequence[Checked],
    report: BuildReport,
    store: Store,
    total: Tally,
) -> Manifest:
    """Say what a draft is made of; its quads are counted when its catalogue is there."""
    entries = tuple(
        SourceEntry(
            name=source.mapping.name,
            title=source.mapping.title,
            publisher=source.mapping.publisher,
            licence=source.mapping.licence,
            file=source.table.path.name,
            sha256=source.table.sha256,
            mapping_version=source.mapping.version,
            rows_read=source.table.rows_read,
            rows_loaded=len(source.good),
            rows_quarantined=source.rows_aside,
        )
        for source in sources
    )
    return Manifest(
        number=number,
        created=datetime.now(UTC),
        base=identity.base,
        digest=total.digest.hexdigest(),
        statements=total.statements,
        quads=total.quads,
        conforms=report.shapes.conforms,
        software=version("social-innovation-knowledge-graph"),
        ontology=_ontology_version(store),
        sources=entries,
    )


def _ontology_version(store: Store) -> str:
    found = store.select(
        Query(
            "SELECT ?version WHERE { <https://w3id.org/sikg/ontology> "
            "<http://www.w3.org/2002/07/owl#versionInfo> ?version }"
        )
    )
    return found.values("version")[0]
