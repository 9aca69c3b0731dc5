import re
from pathlib import Path

import pytest
from babel import Locale
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

BASE = "http://localhost:8000/"
SIKG = "https://w3id.org/sikg/ontology#"

SCHEMES = {
    "assessment-state": ("assessment-states.ttl", "AssessmentState", 5),
    "beneficiary-kind": ("beneficiary-kinds.ttl", "BeneficiaryKind", 2),
    "funding-kind": ("funding-kinds.ttl", "FundingKind", 11),
    "funding-phase": ("funding-phases.ttl", "FundingPhase", 5),
    "level-of-action": ("levels-of-action.ttl", "LevelOfAction", 5),
    "organisation-type": ("organisation-types.ttl", "OrganisationType", 28),
    "policy-type": ("policy-types.ttl", "PolicyType", 13),
    "programme-kind": ("programme-kinds.ttl", "ProgrammeKind", 10),
    "role": ("roles.ttl", "Role", 16),
    "target-group": ("target-groups.ttl", "TargetGroup", 42),
    "term": ("terms.ttl", "Term", 0),  # its concepts are the rows of data/terms.csv
    "theme": ("themes.ttl", "Theme", 51),
}
"""Segment of the scheme to its file, the class of its concepts and how many there are."""

FOREIGN = (
    "http://eurovoc.europa.eu/",
    "http://publications.europa.eu/resource/authority/",
)
"""Where a concept may be matched to."""


def concepts(graph: Graph, segment: str) -> list[URIRef]:
    """List the concepts of a scheme in the order of their addresses."""
    members = graph.subjects(SKOS.inScheme, URIRef(f"{BASE}id/scheme/{segment}"))
    return sorted(member for member in members if isinstance(member, URIRef))


def literals(graph: Graph, subject: Node, predicate: URIRef) -> list[Literal]:
    """List the texts that a subject has for a predicate."""
    return [value for value in graph.objects(subject, predicate) if isinstance(value, Literal)]


def test_there_is_one_file_a_scheme(scheme_files: list[Path]) -> None:
    """A new scheme needs a line in this module, and so gets all its tests."""
    assert [path.name for path in scheme_files] == sorted(file for file, _, _ in SCHEMES.values())


def test_addresses_are_relative_so_that_any_server_can_be_the_base(
    scheme_files: list[Path],
) -> None:
    """Parsing with another base moves every address to that server."""
    for path in scheme_files:
        text = path.read_text(encoding="utf-8")
        assert "@base" not in text
        assert "localhost" not in text
        moved = Graph().parse(data=text, format="turtle", publicID="https://example.org/kg/")
        assert moved
        assert {str(s).startswith("https://example.org/kg/id/") for s in moved.subjects()} == {True}


def test_there_are_no_blank_nodes(schemes: Graph) -> None:
    """Everything has an address that others can link to."""
    terms = {term for triple in schemes for term in triple}
    assert {term for term in terms if not isinstance(term, URIRef | Literal)} == set()


@pytest.mark.parametrize("segment", SCHEMES)
def test_a_scheme_has_its_concepts_and_their_class(schemes: Graph, segment: str) -> None:
    """Every concept is in one scheme and of the one class that goes with it."""
    _, name, count = SCHEMES[segment]
    scheme = URIRef(f"{BASE}id/scheme/{segment}")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in schemes
    members = concepts(schemes, segment)
    assert len(members) == count
    assert set(schemes.subjects(RDF.type, URIRef(SIKG + name))) == set(members)
    for concept in members:
        assert list(schemes.objects(concept, RDF.type)) == [URIRef(SIKG + name)]
        assert list(schemes.objects(concept, SKOS.inScheme)) == [scheme]


def test_nothing_is_described_but_schemes_and_their_concepts(schemes: Graph) -> None:
    """A concept that forgets its scheme or stands at a wrong address is found."""
    known = {URIRef(f"{BASE}id/scheme/{segment}") for segment in SCHEMES}
    for segment in SCHEMES:
        known.update(concepts(schemes, segment))
    assert set(schemes.subjects()) == known


@pytest.mark.parametrize("segment", SCHEMES)
def test_the_notation_is_the_last_part_of_the_address(schemes: Graph, segment: str) -> None:
    """Values of tables lead to addresses without a look-up."""
    for concept in [URIRef(f"{BASE}id/scheme/{segment}"), *concepts(schemes, segment)]:
        stem, _, key = concept.rpartition("/")
        assert stem in {f"{BASE}id/{segment}", f"{BASE}id/scheme"}
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", key), concept
        assert list(schemes.objects(concept, SKOS.notation)) == [Literal(key)]


def test_everything_has_an_english_label_and_definition(schemes: Graph) -> None:
    """English is what readers of other languages fall back on."""
    for subject in set(schemes.subjects()):
        for predicate in (SKOS.prefLabel, SKOS.definition):
            english = [t for t in literals(schemes, subject, predicate) if t.language == "en"]
            assert len(english) == 1, (subject, predicate)
            assert english[0].strip() == str(english[0]) != ""


def test_every_text_for_people_has_a_known_language(schemes: Graph) -> None:
    """Pages and screen readers rely on the language tag of each text."""
    known = Locale("en").languages
    for subject, predicate, value in schemes:
        if isinstance(value, Literal) and predicate != SKOS.notation:
            assert value.language in known, (subject, value)


@pytest.mark.parametrize("segment", SCHEMES)
def test_a_preferred_label_means_one_concept_of_its_scheme(schemes: Graph, segment: str) -> None:
    """Readers who choose from a list never see one label twice."""
    seen: dict[tuple[str, str | None], URIRef] = {}
    for concept in concepts(schemes, segment):
        labels = literals(schemes, concept, SKOS.prefLabel)
        languages = [label.language for label in labels]
        assert len(languages) == len(set(languages)), concept
        for label in labels:
            other = seen.setdefault((label.casefold(), label.language), concept)
            assert other == concept, label


@pytest.mark.parametrize("segment", SCHEMES)
def test_broader_concepts_are_of_the_same_scheme_and_never_below(
    schemes: Graph, segment: str
) -> None:
    """Following broader concepts comes to an end."""
    members = set(concepts(schemes, segment))
    for concept in members:
        above = set(schemes.transitive_objects(concept, SKOS.broader)) - {concept}
        assert above <= members
        for ancestor in above:
            assert concept not in schemes.transitive_objects(ancestor, SKOS.broader), ancestor


def test_every_theme_belongs_to_a_group(schemes: Graph) -> None:
    """Only the six groups stand at the top, so that maps can colour by group."""
    tops = {
        theme.rpartition("/")[2]
        for theme in concepts(schemes, "theme")
        if (theme, SKOS.broader, None) not in schemes
    }
    assert tops == {
        "care-health-and-housing",
        "communities-and-places",
        "green-transition",
        "inclusion-and-equality",
        "social-economy-and-innovation",
        "work-and-skills",
    }


def test_matches_lead_to_vocabularies_of_the_union(schemes: Graph) -> None:
    """Each foreign concept is the exact match of one concept a scheme at most."""
    matches = [*schemes.subject_objects(SKOS.exactMatch), *schemes.subject_objects(SKOS.closeMatch)]
    assert matches
    assert [pair for pair in matches if not str(pair[1]).startswith(FOREIGN)] == []
    exact = [f"{str(s).split('/')[-2]} {o}" for s, o in schemes.subject_objects(SKOS.exactMatch)]
    assert [pair for pair in exact if exact.count(pair) > 1] == []


def test_the_steps_of_assessment_are_those_of_the_competence_centre(schemes: Graph) -> None:
    """The Commission's page names five steps for tools and methods."""
    keys = {concept.rpartition("/")[2] for concept in concepts(schemes, "assessment-state")}
    assert keys == {"assessed", "collected", "developed", "disseminated", "validated"}
