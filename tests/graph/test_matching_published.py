"""Proposals on published names reach what the documentation says, where those files are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.matching import gold
from benchmarks.matching.gold import Gold
from benchmarks.matching.matchers import ours
from benchmarks.matching.measuring import tally
from benchmarks.matching.merging import merge_mistyped

pytestmark = pytest.mark.shared
_COUNTRIES = frozenset(("EE", "LV", "LT", "BG", "GR"))  # few, so that it takes a second


def _part(whole: Gold) -> Gold:
    return Gold(
        whole.name,
        tuple(item for item in whole.register if item.countries & _COUNTRIES),
        tuple(item for item in whole.questions if item.profile.countries & _COUNTRIES),
    )


@pytest.mark.usefixtures("shared_folder")
def test_altered_names_are_found_and_hardly_ever_mistaken() -> None:
    asked = _part(gold.altered(reported=True))
    found = tally(asked.questions, ours(asked), 0.0)
    assert found.answerable > 100
    assert found.precision >= 0.99
    assert found.recall >= 0.9


def test_cyrillic_names_are_found_by_their_transliteration(shared_folder: Path) -> None:
    assert (shared_folder / "data/published/kohesio/bulgarian-beneficiaries.tsv").is_file()
    asked = gold.bulgarian(reported=True)
    found = tally(asked.questions, ours(asked), 0.0)
    assert found.answerable > 1000
    assert found.precision >= 0.99
    assert found.recall >= 0.9


@pytest.mark.usefixtures("shared_folder")
def test_mistyped_identifiers_join_nobody_to_another() -> None:
    found = merge_mistyped()
    assert found.wrong == 0
    assert found.right > 0.9 * found.things
