"""Build: from all sources to a published release, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import ontology
from graph import description, facts, statistics, void
from graph.dcat.coverage import Publisher
from graph.digest import Digest
from graph.engine import Query
from graph.formats import GRAPH_FORMATS, by_name
from graph.identities.proposals import FILE as PROPOSALS
from graph.identities.proposals import forget_missing
from graph.identity import Identity
from graph.lines import Lines
from graph.networks.reading import FOLDER as NETWORKS
from graph.quality import history, measurements
from graph.quality.scoreboard import Scoreboard, write_scoreboard
from graph.release import Manifest, Release, Releases, SourceEntry
from graph.report import BuildReport
from graph.retention import retire
from graph.search import SearchIndex
from graph.second import encoding
from graph.store import Store, parse, serialise
from graph.store.writing import WritableStore
from graph.takedowns import Takedowns, read_takedowns
from graph.terms import Term
from graph.validation import validate
from graph.writing.names import all_names
from loaders.building.cataloguing import describe_sources, load_catalogue
from loaders.building.check import Checked, check_sources, enforce, read_sources
from loaders.building.edits import Carried
from loaders.building.identities import Identities, identify, write_identities
from loaders.building.peers import write_peers
from loaders.building.progress import Progress, Silent
from loaders.building.scoring import score
from loaders.building.shrinking import refuse_shrunk, served
from loaders.building.withdrawing import withdraw
from loaders.engine import Engine, Keys
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from loaders.statements import Statement, Written, write_lines, write_source

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MUCH = 50_000_000  # bytes of statements from which on they are validated by profile


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


# Makes files in the folder of a draft from its store, when its facts are there.
Finish: TypeAlias = Callable[[Store, Identity, Path], None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made from."""

    mappings: Sequence[SourceMapping]
    data: Path
    identity: Identity
    may_shrink: frozenset[str] = frozenset()  # sources that may lose half of their rows
    ledger: Path | None = None  # what people judged to be the same, or not
    fetching: Fetching | None = None  # where copies of what is elsewhere are kept
    takedowns: Path | None = None  # the list of what no release may tell
    keep_days: int | None = None  # how long earlier releases are kept
    finish: tuple[Finish, ...] = ()  # what else is made of a draft, before it is published
    publisher: Publisher = field(default_factory=Publisher)  # of the whole


def build(
    releases: Releases, inputs: Inputs, *, strict: bool = False, progress: Progress | None = None
) -> tuple[Release, BuildReport]:
    """Build and publish a release.

    Raises a BuildError, InputError or StorageError, and then the release served before stays.
    """
    progress = progress or Silent()
    with releases.draft() as folder:
        taken = read_takedowns(inputs.takedowns)
        sources = _read(inputs, taken, progress)
        vocabulary = Vocabulary.read(inputs.identity)
        known = check_sources(sources, inputs.identity, vocabulary.concepts, progress)
        enforce(sources, strict=strict)
        refuse_shrunk(sources, served(releases), inputs.may_shrink)
        same = identify(sources, inputs.identity, known, inputs.ledger, taken.holds)
        work, final = _folders(folder)
        written = _write_sources(sources, inputs.identity, known, same, work, progress)
        shared = [_write_vocabulary(vocabulary, inputs.identity, work)]
        shared += write_identities(same, inputs.identity, inputs.ledger, work, final)
        shared += write_peers(releases.home, inputs.identity, taken, work)
        with ThreadPoolExecutor(1) as beside:
            files = [*shared, *written.values()]
            hashed = beside.submit(_digest, [item.stated for item in files])
            store = _load(files, work / "store", progress)
            carried = Carried(releases, store, inputs.identity, taken)
            edited = carried.bring()
            lines = Lines([item.merged for item in files], [item.stated for item in files])
            if edited:  # what the files do not have
                lines = Lines.dumped(store, work)
            report = _report(sources, written, store, lines, progress)
            found = {"identities": same.report(), "edits_dropped": carried.dropped}
            report = report.model_copy(update=found)
            board = score(releases, sources, report, store, inputs)
            _describe(store, lines, inputs.identity, board, final, progress)
            _index(store, inputs.identity, final, progress)
            _image(store if edited else Lines([item.merged for item in files], ()), final, progress)
            contents = describe_sources(
                sources, written, shared[0], store, inputs.identity, inputs.publisher
            )
            carried.forget_names()
            _finish(store, inputs, final, progress)
            stated = hashed.result()
        _keep(report, taken, releases, final)
        with releases.publishing():
            late = carried.bring()  # edits that came while this was being built
            if late:
                _follow(carried, final)
            digest = carried.digest(stated)
            manifest = _manifest(releases, inputs, sources, report, store, digest)
            manifest = load_catalogue(store, manifest, contents, releases, final)
            store.checkpoint(final / "store")
            completed = history.completed(board, manifest.number, manifest.created)
            write_scoreboard(completed, final)
            # Facts that lack such edits are of no release, so that they answer for none.
            facts.stamp(final / "facts", manifest.number, "" if late else manifest.digest)
            release = releases.publish(final, manifest)
            retire(releases, taken, inputs.keep_days)
            forget_missing(releases.home / PROPOSALS, store, inputs.identity)
            return release, report


def _read(inputs: Inputs, taken: Takedowns, progress: Progress) -> list[Checked]:
    hiding = Hiding(inputs.identity, taken)
    return read_sources(inputs.mappings, inputs.data, progress, inputs.fetching, hiding)


def _write_sources(
    sources: Sequence[Checked],
    identity: Identity,
    known: Keys,
    same: Identities,
    folder: Path,
    progress: Progress,
) -> dict[str, Written]:
    progress.step("Writing statements", len(sources))
    written = {}
    for source in sources:
        engine = Engine(source.mapping, identity, known, merged=same.merged)
        written[source.mapping.name] = write_source(engine, source.table, source.good, folder)
        progress.advance()
    return written


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
    sources: Sequence[Checked],
    written: dict[str, Written],
    store: Store,
    lines: Lines,
    progress: Progress,
) -> BuildReport:
    progress.step("Validating", 1)
    shapes = validate(store, lines if lines.size > _MUCH else None)
    progress.advance()
    reports = (source.report(written[source.mapping.name].statements) for source in sources)
    return BuildReport(sources=tuple(reports), shapes=shapes)


def _describe(
    store: Store,
    lines: Lines,
    identity: Identity,
    board: Scoreboard,
    folder: Path,
    progress: Progress,
) -> None:
    """Make the fact tables, and load statistics, quality and the description of the service."""
    progress.step("Counting and summing", 2)
    found = statistics.measure(lines, identity)
    progress.advance()
    facts.build(store, identity, folder / "facts", lines)
    progress.advance()
    made = {
        "void": void.describe(found, identity, board.release),
        "service": description.describe(identity, counts=found.graphs),
        measurements.GRAPH: measurements.describe(board, identity),
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


def _finish(store: Store, inputs: Inputs, folder: Path, progress: Progress) -> None:
    """Make what those who asked for the build add to a release."""
    progress.step("Drawing maps and the like", len(inputs.finish))
    facts.stamp(folder / "facts", 0, "")  # of no release yet, so that they can be asked
    for step in inputs.finish:
        step(store, inputs.identity, folder)
        progress.advance()


def _folders(folder: Path) -> tuple[Path, Path]:
    """Make the folders of a draft: where it works, and what becomes the release."""
    work, final = folder / "work", folder / "release"
    work.mkdir()
    final.mkdir()
    return work, final


def _follow(carried: Carried, folder: Path) -> None:
    """Bring late edits into the index, and remove what is of the statements before."""
    carried.index(folder / "search")
    shutil.rmtree(folder / "second")
    shutil.rmtree(folder / NETWORKS, ignore_errors=True)  # where there are any


def _keep(report: BuildReport, taken: Takedowns, releases: Releases, folder: Path) -> None:
    """Write what is said of a release beside its statements."""
    taken.write_applied(folder)
    (folder / "report.json").write_text(report.model_dump_json(indent=1) + "\n", "utf-8")
    withdraw(releases, folder, taken).write(folder)


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
