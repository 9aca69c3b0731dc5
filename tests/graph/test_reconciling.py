"""Reconciling: pieces, the index of names, candidates and their scores, and what is matched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph.dataset import Dataset
from graph.errors import NotFoundError, StorageError
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.labels import Names
from graph.reconciling.attributes import attributes_of, find_attribute, read_values
from graph.reconciling.comparing import Given, Held, agreement
from graph.reconciling.extending import ALL, Column, extend
from graph.reconciling.index import NameIndex
from graph.reconciling.kinds import find_type, types_of
from graph.reconciling.making import FOLDER, follow, make
from graph.reconciling.matching import Candidate, Condition, NameQuery, reconcile
from graph.reconciling.pieces import PIECES, cut, words_of
from graph.search import Name
from graph.terms import Term, iri, text

BASE = Identity().base


def _one(dataset: Dataset, name: str, *beside: tuple[str, Given], **how: object) -> list[Candidate]:
    conditions = tuple(
        Condition(attribute, (given,))
        for pid, given in beside
        if (attribute := find_attribute(pid)) is not None
    )
    assert len(conditions) == len(beside)
    query = NameQuery(name, conditions=conditions, **how)  # type: ignore[arg-type]
    return reconcile(dataset, [query])[0]


# Pieces


def test_pieces_are_of_words_and_come_once_a_name() -> None:
    numbers, owners = cut([["tartu", "tar"], [], ["ut"]])
    assert owners.tolist() == [0, 0, 0, 0, 0, 0, 2, 2]
    again, _ = cut([["tar", "tartu"]])
    assert sorted(numbers[owners == 0]) == sorted(again)  # the order of words tells nothing
    assert numbers.max() < PIECES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Αναπτυξιακή Καρδίτσας", "Anaptixiaki Karditsas"),
        ("Тартуски университет", "Tartuski universitet"),
        ("Müller-Straße", "MUELLER STRASSE"),
    ],
)
def test_names_have_one_spelling_in_all_scripts(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


# The index


def test_the_index_holds_every_name_of_every_kind(dataset: Dataset) -> None:
    facts = Facts(dataset.release.facts_path)
    named = facts.ask(
        "SELECT DISTINCT kind FROM thing JOIN label ON label.subject = thing.id "
        "WHERE kind IS NOT NULL"
    )
    without_type = {"scheme"}
    assert set(dataset.names.kinds) == {kind for (kind,) in named} - without_type
    labels = facts.ask(
        "SELECT count(DISTINCT (subject, value)) FROM (SELECT subject, value FROM label UNION "
        "SELECT subject, value FROM alt_label UNION SELECT subject, value FROM acronym) "
        "WHERE subject IN (SELECT id FROM thing WHERE kind = 'organisation')"
    )
    near = dataset.names.near("Tartu", ["organisation"], most=10_000)
    assert {item.thing for item in near} >= {"organisation/ee-ut"}
    assert dataset.names.size > labels[0][0] > 200
    assert dataset.names.has("organisation/ee-ut")
    assert not dataset.names.has("organisation/ee-utt")
    assert not dataset.names.has("unicorn/ee-ut")


def test_names_of_one_kind_only_are_near_where_one_is_wanted(dataset: Dataset) -> None:
    everything = dataset.names.near("children", most=50)
    assert {item.thing.partition("/")[0] for item in everything} > {"theme", "target-group"}
    some = dataset.names.near("children", ["theme", "target-group"], most=50)
    assert {item.thing for item in some} >= {"theme/children", "target-group/children"}
    assert {item.thing.partition("/")[0] for item in some} == {"theme", "target-group"}
    assert dataset.names.near("?!", most=5) == []
    assert dataset.names.near("employment", ["unicorn"]) == []


@pytest.fixture
def index(dataset: Dataset, tmp_path: Path) -> Path:
    """Make an index of the release in a folder of the test's own."""
    make(dataset.release.facts_path, tmp_path / FOLDER)
    return tmp_path / FOLDER


def test_changed_names_take_the_place_of_those_before(index: Path) -> None:
    before = NameIndex(index).near("Tartu Ülikool")[0]
    assert (before.thing, before.language, before.country) == ("organisation/ee-ut", "et", "EE")
    identity = Identity()
    thing = identity.entity("organisation", "ee-ut")
    new = identity.entity("organisation", "new")
    follow(
        index,
        identity,
        {
            thing: [Name(thing, "organisation", "Academia Gustaviana", "la")],
            new: [Name(new, "organisation", "Brand New Centre", "en", preferred=False)],
        },
    )
    follow(index, identity, {new: [Name(new, "organisation", "Quite Other Centre", "en")]})
    after = NameIndex(index)
    assert after.near("Academia Gustaviana")[0].thing == "organisation/ee-ut"
    assert "organisation/ee-ut" not in {item.thing for item in after.near("Tartu Ülikool")}
    assert after.near("Quite Other Centre")[0].thing == "organisation/new"
    assert "organisation/new" not in {item.thing for item in after.near("Brand New")}
    assert after.has("organisation/new")
    follow(index, identity, {new: []})
    assert not NameIndex(index).has("organisation/new")


def test_a_release_without_an_index_says_so_and_a_damaged_one_too(
    index: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError, match="build it again"):
        NameIndex(tmp_path / "none").near("x")
    (index / "owners.npy").write_bytes(b"no array")
    with pytest.raises(StorageError, match="damaged"):
        NameIndex(index).near("Tartu")


# Candidates


@pytest.mark.parametrize(
    ("name", "thing", "match"),
    [
        ("Tartu Ülikool", "organisation/ee-ut", True),
        ("university of TARTU", "organisation/ee-ut", True),
        ("Tartu, University of", "organisation/ee-ut", True),
        ("Univresity of Tartu", "organisation/ee-ut", True),
        ("Tartu Ulikool AS", "organisation/ee-ut", True),
        ("Anaptyxiaki Karditsas", "organisation/gr-anka", True),
        ("Αναπτυξιακή Καρδίτσας", "organisation/gr-anka", True),
        ("Sihtasutus Kodanikuuhiskonna Sihtkapital", "organisation/ee-kysk", True),
        ("KÜSK", "organisation/ee-kysk", False),  # an acronym is that of many
        ("Eesti", "country/EE", True),
        ("Igaunija", "country/EE", True),
        ("ESF+", "programme/esf-plus", False),
        ("organisation/ee-kysk", "organisation/ee-kysk", True),
        (f"{BASE}id/organisation/ee-kysk", "organisation/ee-kysk", True),
    ],
)
def test_names_are_found_however_they_are_written(
    dataset: Dataset, name: str, thing: str, *, match: bool
) -> None:
    found = _one(dataset, name)
    assert (found[0].thing, found[0].match) == (thing, match), found
    assert [item.score for item in found] == sorted((i.score for i in found), reverse=True)
    assert not any(item.match for item in found[1:])


def test_namesakes_are_no_match_until_the_kind_is_told(dataset: Dataset) -> None:
    both = _one(dataset, "employment")
    assert {item.thing for item in both[:2]} == {"theme/employment", "term/theme-employment"}
    assert not both[0].match
    single = _one(dataset, "employment", kinds=frozenset({"theme"}))
    assert single[0].thing == "theme/employment"
    assert single[0].match
    preferred = _one(dataset, "employment", kinds=frozenset({"theme"}), strict=False)
    assert [item.thing for item in preferred[:2]] == ["theme/employment", "term/theme-employment"]
    assert preferred[1].score < preferred[0].score


def test_what_stands_beside_a_name_decides(dataset: Dataset) -> None:
    agreeing = _one(dataset, "University of Tartu", ("country", Given("Estonia")))[0]
    assert agreeing.match
    assert agreeing.features["country"] == 100
    for told in (Given("EE"), Given("country/EE", is_id=True), Given("Eesti")):
        assert _one(dataset, "University of Tartu", ("country", told))[0].match
    for told in (Given("LV"), Given("country/LV", is_id=True), Given("Läti")):
        differing = _one(dataset, "University of Tartu", ("country", told))[0]
        assert not differing.match
        assert differing.features["country"] == 0
        assert differing.score < agreeing.score * 0.7
    town = _one(dataset, "University of Tartu", ("city", Given("Tartu")))[0]
    assert town.features["city"] == 100
    unknown = _one(dataset, "University of Tartu", ("startDate", Given("1632")))[0]
    assert "startDate" not in unknown.features
    assert unknown.match


def test_things_are_found_by_what_they_have_alone(dataset: Dataset) -> None:
    found = _one(dataset, "", ("country", Given("country/EE", is_id=True)), limit=50)
    assert len(found) > 10
    assert not any(item.match for item in found)
    estonian = {f"{BASE}id/{item.thing}" for item in found}
    country = find_attribute("country")
    assert country is not None
    values = read_values(dataset, estonian, [country])
    assert all(iri(f"{BASE}id/country/EE") in held["country"] for held in values.values())


def test_identifiers_name_things_without_their_name(dataset: Dataset) -> None:
    exact = find_attribute("skos:exactMatch")
    assert exact is not None
    things = [f"{BASE}id/{item.thing}" for item in _one(dataset, "university", limit=60)]
    bearing = {
        value.value: thing
        for thing, held in read_values(dataset, things, [exact]).items()
        for value in held.get(exact.id, ())
        if "ror.org" in value.value
    }
    assert bearing
    address, thing = next(iter(sorted(bearing.items())))
    found = _one(dataset, address)
    assert f"{BASE}id/{found[0].thing}" == thing
    assert found[0].match
    assert found[0].features == {"identifier": 100}


# Comparing


@pytest.mark.parametrize(
    ("given", "value", "property_", "expected"),
    [
        ("2021", text("2021-05-14", "und"), "", 1),
        ("2021-05-14T10:00:00", text("2021-05", "und"), "", 1),
        ("2020", text("2021-05-14", "und"), "", 0),
        ("1000.0", Term("literal", "1000"), "", 1),
        ("999", Term("literal", "1000"), "", 0),
        ("tallinn", text("Tallinn", "en"), "", 1),
        ("Tallin", text("Tallinn", "en"), "", 1),
        ("Riga", text("Tallinn", "en"), "", 0),
        ("kysk.ee", iri("https://www.kysk.ee/"), "", 1),
        ("http://kysk.ee/en", iri("https://www.kysk.ee/"), "", 0),
        ("EE 100 931 558", Term("literal", "EE100931558"), "schema:vatID", 1),
        ("100931558", Term("literal", "EE100931558"), "schema:vatID", 1),
        ("EE100594102", Term("literal", "EE100931558"), "schema:vatID", 0),
    ],
)
def test_values_agree_whatever_their_writing(
    given: str, value: Term, property_: str, expected: float
) -> None:
    attribute = find_attribute(property_) if property_ else None
    name = attribute.property if attribute else ""
    held = Held(name, [value], "EE", Names(Identity()), Identity())
    assert agreement([Given(given)], held) == pytest.approx(expected, abs=0.15)
    assert agreement([Given(given)], Held(name, [], "", Names(Identity()), Identity())) is None


# Types, attributes, extension


def test_types_are_kinds_and_the_classes_above_several() -> None:
    known = types_of(("consortium", "country", "network", "organisation", "region"))
    assert known["Country"].kinds == {"country"}
    assert known["dcterms:Location"].kinds == {"country", "region"}
    assert known["Region"].broader == ("dcterms:Location",)
    assert known["org:OrganizationalCollaboration"].kinds == {"consortium", "network"}
    for name in ("organisation", "Organisation", "sikg:Organisation", known["Organisation"].iri):
        assert find_type(known, name) is known["Organisation"]
    assert find_type(known, "unicorn") is None


def test_attributes_are_what_the_release_uses(dataset: Dataset) -> None:
    ids = [item.id for item in attributes_of(dataset, ["organisation"])]
    assert {"country", "city", "foaf:homepage", "programme", "consortium"} <= set(ids)
    assert "rdf:type" not in ids
    assert "dcterms:spatial" not in ids  # follows from ours
    assert ids.index("country") < ids.index("city")
    assert len(ids) == len(set(ids))
    assert all(find_attribute(name) is not None for name in ids)
    assert find_attribute("unicorn") is None
    assert find_attribute("rdf:type") is None


def test_columns_are_filled_over_one_property_or_several(dataset: Dataset) -> None:
    def column(name: str, **settings: object) -> Column:
        attribute = find_attribute(name)
        assert attribute is not None
        return Column(attribute, **settings)  # type: ignore[arg-type]

    columns = [column("country"), column("programme"), column("programme", limit=1)]
    made = extend(dataset, ["organisation/ee-kysk", "nothing"], columns, ["et"])
    country, programmes, one = made.rows["organisation/ee-kysk"]
    assert [term.value for term in country] == [f"{BASE}id/country/EE"]
    assert len(programmes) > 2
    assert list(one) == list(programmes[:1])
    assert made.names[f"{BASE}id/country/EE"].label(["et"]).text == "Eesti"
    assert list(made.rows["nothing"]) == [(), (), ()]
    names = [column("skos:prefLabel"), column("skos:prefLabel", language=ALL)]
    names.append(column("skos:prefLabel", language="lv"))
    chosen, every, latvian = extend(dataset, ["country/EE"], names, ["et"]).rows["country/EE"]
    assert [term.value for term in chosen] == ["Eesti"]
    assert [term.value for term in latvian] == ["Igaunija"]
    assert len(every) > 5


def test_rarity_stands_on_counted_words(dataset: Dataset) -> None:
    rarity = dataset.names.rarity
    assert rarity.weight("universiti") < rarity.weight("karditsas")
    assert np.isfinite(rarity.weight(""))
