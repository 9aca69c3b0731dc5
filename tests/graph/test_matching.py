"""Names are one name through cases, scripts, accents and legal forms; other names are not."""

# Letters that look alike are what is tested.
# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from graph.errors import ParameterError
from graph.formats import GRAPH_FORMATS
from graph.identities.candidates import candidates
from graph.identities.ledger import Judgement
from graph.identities.matching import Match, propose
from graph.identities.names import read_name
from graph.identities.profiles import Profile, read_profiles
from graph.identities.proposals import judged_pairs, judgement_of, side_by_side
from graph.identities.scoring import Rarity, liken
from graph.identities.spelling import folded, latin
from graph.identity import Identity
from graph.store import Store

if TYPE_CHECKING:
    from graph.dataset import Dataset

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("Щастливеца България", "BG", "shtastlivetsa balgariya"),
        ("Хрватска Ђорђе", "RS", "hrvatska dorde"),
        ("Київ Харків", "UA", "kyiv kharkiv"),
        ("Ευρωπαϊκό Κέντρο Νεότητας", "GR", "evropaiko kentro neotitas"),
        ("Πανεπιστήμιο Μπενάκη", "CY", "panepistimio benaki"),
        ("ŽEMĖS ŪKIO Łódź Ærø", "", "zemes ukio lodz aero"),
        ("Straße", "DE", "strasse"),
        ("Volins'ka", "UA", "volinska"),
        ("d'appui", "FR", "d'appui"),
        ("ТEХНИКA", "BG", "tehnika"),  # E and A are Latin here
    ],
)
def test_every_script_becomes_plain_latin(written: str, country: str, expected: str) -> None:
    assert latin(written, country) == expected


def test_folding_makes_spellings_equal_but_no_numbers() -> None:
    assert folded("thueringen") == folded("thuringen")
    assert folded("sofiya") == folded("sofia")
    assert (folded("ii"), folded("2020"), folded("abbas")) == ("ii", "2020", "abas")


@pytest.mark.parametrize(
    ("name", "country", "words", "form"),
    [
        ("КАБРОН ООД", "BG", ("kabron",), "ООД"),
        ("KABRON OOD", "BG", ("kabron",), "ООД"),
        ('"Зора" ЕООД', "BG", ("zora",), "ЕООД"),
        ("Diakonie gemeinnützige GmbH", "DE", ("diakonie",), "gGmbH"),
        ("VšĮ „Vilties namai“", "LT", ("vilties", "namai"), "VšĮ"),
        ("Vilties namai, viešoji įstaiga", "LT", ("vilties", "namai"), "VšĮ"),
        ("UAB Saulė", "LT", ("saule",), "UAB"),
        ("Abi MTÜ", "EE", ("abi",), "MTÜ"),
        ("Abi mittetulundusühing", "EE", ("abi",), "MTÜ"),
        ('SIA "Lāse"', "LV", ("lase",), "SIA"),
        ("Firma Sp. z o.o.", "PL", ("firma",), "sp. z o.o."),
        ("FIRMA SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", "PL", ("firma",), "sp. z o.o."),
        ("SAMORZĄD WOJEWÓDZTWA LUBELSKIEGO", "PL", ("lubelskiego",), "samorząd województwa"),
        ("Napfény Kft.", "HU", ("napfeni",), "Kft."),
        ("Škola s. r. o.", "CZ", ("skola",), "s.r.o."),
        ("Kerry Education and Training Board", "IE", ("keri",), "ETB"),
        ("Kuća d.o.o.", "HR", ("kuca",), "d.o.o."),
        ("ΑΚΤΗ Α.Ε.", "GR", ("akti",), "ΑΕ"),
        ("GmbH", "DE", ("gmbh",), None),
        ("Uppsala Arts Centre (UAC)", "SE", ("upsala", "arts", "centre"), None),
        ("P. O. Stiftelsen Nord", "SE", ("po", "stiftelsen", "nord"), None),
    ],
)
def test_the_legal_form_is_taken_apart_in_every_writing(
    name: str, country: str, words: tuple[str, ...], form: str | None
) -> None:
    read = read_name(name, country)
    assert read.words == words
    assert (read.form and read.form.form) == form


COMMON = ["University of Linköping", "Jönköping University", "Umeå University", "Uppsala Hospital"]


def score(left: str, right: str, country: str = "SE", more: Sequence[str] = ()) -> float:
    texts = [left, right, *COMMON, *COMMON, *more]
    names = [read_name(text, country) for text in texts]
    rarity = Rarity((name, country) for name in names)
    found = liken(names[0], names[1], rarity, country).score
    assert found == liken(names[1], names[0], rarity, country).score
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Linköping University", "LINKÖPING UNIVERSITY"),
        ("Linköping University", "University, Linköping"),
        ("Stockholm Resilience Centre", "Stockholm Resilience Ctr."),
        ("Stockholm Resilience Centre", "Stockholm Resil. Centre"),
        ("Stockholm Resilience Centre", "Stokholm Resilience Centre"),
        ("Kulturhuset Vega", "Kultur huset Vega"),
    ],
)
def test_one_name_written_otherwise_is_alike(left: str, right: str) -> None:
    assert score(left, right) > 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Linköping University", "Jönköping University"),
        ("Kulturhuset 2", "Kulturhuset 3"),
        ("Skola II", "Skola III"),
        ("Vega stiftelse", "Vega AB"),
        ("Institute of Physics", "Institute of Chemistry"),
        ("Vega", "Vega Nordic Research Holding"),
    ],
)
def test_another_name_is_not(left: str, right: str) -> None:
    assert score(left, right) < 0.86


def profile(
    thing: str, *names: str, country: str = "SE", source: str = "", pic: str = ""
) -> Profile:
    held = {"PIC": frozenset({pic})} if pic else {}
    return Profile(
        f"organisation/{thing}",
        names,
        frozenset({country} if country else ()),
        identifiers=held,
        sources=frozenset({source or thing}),
    )


def pairs(matches: Sequence[Match]) -> set[tuple[str, str]]:
    return {(m.left.partition("/")[2], m.right.partition("/")[2]) for m in matches}


def test_proposals_stay_within_a_country_and_leave_out_what_was_judged() -> None:
    profiles = [
        profile("a", "Kulturhuset Vega"),
        profile("b", "KULTURHUSET VEGA"),
        profile("c", "Kulturhuset Vega", country="DK"),
        profile("d", "Kulturhuset Vega", country=""),
        profile("e", "Stadsteatern"),
    ]
    assert pairs(propose(profiles)) == {("a", "b"), ("a", "d"), ("b", "d"), ("c", "d")}
    judged = [("organisation/a", "organisation/b")]
    assert ("a", "b") not in pairs(propose(profiles, judged=judged))
    assert pairs(propose(profiles[:1], profiles[1:3])) == {("a", "b")}


def test_who_tells_no_country_is_compared_where_it_is_active() -> None:
    home = profile("a", "Kulturhuset Vega")
    guest = replace(profile("b", "Kulturhuset Vega", country=""), active=frozenset({"DK"}))
    other = replace(guest, thing="organisation/c", sources=frozenset({"c"}))
    assert pairs(propose([home, guest, other])) == {("b", "c")}
    [match] = propose([guest, other])
    assert "one country of activity: DK" in match.evidence
    assert ("Active in", True) in {(fact.label, fact.same) for fact in side_by_side(guest, other)}


def test_of_two_rivals_of_one_source_neither_is_proposed() -> None:
    one, two = profile("x1", "Vega hus", source="x"), profile("x2", "Vega  Hus", source="x")
    assert pairs(propose([profile("a", "Vega Hus")], [one, two])) == set()
    assert pairs(propose([profile("a", "Vega Hus")], [one])) == {("a", "x1")}


def test_a_conflict_is_told_and_stands_last() -> None:
    profiles = [
        profile("a", "Kulturhuset Vega", pic="999993953"),
        profile("b", "Kulturhuset Vega", pic="998802502"),
        profile("c", "Stadsteatern Nord"),
        profile("d", "Stadstaetern Nord"),
    ]
    found = propose(profiles)
    assert [match.left for match in found] == ["organisation/c", "organisation/a"]
    assert found[1].conflict == "different PIC: 999993953 and 998802502"
    assert "one country: SE" in found[0].evidence
    judged = judgement_of(found[1], "same", " Anna  Berg ", DAY)
    assert judged.evidence.endswith("despite different PIC: 999993953 and 998802502")
    assert judged.reviewer == "Anna Berg"
    with pytest.raises(ParameterError):
        judgement_of(found[0], "same", "=Anna", DAY)


def test_a_mistyped_and_turned_name_is_found_among_many() -> None:
    places = [f"Kommun {a}{b}stad" for a in ("Norr", "Sör", "Väs", "Ös") for b in "abcdefghij"]
    names = [(read_name(text, "SE"), "SE") for text in ["Stadsteatern Göteborg", *places]]
    asked = [(read_name("Götebrog, Stadsteatern", "SE"), "SE")]
    assert (0, 0) in set(candidates(asked, names))
    assert all(first < second for first, second in candidates(names))


def test_what_was_judged_counts_for_what_things_are_now() -> None:
    line = Judgement("organisation/a", "organisation/b", "different", None, "x", "Anna", DAY)
    assert ("organisation/a", "organisation/z") in judged_pairs(
        [line], {"organisation/b": "organisation/z"}
    )


def test_profiles_are_read_from_a_release(dataset: Dataset) -> None:
    everything = read_profiles(dataset.store, dataset.identity)
    assert len(everything) > 100
    (kysk,) = read_profiles(dataset.store, dataset.identity, ["organisation/ee-kysk"])
    assert kysk in everything
    assert kysk.countries == {"EE"}
    assert {"National Foundation of Civil Society", "Kodanikuühiskonna Sihtkapital"} <= set(
        kysk.names
    )
    assert "KÜSK" not in kysk.names
    assert kysk.sources == {"organisations"}
    other = profile("b", *kysk.names[:1], country="EE")
    shared = {fact.label: fact.same for fact in side_by_side(kysk, other)}
    assert (shared["Names"], shared["Country"], shared["Homepage"]) == (True, True, False)


def test_the_countries_of_activity_of_who_tells_none_are_read() -> None:
    store, identity = Store.in_memory(), Identity()
    store.load(
        b"""
        PREFIX sikg: <https://w3id.org/sikg/ontology#> BASE <http://localhost:8000/id/>
        <organisation/a> a sikg:Organisation ; sikg:city "Vega"@en .
        <organisation/b> a sikg:Organisation ; sikg:country <country/SE> .
        <participation/1> sikg:participant <organisation/a> ; sikg:participatesIn <project/p> .
        <participation/2> sikg:participant <organisation/b> ; sikg:participatesIn <project/p> .
        <project/p> sikg:country <country/DK> , <country/LV> .
        """,
        GRAPH_FORMATS[0],
    )
    one, other = read_profiles(store, identity)
    assert one.active == one.places == {"DK", "LV"}
    assert (sorted(other.active), sorted(other.places)) == ([], ["SE"])
    assert read_profiles(store, identity, ["organisation/a"]) == [one]
