"""Hold `core.ttl` to its own rules."""

from functools import cache
from graphlib import TopologicalSorter

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

import ontology
from ontology import SIKG, Class, Property, compact

ONTOLOGY = URIRef("https://w3id.org/sikg/ontology")
SUB = (RDFS.subClassOf, RDFS.subPropertyOf)

# The words of the two seed pages, one Estonian and one Latvian, and the terms that stand for them.
TERMS_OF_THE_SEEDS = [
    Class.ACTOR,
    Class.ORGANISATION,
    Class.PUBLIC_ORGANISATION,
    Class.PROJECT,
    Class.CONSORTIUM,
    Class.PARTICIPATION,
    Class.ROLE,
    Class.FUND,
    Class.PROGRAMME,
    Class.STRAND,
    Class.INITIATIVE,
    Class.CALL,
    Class.FUNDING,
    Class.PRACTICE,
    Class.METHOD,
    Class.THEME,
    Class.TARGET_GROUP,
    Class.PRINCIPLE,
    Class.RECOMMENDATION,
    Class.COMMUNITY_OF_PRACTICE,
    Class.NETWORK,
    Class.EVENT,
    Class.WORKSHOP,
    Class.TRAINING,
    Class.SEMINAR,
    Class.DATABASE,
    Class.NEWSLETTER,
    Class.COUNTRY,
    Class.TERM,
    Property.AIM,
    Property.CALL,
    Property.COFINANCING_RATE,
    Property.COUNTRY,
    Property.FUNDED_BY,
    Property.FUNDING,
    Property.LEAD_COUNTRY,
    Property.LEAD_PARTNER,
    Property.MANAGED_BY,
    Property.PARTICIPANT,
    Property.PARTICIPATES_IN,
    Property.ROLE,
    Property.START_DATE,
    Property.TARGET_GROUP,
    Property.THEME,
]


@cache
def core() -> Graph:
    """Return the statements of `core.ttl`."""
    return Graph().parse(ontology.path("core.ttl"), format="turtle")


def declared_of_ours() -> set[str]:
    """Return the IRIs of our own classes and properties that the file declares."""
    return {str(term) for term in core().subjects(RDF.type) if str(term).startswith(SIKG)}


def test_the_typed_terms_are_the_terms_of_the_file() -> None:
    """Ask for both together: a class or property in the file and its typed term."""
    assert set(Class) | set(Property) == declared_of_ours()


def test_typed_classes_are_classes_and_typed_properties_are_properties() -> None:
    """Find a term that stands in the wrong enumeration."""
    assert set(Class) <= ontology.classes()
    assert set(Property) <= ontology.properties()
    assert not ontology.classes() & ontology.properties()


@pytest.mark.parametrize("term", sorted([*Class, *Property]))
def test_each_term_of_ours_has_an_english_label_and_definition(term: str) -> None:
    """Leave no term of ours unexplained."""
    assert ontology.labels(term)["en"].strip()
    assert ontology.definitions(term)["en"].endswith(".")


@pytest.mark.parametrize("term", TERMS_OF_THE_SEEDS)
@pytest.mark.parametrize("language", ["et", "lv"])
def test_terms_of_the_seed_pages_have_a_label_in_the_language(term: str, language: str) -> None:
    """Let Estonian and Latvian readers find the words of their own pages."""
    assert ontology.labels(term)[language].strip()


def test_terms_of_others_have_an_english_label() -> None:
    """Let a page show a readable name for every term, also for those of others."""
    foreign = (ontology.classes() | ontology.properties()) - declared_of_ours()
    assert foreign
    assert [compact(term) for term in sorted(foreign) if "en" not in ontology.labels(term)] == []


def test_there_is_one_label_a_language() -> None:
    """Leave a page no choice between labels; other names are skos:altLabel."""
    for term in ontology.classes() | ontology.properties():
        languages = [
            text.language
            for text in core().objects(URIRef(term), RDFS.label)
            if isinstance(text, Literal)
        ]
        assert len(languages) == len(set(languages)), term


def test_no_two_classes_share_an_english_label() -> None:
    """Keep classes apart where people see only labels."""
    by_label = {ontology.labels(term)["en"]: term for term in Class}
    assert len(by_label) == len(Class)


def test_each_alignment_leads_to_a_declared_term_with_a_known_prefix() -> None:
    """Find misspelt alignments, which would be materialised in every release."""
    targets = {str(target) for link in SUB for target in core().objects(None, link)}
    assert len(targets) > len(Class) // 2
    assert [target for target in sorted(targets) if not ontology.is_declared(target)] == []
    assert [target for target in sorted(targets) if compact(target) == target] == []


def test_every_vocabulary_of_the_design_is_aligned_to() -> None:
    """Notice when the last alignment to a vocabulary goes."""
    targets = {compact(str(target)) for link in SUB for target in core().objects(None, link)}
    used = {name.partition(":")[0] for name in targets}
    vocabularies = {
        "org",
        "foaf",
        "schema",
        "skos",
        "dcterms",
        "prov",
        "dcat",
        "eli",
        "cpov",
        "s66",
    }
    assert used == vocabularies | {"sikg", "rdfs"}


def test_a_property_and_the_one_above_it_are_of_the_same_kind() -> None:
    """Find a link aligned to a text property or the other way round."""
    for lower, upper in core().subject_objects(RDFS.subPropertyOf):
        kinds = [
            set(core().objects(term, RDF.type))
            & {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
            for term in (lower, upper)
        ]
        assert kinds[0] == kinds[1], f"{lower} below {upper}"


def test_every_term_used_in_the_file_is_declared() -> None:
    """Find misspelt terms in the file itself: predicates, and objects within our namespace."""
    predicates = {str(predicate) for predicate in core().predicates()}
    built_in = {str(term) for term in (*SUB, RDFS.domain, RDFS.range, OWL.versionIRI)}
    unknown = {p for p in predicates if not ontology.is_declared(p)} - built_in
    ours = {str(term) for term in core().objects() if str(term).startswith(SIKG)} - {SIKG}
    assert unknown == set()
    assert ours <= declared_of_ours()


def test_there_are_no_blank_nodes() -> None:
    """Give everything in the ontology a name that can be looked up."""
    assert [node for node in core().all_nodes() if isinstance(node, BNode)] == []


def test_no_term_stands_above_itself() -> None:
    """Keep the climb to superclasses finite."""
    above: dict[str, set[str]] = {}
    for link in SUB:
        for term, parent in core().subject_objects(link):
            above.setdefault(str(term), set()).add(str(parent))
    assert len(list(TopologicalSorter(above).static_order())) >= len(above)


def test_every_text_has_a_language() -> None:
    """Tag every text for people."""
    for predicate in (RDFS.label, SKOS.altLabel, SKOS.definition):
        for text in core().objects(None, predicate):
            assert isinstance(text, Literal)
            assert text.language, text


def test_segments_are_fit_for_a_path_and_belong_to_one_class_each() -> None:
    """Let a path of an identifier lead to one class."""
    texts = [str(text) for text in core().objects(None, URIRef(Property.SEGMENT))]
    assert len(texts) == len(set(texts)) == len(ontology.segments())
    assert all(text.replace("-", "").isalpha() and text.islower() for text in texts)


def test_the_ontology_says_what_it_is() -> None:
    """State title, description, licence and version for those who load the file alone."""
    header = core().predicate_objects(ONTOLOGY)
    names = {compact(str(predicate)) for predicate, _ in header}
    assert {"dcterms:title", "dcterms:description", "dcterms:license", "owl:versionIRI"} <= names
    assert core().value(ONTOLOGY, OWL.versionInfo) == Literal("0.1.0")
