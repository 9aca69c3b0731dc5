"""A bench on which tests lay out small tables and mappings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Releases
from graph.store import parse
from graph.terms import Term
from loaders.building.build import Inputs
from loaders.building.check import Checked, check_sources, read_sources
from loaders.building.vocabulary import Vocabulary
from loaders.engine import Engine
from loaders.language.mapping import Rows, SourceMapping, read_mapping
from loaders.reading.readers import ROW, Table, read_table
from loaders.suggesting.suggestion import Suggester

HEAD = """\
name: {name}
title: Things
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-11-22
rows: {{file: {name}.csv}}
"""

PRACTICES = """\
entities:
  practice:
    type: practice
    class: Practice
    key: "{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
"""


@dataclass(frozen=True)
class Bench:
    """A folder for the tables and mappings of one test."""

    folder: Path

    def mapping(self, text: str, name: str = "things") -> SourceMapping:
        """Read a mapping given by what follows its head."""
        path = self.folder / f"{name}.yaml"
        path.write_text(HEAD.format(name=name) + text, encoding="utf-8")
        return read_mapping(path)

    def mapping_of(self, *properties: str) -> SourceMapping:
        """Read a mapping of practices, keyed by `id`, with these properties."""
        lines = "".join(f"      - {item}\n" for item in properties)
        head = PRACTICES[: PRACTICES.index("      - ")]
        return self.mapping(head + lines)

    def file(self, name: str, content: str | bytes) -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def table(self, content: str | bytes, name: str = "things.csv", **rows: str | int) -> Table:
        """Write and read a table."""
        path = self.file(name, content)
        return read_table(path, Rows.model_validate({"file": name, **rows}))

    def state(self, mapping: SourceMapping, content: str) -> list[tuple[Term, Term, Term]]:
        """Give the statements that a table makes, references taken as they are."""
        table = self.table(content)
        lines = [
            f"{subject} <{strand.predicate}> {value} ."
            for strand in Engine(mapping, Identity()).strands(table.frame)
            for subject, value in strand.frame.select("s", "o").iter_rows()
        ]
        return parse("\n".join(lines).encode(), GRAPH_FORMATS[0])

    def faults(self, mapping: SourceMapping, content: str) -> list[tuple[int | None, str]]:
        """Give row and reason of each fault of a table, references taken as they are."""
        table = self.table(content)
        return [(item.row, item.reason) for item in Engine(mapping, Identity()).faults(table)]

    def check(self, mappings: Sequence[SourceMapping], **tables: str) -> list[Checked]:
        """Check sources against each other and the concept schemes."""
        for name, content in tables.items():
            self.file(f"{name}.csv", content)
        sources = read_sources(mappings, self.folder)
        check_sources(sources, Identity(), Vocabulary.read(Identity()).concepts)
        return sources

    def inputs(self, *mappings: SourceMapping, **tables: str) -> Inputs:
        """Give the inputs of a build."""
        for name, content in tables.items():
            self.file(f"{name}.csv", content)
        return Inputs(mappings, self.folder, Identity())

    def releases(self) -> Releases:
        """Give the releases of this test."""
        return Releases(self.folder / "home")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give an empty bench."""
    return Bench(tmp_path)


def checked(mapping: SourceMapping, path: Path) -> tuple[int, list[str]]:
    """Give how many rows of a table were read, and what is wrong with it by its mapping."""
    table = read_table(path, mapping.rows)
    engine = Engine(mapping, Identity())
    found = [f"not mapped: {name}" for name in engine.check_columns(table)]
    problems = [*table.problems, *engine.faults(table)]
    return table.rows_read, [*found, *(problem.sentence() for problem in problems)]


def rows_of(frame: pl.DataFrame) -> list[int]:
    """Give the row numbers of a frame."""
    return frame[ROW].to_list()


@pytest.fixture(scope="session")
def suggester() -> Suggester:
    """Read the word lists of suggestions once: that takes a second or two."""
    return Suggester()
