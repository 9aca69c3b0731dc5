"""The scoreboard of a release: its history, results of SHACL by source, and its words in DQV."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

import ontology
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import NotFoundError, StorageError
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.quality.history import KEPT, completed, since
from graph.quality.measurements import ages, describe, numbers
from graph.quality.scoreboard import (
    FILE,
    ColumnScore,
    Past,
    Point,
    Scoreboard,
    SourceScore,
    TagScore,
    read_scoreboard,
    write_scoreboard,
)
from graph.quality.shapes import by_source
from graph.report import Note, ShapeResult
from graph.store import Store

IDENTITY = Identity()
DQV = Namespace("http://www.w3.org/ns/dqv#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
NQUADS = by_name(GRAPH_FORMATS, "nquads")
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def score(name: str = "things", **changed: object) -> SourceScore:
    """Give the score of a source of which everything is known."""
    whole = SourceScore(
        name=name,
        title="Things",
        publisher="Somebody",
        file="things.csv",
        sha256="ab",
        retrieved=date(2026, 4, 1),
        rows_read=10,
        rows_loaded=8,
        rows_quarantined=2,
        statements=40,
        columns=(
            ColumnScore(name="id", use="used", filled=8, share=1.0),
            ColumnScore(name="note", use="ignored", filled=0, share=0.0),
        ),
        filled=0.75,
        violations=1,
        warnings=2,
        dangling=3,
        tags=(
            TagScore(
                column="name",
                tag="et",
                checked=9,
                fitting=5,
                differing=2,
                found={"en": 2},
                rows=(3,),
            ),
        ),
        duplicates=4,
        universe=80,
        coverage=0.1,
        notes=(Note(kind="rate-differs", text="It does.", count=6),),
    )
    return whole.model_copy(update=changed)


def board(*sources: SourceScore, history: tuple[Past, ...] = ()) -> Scoreboard:
    return Scoreboard(release=0, created=MAY, shapes_cut=False, sources=sources, history=history)


def test_a_scoreboard_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = completed(board(score()), 1, MAY)
    write_scoreboard(written, tmp_path)
    assert read_scoreboard(tmp_path) == written


def test_a_release_without_or_with_a_damaged_scoreboard_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="build it again"):
        read_scoreboard(tmp_path)
    (tmp_path / FILE).write_text('{"release": 1}')
    with pytest.raises(StorageError, match="damaged"):
        read_scoreboard(tmp_path)


def test_a_release_carries_the_history_of_those_before_it() -> None:
    first = completed(board(score()), 1, MAY)
    second = completed(board(score(rows_read=20), history=first.history), 2, JUNE)
    assert [past.release for past in second.history] == [1, 2]
    trend = [(past.release, point.rows_read) for past, point in second.trend("things")]
    assert trend == [(2, 20), (1, 10)]
    assert second.trend("others") == []


def test_the_trend_tells_what_people_judge_and_goes_on_from_releases_that_did_not_keep_it(
    tmp_path: Path,
) -> None:
    first = completed(board(score()), 1, MAY)
    old = json.loads(first.model_dump_json())
    for name in ("warnings", "notes", "duplicates", "coverage"):
        del old["history"][0]["sources"]["things"][name]
    (tmp_path / FILE).write_text(json.dumps(old), encoding="utf-8")
    later = score(duplicates=3, coverage=0.2, notes=())
    second = completed(board(later, history=read_scoreboard(tmp_path).history), 2, JUNE)
    told = [(p.warnings, p.notes, p.duplicates, p.coverage) for _, p in second.trend("things")]
    assert told == [(2, 0, 3, 0.2), (None, None, None, None)]


def test_a_release_stands_once_in_its_history() -> None:
    """The scoreboard is completed twice: when it is described, and when the number is sure."""
    early = completed(board(score()), 7, MAY)
    late = completed(early, 8, JUNE)
    assert [past.release for past in late.history] == [7, 8]
    again = completed(early, 7, JUNE)
    assert [(past.release, past.created) for past in again.history] == [(7, JUNE)]


def test_a_history_stays_small() -> None:
    past = [Past(release=number, created=MAY, sources={}) for number in range(1, KEPT + 50)]
    found = completed(board(history=tuple(past)), 1000, JUNE).history
    assert len(found) == KEPT
    assert found[-1].release == 1000


def test_a_file_is_the_same_since_the_first_of_the_last_releases_that_had_it_so() -> None:
    def past(number: int, month: int, sha256: str) -> Past:
        point = Point(
            rows_read=1,
            rows_loaded=1,
            rows_quarantined=0,
            statements=1,
            filled=None,
            violations=0,
            dangling=0,
            tags_differing=0,
            sha256=sha256,
        )
        made = datetime(2026, month, 1, tzinfo=UTC)
        return Past(release=number, created=made, sources={"things": point})

    history = [past(1, 1, "ab"), past(2, 2, "cd"), past(3, 3, "ab"), past(4, 4, "ab")]
    assert since("things", "ab", history) == datetime(2026, 3, 1, tzinfo=UTC)
    assert since("things", "ef", history) is None
    assert completed(board(score()), 1, MAY).sources[0].changed == MAY


def test_a_result_counts_for_the_sources_that_state_what_is_wrong() -> None:
    thing = f"{IDENTITY.base}id/practice/a"
    store = Store.in_memory()
    for source, number, name in (("one", 2, "name"), ("two", 3, "start"), ("two", 4, "start")):
        row = IDENTITY.row(source, number, "Sheet 1" if source == "two" else None)
        assert NQUADS is not None
        store.load(f'<{thing}> <http://x/{name}> "a" <{row}> .'.encode(), NQUADS)

    def result(path: str | None, severity: str, focus: str = thing) -> ShapeResult:
        return ShapeResult.model_validate(
            {"severity": severity, "focus": focus, "path": path, "value": None, "message": "m"}
        )

    counts = by_source(
        [
            result("http://x/start", "Violation"),
            result("http://x/unstated", "Violation"),
            result(None, "Warning"),
            result("http://x/name", "Info"),
            result("http://x/name", "Violation", "_:blank"),
        ],
        store,
        IDENTITY,
    )
    assert counts.violations == {"one": 1, "two": 2}
    assert counts.warnings == {"one": 2, "two": 1}


def test_every_metric_is_defined_in_three_languages_and_measured() -> None:
    defined = Graph().parse(ontology.path("quality.ttl"), format="turtle", publicID=IDENTITY.base)
    space = IDENTITY.graph("quality") + "#"
    metrics = set(defined.subjects(RDF.type, DQV.Metric))
    source = score(changed=MAY)
    measured = {**numbers(source), **ages(source, date(2026, 6, 1))}
    assert (measured["days-since-retrieved"], measured["days-since-changed"]) == (61, 31)
    assert {str(metric).removeprefix(space) for metric in metrics} == set(measured)
    assert None not in measured.values()
    for metric in metrics:
        labels = {
            getattr(label, "language", "") for label in defined.objects(metric, SKOS.prefLabel)
        }
        assert labels == {"en", "et", "lv"}
        assert (defined.value(metric, DQV.inDimension), RDF.type, DQV.Dimension) in defined


def test_what_is_not_known_is_not_measured() -> None:
    unknown = board(score(duplicates=None, coverage=None, filled=None))
    found = describe(unknown, IDENTITY, date(2026, 6, 1))
    of = {value.value.partition("#")[2] for _, name, value in found if name.value.endswith("tOf")}
    assert {"rows-read", "violations", "days-since-retrieved"} <= of
    assert not of & {"duplicates", "coverage", "days-since-changed"}


def test_the_measurements_of_a_release_say_what_its_scoreboard_says(dataset: Dataset) -> None:
    found = dataset.store.select(
        Query(
            "PREFIX dqv: <http://www.w3.org/ns/dqv#> SELECT ?source ?value WHERE { "
            f"GRAPH <{dataset.identity.graph('quality')}> {{ ?measurement "
            f"dqv:isMeasurementOf <{dataset.identity.graph('quality')}#rows-read> ; "
            "dqv:computedOn ?source ; dqv:value ?value } }"
        )
    )
    given = {row["source"].value: int(row["value"].value) for row in found}
    read = read_scoreboard(dataset.release.path)
    assert given == {
        dataset.identity.entity("source", source.name): source.rows_read for source in read.sources
    }
    assert len(given) == len(dataset.release.manifest.sources) > 10


def test_the_terms_of_dqv_are_written_as_the_vocabulary_has_them() -> None:
    made = Graph()
    for subject, predicate, value in describe(board(score()), IDENTITY):
        if value.kind == "uri":
            made.add((URIRef(subject.value), URIRef(predicate.value), URIRef(value.value)))
    measurements = set(made.subjects(RDF.type, DQV.QualityMeasurement))
    assert len(measurements) == 16 + 2  # of the source, and of its columns
    for measurement in measurements:
        assert (made.value(measurement, DQV.isMeasurementOf), RDF.type, DQV.Metric) in made
        assert made.value(measurement, DQV.computedOn) is not None
