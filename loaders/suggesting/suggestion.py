"""Suggestions: everything that is found out about a table, before a mapping is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.errors import MappingError
from graph.languages import Detector, Guess
from loaders.language.mistakes import nearest
from loaders.suggesting.amounts import read_amounts
from loaders.suggesting.choosing import Choice, choose
from loaders.suggesting.cues import Cues
from loaders.suggesting.days import read_days
from loaders.suggesting.grids import Grid, read_grid
from loaders.suggesting.headers import Layout, find_header
from loaders.suggesting.heads import Head, read_head
from loaders.suggesting.matching import Match, Weights, match
from loaders.suggesting.meanings import Target, read_targets
from loaders.suggesting.relations import add_relations, add_shared
from loaders.suggesting.rowrules import RowRules, row_rules
from loaders.suggesting.settling import settle
from loaders.suggesting.values import Profile, profile
from loaders.suggesting.vocabulary import Nearness, Vocabulary

_ROWS = 600
_TEXTS = 40
_READ = ("amount", "rate", "date", "degree")
_NO_POINTS = ("en", "ga", "mt")  # where commas part thousands


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, what its cells are like, and which field it is."""

    name: str
    profile: Profile
    match: Match
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A table as understood: how it is written, its language, its model and its columns."""

    grid: Grid
    layout: Layout
    language: Guess
    choice: Choice
    columns: tuple[Column, ...]
    rows: list[list[str]]
    rules: RowRules = field(default_factory=RowRules)


@dataclass(frozen=True)
class Suggester:
    """Suggests what tables mean; making one reads all word lists, which takes a second or two."""

    detector: Detector = field(default_factory=Detector)
    vocabulary: Vocabulary = field(default_factory=Vocabulary.read)
    titles: Vocabulary = field(default_factory=Vocabulary.of_titles)
    cues: Cues = field(default_factory=Cues.read)
    targets: dict[str, Target] = field(default_factory=read_targets)
    weights: Weights = field(default_factory=Weights)
    _vocabularies: dict[str, Vocabulary] = field(default_factory=dict, init=False)

    def of_model(self, name: str) -> Suggester:
        """Give one that takes every table for one of a model; MappingError where there is none."""
        if name not in self.targets:
            known = ", ".join(self.targets)
            near = nearest(name, self.targets)
            raise MappingError(f"there is no model {name!r}{near}; there are {known}")
        return replace(self, targets={name: self.targets[name]})

    def suggest(self, path: Path) -> Suggestion:
        """Suggest what a table means; TableError where it cannot be read as one."""
        return self.read(read_head(path))

    def read(self, head: Head) -> Suggestion:
        """Suggest what a table means whose first bytes are read already."""
        grid = read_grid(head, self.detector)
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
        for item, name, other in zip(profiles, layout.called, self._second(layout), strict=True):
            item.features.update(self.cues.says(f"{name} {other}"))
        add_relations(profiles, rows)
        add_shared(profiles, layout.data[:_ROWS])
        choice = self._choose(grid, layout, language, profiles)
        fields = choice.target.fields
        names = self.near(self.vocabulary_of(choice.target), layout, language.tag)
        matches = match(names, profiles, fields, self.weights)
        columns = tuple(map(Column, layout.names, profiles, matches))
        found = Suggestion(grid, layout, language, choice, columns, rows)
        found = replace(found, rules=row_rules(found, self.cues, self.vocabulary_of(choice.target)))
        kept = settle(choice.target.model, matches, profiles, layout, found.rules)
        whole = [
            self._whole(column, place, found, item)
            for place, (column, item) in enumerate(zip(columns, kept, strict=True))
        ]
        return replace(found, columns=tuple(whole))

    def _whole(self, column: Column, place: int, found: Suggestion, kept: Match) -> Column:
        """Read the numbers and dates of all rows: one written otherwise would be set aside."""
        meaning = found.choice.target.fields[kept.field] if kept.field else None
        column = replace(column, match=kept, sort=meaning.sort if meaning else None)
        if column.sort not in _READ:
            return column
        points = found.language.tag not in _NO_POINTS
        cells = [row[place].strip() for row in found.layout.data]
        known = [cell for cell in cells if cell and cell.casefold() not in self.cues.empty]
        amounts = read_amounts(known, dict(self.cues.currencies), points_group=points)
        return replace(
            column, profile=replace(column.profile, amounts=amounts, days=read_days(known))
        )

    def vocabulary_of(self, target: Target) -> Vocabulary:
        """Give the terms of the fields of a model; it is made when it is first asked for."""
        if target.name not in self._vocabularies:
            lists = {name: meaning.named for name, meaning in target.fields.items()}
            self._vocabularies[target.name] = self.vocabulary.of(lists)
        return self._vocabularies[target.name]

    def _choose(
        self, grid: Grid, layout: Layout, language: Guess, profiles: Sequence[Profile]
    ) -> Choice:
        """Choose the model; the name of the file, of sheet and records are titles as well."""
        whole = self.vocabulary
        name = grid.path.name.partition(".")[0].replace("_", " ")
        said = [name, *name.replace("-", " ").split(), grid.sheet, grid.each or grid.records]
        titles = [text for text in (*said, *layout.titles) if text]
        near = self.titles.nearness(titles, language.tag).scores.max(axis=0, initial=0.0)
        spoken = self.cues.spoken_of(layout.called)
        for model, score in zip(self.titles.fields, near.tolist(), strict=True):
            # What comes near by chance counts little.
            spoken[model] = spoken.get(model, 0.0) + score**3
        names = self.near(whole, layout, language.tag)
        return choose(self.targets, whole, names, spoken, profiles, self.weights)

    @staticmethod
    def near(vocabulary: Vocabulary, layout: Layout, language: str) -> list[Nearness]:
        """Compare the names of the columns with a vocabulary; those in a second language, too."""
        names = [vocabulary.nearness(layout.called, language)]
        if layout.second:
            names.append(vocabulary.nearness(Suggester._second(layout), language))
        return names

    @staticmethod
    def _second(layout: Layout) -> list[str]:
        """Give what each column is called in a second language: nothing where there is none."""
        return [*layout.second, *[""] * len(layout.names)][: len(layout.names)]

    def _language(self, layout: Layout, rows: Sequence[Sequence[str]]) -> Guess:
        """Guess the language of the texts, or where there are none of the names of columns."""
        long = [
            cell
            for row in rows[:_TEXTS]
            for cell in row
            if len(cell.split()) > 4  # noqa: PLR2004  # names of organisations tell little
        ]
        return self.detector.guess(" ".join(long[:_TEXTS] or layout.called))
