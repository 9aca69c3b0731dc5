"""Build: from all sources to a published release, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
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
from graph.report import BuildReport
from graph.retention import retire
from graph.store import Store, serialise
from graph.takedowns import Takedowns, read_takedowns
from graph.terms import Term
from graph.validation import validate
from loaders.building.cataloguing import describe_sources, load_catalogue
from loaders.building.check import Checked, check_sources, enforce, read_sources
from loaders.building.counting import Counted, count
from loaders.building.edits import Carried
from loaders.building.identities import identify, write_identities
from loaders.building.loading import Loading
from loaders.building.manifest import make_manifest
from loaders.building.peers import write_peers
from loaders.building.progress import Progress, Silent
from loaders.building.scoring import score
from loaders.building.shrinking import refuse_shrunk, served
from loaders.building.vocabulary import Vocabulary, write_vocabulary
from loaders.building.withdrawing import withdraw
from loaders.engine import Engine
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from loaders.statements import Written, write_source

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
        with Loading(work / "store") as loading:
            engine_of = partial(
                Engine,
                identity=inputs.identity,
                known=known,
                merged=same.merged,
                demoted=same.demoted,
            )
            written = _write_sources(sources, engine_of, work, loading, progress)
            shared = [write_vocabulary(vocabulary, inputs.identity, work)]
            shared += write_identities(same, inputs.identity, inputs.ledger, work, final)
            shared += write_peers(releases.home, inputs.identity, taken, work)
            for item in shared:
                loading.take_all(item)
            store = loading.store
            carried = Carried(releases, store, inputs.identity, taken, Redirects.read(final))
            lines = Lines.together(item.lines for item in (*shared, *written.values()))
            counted = _count(loading, carried, lines, inputs.identity, final, progress)
            stated = loading.digest()
        report = _report(sources, written, store, counted, progress)
        found = {"identities": same.report(), "edits_dropped": carried.dropped}
        report = report.model_copy(update=found)
        board = score(releases, sources, report, store, inputs)
        _describe(store, counted, inputs.identity, board)
        contents = describe_sources(
            sources, written, shared[0], store, inputs.identity, inputs.publisher
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


def _read(inputs: Inputs, taken: Takedowns, progress: Progress) -> list[Checked]:
    hiding = Hiding(inputs.identity, taken)
    return read_sources(inputs.mappings, inputs.data, progress, inputs.fetching, hiding)


def _write_sources(
    sources: Sequence[Checked],
    engine_of: Callable[[SourceMapping], Engine],
    folder: Path,
    loading: Loading,
    progress: Progress,
) -> dict[str, Written]:
    """Write the statements of all sources, which begin to be loaded meanwhile."""
    progress.step("Writing statements", len(sources))
    written = {}
    for source in sources:
        name, engine = source.mapping.name, engine_of(source.mapping)
        written[name] = write_source(engine, source.table, source.good, folder, loading.take)
        progress.advance()
    return written


def _count(
    loading: Loading,
    carried: Carried,
    lines: Lines,
    identity: Identity,
    folder: Path,
    progress: Progress,
) -> Counted:
    """Count what the files tell while the store is filled, and then what it alone tells."""
    edited = carried.waiting()
    if edited:  # the store then holds what the files do not have
        loading.wait()
        carried.bring()
        lines = Lines.dumped(loading.store, folder.with_name("work"))
    counted = count(lines, identity, folder, progress, loading.store if edited else None)
    carried.take_as_counted()
    progress.step("Loading statements", 1)
    loading.wait()
    facts.weigh(loading.store, lines, folder / "facts")
    progress.advance()
    return counted


def _report(
    sources: Sequence[Checked],
    written: dict[str, Written],
    store: Store,
    counted: Counted,
    progress: Progress,
) -> BuildReport:
    progress.step("Validating", 1)
    shapes = validate(store, counted.things)
    progress.advance()
    reports = (source.report(written[source.mapping.name].statements) for source in sources)
    return BuildReport(sources=tuple(reports), shapes=shapes)


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
