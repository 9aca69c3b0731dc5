"""Validation by profile: the same report as of the whole, however many things are alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import rdflib

import ontology
from graph.dataset import Dataset
from graph.formats import GRAPH_FORMATS
from graph.lines import Lines
from graph.profiles import profile
from graph.store import Store
from graph.validation import sort_things, validate

BASE = "http://localhost:8000/"
PREFIXES = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# What a thing may have, right and wrong: beside one another in any combination.
SAID = {
    "organisation": [
        'skos:prefLabel "A"@en',
        'skos:prefLabel "B"@en',
        'skos:prefLabel "B"@et',
        'skos:prefLabel ""@lv',
        'skos:prefLabel "plain"',
        "sikg:country <id/country/EE>",
        "sikg:country <id/country/none>",
        "sikg:country <id/organisation/0>",
        'sikg:city "Tartu"@et',
        'sikg:city "Narva"@et',
        'sikg:startDate "2021-05"^^xsd:gYearMonth',
        'sikg:startDate "2021"^^xsd:gYear',
        'sikg:endDate "2020-02-30"^^xsd:date',
        'sikg:endDate "2020-02-29"^^xsd:date',
    ],
    "funding": [
        'sikg:amount "12.5"^^xsd:decimal',
        'sikg:amount "0"^^xsd:decimal',
        'sikg:amount "-0.0000000000000000001"^^xsd:decimal',
        'sikg:amount "7"^^xsd:integer',
        'sikg:currency "EUR"',
        'sikg:currency "euro"',
        "sikg:fundingKind <id/funding-kind/total>",
        "sikg:fundingKind <id/funding-kind/none>",
        "sikg:fundingPhase <id/funding-phase/paid>",
        'sikg:fundingYear "2021"^^xsd:gYear',
        'sikg:fundingYear "21"',
    ],
    "consortium": [
        'skos:prefLabel "C"@en',
        'sikg:cofinancingRate "1"^^xsd:decimal',
        'sikg:cofinancingRate "1.0000000000000000001"^^xsd:decimal',
        'sikg:cofinancingRate "0.8"^^xsd:decimal',
        "sikg:funding <id/funding/3>",
        'sikg:startDate "2022"^^xsd:gYear',
        'sikg:endDate "2021-12"^^xsd:gYearMonth',
    ],
}
CLASSES: dict[str, list[str | None]] = {
    "organisation": ["sikg:Organisation", "sikg:Organisation, sikg:Actor", None],
    "funding": ["sikg:Funding", "sikg:Funding", None],
    "consortium": ["sikg:Consortium, sikg:Project", "sikg:Project"],
}
SHARED = """
<id/country/EE> a sikg:Country ; skos:prefLabel "Eesti"@et .
<id/funding-kind/total> a sikg:FundingKind ; skos:prefLabel "total"@en ; skos:notation "total" .
<id/funding-phase/paid> a sikg:FundingPhase ; skos:prefLabel "paid"@en ; skos:notation "Paid!" .
"""


def mixed(seed: int, number: int) -> str:
    """Give things with a choice of what is right and wrong, some of them quite alike."""
    chance = random.Random(seed)  # noqa: S311  # a seeded choice
    statements = [SHARED]
    for place in range(number):
        kind = chance.choice(list(SAID))
        class_ = chance.choice(CLASSES[kind])
        said = chance.sample(SAID[kind], chance.randrange(1, 5))
        said += [] if class_ is None else [f"a {class_}"]
        text = f"<id/{kind}/{place}> {' ; '.join(said)} ."
        statements += [text, f"GRAPH <id/row/x-{place}> {{ {text} }}"]
    return PREFIXES + "\n".join(statements)


@pytest.mark.parametrize("seed", range(3))
def test_the_report_is_that_of_the_whole(tmp_path: Path, seed: int) -> None:
    store = Store.in_memory()
    store.load(mixed(seed, 150).encode(), GRAPH_FORMATS[3], base=BASE)
    whole = validate(store)
    assert whole.violations > 50
    assert whole.warnings > 5
    assert validate(store, sort_things(Lines.dumped(store, tmp_path))) == whole


FUNDING = (
    'a sikg:Funding ; sikg:amount "1"^^xsd:decimal ; sikg:fundingKind <id/funding-kind/total> ; '
    'sikg:fundingPhase <id/funding-phase/paid> ; sikg:currency "EUR"'
)


@pytest.mark.parametrize(
    ("fine", "faulty"),
    [
        pytest.param(
            'a sikg:Organisation ; skos:prefLabel "A"@en, "B"@et',
            'a sikg:Organisation ; skos:prefLabel "A"@en, "B"@en',
            id="two names in one language",
        ),
        pytest.param(FUNDING, f'{FUNDING}, "USD"', id="two values of a sort for one"),
    ],
)
def test_what_passes_does_not_speak_for_what_fails(tmp_path: Path, fine: str, faulty: str) -> None:
    """The first thing by its address would speak for the other, if these were thought alike."""
    said = f"{PREFIXES}{SHARED}<id/x/1> {fine} . <id/x/2> {faulty} ."
    store = Store.in_memory()
    store.load(said.encode(), GRAPH_FORMATS[3], base=BASE)
    whole = validate(store)
    of_these = [item.focus for item in whole.results if "/x/" in item.focus]
    assert of_these == [f"{BASE}id/x/2"]
    assert validate(store, sort_things(Lines.dumped(store, tmp_path))) == whole


def test_numbers_are_of_all_that_are_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "".join(f"<id/organisation/{place:03}> a sikg:Organisation . " for place in range(300))
    store = Store.in_memory()
    store.load((PREFIXES + said).encode(), GRAPH_FORMATS[3], base=BASE)
    monkeypatch.setattr("graph.validation.MAX_RESULTS", 20)
    whole = validate(store)
    found = validate(store, sort_things(Lines.dumped(store, tmp_path)))
    assert found == whole
    assert (found.violations, len(found.results)) == (300, 20)


def test_the_curated_release_gets_the_same_report(dataset: Dataset, tmp_path: Path) -> None:
    lines = Lines.dumped(dataset.store, tmp_path)
    assert validate(dataset.store, sort_things(lines)) == validate(dataset.store)
    shapes = rdflib.Graph().parse(ontology.path("shapes.ttl"))
    found = profile(lines, shapes)
    assert found is not None
    assert len(found.samples()) < len(found.things) / 2


def test_things_without_iri_are_validated_with_the_whole(tmp_path: Path) -> None:
    store = Store.in_memory()
    store.load((PREFIXES + "_:b a sikg:Organisation .").encode(), GRAPH_FORMATS[3], base=BASE)
    found = validate(store, sort_things(Lines.dumped(store, tmp_path)))
    assert found.violations == validate(store).violations == 2


@pytest.mark.parametrize(
    "more",
    [
        "sh:property [ sh:path sikg:a ; sh:lessThan sikg:b ]",
        "sh:property [ sh:path ( sikg:a sikg:b ) ; sh:minCount 1 ]",
        "sh:property [ sh:path sikg:a ; sh:property [ sh:path sikg:b ; sh:minCount 1 ] ]",
        "sh:targetNode sikg:c ; sh:property [ sh:path sikg:a ; sh:minCount 1 ]",
        'sh:pattern "^http"',
    ],
)
def test_shapes_that_tell_more_apart_are_refused(tmp_path: Path, more: str) -> None:
    shapes = rdflib.Graph().parse(
        data="PREFIX sh: <http://www.w3.org/ns/shacl#> "
        f"PREFIX sikg: <https://w3id.org/sikg/ontology#> sikg:shape a sh:NodeShape ; {more} .",
        format="turtle",
    )
    with pytest.raises(ValueError, match="shape"):
        profile(Lines.dumped(Store.in_memory(), tmp_path), shapes)
