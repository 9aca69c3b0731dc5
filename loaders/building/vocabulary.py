"""The vocabulary of a build: the ontology and the concept schemes, as statements of its base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ontology
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.store import parse
from graph.terms import Term
from loaders.receipts import Statement
from loaders.statements import Written, write_lines

NAME = "ontology"  # also of its files, beside those of sources

_TYPE = ontology.expand("rdf:type")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology and the concept schemes under one base, as statements."""

    statements: list[Statement]
    concepts: dict[str, set[str]]

    @classmethod
    def read(cls, identity: Identity) -> Vocabulary:
        """Read `core.ttl` and the schemes, whose IRIs are relative to the base."""
        turtle = GRAPH_FORMATS[0]
        folder = ontology.path("core.ttl").parent
        files = [folder / "core.ttl", *sorted((folder / "schemes").glob("*.ttl"))]
        statements: list[Statement] = []
        for file in files:
            statements += parse(file.read_bytes(), turtle, base=identity.base)
        concepts: dict[str, set[str]] = {}
        for subject in {statement[0].value for statement in statements}:
            reference = identity.parse(subject)
            if reference is not None:
                concepts.setdefault(reference.segment, set()).add(reference.key)
        return cls(list(dict.fromkeys(statements)), concepts)

    def entailed(self) -> Iterator[Statement]:
        """Give what the alignments entail of these statements."""
        for subject, predicate, value in self.statements:
            if predicate.value == _TYPE:
                for parent in sorted(ontology.superclasses(value.value)):
                    yield subject, predicate, Term("uri", parent)
            for parent in sorted(ontology.superproperties(predicate.value)):
                yield subject, Term("uri", parent), value


def write_vocabulary(vocabulary: Vocabulary, identity: Identity, folder: Path) -> Written:
    """Write the statements of a vocabulary, and what is entailed of them, into a folder."""
    stated, merged = folder / f"{NAME}.stated.nq", folder / f"{NAME}.merged.nq"
    graph = Term("uri", identity.graph(NAME))
    with stated.open("wb") as file:
        count = write_lines(((*item, graph) for item in vocabulary.statements), file)
    with merged.open("wb") as file:
        write_lines(iter(vocabulary.statements), file)
        write_lines(vocabulary.entailed(), file)
    return Written.whole(NAME, stated, merged, count)
