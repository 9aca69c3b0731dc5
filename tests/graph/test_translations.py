"""What language tags tell of translations, and which of several names is chosen."""

from __future__ import annotations

import pytest

from graph.labels import best
from graph.terms import text
from graph.translations import Origin, is_machine_translation, origin


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("et", Origin("et")),
        ("de-AT", Origin("de-AT")),
        ("", Origin("")),
        ("et-t-en", Origin("et", "en")),
        ("et-t-en-t0-und", Origin("et", "en", machine=True)),
        ("ET-T-EN-US-T0-Somebody", Origin("et", "en-us", machine=True)),
        ("et-t-t0-und", Origin("et", "", machine=True)),
        ("sr-Latn-t-sr-cyrl-m0-iso", Origin("sr-latn", "sr-cyrl")),
        ("et-t-en-u-nu-latn", Origin("et", "en")),
        ("et-x-t-en-t0-und", Origin("et-x-t-en-t0-und")),
    ],
)
def test_tags_tell_of_translations(tag: str, expected: Origin) -> None:
    """Original texts, translations by persons and machines, other extensions (RFC 6497, 2.2)."""
    assert origin(tag) == expected
    assert is_machine_translation(tag) == expected.machine


def test_of_one_language_a_machine_is_asked_last() -> None:
    """Also before a variety of the language whose tag comes later in the alphabet."""
    machine, person = text("masin", "et-t-en-t0-und"), text("inimene", "et-x-ours")
    chosen = best([machine, person], ["et", "en"])
    assert chosen is not None
    assert chosen.text == "inimene"


def test_a_machine_is_asked_before_another_language_is_taken() -> None:
    """A reader is served in the own language where that can be."""
    chosen = best([text("machine", "en"), text("masin", "et-t-en-t0-und")], ["et", "en"])
    assert chosen is not None
    assert (chosen.text, chosen.asked) == ("masin", True)
