"""Names in different languages are compared by what their words mean; what is unknown stays."""

from __future__ import annotations

from importlib import resources
from typing import cast

import pytest
from ruamel.yaml import YAML

from graph.identities.choosing import THRESHOLD
from graph.identities.concepts import meant
from graph.identities.matching import propose
from graph.identities.names import read_name
from graph.identities.profiles import Profile
from graph.identities.scoring import Rarity, liken
from graph.identities.spelling import folded, latin

TRANSLATIONS = [
    ("FI", "Suomen Verenpaineyhdistys", "Finlands Hypertensionsförening"),
    ("HU", "Magyar Hypertonia Társaság", "Hungarian Society of Hypertension"),
    ("DE", "Deutsches Archäologisches Institut", "German Archaeological Institute"),
    ("DE", "Universitätsklinikum Rostock", "Rostock University Clinic"),
    ("UA", "Київський національний університет культури", "Kyiv National University of Culture"),
    ("GR", "Εθνική βιβλιοθήκη της Ελλάδος", "National Library of Greece"),
    ("CZ", "Národní knihovna České republiky", "National Library of the Czech Republic"),
    ("ES", "Real Sociedad Española de Química", "Royal Spanish Society of Chemistry"),
    ("LT", "Lietuvos sveikatos mokslų universitetas", "Lithuanian University of Health Sciences"),
    ("EE", "Eesti Maaülikool Tartus", "Eesti Maaülikool, Tartu"),
    ("LV", "Latvijas Jūras akadēmija", "Latvian Maritime Academy"),
]
ENGLISH = ["Karelian Music Academy", "Rostock Institute of Physics", "National Bank of Greece"]


def _profiles(source: str, country: str, *names: str) -> list[Profile]:
    return [
        Profile(
            f"organisation/{source}-{n}", (name,), frozenset({country}), sources=frozenset({source})
        )
        for n, name in enumerate(names)
    ]


def _listed() -> dict[str, list[str]]:
    text = (resources.files("graph.names") / "concepts.yaml").read_text("utf-8")
    return cast("dict[str, list[str]]", YAML(typ="safe", pure=True).load(text))


def test_each_word_of_the_list_has_one_concept() -> None:
    of: dict[tuple[str, bool], str] = {}
    for concept, words in _listed().items():
        assert concept.isascii(), concept
        for word in words:
            key = (folded(latin(word.removesuffix("*"))), word.endswith("*"))
            assert key[0].isalnum(), word
            assert of.setdefault(key, concept) == concept, f"{word} under {of[key]} and {concept}"


@pytest.mark.parametrize(("country", "one", "other"), TRANSLATIONS)
def test_translations_are_proposed_among_others(country: str, one: str, other: str) -> None:
    [match] = propose(
        _profiles("list", country, one), _profiles("register", country, other, *ENGLISH)
    )
    assert match.right == "organisation/register-0"


def test_the_evidence_says_that_meanings_were_compared_and_which_names() -> None:
    country, one, other = TRANSLATIONS[0]
    [match] = propose(_profiles("list", country, one), _profiles("register", country, other))
    assert f"“{one}” and “{other}”; compared by what their words mean" in match.evidence
    [same] = propose(_profiles("list", country, one), _profiles("register", country, one))
    assert "mean" not in same.evidence
    assert same.score > match.score


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Fraunhofer Donetsk Descartes", ("fraunhofer", "donetsk", "descartes")),
        ("Bordeaux Population", ("bordeaux", "population")),
        ("Universitas", ("universitas",)),  # one word: a concept alone is nobody
        ("Waldorfschule Eisenach", ("waldorf", "school", "eisenach")),
        ("Forschungsinstitut Nordlicht", ("research", "institute", "nordlicht")),
        ("Dom an der Elbe", ("house", "an", "der", "elbe")),
    ],
)
def test_words_are_taken_apart_and_unknown_ones_stay(name: str, words: tuple[str, ...]) -> None:
    assert meant(read_name(name, "DE")).words == words


def test_a_typing_error_is_still_one_where_the_rest_of_a_name_has_concepts() -> None:
    """Both towns stand in several names, so that neither is a typing error of the other."""
    towns = [f"{town} {body}" for town in ("Linköping", "Jönköping") for body in ("Hamn", "Slott")]
    [match] = propose(
        _profiles("list", "SE", "Linkoeping Universtiy Hospital"),
        _profiles(
            "register",
            "SE",
            "Linköping University Hospital",
            "Jönköping University Hospital",
            *towns,
        ),
    )
    assert match.right == "organisation/register-0"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("IRT SystemX", "Institut de Recherche Technologique SystemX"),
        ("KISO Nordlicht", "Kontor International Social Organisations Nordlicht"),
    ],
)
def test_an_acronym_within_a_name_is_told_from_first_letters(short: str, long: str) -> None:
    whole, broken = (
        read_name(long),
        read_name(long.replace(" International", "").replace("Rech", "L")),
    )
    asked, rarity = read_name(short), Rarity([(whole, "")])
    assert liken(asked, whole, rarity).score > THRESHOLD > liken(asked, broken, rarity).score
    assert liken(whole, asked, rarity).score == liken(asked, whole, rarity).score
