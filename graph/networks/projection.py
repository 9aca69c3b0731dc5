"""The projection of a map: its nodes and links as they are in a release, in all languages.

It is made once a release, from the solutions that `graph.network` describes, and kept as one
file; whatever readers ask of a map is selected from it. Nodes, reasons and links are numbered in
the order of their IRIs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from graph.engine import Engine, Query
from graph.errors import StorageError, disk_error
from graph.network import Label, Names, Texts, name, read_links, read_texts
from graph.terms import Term

NO_REASON = -1  # of a link whose solution named none

# What a thing has of a facet, by keys; None where things of its kind do not have the facet.
Values: TypeAlias = "tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question of a map: its query, and whether its links have a direction."""

    query: Query
    directed: bool

    @property
    def mark(self) -> str:
        """Name the question, so that what was made of another is not taken for it."""
        return sha256(f"{self.directed} {self.query.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason for links: a thing by its IRI, or a text of the query."""

    iri: str | None
    text: Label


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two nodes by number: the weight of each reason, by its number."""

    source: int
    target: int
    reasons: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """The nodes of a map with their kinds, its links with their reasons, and all names.

    `attributes` has, by facet, the values of each node and after these of each reason.
    """

    directed: bool
    nodes: tuple[str, ...]
    kinds: tuple[str, ...]
    grounds: tuple[Ground, ...]
    ties: tuple[Tie, ...]
    texts: Mapping[str, Texts]
    attributes: Mapping[str, tuple[Values, ...]]

    def name(self, iri: str, language: str) -> Names:
        """Give the name of a node, kind or reason in a language, and a shorter one."""
        return name(iri, self.texts.get(iri, {}), language)

    def things(self) -> tuple[str | None, ...]:
        """Give the IRIs of the nodes and after these of the reasons, in their order."""
        return (*self.nodes, *(ground.iri for ground in self.grounds))


def read_projection(engine: Engine, drawn: Drawn) -> Projection:
    """Answer the query of a map and number what it found; it has no attributes yet.

    QueryError if the columns are not as `graph.network` describes them.
    """
    kinds, links = read_links(engine.select(drawn.query), directed=drawn.directed)
    nodes = tuple(kinds)
    vias = sorted({via for link in links for via in link.reasons if via is not None}, key=_order)
    number: dict[Term | None, int] = {via: at for at, via in enumerate(vias)}
    place = {node: at for at, node in enumerate(nodes)}
    grounds = tuple(
        Ground(via.value, Label("")) if via.kind == "uri" else Ground(None, _label(via))
        for via in vias
    )
    ties = tuple(
        Tie(
            place[link.source],
            place[link.target],
            tuple(
                sorted((number.get(via, NO_REASON), weight) for via, weight in link.reasons.items())
            ),
        )
        for link in links
    )
    named = {*nodes, *kinds.values(), *(ground.iri for ground in grounds if ground.iri)}
    texts = read_texts(engine, named)
    return Projection(drawn.directed, nodes, tuple(kinds.values()), grounds, ties, texts, {})


def _order(via: Term) -> tuple[str, str, str]:
    return via.value if via.kind == "uri" else "", via.value, via.language or ""


def _label(via: Term) -> Label:
    return Label(via.value, via.language or "")


def write_projection(projection: Projection, mark: str, file: Path) -> None:
    """Write a projection as one document, with the mark of the question that it answers."""
    kinds = sorted(set(projection.kinds))
    number = {kind: at for at, kind in enumerate(kinds)}
    document = {
        "mark": mark,
        "directed": projection.directed,
        "nodes": projection.nodes,
        "kinds": kinds,
        "kind": [number[kind] for kind in projection.kinds],
        "grounds": [(ground.iri, *ground.text) for ground in projection.grounds],
        "ties": [(tie.source, tie.target, tie.reasons) for tie in projection.ties],
        "texts": projection.texts,
        "attributes": projection.attributes,
    }
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    file.write_text(written, encoding="utf-8")


def load_projection(file: Path, mark: str) -> Projection | None:
    """Read a projection again; None where there is none, or one of another question.

    StorageError if the file is damaged.
    """
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return _read(read) if read["mark"] == mark else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(file, error) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StorageError(f"the network in {file} is damaged: build the release again") from error


def _read(read: Mapping[str, Any]) -> Projection:
    return Projection(
        directed=bool(read["directed"]),
        nodes=tuple(read["nodes"]),
        kinds=tuple(read["kinds"][at] for at in read["kind"]),
        grounds=tuple(Ground(iri, Label(text, tag)) for iri, text, tag in read["grounds"]),
        ties=tuple(
            Tie(source, target, tuple((at, weight) for at, weight in reasons))
            for source, target, reasons in read["ties"]
        ),
        texts={
            iri: {by: [Label(*label) for label in labels] for by, labels in found.items()}
            for iri, found in read["texts"].items()
        },
        attributes={
            facet: tuple(None if keys is None else tuple(keys) for keys in values)
            for facet, values in read["attributes"].items()
        },
    )


def numbers_of(things: Sequence[str]) -> Mapping[str, int]:
    """Give the place of each thing."""
    return {thing: at for at, thing in enumerate(things)}
