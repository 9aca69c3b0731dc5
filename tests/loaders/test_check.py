"""Faulty rows are set aside, with all that depends on them, before anything is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.errors import ExpectationError, StrictError
from loaders.building.check import Checked, enforce
from loaders.reading.readers import ROW
from loaders.transforms import REASONS

if TYPE_CHECKING:
    from loaders.language.mapping import SourceMapping
    from tests.loaders.conftest import Bench

ORGANISATIONS = """\
entities:
  organisation:
    type: organisation
    class: Organisation
    key: "{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: foaf:homepage, column: website, as: iri}
"""
PARTICIPATION = """\
entities:
  participation:
    type: participation
    class: Participation
    key: "{id}"
    unique: true
    properties:
      - {property: participant, column: organisation, reference: organisation}
      - {property: role, column: role, reference: role}
"""
# A practice refers to a funding that a participation's row describes: a chain over three tables.
NOTES = """\
entities:
  practice:
    type: practice
    class: Practice
    key: "{id}"
    properties:
      - {property: rdfs:seeAlso, column: participation, reference: participation}
"""
NOWHERE = "refers to no {} that exists (value {!r})"
GOOD = {
    "organisations": "id,name,website\na,A,https://a.example\nb,B,\n",
    "participation": "id,organisation,role\np,a,partner\nq,b,lead_partner\n",
    "notes": "id,participation\nx,p\ny,q\nz,\n",
}


@pytest.fixture(name="mappings")
def _mappings(bench: Bench) -> list[SourceMapping]:
    return [
        bench.mapping(NOTES, "notes"),
        bench.mapping(PARTICIPATION, "participation"),
        bench.mapping(ORGANISATIONS, "organisations"),
    ]


def loaded(sources: list[Checked]) -> dict[str, list[int]]:
    """Give the numbers of the good rows by source."""
    return {source.mapping.name: source.good[ROW].to_list() for source in sources}


def problems(sources: list[Checked]) -> list[str]:
    """Give all problems as sentences."""
    return [problem.sentence() for source in sources for problem in source.problems]


def test_good_tables_load_whole(bench: Bench, mappings: list[SourceMapping]) -> None:
    sources = bench.check(mappings, **GOOD)
    assert loaded(sources) == {"notes": [2, 3, 4], "participation": [2, 3], "organisations": [2, 3]}
    assert problems(sources) == []


def test_a_row_set_aside_takes_along_what_refers_to_it_over_all_sources(
    bench: Bench, mappings: list[SourceMapping]
) -> None:
    broken = GOOD["organisations"].replace("https://a.example", "a example")
    sources = bench.check(mappings, **{**GOOD, "organisations": broken})
    assert loaded(sources) == {"notes": [3, 4], "participation": [3], "organisations": [3]}
    assert problems(sources) == [
        f"notes.csv, row 2, column participation: {NOWHERE.format('participation', 'p')}",
        f"participation.csv, row 2, column organisation: {NOWHERE.format('organisation', 'a')}",
        f"organisations.csv, row 2, column website: {REASONS['iri']} (value 'a example')",
    ]


def test_a_dangling_reference_is_set_aside(bench: Bench, mappings: list[SourceMapping]) -> None:
    dangling = GOOD["participation"] + "r,me,partner\ns,a,no_such_role\n"
    sources = bench.check(mappings, **{**GOOD, "participation": dangling})
    assert loaded(sources)["participation"] == [2, 3]
    assert problems(sources) == [
        f"participation.csv, row 4, column organisation: {NOWHERE.format('organisation', 'me')}",
        f"participation.csv, row 5, column role: {NOWHERE.format('role', 'no_such_role')}",
    ]


def test_rows_that_a_reader_sets_aside_count_too(
    bench: Bench, mappings: list[SourceMapping]
) -> None:
    ragged = GOOD["organisations"].replace("b,B,", "b,B")
    sources = bench.check(mappings, **{**GOOD, "organisations": ragged})
    assert loaded(sources) == {"notes": [2, 4], "participation": [2], "organisations": [2]}


def test_a_duplicate_leaves_the_first_row(bench: Bench, mappings: list[SourceMapping]) -> None:
    doubled = GOOD["organisations"] + "a,Again,\n"
    sources = bench.check(mappings, **{**GOOD, "organisations": doubled})
    assert loaded(sources)["organisations"] == [2, 3]
    assert problems(sources) == [
        "organisations.csv, row 4, column id: the key stands in row 2 already (value 'a')"
    ]


def test_a_row_with_two_problems_counts_once(bench: Bench, mappings: list[SourceMapping]) -> None:
    broken = "id,organisation,role\np,nobody,nothing\nq,b,partner\n"
    sources = bench.check(mappings, **{**GOOD, "participation": broken})
    (source,) = [item for item in sources if item.mapping.name == "participation"]
    assert (len(source.problems), source.rows_aside) == (2, 1)
    report = source.report(statements=7)
    assert (report.rows_read, report.rows_loaded, report.statements) == (2, 1, 7)
    assert {item.column for item in report.quarantined} == {"organisation", "role"}


def test_a_report_names_columns_not_mapped_and_ignored(bench: Bench) -> None:
    mapping = bench.mapping(ORGANISATIONS + "ignore: [old]\n", "organisations")
    table = "id,name,website,old,new\na,A,,1,2\n"
    (source,) = bench.check([mapping], organisations=table)
    report = source.report()
    assert report.columns_ignored == ("old",)
    assert report.columns_unmapped == ("new",)


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{rows: [1, 3]}", None),
        ("{rows: [2, 2], quarantined: 1}", None),
        ("{rows: [3, 9]}", "organisations: 2 rows would load from organisations.csv, 3 to 9 are"),
        ("{rows: [0, 1]}", "organisations: 2 rows would load from organisations.csv, 0 to 1 are"),
        ("{quarantined: 0}", "1 rows of organisations.csv would be set aside, at most 0 are"),
    ],
)
def test_bounds_stop_a_build_and_say_so(bench: Bench, expect: str, message: str | None) -> None:
    mapping = bench.mapping(f"{ORGANISATIONS}expect: {expect}\n", "organisations")
    table = "id,name,website\na,A,\nb,B,\nc,C,not an address\n"
    sources = bench.check([mapping], organisations=table)
    if message is None:
        enforce(sources)
        return
    with pytest.raises(ExpectationError) as caught:
        enforce(sources)
    assert message in str(caught.value)
    assert "first problem: organisations.csv, row 4, column website" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_strict_build_stops_at_any_problem(bench: Bench, mappings: list[SourceMapping]) -> None:
    sources = bench.check(mappings, **GOOD)
    enforce(sources, strict=True)
    sources = bench.check(mappings, **{**GOOD, "notes": "id,participation\nx,nowhere\n"})
    with pytest.raises(StrictError, match=r"1 problems in 1 sources.*notes\.csv, row 2"):
        enforce(sources, strict=True)


def test_progress_is_told_of_each_source(bench: Bench, mappings: list[SourceMapping]) -> None:
    from loaders.building.check import read_sources  # noqa: PLC0415  # beside its use

    steps: list[str] = []

    class Told:
        def step(self, description: str, total: int) -> None:
            steps.append(f"{description} {total}")

        def advance(self) -> None:
            steps.append(".")

    for name, content in GOOD.items():
        bench.file(f"{name}.csv", content)
    read_sources(mappings, bench.folder, Told())
    assert steps == ["Reading tables 3", ".", ".", "."]
