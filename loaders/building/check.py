"""Check: find the faulty rows of all sources together, before anything is loaded.

References cross sources, and a row that is set aside takes its keys with it, so that rows which
refer to it become faulty too: the check is repeated until nothing new is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from graph.errors import ExpectationError, StrictError
from graph.identity import Identity
from graph.report import Note, Quarantined, SourceReport
from loaders.agreement import disagreements
from loaders.building.progress import Progress, Silent
from loaders.engine import Engine, Keys
from loaders.fetching.fetch import Fetched, located
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from loaders.reading.readers import ROW, Problem, Table, read_table
from loaders.takeover import taken_over


@dataclass
class Checked:
    """A source as read and checked: its good rows, and why others are set aside."""

    mapping: SourceMapping
    table: Table
    unmapped: list[str]
    good: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    left_out: Sequence[Note] = ()  # of the last check only

    def set_aside(self, problems: Iterable[Problem]) -> None:
        """Take the rows of the problems out of the good rows."""
        found = list(problems)
        self.problems += found
        rows = [item.row for item in found if item.row is not None]
        self.good = self.good.filter(~pl.col(ROW).is_in(rows))

    @property
    def rows_aside(self) -> int:
        """Count the rows that are set aside, each once, however much is wrong with it."""
        return len({item.row for item in self.problems})

    def report(self, statements: int = 0) -> SourceReport:
        """Give what became of the source."""
        return SourceReport(
            name=self.mapping.name,
            title=self.mapping.title,
            file=self.table.path.name,
            rows_read=self.table.rows_read,
            rows_loaded=len(self.good),
            statements=statements,
            columns_unmapped=tuple(self.unmapped),
            columns_ignored=self.mapping.ignore,
            quarantined=tuple(
                Quarantined(
                    file=item.file,
                    row=item.row,
                    column=item.column,
                    value=item.value,
                    reason=item.reason,
                )
                for item in self.problems
            ),
            notes=(*self.notes, *self.left_out, *disagreements(self.mapping, self.good)),
        )


@dataclass(frozen=True, slots=True)
class Faults:
    """What a look at the rows of a source found."""

    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]


def look(source: Checked, engine: Engine) -> Faults:
    """Look for faults in the rows that are good so far."""
    table = Table(source.table.path, source.table.sha256, source.good)
    return Faults(tuple(engine.faults(table)), tuple(engine.notes))


def _recall(_: Fetched) -> None:
    """Know nothing of earlier builds."""


def read_sources(
    mappings: Sequence[SourceMapping],
    data: Path,
    progress: Progress | None = None,
    fetching: Fetching | None = None,
    hiding: Hiding | None = None,
    recall: Callable[[Fetched], Checked | None] = _recall,
) -> list[Checked]:
    """Read the tables of all mappings from a data folder, and fetch those that are elsewhere.

    Nothing of persons leaves this function, but for what their entities say to be possible.
    `recall` gives the sources that need not be read again.
    """
    hiding = hiding or Hiding(Identity())
    progress = progress or Silent()
    progress.step("Reading tables", len(mappings))
    sources = []
    for named in mappings:
        place = located(named, lambda name: data / name, fetching)
        checked = recall(place) or _read(place, hiding)
        checked.notes += [*place.notes, *checked.table.notes]
        checked.set_aside(checked.table.problems)
        sources.append(checked)
        progress.advance()
    return sources


def _read(place: Fetched, hiding: Hiding) -> Checked:
    table = read_table(place.path, place.mapping.rows)
    mapping = taken_over(place.mapping, table)
    engine = Engine(mapping, Identity())
    unmapped = engine.check_columns(table)
    table = hiding.hide(mapping, table)
    # Hashes of keys are made once, of all rows: which are alike does not change later.
    table = replace(table, frame=engine.prepared(table.frame))
    return Checked(mapping, table, unmapped, table.frame)


def check_sources(
    sources: Sequence[Checked],
    identity: Identity,
    concepts: Mapping[str, set[str]],
    progress: Progress | None = None,
    look: Callable[[Checked, Engine], Faults] = look,
) -> Keys:
    """Set aside the faulty rows of all sources; give the keys that exist then.

    `concepts` holds the keys of the concept schemes, which no table lists.
    """
    progress = progress or Silent()
    while True:
        known = _known(sources, identity, concepts)
        progress.step("Checking rows", len(sources))
        found = 0
        for source in sources:
            faults = look(source, Engine(source.mapping, identity, known))
            source.left_out = faults.notes
            source.set_aside(faults.problems)
            found += len(faults.problems)
            progress.advance()
        if not found:
            return known


def enforce(sources: Sequence[Checked], *, strict: bool = False) -> None:
    """Stop a build whose sources are outside their bounds, or, if strict, have faulty rows."""
    for source in sources:
        expect, name = source.mapping.expect, source.mapping.name
        loaded, aside = len(source.good), source.rows_aside
        if expect.rows and not expect.rows[0] <= loaded <= expect.rows[1]:
            raise ExpectationError(
                f"{name}: {loaded} rows would load from {source.table.path.name}, "
                f"{expect.rows[0]} to {expect.rows[1]} are expected; look at the table, or change "
                f"expect.rows in {source.mapping.path}{_first(source)}"
            )
        if expect.quarantined is not None and aside > expect.quarantined:
            raise ExpectationError(
                f"{name}: {aside} rows of {source.table.path.name} would be set aside, at most "
                f"{expect.quarantined} are expected{_first(source)}"
            )
    faulty = [source for source in sources if source.problems]
    if strict and faulty:
        total = sum(len(source.problems) for source in faulty)
        raise StrictError(
            f"{total} problems in {len(faulty)} sources, and the build is strict{_first(faulty[0])}"
        )


def _first(source: Checked) -> str:
    return f"; first problem: {source.problems[0].sentence()}" if source.problems else ""


def _known(
    sources: Sequence[Checked], identity: Identity, concepts: Mapping[str, set[str]]
) -> Keys:
    gathered: dict[str, list[pl.Series]] = {
        segment: [pl.Series(sorted(keys), dtype=pl.String)] for segment, keys in concepts.items()
    }
    for source in sources:
        for segment, keyed in Engine(source.mapping, identity).keys(source.good):
            gathered.setdefault(segment, []).append(keyed["key"])
    return {segment: pl.concat(keys).unique() for segment, keys in gathered.items()}
