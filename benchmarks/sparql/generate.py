"""A synthetic funding graph as files: the same for every server, and the same in every run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl

import ontology
from benchmarks.sparql.statements import (
    FUNDS,
    IDENTITY,
    PROGRAMMES,
    SEED,
    STRANDS,
    frames,
    organisations,
    places,
)
from benchmarks.synthetic import COUNTRIES
from graph.terms import Term
from loaders.building.vocabulary import Vocabulary
from loaders.receipts import Statement
from loaders.statements import write_lines

PARTS = 4  # files of a graph, so that servers that load files side by side can do so
PER_PROJECT = 28.75  # statements: its own, and those of its money and of who takes part
_SLICE = 20_000
_ASKED = 1000  # constants of a kind that queries may be asked with

_TYPE = Term("uri", ontology.expand("rdf:type"))
_LABEL = Term("uri", ontology.expand("skos:prefLabel"))
_NOTATION = Term("uri", ontology.expand("skos:notation"))


@dataclass(frozen=True, slots=True)
class Graph:
    """What was generated: files, counts, and things to ask for in queries."""

    files: tuple[Path, ...]
    statements: int
    projects: int
    seconds: float
    constants: dict[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> Graph:
        """Read what `generate` left in a folder."""
        told = json.loads((folder / "graph.json").read_text(encoding="utf-8"))
        return cls(**{**told, "files": tuple(Path(file) for file in told["files"])})


def generate(folder: Path, statements: int) -> Graph:
    """Write about so many statements as N-Triples; a folder that has them is left as it is."""
    if (folder / "graph.json").exists():
        return Graph.read(folder)
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    projects = max(int(statements / PER_PROJECT), PARTS)
    files = [folder / f"statements-{part}.nt" for part in range(PARTS)]
    chance = np.random.default_rng(SEED)
    count = 0
    for part, file in enumerate(files):
        first, last = (projects * at // PARTS for at in (part, part + 1))
        count += _write_part(file, chance, range(first, last), projects)
    files.append(folder / "shared.nt")
    with files[-1].open("wb") as target:
        count += write_lines(iter(dict.fromkeys(_shared())), target)
    seconds = time.perf_counter() - began
    graph = Graph(tuple(files), count, projects, seconds, _constants(projects))
    (folder / "graph.json").write_text(json.dumps(asdict(graph), default=str), encoding="utf-8")
    return graph


def _write_part(file: Path, chance: np.random.Generator, numbers: range, projects: int) -> int:
    count = 0
    with file.open("wb") as target:
        for first in range(numbers.start, numbers.stop, _SLICE):
            piece = range(first, min(first + _SLICE, numbers.stop))
            for frame, lines in frames(chance, piece, projects):
                # A row of the frame becomes a line for each statement about its thing.
                text = frame.select(pl.concat_str(lines, separator="\n"))
                text.write_csv(target, include_header=False, quote_style="never")
                count += len(frame) * len(lines)
    return count


def _shared() -> Iterator[Statement]:
    """Give the vocabulary with what it entails, the countries, and the tree of programmes."""
    vocabulary = Vocabulary.read(IDENTITY)
    yield from vocabulary.statements
    yield from vocabulary.entailed()
    for code in COUNTRIES:
        country = Term("uri", IDENTITY.entity("country", code))
        yield country, _TYPE, Term("uri", ontology.Class.COUNTRY)
        yield country, _LABEL, Term("literal", f"Country {code}", "en")
        yield country, _NOTATION, Term("literal", code)
    for number in range(PROGRAMMES):
        programme = _programme(number)
        kind = "Fund" if number < FUNDS else "Programme" if number < STRANDS else "Strand"
        for name in (kind, "FundingInstrument"):
            yield programme, _TYPE, Term("uri", ontology.expand(f"sikg:{name}"))
        yield programme, _LABEL, Term("literal", f"{kind} number {number}", "en")
        if number >= FUNDS:
            above = number % FUNDS if number < STRANDS else FUNDS + number % (STRANDS - FUNDS)
            yield programme, Term("uri", ontology.expand("sikg:partOf")), _programme(above)


def _programme(number: int) -> Term:
    return Term("uri", IDENTITY.entity("programme", str(number)))


def _constants(projects: int) -> dict[str, list[str]]:
    """Choose things that queries ask for, so that each query has about as much to do as others."""
    chance = np.random.default_rng(SEED)
    count = organisations(projects)
    return {
        "project": _some("project", chance.integers(0, projects, _ASKED).tolist()),
        # Of the many with a few projects each, and programmes of middling size.
        "organisation": _some("organisation", chance.integers(count // 2, count, _ASKED).tolist()),
        "programme": _some("programme", range(STRANDS + 20, PROGRAMMES)),
        "fund": _some("programme", range(FUNDS)),
        # Those with more than a thousand projects in a million statements.
        "country": [IDENTITY.entity("country", code) for code in COUNTRIES[:8]],
        # Words that few names hold, in small letters.
        "place": [place.lower() for place in places()[2000:]],
    }


def _some(segment: str, numbers: list[int] | range) -> list[str]:
    return list(dict.fromkeys(IDENTITY.entity(segment, str(number)) for number in numbers))
