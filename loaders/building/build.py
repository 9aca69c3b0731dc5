"""Build: from all sources to a published release, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from graph import description, facts, void
from graph.dcat.coverage import Publisher
from graph.formats import GRAPH_FORMATS, by_name
from graph.identities.proposals import FILE as PROPOSALS
from graph.identities.proposals import forget_missing
from graph.identities.redirects import Redirects
from graph.identity import Identity
from graph.lines import Lines
from graph.networks.reading import FOLDER as NETWORKS
from graph.quality import history, measurements
from graph.quality.scoreboard import Scoreboard, write_scoreboard
from graph.release import Release, Releases
from graph.report import BuildReport, ShapeReport
from graph.retention import retire
from graph.shacl import Known
from graph.store import Store, serialise
from graph.takedowns import Takedowns, read_takedowns
from graph.terms import Term
from graph.validation import validate
from loaders.building.cataloguing import cover, describe_sources, load_catalogue
from loaders.building.check import Checked, check_sources, enforce, read_sources
from loaders.building.counting import Counted, count
from loaders.building.edits import Carried
from loaders.building.identities import SOURCE as IDENTITIES
from loaders.building.identities import identify, write_identities
from loaders.building.loading import Loading
from loaders.building.manifest import make_manifest
from loaders.building.memory import Memory
from loaders.building.peers import write_peers
from loaders.building.progress import Progress, Silent
from loaders.building.scoring import score, tags_before
from loaders.building.shrinking import refuse_shrunk, served
from loaders.building.stock import Stock, begun, stock_before
from loaders.building.vocabulary import NAME as ONTOLOGY
from loaders.building.vocabulary import Vocabulary, write_vocabulary
from loaders.building.withdrawing import withdraw
from loaders.building.writing import begin, engines_of, planned, write_sources
from loaders.engine import Keys
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding

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
    whole: bool = False  # make all anew, whatever changed
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
        work, final = _folders(folder)
        stock = begun(final, inputs.identity.base)
        before, why = _before(releases, stock, inputs)
        taken = read_takedowns(inputs.takedowns)
        memory = Memory(before, taken)
        vocabulary = Vocabulary.read(inputs.identity)
        sources, known = _check(inputs, taken, memory, vocabulary, progress)
        enforce(sources, strict=strict)
        refuse_shrunk(sources, served(releases), inputs.may_shrink)
        same = identify(sources, inputs.identity, known, inputs.ledger, taken.holds)
        engines = engines_of(sources, inputs.identity, known, same)
        plan = planned(sources, engines, before, why)
        with begin(plan, work / "store", stock, inputs.identity) as loading:
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
            stated = loading.digest()
            loading.stock.write(plan.renewed, plan.why)
        shapes = _validate(store, counted, before, stock, progress)
        report = BuildReport(
            sources=tuple(item.report(written[item.mapping.name].statements) for item in sources),
            shapes=shapes,
            identities=same.report(),
            edits_dropped=carried.dropped,
        )
        board = score(releases, sources, report, store, inputs, tags_before(plan))
        _describe(store, counted, inputs.identity, board)
        contents = describe_sources(
            sources, cover(written, plan), shared[0], store, inputs.identity, inputs.publisher
        )
        _finish(store, inputs, final, progress)
        _keep(report, taken, releases, final)
        with releases.publishing():
            late = _late(carried, final)
            total = carried.total(counted.statistics.triples, stated)
            manifest = make_manifest(
                releases.next_number(), inputs.identity, sources, report, store, total
            )
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


def _before(releases: Releases, stock: Stock, inputs: Inputs) -> tuple[Stock | None, str]:
    """Give what may be followed, or why nothing is."""
    return (None, "so it was asked for") if inputs.whole else stock_before(releases, stock)


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


def _folders(folder: Path) -> tuple[Path, Path]:
    """Make the folders of a draft: where it works, and what becomes the release."""
    work, final = folder / "work", folder / "release"
    work.mkdir()
    final.mkdir()
    return work, final


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
