"""Hold the shapes to the ontology, and to what they are there to find."""

from dataclasses import dataclass
from functools import cache

import pytest
from pyshacl import validate
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

import ontology
from ontology import SIKG, Class, Property, compact, expand

PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in ontology.PREFIXES.items())

# One thing of each kind that the shapes look at. Types of superclasses are added as a release does.
GOOD = """
@prefix id: <http://localhost:8000/id/> .
@prefix c: <http://localhost:8000/id/country/> .

<id/organisation/de-social-impact> a sikg:Organisation ;
    skos:prefLabel "Social Impact gGmbH"@de ;
    sikg:acronym "SI"@und ;
    sikg:latitude 52.5 ;
    sikg:longitude 13.4 ;
    sikg:city "Berlin"@de ;
    sikg:country c:DE ;
    sikg:registrationIdentifier "HRB 1"  ;
    sikg:organisationType <id/organisation-type/ngo> ;
    foaf:homepage <https://socialimpact.eu/> .

<id/consortium/esia> a sikg:Consortium ;
    skos:prefLabel "European Social Innovation Alliance"@en,
        "Euroopa sotsiaalse innovatsiooni liit"@et ;
    sikg:aim "Set up competence centres"@en ;
    sikg:startDate "2021-05"^^xsd:gYearMonth ;
    sikg:endDate "2023-04"^^xsd:gYearMonth ;
    sikg:leadPartner <id/organisation/de-social-impact> ;
    sikg:leadCountry c:DE ;
    sikg:fundedBy <id/programme/esf> ;
    sikg:call <id/programme/vp-2020-010> ;
    sikg:cofinancingRate 0.80 ;
    sikg:generation 1 ;
    sikg:grantAgreement "VS/2021/0191" ;
    sikg:funding <id/funding/esia-total> .

<id/participation/1> a sikg:Participation ;
    sikg:participant <id/organisation/de-social-impact> ;
    sikg:beneficiaryKind <id/beneficiary-kind/withheld> ;
    sikg:participatesInConsortium <id/consortium/esia> ;
    sikg:role <id/role/lead-partner> .

<id/participation/2> a sikg:Participation ;
    sikg:participant <id/organisation/de-social-impact> ;
    sikg:participatesIn <id/practice/mentoring> ;
    sikg:role <id/role/lead-partner> .

<id/funding/esia-total> a sikg:Funding ;
    sikg:amount 1837005.0 ;
    sikg:currency "EUR" ;
    sikg:fundingKind <id/funding-kind/total> ;
    sikg:fundingPhase <id/funding-phase/planned> ;
    sikg:fundingYear "2021"^^xsd:gYear .

<id/exchange-rate/eek-eur> a sikg:ExchangeRate ;
    sikg:fromCurrency "EEK" ;
    sikg:toCurrency "EUR" ;
    sikg:rate 15.6466 ;
    sikg:startDate "2011-01-01"^^xsd:date .

<id/programme/esf> a sikg:Fund ;
    skos:prefLabel "European Social Fund"@en ;
    sikg:programmeKind <id/programme-kind/fund> ;
    sikg:managedBy <id/organisation/de-social-impact> ;
    sikg:legalBasis <http://publications.europa.eu/resource/celex/32013R1304> .

<id/programme/vp-2020-010> a sikg:Call ;
    skos:prefLabel "Competence centres for social innovation"@en ;
    sikg:partOf <id/programme/esf> ;
    sikg:callIdentifier "VP/2020/010" ;
    sikg:openDate "2020"^^xsd:gYear ;
    sikg:deadline "2020-08-20"^^xsd:date .

<id/practice/mentoring> a sikg:Practice ;
    skos:prefLabel "Mentoring"@en ;
    sikg:startDate "2016"^^xsd:gYear ;
    sikg:endDate "2016-06-30"^^xsd:date ;
    sikg:theme <id/theme/employment> ;
    sikg:targetGroup <id/target-group/prisoners> ;
    sikg:targetGroupText "Prisoners"@en ;
    sikg:levelOfAction <id/level-of-action/local> ;
    sikg:carriedBy <id/organisation/de-social-impact> ;
    sikg:principle <id/policy/epsr-4> ;
    sikg:usesMethod <id/method/canvas> ;
    sikg:region <id/region/DE3> .

<id/practice/mentoring-ee> a sikg:Practice ;
    skos:prefLabel "Mentorlus"@et ;
    sikg:adaptedFrom <id/practice/mentoring> .

<id/method/canvas> a sikg:Method ;
    skos:prefLabel "Canvas"@en ;
    sikg:assessmentState <id/assessment-state/assessed> ;
    sikg:validationState <id/assessment-state/assessed> .

<id/policy/epsr> a sikg:Policy ;
    skos:prefLabel "European Pillar of Social Rights"@en ;
    sikg:celex "32017C1213(01)" ;
    sikg:documentDate "2017-11-17"^^xsd:date ;
    sikg:policyType <id/policy-type/proclamation> ;
    sikg:relatedProgramme <id/programme/esf> .

<id/policy/epsr-4> a sikg:Principle ;
    skos:prefLabel "Active support to employment"@en ;
    sikg:partOf <id/policy/epsr> .

<id/database/sim> a sikg:Database ;
    skos:prefLabel "Social Innovation Match"@en ;
    sikg:operator <id/organisation/de-social-impact> .

c:DE a sikg:Country ; skos:prefLabel "Germany"@en, "Saksamaa"@et .
<id/region/DE3> a sikg:Region ; skos:prefLabel "Berlin"@de .

<id/row/1> a sikg:Row ;
    sikg:rowNumber 2 ;
    sikg:fromTable <id/table/1> ;
    sikg:confidence "seen" .

<id/table/1> a sikg:Table ;
    sikg:fromSource <id/source/consortia> ;
    sikg:fileName "consortia.csv" ;
    sikg:sheet "Sheet1" ;
    sikg:sha256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" ;
    sikg:retrieved "2025-01-31"^^xsd:date .

<id/source/consortia> a sikg:Source ;
    dcterms:title "Consortia"@en ;
    dcterms:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> .
"""

CONCEPTS = {
    "organisation-type/ngo": Class.ORGANISATION_TYPE,
    "role/lead-partner": Class.ROLE,
    "funding-kind/total": Class.FUNDING_KIND,
    "funding-phase/planned": Class.FUNDING_PHASE,
    "programme-kind/fund": Class.PROGRAMME_KIND,
    "theme/employment": Class.THEME,
    "target-group/prisoners": Class.TARGET_GROUP,
    "level-of-action/local": Class.LEVEL_OF_ACTION,
    "assessment-state/assessed": Class.ASSESSMENT_STATE,
    "policy-type/proclamation": Class.POLICY_TYPE,
    "beneficiary-kind/withheld": Class.BENEFICIARY_KIND,
}


def concepts() -> str:
    """Return one concept of each kind that the good example points to, each on four lines."""
    return "\n".join(
        f'<id/{key}> a <{kind}> ;\n    skos:prefLabel "{key}"@en ;\n'
        f'    skos:notation "{key.partition("/")[2]}" ;\n'
        f"    skos:inScheme <id/scheme/{key.partition('/')[0]}> ."
        for key, kind in CONCEPTS.items()
    )


@cache
def shapes() -> Graph:
    """Return the statements of `shapes.ttl`."""
    return Graph().parse(ontology.path("shapes.ttl"), format="turtle")


def release(text: str) -> Graph:
    """Return the statements of a text with those that a release adds from the alignments."""
    graph = Graph().parse(data=PREFIXES + text, format="turtle", publicID="http://localhost:8000/")
    for subject, predicate, value in list(graph):
        if predicate == RDF.type:
            for parent in ontology.superclasses(str(value)):
                graph.add((subject, RDF.type, URIRef(parent)))
        for parent in ontology.superproperties(str(predicate)):
            graph.add((subject, URIRef(parent), value))
    return graph


@dataclass(frozen=True)
class Finding:
    """Tell one result of a validation."""

    path: str
    severity: str
    message: str


def findings(text: str) -> list[Finding]:
    """Validate a text and return what the shapes find, in the order of paths."""
    _, report, _ = validate(release(text), shacl_graph=shapes(), inference="none", meta_shacl=False)
    assert isinstance(report, Graph)
    return sorted(
        (
            Finding(
                compact(str(report.value(result, SH.resultPath) or "")),
                compact(str(report.value(result, SH.resultSeverity))),
                str(report.value(result, SH.resultMessage)),
            )
            for result in report.objects(None, SH.result)
        ),
        key=lambda finding: (finding.path, finding.severity),
    )


def test_a_good_example_conforms() -> None:
    """Find nothing wrong in an example that uses every shape."""
    assert findings(GOOD + concepts()) == []


VIOLATION, WARNING = "sh:Violation", "sh:Warning"

# What is wrong, the text of the good example, the text in its place, where it is found, how bad.
BROKEN = [
    ("name missing", 'skos:prefLabel "Mentorlus"@et ;', "", "skos:prefLabel", VIOLATION),
    ("name without language", '"Mentorlus"@et', '"Mentorlus"', "skos:prefLabel", VIOLATION),
    ("empty name", '"Mentorlus"@et', '""@et', "skos:prefLabel", VIOLATION),
    ("two names", '"Mentorlus"@et', '"Mentorlus"@et, "M"@et', "skos:prefLabel", WARNING),
    ("text without language", '"Prisoners"@en', '"Prisoners"', "sikg:targetGroupText", VIOLATION),
    ("acronym without tag", '"SI"@und', '"SI"', "sikg:acronym", VIOLATION),
    ("country unknown", "sikg:country c:DE", "sikg:country c:XX", "sikg:country", VIOLATION),
    ("country a text", "sikg:country c:DE", 'sikg:country "DE"', "sikg:country", VIOLATION),
    (
        "region a country",
        "sikg:region <id/region/DE3>",
        "sikg:region c:DE",
        "sikg:region",
        VIOLATION,
    ),
    (
        "type unknown",
        "organisationType <id/organisation-type/ngo>",
        "organisationType <id/organisation-type/ngoo>",
        "sikg:organisationType",
        VIOLATION,
    ),
    (
        "homepage a text",
        "<https://socialimpact.eu/>",
        '"socialimpact.eu"',
        "foaf:homepage",
        VIOLATION,
    ),
    (
        "homepage no address",
        "<https://socialimpact.eu/>",
        "<mailto:a@b.eu>",
        "foaf:homepage",
        VIOLATION,
    ),
    (
        "two cities",
        '"Berlin"@de ;\n    sikg:country',
        '"Berlin"@de, "Bonn"@de ;\n    sikg:country',
        "sikg:city",
        WARNING,
    ),
    (
        "two starts",
        '"2021-05"^^xsd:gYearMonth',
        '"2021-05"^^xsd:gYearMonth, "2021-06"^^xsd:gYearMonth',
        "sikg:startDate",
        WARNING,
    ),
    (
        "month 13",
        '"2021-05"^^xsd:gYearMonth',
        '"2021-13"^^xsd:gYearMonth',
        "sikg:startDate",
        VIOLATION,
    ),
    ("30 February", '"2017-11-17"', '"2017-02-30"', "sikg:documentDate", VIOLATION),
    ("date a text", '"2020-08-20"^^xsd:date', '"soon"@en', "sikg:deadline", VIOLATION),
    (
        "lead unknown",
        "leadPartner <id/organisation/de-social-impact>",
        "leadPartner <id/organisation/none>",
        "sikg:leadPartner",
        VIOLATION,
    ),
    (
        "two lead countries",
        "sikg:leadCountry c:DE",
        "sikg:leadCountry c:DE, c:DE2",
        "sikg:leadCountry",
        WARNING,
    ),
    (
        "call a fund",
        "sikg:call <id/programme/vp-2020-010>",
        "sikg:call <id/programme/esf>",
        "sikg:call",
        VIOLATION,
    ),
    (
        "rate in percent",
        "cofinancingRate 0.80",
        "cofinancingRate 80.0",
        "sikg:cofinancingRate",
        VIOLATION,
    ),
    (
        "rate twice",
        "cofinancingRate 0.80",
        "cofinancingRate 0.80, 0.75",
        "sikg:cofinancingRate",
        WARNING,
    ),
    ("beyond the pole", "latitude 52.5", "latitude 92.5", "sikg:latitude", VIOLATION),
    ("far east", "longitude 13.4", "longitude 1340.0", "sikg:longitude", VIOLATION),
    ("two places", "longitude 13.4", "longitude 13.4, 13.5", "sikg:longitude", WARNING),
    ("generation zero", "sikg:generation 1", "sikg:generation 0", "sikg:generation", VIOLATION),
    (
        "agreement with language",
        '"VS/2021/0191"',
        '"VS/2021/0191"@en',
        "sikg:grantAgreement",
        VIOLATION,
    ),
    (
        "no participant",
        "sikg:participant <id/organisation/de-social-impact> ;\n    sikg:participatesIn <",
        "sikg:participatesIn <",
        "",
        VIOLATION,
    ),
    (
        "participates in two",
        "sikg:participatesIn <id/practice/mentoring>",
        "sikg:participatesIn <id/practice/mentoring>, <id/practice/mentoring-ee>",
        "sikg:participatesIn",
        VIOLATION,
    ),
    (
        "participates in a method",
        "sikg:participatesIn <id/practice/mentoring>",
        "sikg:participatesIn <id/method/canvas>",
        "sikg:participatesIn",
        VIOLATION,
    ),
    (
        "no role",
        "<id/practice/mentoring> ;\n    sikg:role <id/role/lead-partner>",
        "<id/practice/mentoring>",
        "sikg:role",
        VIOLATION,
    ),
    ("no amount", "sikg:amount 1837005.0 ;", "", "sikg:amount", VIOLATION),
    ("amount below zero", "1837005.0", "-1.0", "sikg:amount", VIOLATION),
    ("amount a text", "1837005.0", '"1.8 million"', "sikg:amount", VIOLATION),
    ("two amounts", "1837005.0", "1837005.0, 1837006.0", "sikg:amount", WARNING),
    ("currency sign", '"EUR"', '"€"', "sikg:currency", VIOLATION),
    ("two currencies", '"EUR"', '"EUR", "SEK"', "sikg:currency", VIOLATION),
    ("no kind", "sikg:fundingKind <id/funding-kind/total> ;", "", "sikg:fundingKind", VIOLATION),
    (
        "no phase",
        "sikg:fundingPhase <id/funding-phase/planned> ;",
        "",
        "sikg:fundingPhase",
        VIOLATION,
    ),
    ("year a date", '"2021"^^xsd:gYear', '"2021-01-01"^^xsd:date', "sikg:fundingYear", VIOLATION),
    (
        "money without a node",
        "sikg:generation 1",
        'sikg:generation 1 ; sikg:currency "EUR"',
        "",
        VIOLATION,
    ),
    ("no rate", "sikg:rate 15.6466 ;", "", "sikg:rate", VIOLATION),
    ("two rates", "15.6466", "15.6466, 15.7", "sikg:rate", VIOLATION),
    ("rate of nothing", "15.6466", "0.0", "sikg:rate", VIOLATION),
    ("rate a text", "15.6466", '"15,6466"', "sikg:rate", VIOLATION),
    ("currency in words", '"EEK"', '"kroon"', "sikg:fromCurrency", VIOLATION),
    ("rate to nowhere", 'sikg:toCurrency "EUR" ;', "", "sikg:toCurrency", VIOLATION),
    (
        "rate of no time",
        'sikg:rate 15.6466 ;\n    sikg:startDate "2011-01-01"^^xsd:date',
        "sikg:rate 15.6466",
        "sikg:startDate",
        VIOLATION,
    ),
    (
        "programme part of a policy",
        "sikg:partOf <id/programme/esf>",
        "sikg:partOf <id/policy/epsr>",
        "sikg:partOf",
        VIOLATION,
    ),
    (
        "principle of a programme",
        "sikg:partOf <id/policy/epsr>",
        "sikg:partOf <id/programme/esf>",
        "sikg:partOf",
        VIOLATION,
    ),
    (
        "legal basis elsewhere",
        "http://publications.europa.eu/resource/celex/32013R1304",
        "http://example.org/32013R1304",
        "sikg:legalBasis",
        VIOLATION,
    ),
    ("odd CELEX number", "32017C1213(01)", "COM(2021) 102", "sikg:celex", WARNING),
    (
        "state unknown",
        "validationState <id/assessment-state/assessed>",
        "validationState <id/assessment-state/none>",
        "sikg:validationState",
        VIOLATION,
    ),
    ("concept without key", 'skos:notation "employment" ;', "", "skos:notation", VIOLATION),
    ("concept with a spaced key", '"employment" ;', '"Employ ment" ;', "skos:notation", VIOLATION),
    (
        "concept of no scheme",
        "skos:inScheme <id/scheme/theme>",
        'skos:note "x"@en',
        "skos:inScheme",
        VIOLATION,
    ),
    ("row zero", "sikg:rowNumber 2", "sikg:rowNumber 0", "sikg:rowNumber", VIOLATION),
    (
        "row of no table",
        "sikg:fromTable <id/table/1>",
        "sikg:fromTable <id/table/2>",
        "sikg:fromTable",
        VIOLATION,
    ),
    ("confidence guessed", '"seen"', '"guessed"', "sikg:confidence", VIOLATION),
    ("short digest", "e3b0c44298", "", "sikg:sha256", VIOLATION),
    ("source untitled", 'dcterms:title "Consortia"@en ;', "", "dcterms:title", VIOLATION),
    ("blank node", "<id/practice/mentoring-ee> a", "[] a", "", VIOLATION),
]


@pytest.mark.parametrize(
    ("was", "becomes", "path", "severity"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_an_example_broken_in_one_way_is_found(
    was: str, becomes: str, path: str, severity: str
) -> None:
    """Find each fault at its path, as grave as it is, and tell what to do about it."""
    text = GOOD + concepts()
    assert text.count(was) >= 1
    found = findings(text.replace(was, becomes, 1))
    assert (path, severity) in {(finding.path, finding.severity) for finding in found}
    assert all(finding.message.endswith(".") for finding in found)


def test_dates_of_differing_precision_and_dates_in_conflict_do_not_stop_the_validation() -> None:
    """Warn of the conflict and compare nothing: pyshacl would stop with an error."""
    text = GOOD.replace('"2023-04"^^xsd:gYearMonth', '"2021"^^xsd:gYear, "2023-04-30"^^xsd:date')
    assert [(found.path, found.severity) for found in findings(text + concepts())] == [
        ("sikg:endDate", WARNING)
    ]


def test_every_term_that_the_shapes_name_is_declared() -> None:
    """Find a misspelt term in a shape, which would silently check nothing."""
    used = {
        str(term)
        for link in (SH.path, SH["class"], SH.targetClass, SH.targetSubjectsOf)
        for term in shapes().objects(None, link)
    }
    assert len(used) > len(Property) // 2
    assert {term for term in used if not ontology.is_declared(term)} == set()


def test_every_constraint_tells_in_english_what_to_do() -> None:
    """Ask for a message at every constraint on a property."""
    constraints = set(shapes().objects(None, SH.property))
    assert constraints
    for constraint in constraints:
        messages = list(shapes().objects(constraint, SH.message))
        assert [text.language for text in messages if isinstance(text, Literal)] == ["en"]


def test_every_class_with_identifiers_is_looked_at() -> None:
    """Notice a new class that no shape looks at."""
    looked_at = {str(term) for term in shapes().objects(None, SH.targetClass)}
    unseen = {
        name
        for name, iri in ontology.segments().items()
        if iri not in looked_at and ontology.superclasses(iri).isdisjoint(looked_at)
    }
    assert unseen == set()


def properties_saying(predicate: URIRef, value: URIRef | Literal) -> set[str]:
    """Return the paths of the property shapes that say something."""
    return {
        str(path)
        for shape in shapes().subjects(predicate, value)
        for path in shapes().objects(shape, SH.path)
    }


def test_every_single_valued_property_warns_of_a_conflict() -> None:
    """Show a conflict wherever the ontology says that two values are one."""
    warning = properties_saying(SH.severity, SH.Warning)
    at_most_one = properties_saying(SH.maxCount, Literal(1))
    assert ontology.single_valued() <= warning & at_most_one


def test_links_are_checked_against_the_ranges_of_the_ontology() -> None:
    """Find links to things of the wrong class, and links that lead nowhere."""
    core = Graph().parse(ontology.path("core.ttl"), format="turtle")
    for term, kind in core.subject_objects(RDFS.range):
        if str(kind).startswith(SIKG) and str(term).startswith(SIKG):
            if term == URIRef(Property.PARTICIPATES_IN_CONSORTIUM):
                continue
            assert str(term) in properties_saying(SH["class"], URIRef(str(kind))), term


def test_texts_of_the_ontology_must_have_a_language() -> None:
    """Find texts for people that have no language tag."""
    core = Graph().parse(ontology.path("core.ttl"), format="turtle")
    texts = {str(term) for term in core.subjects(RDFS.range, RDF.langString)}
    assert texts <= properties_saying(SH.datatype, URIRef(expand("rdf:langString")))
