"""Build: from all sources to a published release, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import ontology
from graph import description, facts, statistics, void
from graph.digest import Digest
from graph.engine import Query
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.lines import Lines
from graph.release import Manifest, Release, Releases, SourceEntry
from graph.report import BuildReport
from graph.search import SearchIndex
from graph.second import encoding
from graph.store import Store, parse, serialise
from graph.store.writing import WritableStore
from graph.terms import Term
from graph.validation import validate
from graph.writing.names import all_names
from loaders.check import Checked, check_sources, enforce, read_sources
from loaders.edits import Carried
from loaders.engine import Engine
from loaders.mapping import SourceMapping
from loaders.progress import Progress, Silent
from loaders.statements import Statement, Written, write_lines, write_source

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology and the concept schemes under one base, as statements."""

    statements: list[Statement]
    concepts: dict[str, set[str]]

    @classmethod
    def read(cls, identity: Identity) -> Vocabulary:
        """Read `core.ttl` and the schemes, whose IRIs are relative to the base."""
        turtle = GRAPH_FORMATS[0]
        folder = ontology.path("core.ttl").parent
        files = [folder / "core.ttl", *sorted((folder / "schemes").glob("*.ttl"))]
        statements: list[Statement] = []
        for file in files:
            statements += parse(file.read_bytes(), turtle, base=identity.base)
        concepts: dict[str, set[str]] = {}
        for subject in {statement[0].value for statement in statements}:
            reference = identity.parse(subject)
            if reference is not None:
                concepts.setdefault(reference.segment, set()).add(reference.key)
        return cls(list(dict.fromkeys(statements)), concepts)

    def entailed(self) -> Iterator[Statement]:
        """Give what the alignments entail of these statements."""
        for subject, predicate, value in self.statements:
            if predicate.value == _TYPE:
                for parent in sorted(ontology.superclasses(value.value)):
                    yield subject, predicate, Term("uri", parent)
            for parent in sorted(ontology.superproperties(predicate.value)):
                yield subject, Term("uri", parent), value


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made from."""

    mappings: Sequence[SourceMapping]
    data: Path
    identity: Identity


def build(
    releases: Releases, inputs: Inputs, *, strict: bool = False, progress: Progress | None = None
) -> tuple[Release, BuildReport]:
    """Build and publish a release.

    Raises a BuildError, InputError or StorageError, and then the release served before stays.
    """
    progress = progress or Silent()
    with releases.draft() as folder:
        sources = read_sources(inputs.mappings, inputs.data, progress)
        vocabulary = Vocabulary.read(inputs.identity)
        known = check_sources(sources, inputs.identity, vocabulary.concepts, progress)
        enforce(sources, strict=strict)
        work, final = folder / "work", folder / "release"
        work.mkdir()
        final.mkdir()
        progress.step("Writing statements", len(sources))
        written = {}
        for source in sources:
            engine = Engine(source.mapping, inputs.identity, known)
            written[source.mapping.name] = write_source(engine, source.table, source.good, work)
            progress.advance()
        shared = _write_vocabulary(vocabulary, inputs.identity, work)
        with ThreadPoolExecutor(1) as beside:
            files = [shared, *written.values()]
            hashed = beside.submit(_digest, [item.stated for item in files])
            store = _load(files, work / "store", progress)
            carried = Carried(releases, store, inputs.identity)
            edited = carried.bring()
            report = _report(sources, written, store, progress)
            lines = Lines([item.merged for item in files], [item.stated for item in files])
            if edited:  # what the files do not have
                lines = Lines.dumped(store, work)
            _describe(store, lines, inputs.identity, releases.next_number(), final, progress)
            _index(store, inputs.identity, final, progress)
            _image(store if edited else Lines([item.merged for item in files], ()), final, progress)
            carried.forget_names()
            stated = hashed.result()
        (final / "report.json").write_text(report.model_dump_json(indent=1) + "\n", "utf-8")
        with releases.publishing():
            late = carried.bring()  # edits that came while this was being built
            if late:
                carried.index(final / "search")
                shutil.rmtree(final / "second")  # which is of the statements before
            store.checkpoint(final / "store")
            digest = carried.digest(stated)
            manifest = _manifest(releases, inputs, sources, report, store, digest)
            # Facts that lack such edits are of no release, so that they answer for none.
            facts.stamp(final / "facts", manifest.number, "" if late else manifest.digest)
            return releases.publish(final, manifest), report


def _write_vocabulary(vocabulary: Vocabulary, identity: Identity, folder: Path) -> Written:
    stated, merged = folder / "ontology.stated.nq", folder / "ontology.merged.nq"
    graph = Term("uri", identity.graph("ontology"))
    with stated.open("wb") as file:
        count = write_lines(((*item, graph) for item in vocabulary.statements), file)
    with merged.open("wb") as file:
        write_lines(iter(vocabulary.statements), file)
        write_lines(vocabulary.entailed(), file)
    return Written(stated, merged, count)


def _digest(files: Sequence[Path]) -> str:
    digest = Digest()
    for file in files:
        digest.add_file(file)
    return digest.hexdigest()


def _load(files: Sequence[Written], path: Path, progress: Progress) -> WritableStore:
    store = WritableStore.create(path)
    progress.step("Loading statements", 2 * len(files) + 1)
    for item in files:
        for file in (item.stated, item.merged):
            store.load_statements(file)
            progress.advance()
    store.optimise()
    progress.advance()
    return store


def _report(
    sources: Sequence[Checked], written: dict[str, Written], store: Store, progress: Progress
) -> BuildReport:
    progress.step("Validating", 1)
    shapes = validate(store)
    progress.advance()
    reports = (source.report(written[source.mapping.name].statements) for source in sources)
    return BuildReport(sources=tuple(reports), shapes=shapes)


def _describe(
    store: Store, lines: Lines, identity: Identity, number: int, folder: Path, progress: Progress
) -> None:
    """Make the fact tables, and load the statistics and the description of the service."""
    progress.step("Counting and summing", 2)
    found = statistics.measure(lines, identity)
    progress.advance()
    facts.build(store, identity, folder / "facts", lines)
    progress.advance()
    made = {
        "void": void.describe(found, identity, number),
        "service": description.describe(identity, counts=found.graphs),
    }
    nquads = by_name(GRAPH_FORMATS, "nquads")
    assert nquads is not None  # noqa: S101  # a constant of ours
    for name, statements in made.items():
        graph = Term("uri", identity.graph(name))
        store.load(serialise([(*statement, graph) for statement in statements], nquads), nquads)


def _image(source: Store | Lines, folder: Path, progress: Progress) -> None:
    """Make the columns of the second engine, from files where the store holds nothing else."""
    progress.step("Numbering terms", 1)
    encoding.build(source, folder / "second")
    progress.advance()


def _index(store: Store, identity: Identity, folder: Path, progress: Progress) -> None:
    progress.step("Indexing names", 1)
    SearchIndex.build(folder / "search", all_names(store, identity))
    progress.advance()


def _manifest(
    releases: Releases,
    inputs: Inputs,
    sources: Sequence[Checked],
    report: BuildReport,
    store: Store,
    digest: str,
) -> Manifest:
    merged = store.select(Query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
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
        number=releases.next_number(),
        created=datetime.now(UTC),
        base=inputs.identity.base,
        digest=digest,
        statements=int(merged.values("n")[0]),
        quads=len(store),
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
