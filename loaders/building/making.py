"""Making: what a build does in its draft, from all sources to all files of a release."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph import description, facts, void
from graph.dcat.coverage import Contents
from graph.formats import GRAPH_FORMATS, by_name
from graph.identities.redirects import Redirects
from graph.identity import Identity
from graph.lines import Lines
from graph.networks.reading import FOLDER as NETWORKS
from graph.quality import history, measurements
from graph.quality.scoreboard import Scoreboard, write_scoreboard
from graph.release import Manifest, Releases
from graph.report import BuildReport, ShapeReport
from graph.shacl import Known
from graph.store import Store, serialise
from graph.store.renewed import RenewedStore
from graph.takedowns import Takedowns, read_takedowns
from graph.terms import Term
from graph.validation import validate
from loaders.building.cataloguing import cover, describe_sources, load_catalogue
from loaders.building.check import Checked, check_sources, enforce, read_sources
from loaders.building.counting import Counted, count
from loaders.building.edits import Carried
from loaders.building.identities import SOURCE as IDENTITIES
from loaders.building.identities import identify, write_identities
from loaders.building.inputs import Inputs
from loaders.building.loading import Loading
from loaders.building.manifest import make_manifest
from loaders.building.memory import Memory
from loaders.building.peers import write_peers
from loaders.building.progress import Progress
from loaders.building.scoring import score, tags_before
from loaders.building.shrinking import refuse_shrunk, served
from loaders.building.stock import Stock
from loaders.building.vocabulary import NAME as ONTOLOGY
from loaders.building.vocabulary import Vocabulary, write_vocabulary
from loaders.building.withdrawing import withdraw
from loaders.building.writing import begin, engines_of, planned, write_sources
from loaders.engine import Keys
from loaders.privacy.hiding import Hiding


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a release is made, and the stock that it follows, or why it follows none."""

    work: Path
    final: Path
    stock: Stock
    before: Stock | None
    why: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is made in a draft before it is known which release it becomes."""

    sources: Sequence[Checked]
    taken: Takedowns
    store: RenewedStore
    carried: Carried
    triples: int
    stated: str  # the digest of what sources state
    report: BuildReport
    board: Scoreboard
    contents: Contents


def make(
    releases: Releases, inputs: Inputs, draft: Draft, *, strict: bool, progress: Progress
) -> Made:
    """Make all of a release that does not tell its number."""
    final, stock, before = draft.final, draft.stock, draft.before
    taken = read_takedowns(inputs.takedowns)
    memory = Memory(before, taken)
    vocabulary = Vocabulary.read(inputs.identity)
    sources, known = _check(inputs, taken, memory, vocabulary, progress)
    enforce(sources, strict=strict)
    refuse_shrunk(sources, served(releases), inputs.may_shrink)
    same = identify(sources, inputs.identity, known, inputs.ledger, taken.holds)
    engines = engines_of(sources, inputs.identity, known, same)
    plan = planned(sources, engines, before, draft.why)
    with begin(plan, draft.work / "store", stock, inputs.identity) as loading:
        written = write_sources(sources, engines, plan, loading, progress)
        memory.keep(sources, stock)
        shared = [write_vocabulary(vocabulary, inputs.identity, stock.new_place(ONTOLOGY))]
        shared += write_identities(
            same, inputs.identity, inputs.ledger, stock.new_place(IDENTITIES), final
        )
        shared += write_peers(releases.home, inputs.identity, taken, stock.new_place)
        for item in shared:
            loading.take_all(item)
        store = loading.store
        carried = Carried(releases, store, inputs.identity, taken, Redirects.read(final))
        lines = Lines.together(item.lines for item in (*shared, *written.values()))
        counted = _count(loading, carried, lines, inputs.identity, final, progress)
        shapes = _validate(store, counted, before, stock, progress)
        report = BuildReport(
            sources=tuple(item.report(written[item.mapping.name].statements) for item in sources),
            shapes=shapes,
            identities=same.report(),
            edits_dropped=carried.dropped,
        )
        board = score(releases, sources, report, store, inputs, tags_before(plan))
        contents = describe_sources(
            sources, cover(written, plan), shared[0], store, inputs.identity, inputs.publisher
        )
        progress.step("Merging files of the store", 1)
        loading.settle()
        progress.advance()
        stated = loading.digest()
        loading.stock.write(plan.renewed, plan.why)
    _describe(store, counted, inputs.identity, board)
    _finish(store, inputs, final, progress)
    _keep(report, taken, releases, final)
    triples = counted.statistics.triples
    return Made(sources, taken, store, carried, triples, stated, report, board, contents)


def complete(releases: Releases, inputs: Inputs, final: Path, made: Made) -> Manifest:
    """Bring late edits, and write what tells the number of the release; give its manifest."""
    store = made.store
    late = _late(made.carried, final)
    total = made.carried.total(made.triples, made.stated)
    number = releases.next_number()
    manifest = make_manifest(number, inputs.identity, made.sources, made.report, store, total)
    manifest = load_catalogue(store, manifest, made.contents, releases, final)
    store.checkpoint(final / "store")
    write_scoreboard(history.completed(made.board, number, manifest.created), final)
    # Facts that lack such edits are of no release, so that they answer for none.
    facts.stamp(final / "facts", number, "" if late else manifest.digest)
    return manifest


def _check(
    inputs: Inputs, taken: Takedowns, memory: Memory, vocabulary: Vocabulary, progress: Progress
) -> tuple[list[Checked], Keys]:
    """Read and check all sources, but for what is remembered; give the keys that exist, too."""
    hiding = Hiding(inputs.identity, taken)
    sources = read_sources(
        inputs.mappings, inputs.data, progress, inputs.fetching, hiding, memory.recall
    )
    known = check_sources(sources, inputs.identity, vocabulary.concepts, progress, memory.look)
    return sources, known


def _count(
    loading: Loading,
    carried: Carried,
    lines: Lines,
    identity: Identity,
    folder: Path,
    progress: Progress,
) -> Counted:
    """Count what the files tell while the store is filled, and then what it alone tells."""
    edited, stated = carried.waiting(), lines
    if edited:  # the store then holds what the files do not have
        loading.wait(lines)
        loading.settle()
        carried.bring()
        lines = Lines.dumped(loading.store, folder.with_name("work"))
    counted = count(lines, identity, folder, progress, loading.store if edited else None)
    carried.take_as_counted()
    progress.step("Loading statements", 1)
    loading.wait(stated)
    facts.weigh(loading.store, lines, folder / "facts")
    progress.advance()
    return counted


def _validate(
    store: Store, counted: Counted, before: Stock | None, stock: Stock, progress: Progress
) -> ShapeReport:
    progress.step("Validating", 1)
    results = Known() if before is None else before.results()
    shapes = validate(store, counted.things, results)
    stock.keep_results(results)
    progress.advance()
    return shapes


def _describe(store: Store, counted: Counted, identity: Identity, board: Scoreboard) -> None:
    """Load statistics, quality and the description of the service."""
    found = counted.statistics
    made = {
        "void": void.describe(found, identity, board.release),
        "service": description.describe(identity, counts=found.graphs),
        measurements.GRAPH: measurements.describe(board, identity),
    }
    nquads = by_name(GRAPH_FORMATS, "nquads")
    assert nquads is not None  # noqa: S101  # a constant of ours
    quads = [
        (*statement, Term("uri", identity.graph(name)))
        for name, statements in made.items()
        for statement in statements
    ]
    store.load(serialise(quads, nquads), nquads)


def _finish(store: Store, inputs: Inputs, folder: Path, progress: Progress) -> None:
    """Make what those who asked for the build add to a release."""
    progress.step("Drawing maps and the like", len(inputs.finish))
    facts.stamp(folder / "facts", 0, "")  # of no release yet, so that they can be asked
    for step in inputs.finish:
        step(store, inputs.identity, folder)
        progress.advance()


def _late(carried: Carried, folder: Path) -> bool:
    """Bring edits that came while this was being built; tell whether there were any.

    What is of the statements before is removed.
    """
    late = carried.bring()
    if late:
        carried.index(folder / "search")
        shutil.rmtree(folder / "second")
        shutil.rmtree(folder / NETWORKS, ignore_errors=True)  # where there are any
    carried.keep_written(folder)
    return late


def _keep(report: BuildReport, taken: Takedowns, releases: Releases, folder: Path) -> None:
    """Write what is said of a release beside its statements."""
    taken.write_applied(folder)
    (folder / "report.json").write_text(report.model_dump_json(indent=1) + "\n", "utf-8")
    withdraw(releases, folder, taken).write(folder)
