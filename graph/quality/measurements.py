"""The scoreboard in the words of DQV, the Data Quality Vocabulary of the W3C.

The metrics are defined in `ontology/quality.ttl`; a test holds that each is measured, and that
each measurement has its metric. Ages grow from day to day, so that they are no part of a release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import ontology
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.quality.scoreboard import Scoreboard, SourceScore
from graph.store import parse
from graph.terms import XSD, Term, iri, literal
from ontology import expand

GRAPH = "quality"

# Counts are whole numbers, shares decimal ones.
Number = int | float | None
Statement = tuple[Term, ...]


def describe(
    board: Scoreboard, identity: Identity, today: date | None = None
) -> Iterator[Statement]:
    """Define the metrics, and give the measurements of all sources and of their columns.

    Ages are measured where a day is given. Without one, equal tables give equal statements.
    """
    yield from parse(
        ontology.path("quality.ttl").read_bytes(), GRAPH_FORMATS[0], base=identity.base
    )
    for source in board.sources:
        about = iri(identity.entity("source", source.name))
        measured = {**numbers(source), **(ages(source, today) if today else {})}
        for name, number in measured.items():
            yield from _measured(identity, about, source.name, name, number)
        for place, column in enumerate(source.columns, start=1):
            key = f"{source.name}-column-{place}"
            part = iri(f"{identity.graph(GRAPH)}#{key}")
            yield part, iri(expand("rdf:type")), iri(expand("csvw:Column"))
            yield part, iri(expand("csvw:name")), literal(column.name)
            yield part, iri(expand("dcterms:isPartOf")), about
            yield from _measured(identity, part, key, "filled", column.share)


def numbers(source: SourceScore) -> Mapping[str, Number]:
    """Give the measurements of a source by the names of their metrics; None is not measured."""
    return {
        "rows-read": source.rows_read,
        "rows-loaded": source.rows_loaded,
        "rows-quarantined": source.rows_quarantined,
        "statements": source.statements,
        "columns-used": source.columns_of("used"),
        "columns-ignored": source.columns_of("ignored") + source.columns_of("personal"),
        "columns-unmapped": source.columns_of("unmapped"),
        "filled": source.filled,
        "coverage": source.coverage,
        "violations": source.violations,
        "warnings": source.warnings,
        "dangling": source.dangling,
        "tags-judged": source.tags_judged,
        "tags-differing": source.tags_differing,
        "duplicates": source.duplicates,
        "notes": source.times_noted,
    }


def ages(source: SourceScore, today: date) -> Mapping[str, Number]:
    """Give how old a source is on a day, in days, by the names of metrics."""
    changed = source.changed
    return {
        "days-since-retrieved": (today - source.retrieved).days,
        "days-since-changed": None if changed is None else (today - changed.date()).days,
    }


def _measured(
    identity: Identity, about: Term, key: str, name: str, number: Number
) -> Iterator[Statement]:
    if number is None:
        return
    graph = identity.graph(GRAPH)
    subject = iri(f"{graph}#{quote(key, safe='')}-{name}")
    for predicate, value in (
        ("rdf:type", iri(expand("dqv:QualityMeasurement"))),
        ("dqv:computedOn", about),
        ("dqv:isMeasurementOf", iri(f"{graph}#{name}")),
        ("dqv:value", _number(number)),
    ):
        yield subject, iri(expand(predicate)), value


def _number(value: float) -> Term:
    """Write a number as the store does, which keeps it by value."""
    if isinstance(value, int):
        return literal(str(value), f"{XSD}integer")
    return literal(f"{Decimal(str(value)).normalize():f}", f"{XSD}decimal")
