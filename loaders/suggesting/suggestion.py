"""Suggestions: everything that is found out about a table, before a mapping is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.languages import Detector, Guess
from loaders.suggesting.amounts import read_amounts
from loaders.suggesting.cues import Cues
from loaders.suggesting.days import read_days
from loaders.suggesting.grids import Grid, read_grid
from loaders.suggesting.headers import Layout, find_header
from loaders.suggesting.heads import read_head
from loaders.suggesting.matching import Field, Match, Weights, match, read_fields
from loaders.suggesting.relations import add_relations
from loaders.suggesting.values import Profile, profile
from loaders.suggesting.vocabulary import Nearness, Vocabulary

_ROWS = 600
_TEXTS = 40
_READ = ("amount", "rate", "date")
_NO_POINTS = ("en", "ga", "mt")  # where commas part thousands


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, what its cells are like, and which field it is."""

    name: str
    profile: Profile
    match: Match
    sort: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A table as understood: how it is written, its language, and what its columns are."""

    grid: Grid
    layout: Layout
    language: Guess
    columns: tuple[Column, ...]
    rows: list[list[str]]


@dataclass(frozen=True)
class Suggester:
    """Suggests what tables mean; making one reads all word lists, which takes a second or two."""

    detector: Detector = field(default_factory=Detector)
    vocabulary: Vocabulary = field(default_factory=Vocabulary.read)
    cues: Cues = field(default_factory=Cues.read)
    fields: dict[str, Field] = field(default_factory=read_fields)
    weights: Weights = field(default_factory=Weights)

    def suggest(self, path: Path) -> Suggestion:
        """Suggest what a table means; TableError where it cannot be read as one."""
        grid = read_grid(read_head(path), self.detector)
        return self.understand(grid, find_header(grid, self.vocabulary, self.cues))

    def understand(self, grid: Grid, layout: Layout) -> Suggestion:
        """Suggest what the columns of a table are whose header is known."""
        step = max(1, -(-len(layout.data) // _ROWS))
        rows = layout.data[::step]
        language = self._language(layout, rows)
        points = language.tag not in _NO_POINTS
        profiles = [
            profile([row[place] for row in rows], self.cues, points_group=points)
            for place in range(len(layout.names))
        ]
        add_relations(profiles, rows)
        names = self.near(self.vocabulary, layout, language.tag)
        matches = match(names, profiles, self.vocabulary, self.fields, self.weights)
        profiles = [
            _reread(item, self, [row[place] for row in layout.data], points=points)
            if (found := matches[place].field) and self.fields[found].sort in _READ
            else item
            for place, item in enumerate(profiles)
        ]
        sorts = [self.fields[item.field].sort if item.field else None for item in matches]
        columns = map(Column, layout.names, profiles, matches, sorts)
        return Suggestion(grid, layout, language, tuple(columns), rows)

    @staticmethod
    def near(vocabulary: Vocabulary, layout: Layout, language: str) -> list[Nearness]:
        """Compare the names of the columns with a vocabulary; those in a second language, too."""
        names = [vocabulary.nearness(layout.names, language)]
        if layout.second:
            padded = [*layout.second, *[""] * len(layout.names)][: len(layout.names)]
            names.append(vocabulary.nearness(padded, language))
        return names

    def _language(self, layout: Layout, rows: Sequence[Sequence[str]]) -> Guess:
        """Guess the language of the texts, or where there are none of the names of columns."""
        long = [
            cell
            for row in rows[:_TEXTS]
            for cell in row
            if len(cell.split()) > 4  # noqa: PLR2004  # names of organisations tell little
        ]
        return self.detector.guess(" ".join(long[:_TEXTS] or layout.names))


def _reread(
    sampled: Profile, suggester: Suggester, cells: Sequence[str], *, points: bool
) -> Profile:
    """Read the numbers and dates of all rows: one written otherwise would be set aside."""
    whole = [cell.strip() for cell in cells]
    kept = [cell for cell in whole if cell and cell.casefold() not in suggester.cues.empty]
    amounts = read_amounts(kept, dict(suggester.cues.currencies), points_group=points)
    return replace(sampled, amounts=amounts, days=read_days(kept))
