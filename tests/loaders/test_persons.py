"""Who is taken for a natural person, and who is not. All names of persons are made up."""

# ruff: noqa: RUF001  # names in Cyrillic and Greek are what is tested

from __future__ import annotations

from functools import cache

import pytest

from loaders.privacy.masking import MASK, Masker
from loaders.privacy.numbers import has_date, has_number, is_born
from loaders.privacy.persons import Judge, Why

PERSONS = [
    ("Yordanka Peperudska", Why.GIVEN_NAME),
    ("ЙОРДАНКА ПЕПЕРУДСКА", Why.GIVEN_NAME),
    ("ЕТ ГЛОРИЯ - ЙОРДАНКА ПЕПЕРУДСКА", Why.SOLE_TRADER),
    ("ET GLORIYa - YORDANKA PEPERUDSKA", Why.SOLE_TRADER),
    ("Ing. Bořivoj Křepelkovský", Why.TITLE),
    ("Křepelkovský Bořivoj, nar. 12. 3. 1970", Why.NUMBER),
    ("Tømrer Grethe Solsortgaard", Why.GIVEN_NAME),
    ("Praxis Dr. Petra Quendelhuber", Why.TITLE),
    ("Zahnarztpraxis Quendelhuber", Why.PROFESSION),
    ("Autohaus Quendel Inh. Q. Quendelhuber", Why.MARKER),
    ("Schreinerei Zwetschgenrainer e.K.", Why.SOLE_TRADER),
    ("Quendelhuber & Söhne GbR Petra und Otto Quendelhuber", Why.GIVEN_NAME),
    ("Γιώργος Παπαγαλόπουλος", Why.GIVEN_NAME),
    ("Siobhán Ní Fuiseoigín", Why.GIVEN_NAME),
    ("FIE Ülle Pihlakmets", Why.SOLE_TRADER),
    ("Füüsiline isik", Why.DECLARED),
    ("Tmi Pirjo Kottaraisniemi", Why.SOLE_TRADER),
    ("Mme Aurélie Pimprenelle", Why.GIVEN_NAME),
    ("Kobasičar, obrt, vl. Zvonimir Kobasičar", Why.MARKER),
    ("Szarkaházy Ildikó e.v.", Why.SOLE_TRADER),
    ("Ditta individuale Giuseppina Fringuelli", Why.SOLE_TRADER),
    ("E. Zylienės įmonė", Why.INITIAL),
    ("Aivars Zvirbulēns", Why.GIVEN_NAME),
    ("IK Zvirbulēns", Why.SOLE_TRADER),
    ("Ċensu Balzunetta", Why.GIVEN_NAME),
    ("Joost van der Kwikstaart", Why.GIVEN_NAME),
    ("PIEGŻANOWSKI ZBIGNIEW FIRMA USŁUGOWA", Why.GIVEN_NAME),
    ("Osoba fizyczna", Why.DECLARED),
    ("Begünstigte oder Begünstigter (Gründerrichtlinie A)", Why.DECLARED),
    ("Graça da Pintassilva", Why.GIVEN_NAME),
    ("Măriuca Cintezoiu P.F.A.", Why.SOLE_TRADER),
    ("Drozdovičová Ľudmila", Why.GIVEN_NAME),
    ("KOSOVEL ALOJZ S.P.", Why.GIVEN_NAME),
    ("Paloma Golondrina Ruiz, 12345678Z", Why.NUMBER),
    ("Gunhild Steglitsa", Why.GIVEN_NAME),
    ("Mr J. Wagtail", Why.TITLE),
    ("Wagtail, J.", Why.INITIAL),
    ("Universität Ulm, Prof. Dr. Petra Quendelhuber", Why.TITLE),
    ("Zzyzx Qwertz", Why.UNEXPLAINED),
]

ORGANISATIONS = [
    "Община Габрово",
    "Obshtina Gabrovo",
    "Фондация „Йорданка Пеперудска“",
    "АЛФА КОМЕРС ЕООД",
    "Statutární město Ostrava",
    "Křepelkovský s.r.o.",
    "Esbjerg Kommune",
    "Dr. Petra Quendelhuber GmbH",
    "Petra-Quendelhuber-Schule",
    "Verein Kinderhaus e.V.",
    "Landkreis Emsland",
    "Δήμος Αθηναίων",
    "Comhairle Contae Mhaigh Eo",
    "Glasgow City Council",
    "Jaan Tõnissoni Gümnaasium",
    "Sihtasutus Läänemaa",
    "Helsingin kaupunki",
    "Fondation Aurélie Pimprenelle",
    "Dječji vrtić Smješko",
    "Barcs Város Önkormányzata",
    "Szent Ildikó Gimnázium",
    "Comune di Fringuello",
    "Rīgas dome",
    "SIA Zvirbulis",
    "Lietuvos Respublikos finansų ministerija",
    'UAB "Petras ir partneriai"',
    "Gemeente Ede",
    "FUNDACJA IM. ZBIGNIEWA PIEGŻANOWSKIEGO",
    "Uniwersytet Warszawski",
    "POLMAX SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ",
    "Santa Casa da Misericórdia",
    "Primăria Cluj",
    "Základná škola Horná",
    "Občina Trbovlje",
    "Ayuntamiento de Burgos",
    "Kungsbacka kommun",
    "Caritas",
    "",
]


@cache
def judge() -> Judge:
    """Give one judge for all tests; reading its lists takes most of a second."""
    return Judge()


@pytest.mark.parametrize(("name", "why"), PERSONS, ids=[name for name, _ in PERSONS])
def test_a_person_is_told_and_by_what(name: str, why: Why) -> None:
    assert judge().is_person(name)
    assert judge().why(name) == why


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_an_organisation_is_left(name: str) -> None:
    assert not judge().is_person(name), judge().why(name)


@pytest.mark.parametrize("name", [name for name, _ in PERSONS])
def test_capitals_and_blanks_change_nothing(name: str) -> None:
    assert judge().is_person(f"  {name} ")
    if not name.isupper() and "e.v." not in name:
        assert judge().is_person(name.upper())


@pytest.mark.parametrize(
    "text",
    [
        "44051401359",  # Poland, with its check digit
        "37605030299",  # Estonia and Lithuania
        "7523169263",  # Bulgaria, born in 1875
        "1800101221144",  # Romania
        "736028/5163",  # Czechia and Slovakia, a woman
        "161175-19997",  # Latvia
        "131052-308T",  # Finland
        "070761-4285",  # Denmark
        "811218-9876",  # Sweden
        "RSSMRA85T10A562S",  # Italy
        "X1234567L",  # Spain, a foreigner
    ],
)
def test_numbers_of_persons_are_told(text: str) -> None:
    assert has_number(text)
    assert has_number(f"NN ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "44051401358",  # a wrong check digit
        "40003032949",  # a company of Latvia
        "556016-0680",  # a company of Sweden, whose month is none
        "990230-1234",  # no day of the calendar
        "12345678",
        "03.2.1-LVPA-K-802-01-0058",
        "12345678A",  # a wrong letter
        "",
    ],
)
def test_numbers_of_organisations_and_of_nobody_are_left(text: str) -> None:
    assert not has_number(text)


def test_days_of_birth_and_other_days() -> None:
    assert is_born("geb. 1.2.1970")
    assert is_born("(*01.02.1970)")
    assert not is_born("Stand 01.02.2016")
    assert has_date("Stand 01.02.2016")
    assert not has_date("Version 31.02.2016")


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("Praxis Petra Quendelhuber", "Beratung der Praxis", "Beratung der Praxis"),
        ("Petra Quendelhuber", "Frau QUENDELHUBER lernt", f"Frau {MASK} lernt"),
        ("Zbigniew Piegżanowski", "szkolenie Piegżanowskiego", f"szkolenie {MASK}"),
        ("Йорданка Пеперудска", "Курс на Peperudska", f"Курс на {MASK}"),
        (
            "Natürliche Person: Petra",
            "Personen und natürliche Petra",
            f"Personen und natürliche {MASK}",
        ),
        ("Kosovel Alojz s.p.", "KOSOVEL-Alojz: nakup", f"{MASK}-{MASK}: nakup"),
        ("Petra Otto", "a motto peters out", "a motto peters out"),
        ("", "nobody", "nobody"),
    ],
)
def test_the_words_of_a_name_are_masked_in_texts(name: str, text: str, masked: str) -> None:
    """Whatever their case, script and ending; words of a trade are left."""
    masker = Masker(judge())
    assert masker.masked(text, masker.stems([name])) == masked
