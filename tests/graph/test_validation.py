"""A release is held to the shapes: what is broken is told, with its place, in a fixed order."""

from __future__ import annotations

import pytest

import graph.validation
import ontology
from graph.dataset import Dataset
from graph.formats import GRAPH_FORMATS
from graph.report import BuildReport, ShapeReport, ShapeResult
from graph.store import Store
from graph.validation import validate

TRIG = GRAPH_FORMATS[3]

BASE = "http://localhost:8000/"
PREFIXES = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
NAMED = '<id/organisation/a> a sikg:Organisation ; skos:prefLabel "A"@en .'


def report(statements: str) -> ShapeReport:
    store = Store.in_memory()
    store.load((PREFIXES + statements).encode(), TRIG, base=BASE)
    return validate(store)


def only(statements: str) -> ShapeResult:
    [result] = report(statements).results
    return result


def in_a_row(statements: str) -> str:
    """Give statements as they stand in a release: merged, and in the graph of their row."""
    return f"{statements} GRAPH <id/row/x-2> {{ {statements} }}"


def test_the_curated_release_has_no_violation(dataset: Dataset) -> None:
    found = validate(dataset.store)
    assert found.conforms
    assert found.violations == 0
    assert [item for item in found.results if item.severity == "Violation"] == []


def test_the_report_of_the_release_says_what_its_validation_finds(dataset: Dataset) -> None:
    kept = BuildReport.model_validate_json(dataset.release.report_path.read_bytes())
    assert kept.shapes == validate(dataset.store)
    assert dataset.release.manifest.conforms == kept.shapes.conforms


def test_rows_that_disagree_are_a_warning(dataset: Dataset) -> None:
    """Both values are kept, and people decide: ESIA has two starting dates."""
    found = validate(dataset.store)
    about = [item for item in found.results if item.focus == f"{BASE}id/consortium/esia"]
    assert {(item.severity, item.path) for item in about} >= {
        ("Warning", ontology.Property.START_DATE)
    }


def test_what_is_whole_conforms() -> None:
    assert report(NAMED) == ShapeReport(conforms=True, violations=0, warnings=0, results=())
    assert report("").conforms


def test_a_thing_without_name_is_a_violation() -> None:
    result = only("<id/organisation/a> a sikg:Organisation .")
    assert result.severity == "Violation"
    assert result.focus == f"{BASE}id/organisation/a"
    assert result.path == "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert result.value is None
    assert "Give it a name" in result.message


def test_a_name_without_language_is_a_violation() -> None:
    result = only('<id/organisation/a> a sikg:Organisation ; skos:prefLabel "A" .')
    assert (result.severity, result.value) == ("Violation", "A")
    assert "language tag" in result.message


def test_a_reference_that_leads_nowhere_is_a_violation() -> None:
    result = only(NAMED + "<id/organisation/a> sikg:country <id/country/XX> .")
    assert result.severity == "Violation"
    assert result.path == ontology.Property.COUNTRY
    assert result.value == f"{BASE}id/country/XX"


def test_two_names_in_one_language_are_a_warning() -> None:
    found = report(NAMED + '<id/organisation/a> skos:prefLabel "B"@en .')
    assert (found.conforms, found.violations, found.warnings) == (True, 0, 1)
    assert found.results[0].severity == "Warning"


CONSORTIUM = (
    '<id/consortium/c> a sikg:Consortium, sikg:Project ; skos:prefLabel "C"@en ; '
    "sikg:startDate {} ; sikg:endDate {} ."
)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('"2022-05-02"^^xsd:date', '"2022-05-01"^^xsd:date'),
        ('"2022-06"^^xsd:gYearMonth', '"2022-05"^^xsd:gYearMonth'),
        ('"2023"^^xsd:gYear', '"2022"^^xsd:gYear'),
        ('"2022-06-01"^^xsd:date', '"2022-05"^^xsd:gYearMonth'),
        ('"2022-06-01"^^xsd:date', '"2021"^^xsd:gYear'),
        ('"2023"^^xsd:gYear', '"2022-12-31"^^xsd:date'),
    ],
)
def test_an_end_before_the_start_is_a_violation(start: str, end: str) -> None:
    result = only(in_a_row(CONSORTIUM.format(start, end)))
    assert result.severity == "Violation"
    assert result.focus == f"{BASE}id/consortium/c"
    assert result.path == ontology.Property.END_DATE
    assert result.value == end.split('"')[1]
    assert f"ends before it starts ({start.split(chr(34))[1]})" in result.message


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('"2022-05-01"^^xsd:date', '"2022-05-01"^^xsd:date'),
        ('"2022-05-31"^^xsd:date', '"2022-05"^^xsd:gYearMonth'),
        ('"2022"^^xsd:gYear', '"2022-01-01"^^xsd:date'),
        ('"2021-12"^^xsd:gYearMonth', '"2022"^^xsd:gYear'),
    ],
)
def test_a_period_that_may_be_one_conforms(start: str, end: str) -> None:
    assert report(in_a_row(CONSORTIUM.format(start, end))).results == ()


def test_dates_of_rows_that_disagree_need_not_fit_together() -> None:
    """One source says 2015 to 2016, another 2018 to 2019: a disagreement, but no wrong row."""
    first = CONSORTIUM.format('"2015"^^xsd:gYear', '"2016"^^xsd:gYear')
    second = CONSORTIUM.format('"2018"^^xsd:gYear', '"2019"^^xsd:gYear')
    found = report(
        f"{first} {second} GRAPH <id/row/x-2> {{ {first} }} GRAPH <id/row/x-3> {{ {second} }}"
    )
    assert found.violations == 0
    assert found.warnings > 0


BROKEN = "".join(
    f"<id/organisation/{number:03}> a sikg:Organisation . "
    f'<id/organisation/w{number:03}> a sikg:Organisation ; skos:prefLabel "A"@en, "B"@en . '
    for number in range(40)
) + in_a_row(CONSORTIUM.format('"2023"^^xsd:gYear', '"2022"^^xsd:gYear'))


def test_results_come_in_a_fixed_order_with_violations_first() -> None:
    found = report(BROKEN)
    assert (found.violations, found.warnings) == (41, 40)
    severities = [item.severity for item in found.results]
    assert severities == ["Violation"] * 41 + ["Warning"] * 40
    assert [item.focus for item in found.results[:41]] == sorted(
        item.focus for item in found.results[:41]
    )
    assert report(BROKEN) == found


def test_beyond_the_first_results_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.validation, "MAX_RESULTS", 5)
    found = report(BROKEN)
    assert len(found.results) == 5
    assert (found.violations, found.warnings) == (41, 40)
    assert not found.conforms
