"""docs/mapping.md describes the whole mapping language, and its example is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from pydantic import BaseModel
from rdflib import Graph
from rdflib.compare import isomorphic

import ontology
from graph.identity import DEFAULT_BASE, Identity
from loaders.engine import Engine
from loaders.language.entities import Each
from loaders.language.mapping import (
    Amount,
    Choice,
    Cited,
    Condition,
    CrossCheck,
    Entity,
    Example,
    Expect,
    Property,
    Receipt,
    Rows,
    SourceMapping,
    ValueType,
    read_mapping,
)
from loaders.language.models import Given, read_model
from loaders.language.places import Cell
from loaders.language.rows import Continued, Skip
from loaders.reading import workbooks
from loaders.reading.readers import MAX_CELL, MAX_FILE, read_table

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

TEXT = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "The source": SourceMapping,
    "rows": Rows,
    "cells": Cell,
    "skip": Skip,
    "continued": Continued,
    "entities": Entity,
    "each": Each,
    "properties": Property,
    "when": Condition,
    "A choice: `lang` or `class` by a column": Choice,
    "fields": Given,
    "cross_checks": CrossCheck,
    "amounts": Amount,
    "receipt": Receipt,
    "cited": Cited,
    "expect": Expect,
    "examples": Example,
}


def _section(heading: str) -> str:
    assert f"\n### {heading}\n" in TEXT, f"docs/mapping.md has no section “{heading}”"
    return re.split(r"\n##+ ", TEXT.partition(f"\n### {heading}\n")[2])[0]


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def _models(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for item in model.model_fields.values():
        for below in _named(item.annotation):
            found |= _models(below)
    return found


def _named(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _named(part)]


def test_every_part_of_the_language_has_a_section() -> None:
    assert set(SECTIONS.values()) == _models(SourceMapping)


@pytest.mark.parametrize(("heading", "model"), SECTIONS.items(), ids=list(SECTIONS))
def test_every_key_is_described_and_no_other(heading: str, model: type[BaseModel]) -> None:
    first = _section(heading).partition("\n| `as` | accepts")[0]
    described = dict(re.findall(r"^\| `(\w+)`( \*)? \| \S", first, re.MULTILINE))
    fields = {
        item.alias or name: item.is_required()
        for name, item in model.model_fields.items()
        if not item.exclude
    }
    assert {key: bool(star) for key, star in described.items()} == fields


def test_every_kind_of_value_is_described() -> None:
    table = _section("properties").partition("\n| `as` | accepts")[2]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(get_args(ValueType))


def test_every_field_of_the_model_of_operations_is_described() -> None:
    table = _section("The model of lists of operations")
    described = dict(re.findall(r"^\| `(\w+)` \| (\w+) \| \S", table, re.MULTILINE))
    model = read_model("operation", Path())
    assert described == {name: field.kind for name, field in model.fields.items()}


def test_the_worked_example_is_true(bench: Bench) -> None:
    path = bench.file("workshops.yaml", _block("yaml"))
    bench.file("workshops.csv", _block("csv"))
    mapping = read_mapping(path)
    table = read_table(bench.folder / mapping.rows.file, mapping.rows)
    engine = Engine(mapping, Identity())
    assert (engine.check_columns(table), engine.faults(table)) == ([], [])
    lines = [
        f"{subject} <{strand.predicate}> {value} ."
        for strand in engine.strands(table.frame)
        for subject, value in strand.frame.select("s", "o").iter_rows()
    ]
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in ontology.PREFIXES.items())
    expected = f"@base <{DEFAULT_BASE}> .\n{prefixes}{_block('turtle')}"
    assert isomorphic(
        Graph().parse(data=expected, format="turtle"),
        Graph().parse(data="\n".join(lines), format="nt"),
    )


def test_the_limits_are_those_of_the_readers() -> None:
    limits = TEXT.partition("## Limits")[2]
    for number in (
        f"{MAX_CELL:,} characters",
        f"{workbooks.MAX_UNPACKED >> 20:,} MiB",
        f"{workbooks.MAX_CELLS:,} cells",
        f"{MAX_FILE >> 30} GiB",
    ):
        assert number in limits
