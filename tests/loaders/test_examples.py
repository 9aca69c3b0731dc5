"""Every mapping says by examples what it means; the engine must agree."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from rdflib import Graph
from rdflib.compare import graph_diff, to_isomorphic

import ontology
from graph.identity import DEFAULT_BASE, Identity
from loaders.engine import Engine
from loaders.language.mapping import Example, SourceMapping, read_mappings
from loaders.language.sets import read_sets
from loaders.privacy.hiding import Hiding
from loaders.reading.readers import ROW, Table
from loaders.statements import write_source

MAPPINGS = read_sets([Path("default"), Path("operations")], [Path()])
EXAMPLES = [
    pytest.param(mapping, example, id=f"{mapping.name}-{number}")
    for mapping in MAPPINGS
    for number, example in enumerate(mapping.examples, start=1)
]
HEADER = f"@base <{DEFAULT_BASE}> .\n" + "".join(
    f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in ontology.PREFIXES.items()
)

HIDING = Hiding(Identity())


def _stated(mapping: SourceMapping, row: dict[str, str], folder: Path) -> Graph:
    """Write the row as a table of the source would be, and read what it states."""
    columns = sorted(mapping.columns() | {*mapping.ignore, *mapping.personal} | set(row))
    frame = pl.DataFrame({ROW: [2], **{name: [row.get(name, "")] for name in columns}})
    table = Table(Path(mapping.rows.file), "", frame)
    engine = Engine(mapping, Identity())
    assert engine.check_columns(table) == []
    table = HIDING.hide(mapping, table)
    assert engine.faults(table) == []
    written = write_source(engine, table, table.frame, folder)
    own = f" <{Identity().row(mapping.name, 2)}> ."
    lines = written.stated[0].read_text(encoding="utf-8").splitlines()
    triples = [line.removesuffix(own) + " ." for line in lines if line.endswith(own)]
    return Graph().parse(data="\n".join(triples), format="nt")


@pytest.mark.parametrize(("mapping", "example"), EXAMPLES)
def test_the_row_becomes_the_statements_of_the_example(
    mapping: SourceMapping, example: Example, tmp_path: Path
) -> None:
    expected = Graph().parse(data=HEADER + example.turtle, format="turtle")
    found = _stated(mapping, dict(example.row), tmp_path)

    missing, surplus = graph_diff(to_isomorphic(expected), to_isomorphic(found))[1:]

    assert (missing.serialize(format="nt"), surplus.serialize(format="nt")) == ("", "")


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda mapping: mapping.name)
def test_every_source_has_an_example(mapping: SourceMapping) -> None:
    assert mapping.examples


@pytest.mark.parametrize("mapping", read_mappings(), ids=lambda mapping: mapping.name)
def test_the_columns_of_an_example_are_columns_of_the_table(
    mapping: SourceMapping, data_folder: Path
) -> None:
    header = (data_folder / mapping.rows.file).read_text(encoding="utf-8").splitlines()[0]
    for example in mapping.examples:
        assert set(example.row) <= set(header.split(","))
