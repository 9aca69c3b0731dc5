"""Scoring: columns, fields filled, language tags, coverage, and what a release keeps of it."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import ontology
from graph.identities.ledger import write_ledger
from graph.identities.matching import Match
from graph.identities.proposals import judgement_of, write_proposals
from graph.identity import Identity
from graph.languages import OFFICIAL, Detector
from graph.quality.scoreboard import SourceScore, read_scoreboard
from graph.report import Note
from loaders.building.build import build
from loaders.building.check import Checked
from loaders.building.proposed import count_proposed
from loaders.building.scoring import measure
from loaders.building.tagging import SHORTEST, SURE, TEXTS, check_tags
from tests.loaders.conftest import PRACTICES, Bench

ESTONIAN = (
    "Kogukonnakeskus pakub noortele tuge ja nõustamist",
    "Projekti eesmärk on vähendada üksildust eakate seas",
    "Sotsiaalse innovatsiooni kompetentsikeskus aitab ühinguid",
)
LATVIAN = "Projekta mērķis ir mazināt vientulību vecāku cilvēku vidū"


def scored(checked: Checked) -> SourceScore:
    return measure(checked, checked.report(), Identity())


def test_columns_are_told_by_their_use_and_how_often_they_are_filled(bench: Bench) -> None:
    mapping = bench.mapping(PRACTICES + "ignore: [left]\n")
    (checked,) = bench.check([mapping], things="id,name,left,new\na,A,,x\nb, ,y,\n,C,z,z\n")
    score = scored(checked)
    found = {column.name: (column.use, column.filled, column.share) for column in score.columns}
    # The third row has no key and is set aside: what it holds is not in the release.
    assert found == {
        "id": ("used", 2, 1.0),
        "name": ("used", 1, 0.5),
        "left": ("ignored", 1, 0.5),
        "new": ("unmapped", 1, 0.5),
    }
    assert score.filled == 0.75
    assert (score.rows_read, score.rows_loaded, score.rows_quarantined) == (3, 2, 1)


def test_an_empty_table_has_shares_of_nothing(bench: Bench) -> None:
    (checked,) = bench.check([bench.mapping(PRACTICES)], things="id,name\n")
    score = scored(checked)
    assert score.filled is None
    assert [column.share for column in score.columns] == [None, None]
    assert score.tags == ()


def test_cells_that_refer_to_nothing_are_dangling_links(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: country, column: c, split: ';', reference: country}")
    (checked,) = bench.check([mapping], things="id,c\na,EE;XX\nb,YY\nc,\n")
    assert scored(checked).dangling == 3  # no table describes countries here


def test_coverage_is_of_the_universe_that_the_mapping_states(bench: Bench) -> None:
    stated = bench.mapping(PRACTICES + "expect: {universe: 8}\n")
    (checked,) = bench.check([stated], things="id,name\na,A\nb,B\n")
    assert (scored(checked).universe, scored(checked).coverage) == (8, 0.25)
    (checked,) = bench.check([bench.mapping(PRACTICES)])
    assert (scored(checked).universe, scored(checked).coverage) == (None, None)


def test_notes_are_told(bench: Bench) -> None:
    (checked,) = bench.check([bench.mapping(PRACTICES)], things="id,name\na,A\n")
    checked.notes.append(Note(kind="other", text="Another.", count=5))
    assert [note.count for note in scored(checked).notes if note.kind == "other"] == [5]


ORGANISATIONS = """\
entities:
  organisation: {type: organisation, class: Organisation, key: "{id}"}
ignore: [name]
"""


def test_duplicates_proposed_are_pairs_that_nobody_has_judged(bench: Bench) -> None:
    mappings = [bench.mapping(ORGANISATIONS, name) for name in ("things", "others")]
    sources = bench.check(mappings, things="id,name\na b,A\nc,C\n", others="id,name\nd,D\n")

    def counted(ledger: Path | None = None) -> dict[str, int] | None:
        return count_proposed(bench.folder, ledger, sources, Identity())

    assert counted() is None
    pairs = [("a%20b", "c"), ("c", "d"), ("x", "y")]
    matches = [Match(f"organisation/{a}", f"organisation/{b}", 0.9, "alike") for a, b in pairs]
    write_proposals(bench.folder / "proposals.csv", matches)
    assert counted() == {"things": 2, "others": 1}
    ledger = bench.folder / "identities.csv"
    write_ledger(ledger, [judgement_of(matches[1], "different", "A", date(2026, 11, 22))])
    assert counted(ledger) == {"things": 1, "others": 0}
    bench.file("proposals.csv", "damaged")
    assert counted() is None


def test_a_tag_that_does_not_fit_is_found_with_its_rows(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: skos:prefLabel, column: name, lang: et}")
    lines = [f"{key},{text}" for key, text in zip("abc", ESTONIAN, strict=True)]
    (checked,) = bench.check(
        [mapping], things="\n".join(["id,name", *lines, f"d,{LATVIAN}", "e,Äi"])
    )
    (tag,) = scored(checked).tags
    assert (tag.column, tag.tag, tag.checked) == ("name", "et", 4)  # one word is not judged
    assert (tag.fitting, tag.differing, tag.found, tag.rows) == (3, 1, {"lv": 1}, (5,))
    assert (scored(checked).tags_judged, scored(checked).tags_differing) == (4, 1)


def test_tags_of_other_languages_and_of_none_are_not_judged(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: skos:prefLabel, column: name, lang: {column: tag}}")
    rows = "".join(f'{n},"{LATVIAN}",{tag}\n' for n, tag in enumerate(("und", "uk", "lv-LV")))
    (checked,) = bench.check([mapping], things="id,name,tag\n" + rows)
    assert [(tag.tag, tag.fitting) for tag in scored(checked).tags] == [("lv-lv", 1)]


def test_only_a_sample_of_a_long_table_is_judged(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: skos:prefLabel, column: name, lang: et}")
    table = bench.table("id,name\na,A\n")
    rows = pl.DataFrame(
        {
            table.frame.columns[0]: range(20_000),
            "id": [str(number) for number in range(20_000)],
            "name": [f"{ESTONIAN[number % 3]} {number}" for number in range(20_000)],
        },
        schema_overrides={table.frame.columns[0]: pl.Int64},
    )
    (tag,) = check_tags(mapping, Identity(), rows)
    assert tag.checked == TEXTS
    assert tag.differing == 0


def curated_texts(data: Path) -> list[tuple[str, str]]:
    """Give the texts of the project with their tags, in all official languages."""
    texts = {(row["label"], row["lang"]) for row in read(data / "terms.csv")}
    for name in ("organisations.csv", "case_studies.csv"):
        for row in read(data / name):
            texts |= {(row["name"], row["name_lang"]), (row["native_name"], row["native_lang"])}
    for row in read(data / "countries.csv"):
        texts |= {(text, name[6:]) for name, text in row.items() if name.startswith("label_")}
    for file in (ontology.path("core.ttl"), *ontology.path("schemes").glob("*.ttl")):
        texts |= set(re.findall(r'"([^"\n]+)"@([a-z]{2})', file.read_text("utf-8")))
    return sorted((text, tag) for text, tag in texts if tag in OFFICIAL and text)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_where_the_detector_is_sure_it_is_right_about_our_own_texts(data_folder: Path) -> None:
    """Precision in English, Estonian, Latvian and all: unknown rather than wrong."""
    detector = Detector()
    judged: dict[str, list[bool]] = {tag: [] for tag in OFFICIAL}
    texts = [(text, tag) for text, tag in curated_texts(data_folder) if len(text) >= SHORTEST]
    for text, tag in texts:
        guess = detector.guess(text)
        if guess.confidence >= SURE:
            judged[tag].append(guess.tag == tag)
    answers = [right for found in judged.values() for right in found]
    assert len(texts) > 1200
    assert len(answers) > 0.5 * len(texts)
    assert sum(answers) >= 0.998 * len(answers)
    for tag in ("en", "et", "lv"):
        assert len(judged[tag]) > 100
        assert all(judged[tag])


@pytest.fixture
def releases_of(bench: Bench) -> list[Path]:
    """Give the folders of two builds, the second of a longer table, of which one is kept."""
    releases = bench.releases()
    mapping = bench.mapping(PRACTICES)
    first, _ = build(releases, bench.inputs(mapping, things="id,name\na,A\n"))
    second, _ = build(releases, bench.inputs(mapping, things="id,name\na,A\nb,\n"))
    return [first.path, second.path]


def test_the_trend_over_releases_outlives_them(releases_of: list[Path]) -> None:
    first, second = map(read_scoreboard, releases_of)
    assert [point.rows_read for _, point in second.trend("things")] == [2, 1]
    assert second.history[0] == first.history[0]
    assert second.sources[0].changed == second.created != first.created
    # A thing without a name breaks the shape that asks for one, and its source is told.
    assert (first.sources[0].violations, second.sources[0].violations) == (0, 1)
