"""Languages of texts: all official ones are known, and the ranks are likelihoods."""

from __future__ import annotations

import pytest

from graph.languages import OFFICIAL, Detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def test_all_official_languages_are_ranked(detector: Detector) -> None:
    ranked = detector.rank("Il-proġett jgħin liż-żgħażagħ isibu xogħol")
    assert {guess.tag for guess in ranked} == set(OFFICIAL)
    assert sum(guess.confidence for guess in ranked) == pytest.approx(1, abs=1e-3)
    assert ranked[0].tag == "mt"


def test_capitals_do_not_change_the_language(detector: Detector) -> None:
    text = "Fejlesztések és közvilágítás korszerűsítése"
    assert detector.guess(text).tag == detector.guess(text.upper()).tag == "hu"


def test_fewer_languages_can_be_asked_for() -> None:
    assert Detector(["et", "fi"]).guess("The town helps the young").tag in {"et", "fi"}
