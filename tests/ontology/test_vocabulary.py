import pytest

import ontology
from ontology import Class, Property, UnknownNameError, expand


def test_a_declared_name_becomes_an_iri() -> None:
    """Look a name up in the file."""
    assert ontology.declared("sikg:leadPartner") == Property.LEAD_PARTNER


def test_a_misspelt_term_is_refused_with_the_closest_ones() -> None:
    """Help a person who mistyped a term in a mapping."""
    with pytest.raises(UnknownNameError, match="did you mean sikg:leadPartner") as caught:
        ontology.declared("sikg:leadPartnr")
    assert caught.value.name == "sikg:leadPartnr"


def test_a_forgotten_prefix_is_suggested() -> None:
    """Help a person who wrote the local name alone."""
    with pytest.raises(UnknownNameError, match="did you mean skos:prefLabel"):
        ontology.declared("prefLabel")


def test_an_iri_is_declared_only_when_the_file_declares_it() -> None:
    """Tell terms of ours and of others from names that nobody declared."""
    assert ontology.is_declared(Class.CONSORTIUM)
    assert ontology.is_declared(expand("rdf:type"))
    assert not ontology.is_declared(expand("sikg:Consortia"))
    assert not ontology.is_declared("https://w3id.org/sikg/ontology")


def test_superclasses_reach_through_our_own_classes_to_those_of_others() -> None:
    """Climb all the way, since a release writes out every type."""
    above = ontology.superclasses(Class.CONSORTIUM)
    assert {Class.PROJECT, expand("schema:Project"), expand("s66:Project")} <= above
    assert expand("org:OrganizationalCollaboration") in above
    assert Class.CONSORTIUM not in above


def test_superproperties_reach_through_our_own_properties_to_those_of_others() -> None:
    """Climb all the way, since a release writes out every statement that follows."""
    above = ontology.superproperties(Property.PARTICIPATES_IN_CONSORTIUM)
    assert above == {
        Property.PARTICIPATES_IN,
        expand("org:organization"),
        expand("s66:isInvolvedIn"),
    }


def test_a_preferred_label_is_a_label() -> None:
    """Let tools that know only rdfs:label show our names."""
    assert ontology.superproperties(expand("skos:prefLabel")) == {expand("rdfs:label")}


def test_nothing_stands_above_an_unknown_term() -> None:
    """Answer quietly for types that came with foreign data."""
    assert ontology.superclasses(expand("sikg:Consortia")) == frozenset()


def test_a_segment_stands_for_a_class() -> None:
    """Tell which class the path of an identifier stands for."""
    segments = ontology.segments()
    assert segments["programme"] == Class.FUNDING_INSTRUMENT
    assert segments["target-group"] == Class.TARGET_GROUP


def test_the_vocabulary_cannot_be_changed_by_its_readers() -> None:
    """Keep what is read once safe to share between threads."""
    with pytest.raises(TypeError):
        ontology.segments()["programme"] = "x"  # type: ignore[index]


def test_single_valued_properties_are_those_whose_values_can_conflict() -> None:
    """List them, so that a change is a decision."""
    assert ontology.single_valued() == {
        Property.START_DATE,
        Property.END_DATE,
        Property.LATITUDE,
        Property.LONGITUDE,
        Property.LEAD_PARTNER,
        Property.LEAD_COUNTRY,
        Property.COFINANCING_RATE,
        Property.DOCUMENT_DATE,
        Property.CITY,
        Property.ORGANISATION_TYPE,
        Property.AMOUNT,
    }


def test_labels_and_definitions_come_by_language() -> None:
    """Give the texts of a term, and none for an unknown one."""
    assert ontology.labels(Class.CONSORTIUM)["et"] == "konsortsium"
    assert "agreement" in ontology.definitions(Class.CONSORTIUM)["en"]
    assert dict(ontology.labels("http://example.org/unknown")) == {}
